//! The companion table: sections of records that a phenopacket cannot hold.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use osteoflare_clinic::record::Record;

use crate::fault::Fault;
use crate::finish::Check;
use crate::problem::{Place, Problems};
use crate::table::{CsvRows, LongReader};

/// Most patients of one companion table: it is kept in memory while its phenopackets are read.
const MOST_PATIENTS: usize = 100_000;

/// The list or object of a record that a section of the table belongs to.
pub(crate) fn section_root(section: &str) -> &'static str {
    match section {
        "condition" => "conditions",
        "visit" => "visits",
        "finding" => "findings",
        "vital_sign" => "vital_signs",
        "laboratory" => "laboratory",
        "imaging" | "lesion" | "shown" | "bright_marrow" => "imaging",
        "biopsy" => "biopsies",
        "culture" => "cultures",
        "genetics" => "genetics",
        "treatment" => "treatments",
        "assessment" | "chaq" => "assessments",
        "diagnosis" => "diagnoses",
        "outcome" => "outcomes",
        "note" => "notes",
        _ => "patient",
    }
}

/// Companion tables of one folder, each read once, when it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Companion {
    folder: Option<PathBuf>,
    tables: HashMap<String, Result<HashMap<String, Record>, Problems>>,
}

impl Companion {
    /// Tables beside a file.
    pub fn beside(file: &Path) -> Companion {
        let folder = file.parent().map(|folder| match folder.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => folder.to_owned(),
        });
        Companion { folder, tables: HashMap::new() }
    }

    /// What a table says of a patient. `place` is where the phenopacket refers to it.
    ///
    /// # Errors
    /// If there is no such table, it is not beside the file, is wrong itself, or has no such patient.
    pub fn record(&mut self, name: &str, patient: &str, place: &Place) -> Result<&Record, Problems> {
        let refuse = |what: &str| Err(Problems::one(place.clone(), Fault::Lost { what: what.to_owned() }));
        // A name, not a path: a file must not make the program read elsewhere.
        let plain = Path::new(name).components().count() == 1
            && !name.contains(['/', '\\', ':'])
            && !matches!(name, "." | "..");
        if !plain {
            return refuse("the companion table must be a file beside the phenopacket, given by its name");
        }
        let Some(folder) = &self.folder else {
            return refuse("the companion table is beside the file, and this is a stream without one");
        };
        let path = folder.join(name);
        let table = self.tables.entry(name.to_owned()).or_insert_with(|| read(&path));
        match table {
            Ok(records) => match records.get(patient) {
                Some(record) => Ok(record),
                None => refuse("the companion table has no rows of this patient"),
            },
            Err(problems) => Err(problems.clone()),
        }
    }
}

fn read(path: &Path) -> Result<HashMap<String, Record>, Problems> {
    let file = File::open(path).map_err(|error| {
        Problems::one(Place::default(), Fault::Unreadable { reason: error.to_string() }).in_file(path)
    })?;
    let rows = CsvRows::new(Box::new(BufReader::new(file))).map_err(|problems| problems.in_file(path))?;
    let mut records = HashMap::new();
    let mut problems = Problems::new();
    for record in LongReader::of(rows, Check::Form) {
        match record {
            Ok(record) if records.len() < MOST_PATIENTS => {
                records.insert(record.id.clone(), record);
            }
            Ok(_) => {
                let fault =
                    Fault::TooLarge { limit: MOST_PATIENTS as u64, unit: "patients in a companion table" };
                problems.add(Place::default(), fault);
                break;
            }
            Err(found) => problems.append(found),
        }
    }
    problems.in_file(path).unless(records)
}
