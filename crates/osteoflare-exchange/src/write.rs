//! Records out.

use std::io::{self, Write};

use osteoflare_clinic::record::Record;

use crate::format::Format;
use crate::json::prune;
use crate::table::LongWriter;

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system does not take it.
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    /// It cannot be put into the format.
    #[error("cannot be encoded: {0}")]
    Encode(#[from] serde_json::Error),
}

/// Writes records one by one, in constant memory.
pub struct Writer<W: Write> {
    output: W,
    kind: Kind,
    written: u64,
}

enum Kind {
    Documents { lines: bool },
    Table(Box<LongWriter>),
}

impl<W: Write> Writer<W> {
    /// A writer of a format; `lines` asks for one JSON document a line, which any number of records needs that is not
    /// one.
    ///
    /// # Errors
    /// If a table has no place for its temporary file.
    pub fn new(output: W, format: Format, lines: bool) -> Result<Writer<W>, WriteError> {
        let kind = match format {
            Format::Csv | Format::Wide => Kind::Table(Box::new(LongWriter::new()?)),
            _ => Kind::Documents { lines },
        };
        Ok(Writer { output, kind, written: 0 })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        self.written += 1;
        match &mut self.kind {
            Kind::Table(table) => table.write(record)?,
            Kind::Documents { lines } => {
                let mut value = serde_json::to_value(record)?;
                prune(&mut value);
                match lines {
                    true => serde_json::to_writer(&mut self.output, &value)?,
                    false => serde_json::to_writer_pretty(&mut self.output, &value)?,
                }
                self.output.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Finishes the file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        if let Kind::Table(table) = self.kind {
            table.finish(&mut self.output)?;
        }
        self.output.flush()?;
        Ok(self.output)
    }
}
