//! Classes of drugs by generic name, as far as the findings need them.

use crate::visits::Treatment;

/// Class of a drug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrugClass {
    /// Acts on bacteria.
    Antibiotic,
    /// Non-steroidal anti-inflammatory drug.
    Nsaid,
    /// Any other drug: glucocorticoid, methotrexate, bisphosphonate, biologic, …
    SecondLine,
}

const ANTIBIOTICS: [&str; 3] = ["cefazolin", "clindamycin", "flucloxacillin"];
const NSAIDS: [&str; 10] = [
    "acetylsalicylic acid",
    "celecoxib",
    "diclofenac",
    "etoricoxib",
    "ibuprofen",
    "indometacin",
    "indomethacin",
    "meloxicam",
    "naproxen",
    "piroxicam",
];

/// The class of a drug by its generic name, case ignored. Names known neither as antibiotic nor as NSAID count as
/// second line.
pub fn drug_class(name: &str) -> DrugClass {
    let name = name.trim().to_lowercase();
    if ANTIBIOTICS.contains(&name.as_str()) {
        DrugClass::Antibiotic
    } else if NSAIDS.contains(&name.as_str()) {
        DrugClass::Nsaid
    } else {
        DrugClass::SecondLine
    }
}

impl Treatment {
    /// Class of the drug.
    pub fn class(&self) -> DrugClass {
        drug_class(&self.drug)
    }
}
