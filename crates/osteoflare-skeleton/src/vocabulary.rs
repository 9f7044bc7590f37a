//! The closed vocabularies of the tables: side, part, region and the groupings used by clinics and statistics.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A word that is not in one of the vocabularies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a {vocabulary}; expected one of {expected}")]
pub struct UnknownName {
    /// The vocabulary that was asked, e.g. `side`.
    pub vocabulary: &'static str,
    /// The word that was found.
    pub found: String,
    /// The words it has, separated by commas.
    pub expected: String,
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $noun:literal, { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $text)] $item,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$item,)+];

            /// The word used in the tables.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$item => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                match text {
                    $($text => Ok($name::$item),)+
                    _ => Err(UnknownName {
                        vocabulary: $noun,
                        found: text.to_owned(),
                        expected: [$($text),+].join(", "),
                    }),
                }
            }
        }
    };
}

vocabulary!(
    /// Sex, as far as growth plates care: those of girls close about two years before those of boys.
    Sex, "sex", {
        /// Girls.
        Female = "female",
        /// Boys.
        Male = "male",
    }
);

vocabulary!(
    /// Side of the body, the patient's own.
    Side, "side", {
        /// Left.
        Left = "L",
        /// Right.
        Right = "R",
        /// Unpaired, in the midline.
        Midline = "M",
    }
);

vocabulary!(
    /// Part of a bone.
    Part, "part", {
        /// The bone is not split.
        Whole = "whole",
        /// Epiphysis nearer the trunk.
        ProximalEpiphysis = "proximal_epiphysis",
        /// Greater trochanter of the femur (an apophysis).
        GreaterTrochanter = "greater_trochanter",
        /// Metaphysis nearer the trunk.
        ProximalMetaphysis = "proximal_metaphysis",
        /// Shaft.
        Diaphysis = "diaphysis",
        /// Metaphysis farther from the trunk.
        DistalMetaphysis = "distal_metaphysis",
        /// Epiphysis farther from the trunk.
        DistalEpiphysis = "distal_epiphysis",
        /// Vertebra, read as one site.
        VertebralBody = "vertebral_body",
        /// Sternal third of the clavicle.
        MedialThird = "medial_third",
        /// Middle third of the clavicle.
        MiddleThird = "middle_third",
        /// Acromial third of the clavicle.
        LateralThird = "lateral_third",
        /// Ramus and condyle of the mandible.
        RamusCondyle = "ramus_condyle",
        /// Body of the mandible, of the ischium or of the sacrum.
        Body = "body",
        /// Symphysis of the mandible.
        Symphysis = "symphysis",
        /// Strip of the ilium along the sacroiliac joint.
        SiAdjacent = "si_adjacent",
        /// Wing of the ilium with the crest.
        Wing = "wing",
        /// Ilium above the acetabulum.
        Supraacetabular = "supraacetabular",
        /// Cartilage joint between ischium and pubis.
        IschiopubicSynchondrosis = "ischiopubic_synchondrosis",
        /// Tuberosity of the ischium (an apophysis).
        Tuberosity = "tuberosity",
        /// Ala of the sacrum along the sacroiliac joint.
        Ala = "ala",
    }
);

vocabulary!(
    /// Region of the body.
    Region, "region", {
        /// Brain case.
        Skull = "skull",
        /// Face with the mandible.
        Face = "face",
        /// Cervical spine.
        SpineCervical = "spine_cervical",
        /// Thoracic spine.
        SpineThoracic = "spine_thoracic",
        /// Lumbar spine.
        SpineLumbar = "spine_lumbar",
        /// Pelvis with sacrum and coccyx.
        Pelvis = "pelvis",
        /// Sternum and ribs.
        Chest = "chest",
        /// Clavicle and scapula.
        ShoulderGirdle = "shoulder_girdle",
        /// Arm and forearm.
        UpperLimb = "upper_limb",
        /// Wrist and hand.
        HandWrist = "hand_wrist",
        /// Thigh, knee and leg.
        LowerLimb = "lower_limb",
        /// Ankle and foot.
        AnkleFoot = "ankle_foot",
    }
);

impl Region {
    /// Thigh, leg or foot.
    pub fn is_lower_limb(self) -> bool {
        matches!(self, Region::LowerLimb | Region::AnkleFoot)
    }

    /// Arm, forearm or hand (the shoulder girdle belongs to the trunk here).
    pub fn is_upper_limb(self) -> bool {
        matches!(self, Region::UpperLimb | Region::HandWrist)
    }

    /// Cervical, thoracic or lumbar spine (the sacrum belongs to the pelvis here).
    pub fn is_spine(self) -> bool {
        matches!(self, Region::SpineCervical | Region::SpineThoracic | Region::SpineLumbar)
    }
}

vocabulary!(
    /// Class of tissue: sites of one class share most of their self-antigens (an assumption of the model).
    TissueClass, "tissue class", {
        /// Long bones of the lower limb with the patella.
        LowerLongBone = "lower_long_bone",
        /// Long bones of the upper limb.
        UpperLongBone = "upper_long_bone",
        /// Spine, ribs, sternum, shoulder girdle, skull and face.
        AxialChest = "axial_chest",
        /// Pelvis with sacrum and coccyx.
        PelvisEnthesis = "pelvis_enthesis",
        /// Hand and foot.
        ShortBone = "short_bone",
    }
);

impl TissueClass {
    /// Number of the class, 0 to 4.
    pub fn index(self) -> usize {
        self as usize
    }
}

vocabulary!(
    /// The seven anatomical groups of Aydingöz et al. 2024 (Eur Radiol 34:4979-4987, doi 10.1007/s00330-023-10558-7).
    Group7, "MRI group", {
        /// Mandible, sternum, clavicle, scapula.
        A = "A",
        /// Upper limb.
        B = "B",
        /// Sacrum and ilium along the sacroiliac joint.
        C = "C",
        /// Pelvis and proximal third of the femur.
        D = "D",
        /// Region of the knee.
        E = "E",
        /// Distal leg and foot.
        F = "F",
        /// Spine.
        G = "G",
    }
);

vocabulary!(
    /// Class of a site in the site domain of the EULAR/ACR classification criteria
    /// (Zhao et al. 2025, Ann Rheum Dis 84:1458-1468, doi 10.1016/j.ard.2024.11.006).
    EaSiteClass, "EULAR/ACR site class", {
        /// Femur or tibia.
        FemurOrTibia = "femur_or_tibia",
        /// Clavicle or mandible.
        ClavicleOrMandible = "clavicle_or_mandible",
        /// Skull or hand, the rare sites.
        SkullOrHand = "skull_or_hand",
        /// Every other bone.
        Other = "other",
    }
);

vocabulary!(
    /// Groups of sites by which cohorts report.
    SiteGroup, "site group", {
        /// Femur.
        Femur = "femur",
        /// Patella.
        Patella = "patella",
        /// Tibia.
        Tibia = "tibia",
        /// Fibula.
        Fibula = "fibula",
        /// Foot with the ankle bones.
        Foot = "foot",
        /// Ilium, ischium, pubis, acetabulum, sacrum, coccyx.
        Pelvis = "pelvis",
        /// Vertebrae C1 to L5.
        Spine = "spine",
        /// Clavicle.
        Clavicle = "clavicle",
        /// Manubrium and body of the sternum.
        Sternum = "sternum",
        /// Ribs.
        Ribs = "ribs",
        /// Scapula.
        Scapula = "scapula",
        /// Humerus.
        Humerus = "humerus",
        /// Radius and ulna.
        Forearm = "forearm",
        /// Hand with the wrist bones.
        Hand = "hand",
        /// Mandible.
        Mandible = "mandible",
        /// Skull and face without the mandible.
        SkullFace = "skull_face",
    }
);

/// One value for girls and one for boys.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BySex<T> {
    /// Value for girls.
    pub female: T,
    /// Value for boys.
    pub male: T,
}

impl<T: Copy> BySex<T> {
    /// The value for one sex.
    pub fn get(&self, sex: Sex) -> T {
        match sex {
            Sex::Female => self.female,
            Sex::Male => self.male,
        }
    }
}
