//! Disease sites.

use crate::vocabulary::{BySex, EaSiteClass, Group7, Part, Region, Sex, Side, SiteGroup, TissueClass};
use serde::{Deserialize, Serialize};

/// Index of a site in [`Skeleton::sites`](crate::Skeleton::sites).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(pub u16);

impl SiteId {
    /// The index as `usize`.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A place in the skeleton at which a lesion can sit: a row of `data/sites.csv` with its relations resolved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Site {
    /// Identifier, `{bone}_{part}_{side}`, e.g. `tibia_proximal_metaphysis_L`, `talus_R`, `t4`.
    pub id: String,
    /// Catalogue row of the bone, e.g. `tibia_L`.
    pub bone_id: String,
    /// Bone without side, e.g. `tibia`.
    pub bone: String,
    /// Part of the bone.
    pub part: Part,
    /// Side of the body.
    pub side: Side,
    /// Region of the body.
    pub region: Region,
    /// Class of tissue.
    pub tissue: TissueClass,
    /// Relative mechanical stress of the place, 0 to 1.1 (1 = proximal tibial metaphysis); assumed.
    pub load: f64,
    /// Share of micro-trauma events that strike the site, relative; extensive, so parts of a bone add up; assumed.
    pub microtrauma_weight: f64,
    /// Relative longitudinal growth, 1 = distal metaphysis of the femur.
    pub growth: f64,
    /// Growth of the adjoining plate where it was measured, mm per year between 7 years and maturity.
    pub growth_mm_per_year: Option<f64>,
    /// How sluggish the flow in the metaphyseal sinusoids is, 0 to 1; traps germs and cells; assumed.
    pub perfusion: f64,
    /// Volume relative to the proximal metaphysis of the tibia; assumed.
    pub volume: f64,
    /// Age at which the growth cartilage closes, years; `None` where the site has none.
    pub closure_age_years: Option<BySex<f64>>,
    /// The same place on the other side.
    pub mirror: Option<SiteId>,
    /// The site under which readers count a lesion here: an epiphysis is counted with its metaphysis, for a lesion that
    /// crosses the growth plate is one lesion; every other site is its own.
    pub lesion_site: SiteId,
    /// Sites that touch this one, ascending: parts of the bone, adjacent vertebrae, partners in a joint.
    pub neighbours: Vec<SiteId>,
    /// Group A-G of Aydingöz 2024; ribs, skull and face have none.
    pub group7: Option<Group7>,
    /// Class in the site domain of the EULAR/ACR criteria.
    pub ea_site_class: EaSiteClass,
    /// Whether it counts as vertebra, clavicle or sternum in the score of Jansson 2009.
    pub jansson_axial: bool,
    pub(crate) red_marrow: [f64; 4],
}

/// Ages at which the table gives the share of red marrow, years.
const RED_MARROW_AGES: [f64; 4] = [5.0, 10.0, 15.0, 25.0];

impl Site {
    /// Share of the marrow that is red at an age in years: linear between 5, 10, 15 and 25 years, constant beyond.
    pub fn red_marrow_share(&self, age_years: f64) -> f64 {
        let (ages, shares) = (RED_MARROW_AGES, self.red_marrow);
        if age_years <= ages[0] {
            return shares[0];
        }
        for k in 1..ages.len() {
            if age_years <= ages[k] {
                let along = (age_years - ages[k - 1]) / (ages[k] - ages[k - 1]);
                return (1.0 - along) * shares[k - 1] + along * shares[k];
            }
        }
        shares[ages.len() - 1]
    }

    /// How open the growth plate is, 0 to 1: `1/(1+exp((age − closure)/width))`, 0 for a site without plate.
    ///
    /// `age_years` and `width_years` are in years; the width is that of the closing (0.8 in the model).
    pub fn plate_openness(&self, age_years: f64, sex: Sex, width_years: f64) -> f64 {
        match self.closure_age_years {
            Some(closure) => 1.0 / (1.0 + libm::exp((age_years - closure.get(sex)) / width_years)),
            None => 0.0,
        }
    }

    /// The group by which cohorts report the site.
    pub fn group(&self) -> SiteGroup {
        match self.bone.as_str() {
            "femur" => SiteGroup::Femur,
            "patella" => SiteGroup::Patella,
            "tibia" => SiteGroup::Tibia,
            "fibula" => SiteGroup::Fibula,
            "clavicle" => SiteGroup::Clavicle,
            "scapula" => SiteGroup::Scapula,
            "manubrium" | "body_of_sternum" => SiteGroup::Sternum,
            "humerus" => SiteGroup::Humerus,
            "radius" | "ulna" => SiteGroup::Forearm,
            "mandible" => SiteGroup::Mandible,
            _ => match self.region {
                Region::AnkleFoot | Region::LowerLimb => SiteGroup::Foot,
                Region::HandWrist | Region::UpperLimb => SiteGroup::Hand,
                Region::Pelvis => SiteGroup::Pelvis,
                Region::SpineCervical | Region::SpineThoracic | Region::SpineLumbar => SiteGroup::Spine,
                Region::Chest => SiteGroup::Ribs,
                Region::ShoulderGirdle => SiteGroup::Scapula,
                Region::Skull | Region::Face => SiteGroup::SkullFace,
            },
        }
    }

    /// Thigh, leg or foot.
    pub fn is_lower_limb(&self) -> bool {
        self.region.is_lower_limb()
    }

    /// Arm, forearm or hand.
    pub fn is_upper_limb(&self) -> bool {
        self.region.is_upper_limb()
    }

    /// Name in words for people, e.g. `tibia, proximal metaphysis, left`.
    pub fn label(&self) -> String {
        let mut text = match self.region {
            Region::SpineCervical | Region::SpineThoracic | Region::SpineLumbar => self.bone.to_uppercase(),
            _ => self.bone.replace('_', " "),
        };
        if !matches!(self.part, Part::Whole | Part::VertebralBody) {
            text.push_str(", ");
            text.push_str(
                &self.part.as_str().replace('_', " ").replace("si adjacent", "beside the sacroiliac joint"),
            );
        }
        match self.side {
            Side::Left => text.push_str(", left"),
            Side::Right => text.push_str(", right"),
            Side::Midline => {}
        }
        text
    }
}
