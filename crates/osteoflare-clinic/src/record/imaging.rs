//! Imaging studies and the lesions on them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, Term, When};

/// One imaging study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImagingStudy {
    /// How the pictures were made.
    pub modality: Modality,
    /// How much of the body was shown; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// What was shown, if only a part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Place>,
    /// Whether anything abnormal was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abnormal: Option<bool>,
    /// Lesions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lesions: Vec<Lesion>,
    /// Whether `lesions` holds every lesion that the report names: then a place that was shown and is not listed has
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_lesions_listed: Option<bool>,
    /// One lesion or several, as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focality: Option<Focality>,
    /// Symmetric pattern, as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symmetric: Option<bool>,
    /// Descriptors of the study that are not tied to one lesion, e.g. `marrow_oedema`, `sclerosis`, `periosteal_reaction`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptors: Vec<Term>,
    /// Descriptors that were looked for and are absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Term>,
    /// Places with bright marrow that the reader took for growth or load, not for a lesion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bright_marrow: Vec<Place>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl ImagingStudy {
    /// A study of which only the modality is known.
    pub fn new(modality: Modality) -> Self {
        Self {
            modality,
            coverage: None,
            shown: Vec::new(),
            abnormal: None,
            lesions: Vec::new(),
            all_lesions_listed: None,
            focality: None,
            symmetric: None,
            descriptors: Vec::new(),
            absent: Vec::new(),
            bright_marrow: Vec::new(),
            when: None,
            note: None,
        }
    }
}

/// A lesion on an imaging study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lesion {
    /// Where.
    pub place: Place,
    /// Whether it is inflamed now (marrow oedema, uptake), as reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// What it looks like, e.g. `marrow_oedema`, `lytic`, `sclerosis`, `marginal_sclerosis`, `hyperostosis`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptors: Vec<Term>,
    /// Descriptors that were looked for and are absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Term>,
    /// Extent of marrow signal within the bone: 1 mild, 2 moderate, 3 extensive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent_grade: Option<u8>,
    /// Largest diameter, mm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<f64>,
    /// Volume, ml.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_ml: Option<f64>,
    /// Signal of the lesion on a fluid-sensitive sequence, arbitrary units of the scanner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<f64>,
    /// Signal of muscle in the same picture, same units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muscle_signal: Option<f64>,
    /// Remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Lesion {
    /// A lesion of which only the place is known.
    pub fn at(place: Place) -> Self {
        Self {
            place,
            active: None,
            descriptors: Vec::new(),
            absent: Vec::new(),
            extent_grade: None,
            size_mm: None,
            volume_ml: None,
            signal: None,
            muscle_signal: None,
            note: None,
        }
    }
}

/// How pictures were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Radiograph.
    Radiograph,
    /// Magnetic resonance imaging.
    Mri,
    /// Computed tomography.
    Ct,
    /// Bone scintigraphy.
    BoneScan,
    /// Positron emission tomography.
    Pet,
    /// Ultrasound.
    Ultrasound,
    /// Some imaging; the source does not say which.
    Unspecified,
}

/// How much of the body was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The whole body.
    WholeBody,
    /// A part of it.
    Regional,
}

/// One lesion or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Focality {
    /// One.
    Unifocal,
    /// Two or more.
    Multifocal,
}
