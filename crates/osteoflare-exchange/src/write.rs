//! Records out.

use std::io::{self, Write};

use osteoflare_clinic::record::Record;

use crate::fhir;
use crate::format::Format;
use crate::json::prune;
use crate::phenopacket::{self, section_root};
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
    /// A phenopacket needs a companion table, and there is no file to put it beside.
    #[error("a phenopacket of this record needs a companion table beside it; write it to a file")]
    NoCompanion,
}

/// Writes records one by one, in constant memory (but for the disk that a table needs twice).
pub struct Writer<W: Write> {
    output: W,
    kind: Kind,
}

enum Kind {
    Documents { format: Format, lines: bool },
    Phenopackets { lines: bool, companion: String, table: Box<LongWriter>, used: bool },
    Table(Box<LongWriter>),
}

impl<W: Write> Writer<W> {
    /// A writer of a format; `lines` asks for one JSON document a line, which any number of records needs that is not
    /// one. `companion` is the name of the table beside the file that takes what phenopackets cannot hold.
    ///
    /// # Errors
    /// If a table has no place for its temporary file.
    pub fn new(output: W, format: Format, lines: bool, companion: &str) -> Result<Writer<W>, WriteError> {
        let kind = match format {
            Format::Csv | Format::Wide => Kind::Table(Box::new(LongWriter::new()?)),
            Format::Phenopacket => {
                let table = Box::new(LongWriter::new()?);
                Kind::Phenopackets { lines, companion: companion.to_owned(), table, used: false }
            }
            Format::Json | Format::Fhir => Kind::Documents { format, lines },
        };
        Ok(Writer { output, kind })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        let (value, lines) = match &mut self.kind {
            Kind::Table(table) => return Ok(table.write(record)?),
            Kind::Phenopackets { lines, companion, table, used } => {
                let encoded = phenopacket::encode(record, companion)?;
                if !encoded.companion.is_empty() {
                    *used = true;
                    table.write_sections(record, |section| {
                        section == "patient" || encoded.companion.contains(&section_root(section))
                    })?;
                }
                (encoded.packet, *lines)
            }
            Kind::Documents { format: Format::Fhir, lines } => (fhir::bundle(record), *lines),
            Kind::Documents { lines, .. } => {
                let mut value = serde_json::to_value(record)?;
                prune(&mut value);
                (value, *lines)
            }
        };
        match lines {
            true => serde_json::to_writer(&mut self.output, &value)?,
            false => serde_json::to_writer_pretty(&mut self.output, &value)?,
        }
        self.output.write_all(b"\n")?;
        Ok(())
    }

    /// Finishes the file; `open_companion` gives the file of the companion table, and is asked only if one is needed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish<C: Write>(
        mut self,
        open_companion: impl FnOnce() -> Result<C, WriteError>,
    ) -> Result<W, WriteError> {
        match self.kind {
            Kind::Table(table) => table.finish(&mut self.output)?,
            Kind::Phenopackets { table, used: true, .. } => table.finish(open_companion()?)?,
            Kind::Phenopackets { .. } | Kind::Documents { .. } => {}
        }
        self.output.flush()?;
        Ok(self.output)
    }
}
