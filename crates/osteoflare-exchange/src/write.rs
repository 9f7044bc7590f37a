//! Records out.

use std::io::{self, Write};

use osteoflare_clinic::record::Record;

use crate::fhir;
use crate::format::Format;
use crate::json::prune;
use crate::phenopacket::{self, section_root};
use crate::table::{LongWriter, Mapping, WideWriter};

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The system does not take it.
    #[error("cannot be written: {0}")]
    Io(#[from] io::Error),
    /// It cannot be put into the format.
    #[error("cannot be encoded: {0}")]
    Encode(#[from] serde_json::Error),
    /// A table with one row a patient needs a mapping.
    #[error("a table with one row a patient needs a mapping file")]
    NoMapping,
    /// The mapping has no columns for part of a record.
    #[error(
        "the mapping has no columns for part of a record, which would be lost; in sections: {}",
        sections.join(", ")
    )]
    Lost {
        /// Sections with parts that would be lost.
        sections: Vec<String>,
    },
    /// A JSON document holds one record.
    #[error("a .json file of this format holds one record, and there are more; write them to a .jsonl file")]
    Single,
    /// The format is only read.
    #[error("vignettes are only read; write json, csv, wide, phenopacket or fhir")]
    OnlyRead,
    /// A phenopacket needs a companion table, and there is no file to put it beside.
    #[error("a phenopacket of this record needs a companion table beside it; write it to a file")]
    NoCompanion,
}

/// Writes records one by one, in constant memory (but for the disk that a table needs twice).
pub struct Writer<W: Write> {
    kind: Kind<W>,
}

enum Kind<W: Write> {
    Documents { output: W, format: Format, lines: bool },
    Phenopackets { output: W, lines: bool, companion: String, table: Box<LongWriter>, used: bool },
    Table { output: W, table: Box<LongWriter> },
    Wide { table: Box<WideWriter<W>>, lossy: bool },
}

/// How records are written.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// One JSON document a line, which any number of records needs that is not one.
    pub lines: bool,
    /// Name of the table beside the file that takes what phenopackets cannot hold.
    pub companion: String,
    /// Columns of a table with one row a patient.
    pub mapping: Option<Mapping>,
    /// Write such a table although the mapping has no columns for part of the records.
    pub lossy: bool,
}

impl<W: Write> Writer<W> {
    /// A writer of a format.
    ///
    /// # Errors
    /// If a table has no place for its temporary file, or a mapping is missing.
    pub fn new(output: W, format: Format, options: &WriteOptions) -> Result<Writer<W>, WriteError> {
        let lines = options.lines;
        let kind = match format {
            Format::Csv => Kind::Table { output, table: Box::new(LongWriter::new()?) },
            Format::Wide => {
                let mapping = options.mapping.clone().ok_or(WriteError::NoMapping)?;
                Kind::Wide { table: Box::new(WideWriter::new(output, mapping)?), lossy: options.lossy }
            }
            Format::Phenopacket => {
                let table = Box::new(LongWriter::new()?);
                Kind::Phenopackets { output, lines, companion: options.companion.clone(), table, used: false }
            }
            Format::Json | Format::Fhir => Kind::Documents { output, format, lines },
            Format::Vignette => return Err(WriteError::OnlyRead),
        };
        Ok(Writer { kind })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, record: &Record) -> Result<(), WriteError> {
        let (value, output, lines) = match &mut self.kind {
            Kind::Table { table, .. } => return Ok(table.write(record)?),
            Kind::Wide { table, lossy } => {
                let sections = table.write(record)?;
                return match sections.is_empty() || *lossy {
                    true => Ok(()),
                    false => Err(WriteError::Lost { sections }),
                };
            }
            Kind::Phenopackets { output, lines, companion, table, used } => {
                let encoded = phenopacket::encode(record, companion)?;
                if !encoded.companion.is_empty() {
                    *used = true;
                    table.write_sections(record, |section| {
                        section == "patient" || encoded.companion.contains(&section_root(section))
                    })?;
                }
                (encoded.packet, output, *lines)
            }
            Kind::Documents { output, format: Format::Fhir, lines } => (fhir::bundle(record), output, *lines),
            Kind::Documents { output, lines, .. } => {
                let mut value = serde_json::to_value(record)?;
                prune(&mut value);
                (value, output, *lines)
            }
        };
        match lines {
            true => serde_json::to_writer(&mut *output, &value)?,
            false => serde_json::to_writer_pretty(&mut *output, &value)?,
        }
        output.write_all(b"\n")?;
        Ok(())
    }

    /// Finishes the file; `open_companion` gives the file of the companion table, and is asked only if one is needed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish<C: Write>(
        self,
        open_companion: impl FnOnce() -> Result<C, WriteError>,
    ) -> Result<(), WriteError> {
        match self.kind {
            Kind::Table { output, table } => table.finish(output)?,
            Kind::Wide { table, .. } => table.finish()?,
            Kind::Phenopackets { mut output, table, used, .. } => {
                output.flush()?;
                if used {
                    table.finish(open_companion()?)?;
                }
            }
            Kind::Documents { mut output, .. } => output.flush()?,
        }
        Ok(())
    }
}
