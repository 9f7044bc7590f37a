//! Formats, and how one is recognised.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde_json::Value;

use crate::fault::nearest;

/// A format of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The project's own JSON: one record or a list of records a file, or one a line.
    Json,
    /// Long table: one row an entry.
    Csv,
    /// One row a patient, as a mapping says.
    Wide,
    /// GA4GH Phenopackets v2, JSON.
    Phenopacket,
    /// HL7 FHIR R4 bundles, JSON.
    Fhir,
    /// Published cases in short YAML; only read.
    Vignette,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 6] =
        [Format::Json, Format::Csv, Format::Wide, Format::Phenopacket, Format::Fhir, Format::Vignette];

    /// Name as typed.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Wide => "wide",
            Format::Phenopacket => "phenopacket",
            Format::Fhir => "fhir",
            Format::Vignette => "vignette",
        }
    }

    /// Whether it is a table.
    pub fn is_table(self) -> bool {
        matches!(self, Format::Csv | Format::Wide)
    }

    /// The format of a JSON document, by the fields that only it has.
    pub(crate) fn of_document(value: &Value) -> Option<Format> {
        let has = |key: &str| value.get(key).is_some();
        if has("osteoflare_record") {
            Some(Format::Json)
        } else if has("resourceType") {
            Some(Format::Fhir)
        } else if ["metaData", "phenotypicFeatures", "subject", "proband", "members"].into_iter().any(has) {
            Some(Format::Phenopacket)
        } else {
            None
        }
    }

    /// The format that the name of a file to be written asks for.
    pub fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let stem =
            name.strip_suffix(".jsonl").or(name.strip_suffix(".ndjson")).or(name.strip_suffix(".json"));
        match stem {
            Some(stem) if stem.ends_with(".fhir") => Some(Format::Fhir),
            Some(stem) if stem.ends_with(".phenopacket") => Some(Format::Phenopacket),
            Some(_) => Some(Format::Json),
            None if name.ends_with(".wide.csv") => Some(Format::Wide),
            None if name.ends_with(".csv") || name.ends_with(".tsv") => Some(Format::Csv),
            None => None,
        }
    }

    /// Names of all formats, for messages.
    pub(crate) fn names() -> String {
        Format::ALL.map(Format::name).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format '{found}'{}; formats: {}", .nearest.as_ref().map(|n| format!(", did you mean '{n}'?")).unwrap_or_default(), Format::names())]
pub struct UnknownFormat {
    /// What was typed.
    pub found: String,
    /// The most similar name.
    pub nearest: Option<String>,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Format, UnknownFormat> {
        Format::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| UnknownFormat {
            found: text.to_owned(),
            nearest: nearest(text, Format::ALL.map(Format::name)),
        })
    }
}

/// Whether a file holds one document a line.
pub(crate) fn is_lines(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| ["jsonl", "ndjson"].contains(&extension.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_formats() {
        for (name, format) in [
            ("a.json", Some(Format::Json)),
            ("a.jsonl", Some(Format::Json)),
            ("a.fhir.json", Some(Format::Fhir)),
            ("A.FHIR.NDJSON", Some(Format::Fhir)),
            ("a.phenopacket.json", Some(Format::Phenopacket)),
            ("a.csv", Some(Format::Csv)),
            ("a.wide.csv", Some(Format::Wide)),
            ("a.txt", None),
            ("a.yaml", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        assert_eq!("fihr".parse::<Format>().unwrap_err().nearest.as_deref(), Some("fhir"));
    }
}
