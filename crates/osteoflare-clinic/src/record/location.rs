//! Where: a bone or a region, a part of it, and a side, each only as far as it is known.

use osteoflare_skeleton::{Part, Side, SiteId, Skeleton};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Term;

/// A place of the skeleton, as precise as the source.
///
/// A missing part or side is unknown. `"side": "B"` is two places, one on each side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// A bone (`tibia`, `t4`, `metatarsal_1`), a group of bones (`thoracic_vertebra`, `rib`), a region
    /// (`knee_region`, `lower_limb`), a site of the skeleton (`tibia_proximal_metaphysis_L`), or a synonym (`shin`).
    pub bone: Term,
    /// Part of the bone, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "part_schema")]
    pub part: Option<Part>,
    /// Side, if known: the patient's own left `L`, right `R`, both `B`, or midline `M`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<BodySide>,
    /// The smallest number of separate bones or lesions meant, if more than one (`multiple vertebrae` is 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
}

fn part_schema(_: &mut SchemaGenerator) -> Schema {
    let parts: Vec<&str> = Part::ALL.iter().map(|part| part.as_str()).collect();
    json_schema!({"enum": parts})
}

/// Side of the body, the patient's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum BodySide {
    /// Left.
    #[serde(rename = "L")]
    Left,
    /// Right.
    #[serde(rename = "R")]
    Right,
    /// Both sides.
    #[serde(rename = "B")]
    Both,
    /// Unpaired, in the midline.
    #[serde(rename = "M")]
    Midline,
}

impl BodySide {
    /// Whether it includes a side of the skeleton.
    pub fn includes(self, side: Side) -> bool {
        match self {
            Self::Left => side == Side::Left,
            Self::Right => side == Side::Right,
            Self::Both => side != Side::Midline,
            Self::Midline => side == Side::Midline,
        }
    }

    /// Left for right.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            other => other,
        }
    }
}

impl From<Side> for BodySide {
    fn from(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Right => Self::Right,
            Side::Midline => Self::Midline,
        }
    }
}

impl Place {
    /// A bone or region of which neither part nor side is known.
    pub fn of(bone: impl Into<Term>) -> Self {
        Self { bone: bone.into(), part: None, side: None, at_least: None }
    }

    /// The same place on a side.
    pub fn on(mut self, side: BodySide) -> Self {
        self.side = Some(side);
        self
    }

    /// The same place in a part.
    pub fn part(mut self, part: Part) -> Self {
        self.part = Some(part);
        self
    }

    /// The place of a site of the skeleton, exactly.
    pub fn from_site(site: SiteId) -> Self {
        let site: &'static _ = Skeleton::get().site(site);
        Self {
            bone: Term::known(&site.bone),
            part: Some(site.part),
            side: Some(site.side.into()),
            at_least: None,
        }
    }
}
