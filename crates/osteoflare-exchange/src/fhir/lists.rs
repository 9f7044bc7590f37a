//! Sections that are resources, and words that FHIR and the record say differently.

/// A section of the record whose entries are resources of their own.
pub(super) struct List {
    /// Name of the section.
    pub name: &'static str,
    /// Its list in the record.
    pub list: &'static str,
}

/// Sections in the order in which their resources are written.
pub(super) const LISTS: &[List] = &[
    List { name: "visit", list: "visits" },
    List { name: "condition", list: "conditions" },
    List { name: "diagnosis", list: "diagnoses" },
    List { name: "finding", list: "findings" },
    List { name: "vital_sign", list: "vital_signs" },
    List { name: "laboratory", list: "laboratory" },
    List { name: "imaging", list: "imaging" },
    List { name: "biopsy", list: "biopsies" },
    List { name: "culture", list: "cultures" },
    List { name: "genetics", list: "genetics" },
    List { name: "treatment", list: "treatments" },
    List { name: "assessment", list: "assessments" },
    List { name: "outcome", list: "outcomes" },
];

/// Verification status of a condition and its status in the record. `confirmed` is also past, which the clinical status
/// tells.
pub(super) const STATUS: &[(&str, &str)] = &[
    ("confirmed", "present"),
    ("unconfirmed", "suspected"),
    ("refuted", "excluded"),
    ("provisional", "suspected"),
    ("differential", "suspected"),
    ("confirmed", "past"),
];

/// Verification status of a diagnosis and its standing in the record.
pub(super) const STANDING: &[(&str, &str)] = &[
    ("confirmed", "final"),
    ("provisional", "working"),
    ("differential", "considered"),
    ("unconfirmed", "initial"),
];

/// Codes of HL7 for results in words.
pub(super) const INTERPRETATION: &[(&str, &str)] = &[
    ("N", "normal"),
    ("H", "elevated"),
    ("HH", "strongly_elevated"),
    ("L", "low"),
    ("LL", "low"),
    ("A", "abnormal"),
    ("AA", "abnormal"),
    ("POS", "positive"),
    ("NEG", "negative"),
];

/// Numbers of a lesion with their units.
pub(super) const LESION_NUMBERS: [(&str, Option<&str>); 5] = [
    ("extent_grade", None),
    ("size_mm", Some("mm")),
    ("volume_ml", Some("ml")),
    ("signal", None),
    ("muscle_signal", None),
];

/// Numbers of an assessment.
pub(super) const ASSESSMENT_NUMBERS: [&str; 4] =
    ["pain_0_10", "patient_global_0_10", "physician_global_0_10", "clinically_active_lesions"];
