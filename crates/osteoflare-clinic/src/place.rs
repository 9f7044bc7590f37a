//! Places: from words to sets of sites of the skeleton, and back.
//!
//! A place known only in part is the set of every site it may mean; `R ankle` is any site of four bones on the right.
//! Two places are surely different if their sets share no site, and a place surely lies in a region if its set is within
//! it. What the sets leave open stays unknown.

use std::{collections::HashMap, sync::LazyLock};

use osteoflare_skeleton::{Part, Side, SiteId, Skeleton};
use serde::Deserialize;

use crate::{
    record::{BodySide, Place},
    vocabulary::{normalised, rows},
};

/// A set of sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteSet([u64; 5]);

impl SiteSet {
    /// No site.
    pub const EMPTY: Self = Self([0; 5]);

    /// Every site for which the predicate holds.
    pub fn of(mut predicate: impl FnMut(SiteId) -> bool) -> Self {
        let mut set = Self::EMPTY;
        for id in Skeleton::get().ids() {
            if predicate(id) {
                set.insert(id);
            }
        }
        set
    }

    /// Adds a site.
    pub fn insert(&mut self, site: SiteId) {
        self.0[site.index() / 64] |= 1 << (site.index() % 64);
    }

    /// Whether a site belongs to it.
    pub fn contains(&self, site: SiteId) -> bool {
        self.0[site.index() / 64] & (1 << (site.index() % 64)) != 0
    }

    /// Number of sites.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 5]
    }

    /// Sites of both.
    pub fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// Sites of either.
    pub fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// Whether it lies within another set. The empty set lies nowhere: nothing is known of it.
    pub fn within(&self, other: &Self) -> bool {
        !self.is_empty() && self.and(other) == *self
    }

    /// Whether they share a site.
    pub fn meets(&self, other: &Self) -> bool {
        !self.and(other).is_empty()
    }

    /// The sites, ascending.
    pub fn iter(&self) -> impl Iterator<Item = SiteId> + '_ {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                u16::try_from(i * 64 + bit as usize).ok().map(SiteId)
            })
        })
    }

    /// The same sites on the other side; sites without a mirror are left out.
    pub fn mirrored(&self) -> Self {
        let mut set = Self::EMPTY;
        for site in self.iter() {
            if let Some(mirror) = Skeleton::get().site(site).mirror {
                set.insert(mirror);
            }
        }
        set
    }

    /// Sites as lesions are counted: an epiphysis counts with its metaphysis.
    pub fn as_lesions(&self) -> Self {
        let mut set = Self::EMPTY;
        for site in self.iter() {
            set.insert(Skeleton::get().site(site).lesion_site);
        }
        set
    }

    /// The sites that lie on a side.
    pub fn on(&self, side: BodySide) -> Self {
        self.and(
            &SIDES[match side {
                BodySide::Left => 0,
                BodySide::Right => 1,
                BodySide::Both => 2,
                BodySide::Midline => 3,
            }],
        )
    }
}

/// How precise a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// One bone, or a part of it.
    Bone,
    /// Several bones of one kind.
    Group,
    /// A part of the body with several bones.
    Region,
}

/// Why a place could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Nobody knows the word.
    #[error("`{found}` is no bone or region{}", crate::check::did_you_mean(suggestions))]
    UnknownBone {
        /// The word.
        found: String,
        /// Words that look like it.
        suggestions: Vec<String>,
    },
    /// The bone has no such part.
    #[error("{bone} has no part `{found}`; it has: {allowed}")]
    WrongPart {
        /// The bone.
        bone: String,
        /// The part.
        found: Part,
        /// Its parts.
        allowed: String,
    },
    /// The bone does not lie on that side.
    #[error("{bone} has no side `{found}`; it has: {allowed}")]
    WrongSide {
        /// The bone.
        bone: String,
        /// The side.
        found: &'static str,
        /// Sides it has.
        allowed: &'static str,
    },
    /// Two sides are named that contradict each other.
    #[error("the word `{bone}` says one side and `side` says `{found}`")]
    Contradiction {
        /// The word.
        bone: String,
        /// The side.
        found: &'static str,
    },
}

/// A place as sets of sites.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// Every site that may be meant; for both sides, those of both.
    pub sites: SiteSet,
    /// How precise it is.
    pub precision: Precision,
    /// Side, as far as known: a bone of the midline has it without being asked.
    pub side: Option<BodySide>,
    /// Fewest separate lesions meant.
    pub at_least: u32,
}

impl Resolved {
    /// The separate places meant: two for both sides of a paired bone, else one.
    pub fn places(&self) -> impl Iterator<Item = SiteSet> + '_ {
        let sides: &[BodySide] = match self.side {
            Some(BodySide::Both) => &[BodySide::Left, BodySide::Right],
            _ => &[],
        };
        let whole = sides.is_empty().then_some(self.sites);
        whole.into_iter().chain(sides.iter().map(|&side| self.sites.on(side)))
    }

    /// The one site meant, if there is only one.
    pub fn site(&self) -> Option<SiteId> {
        let mut sites = self.sites.iter();
        let first = sites.next()?;
        sites.next().is_none().then_some(first)
    }
}

/// What a word for a place means, before part and side.
struct Named {
    sites: SiteSet,
    precision: Precision,
    label: String,
}

#[derive(Deserialize)]
struct PlaceRow {
    place: String,
    bones: String,
    part: String,
    kind: String,
    synonyms: String,
}

static SIDES: LazyLock<[SiteSet; 4]> = LazyLock::new(|| {
    let skeleton = Skeleton::get();
    let on = |side: Side| SiteSet::of(|id| skeleton.site(id).side == side);
    let (left, right) = (on(Side::Left), on(Side::Right));
    [left, right, left.or(&right), on(Side::Midline)]
});

/// Sites by part, in the order of [`Part::ALL`].
static PARTS: LazyLock<Vec<SiteSet>> = LazyLock::new(|| {
    let skeleton = Skeleton::get();
    Part::ALL.iter().map(|&part| SiteSet::of(|id| skeleton.site(id).part == part)).collect()
});

static NAMES: LazyLock<HashMap<String, Named>> = LazyLock::new(|| {
    let skeleton = Skeleton::get();
    let mut names = HashMap::new();
    for row in rows::<PlaceRow>("places.csv", include_str!("../data/places.csv")) {
        let bones: Vec<&str> = row.bones.split(' ').collect();
        let parts: Vec<&str> = row.part.split(' ').filter(|part| !part.is_empty()).collect();
        let meant = |bone: &str| {
            bones.iter().any(|name| match name.strip_suffix('*') {
                Some(prefix) => bone.starts_with(prefix),
                None => *name == bone,
            })
        };
        let sites = SiteSet::of(|id| {
            let site = skeleton.site(id);
            meant(&site.bone) && (parts.is_empty() || parts.contains(&site.part.as_str()))
        });
        assert!(!sites.is_empty(), "places.csv: {} has no site", row.place);
        let precision = match row.kind.as_str() {
            "bone" => Precision::Bone,
            "group" => Precision::Group,
            _ => Precision::Region,
        };
        for word in std::iter::once(row.place.as_str()).chain(row.synonyms.split('|')) {
            if !word.is_empty() {
                let label = row.place.replace('_', " ");
                names.entry(normalised(word)).or_insert(Named { sites, precision, label });
            }
        }
    }
    for id in skeleton.ids() {
        let site = skeleton.site(id);
        let sites = SiteSet::of(|other| skeleton.site(other).bone == site.bone);
        let label = site.bone.replace('_', " ");
        names.entry(normalised(&site.bone)).or_insert(Named {
            sites,
            precision: Precision::Bone,
            label: label.clone(),
        });
        let bone_id = SiteSet::of(|other| skeleton.site(other).bone_id == site.bone_id);
        names.entry(normalised(&site.bone_id)).or_insert(Named {
            sites: bone_id,
            precision: Precision::Bone,
            label: label.clone(),
        });
        names.entry(normalised(&skeleton.bone(id).name)).or_insert(Named {
            sites,
            precision: Precision::Bone,
            label: label.clone(),
        });
        let one = SiteSet::of(|other| other == id);
        names.entry(normalised(&site.id)).or_insert(Named { sites: one, precision: Precision::Bone, label });
    }
    names
});

/// The word without a side or an end said in words: `right distal femur` is the femur, distal, right.
fn find(word: &str) -> Option<(&'static Named, Option<BodySide>)> {
    // Canonical words come from virtual children by the million; they need no spelling.
    if let Some(named) = NAMES.get(word) {
        return Some((named, None));
    }
    let key = normalised(word);
    if let Some(named) = NAMES.get(&key) {
        return Some((named, None));
    }
    let sides = [
        ("left", BodySide::Left),
        ("right", BodySide::Right),
        ("both", BodySide::Both),
        ("bilateral", BodySide::Both),
    ];
    for (text, side) in sides {
        let rest = key
            .strip_prefix(text)
            .and_then(|rest| rest.strip_prefix('_'))
            .or_else(|| key.strip_suffix(text).and_then(|rest| rest.strip_suffix('_')));
        if let Some(rest) = rest {
            let named = NAMES.get(rest).or_else(|| NAMES.get(rest.strip_suffix('s')?))?;
            return Some((named, Some(side)));
        }
    }
    NAMES.get(key.strip_suffix('s')?).map(|named| (named, None))
}

/// The word under which a bone or region is known, without side, part or anything else; `None` if it is not one word of
/// the vocabulary.
pub fn known_word(text: &str) -> Option<&'static str> {
    let key = normalised(text);
    let singular = key.strip_suffix('s').unwrap_or(&key);
    NAMES.get_key_value(&key).or_else(|| NAMES.get_key_value(singular)).map(|(word, _)| word.as_str())
}

/// Understands a place.
///
/// # Errors
/// If nobody knows the bone, or it has no such part or side.
pub fn resolve(place: &Place) -> Result<Resolved, PlaceError> {
    let Some((named, said)) = find(place.bone.as_str()) else {
        let found = place.bone.as_str().to_owned();
        return Err(PlaceError::UnknownBone { suggestions: suggest(&found), found });
    };
    let mut sites = named.sites;
    if let Some(part) = place.part {
        let skeleton = Skeleton::get();
        let narrowed = sites.and(&PARTS[part as usize]);
        // A bone that is one site is not split further: its end or shaft is the bone.
        let whole =
            sites.iter().all(|id| matches!(skeleton.site(id).part, Part::Whole | Part::VertebralBody));
        if !narrowed.is_empty() {
            sites = narrowed;
        } else if !whole {
            let mut allowed: Vec<&str> = sites.iter().map(|id| skeleton.site(id).part.as_str()).collect();
            allowed.sort_unstable();
            allowed.dedup();
            return Err(PlaceError::WrongPart {
                bone: named.label.clone(),
                found: part,
                allowed: allowed.join(", "),
            });
        }
    }
    let word = |side| match side {
        BodySide::Left => "L",
        BodySide::Right => "R",
        BodySide::Both => "B",
        BodySide::Midline => "M",
    };
    let side = match (said, place.side) {
        (Some(a), Some(b)) if a != b => {
            return Err(PlaceError::Contradiction { bone: place.bone.as_str().to_owned(), found: word(b) });
        }
        (said, given) => said.or(given),
    };
    let paired = sites.meets(&SIDES[2]);
    let unpaired = sites.meets(&SIDES[3]);
    let side = match side {
        Some(side) => {
            let narrowed = sites.on(side);
            if narrowed.is_empty() {
                // One name for a whole vertebral column has no sides; a sided reader's remark is dropped, not an error.
                return Err(PlaceError::WrongSide {
                    bone: named.label.clone(),
                    found: word(side),
                    allowed: match (paired, unpaired) {
                        (true, true) => "L, R, B, M",
                        (true, false) => "L, R, B",
                        _ => "M",
                    },
                });
            }
            sites = narrowed;
            Some(side)
        }
        None if !paired => Some(BodySide::Midline),
        None if sites.on(BodySide::Left).is_empty() && !unpaired => Some(BodySide::Right),
        None if sites.on(BodySide::Right).is_empty() && !unpaired => Some(BodySide::Left),
        None => None,
    };
    let separate = if side == Some(BodySide::Both) { 2 } else { 1 };
    Ok(Resolved {
        sites,
        precision: named.precision,
        side,
        at_least: place.at_least.unwrap_or(1).max(separate),
    })
}

/// The place as one site of the skeleton, if it is that precise.
pub fn site(place: &Place) -> Option<SiteId> {
    resolve(place).ok()?.site()
}

/// The catalogue rows of the bones a place may mean, sorted.
pub fn bone_ids(place: &Place) -> Vec<&'static str> {
    let Ok(resolved) = resolve(place) else { return Vec::new() };
    let mut ids: Vec<&'static str> =
        resolved.sites.iter().map(|id| Skeleton::get().site(id).bone_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Words for places that look like the text, nearest first, at most three.
pub fn suggest(text: &str) -> Vec<String> {
    let key = normalised(text);
    let mut near: Vec<(f64, &str)> = NAMES
        .iter()
        .map(|(name, named)| (strsim::jaro_winkler(name, &key), named.label.as_str()))
        .filter(|(score, _)| *score >= 0.85)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let mut names: Vec<String> = Vec::new();
    for (_, name) in near {
        let name = normalised(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(3);
    names
}

/// The place in words, e.g. `tibia, distal metaphysis, left`.
pub fn label(place: &Place) -> String {
    if let Ok(resolved) = resolve(place)
        && let Some(site) = resolved.site()
    {
        return Skeleton::get().site(site).label();
    }
    let mut text = place.bone.as_str().replace('_', " ");
    if let Some(part) = place.part {
        text = format!("{text}, {}", part.as_str().replace('_', " "));
    }
    match place.side {
        Some(BodySide::Left) => text.push_str(", left"),
        Some(BodySide::Right) => text.push_str(", right"),
        Some(BodySide::Both) => text.push_str(", both sides"),
        Some(BodySide::Midline) | None => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bones(word: &str) -> Vec<&'static str> {
        bone_ids(&Place::of(word))
    }

    #[test]
    fn synonyms_are_understood() {
        assert_eq!(bones("shin"), ["tibia_L", "tibia_R"]);
        assert_eq!(bones("Collar bone"), ["clavicle_L", "clavicle_R"]);
        assert_eq!(bones("thigh"), bones("femur"));
        assert_eq!(bones("heel"), bones("calcaneus"));
        assert_eq!(bones("right heel"), ["calcaneus_R"]);
        assert_eq!(bones("L3"), ["l3"]);
        assert_eq!(bones("finger 4").len(), 6);
        assert_eq!(bones("left thumbs"), ["hand_distal_phalanx_1_L", "hand_proximal_phalanx_1_L"]);
    }

    #[test]
    fn contradictions_are_errors_and_say_what_is_allowed() {
        let wrong = resolve(&Place::of("tbia")).expect_err("a misspelling");
        assert!(wrong.to_string().contains("did you mean `tibia`"), "{wrong}");
        let part = resolve(&Place::of("clavicle").part(Part::Diaphysis)).expect_err("no such part");
        assert!(part.to_string().contains("medial_third"), "{part}");
        let side = resolve(&Place::of("t4").on(BodySide::Left)).expect_err("unpaired");
        assert!(side.to_string().contains("it has: M"), "{side}");
        assert!(resolve(&Place::of("left femur").on(BodySide::Right)).is_err());
    }

    #[test]
    fn unknown_is_wider_than_known() {
        let femur = resolve(&Place::of("femur")).expect("a bone");
        let left = resolve(&Place::of("femur").on(BodySide::Left)).expect("a bone");
        assert!(left.sites.within(&femur.sites) && !femur.sites.within(&left.sites));
        assert_eq!(resolve(&Place::of("knee").on(BodySide::Both)).map(|r| r.places().count()), Ok(2));
    }

    proptest! {
        #[test]
        fn every_site_comes_back(number in 0u16..266) {
            prop_assert_eq!(site(&Place::from_site(SiteId(number))), Some(SiteId(number)));
            let id = &Skeleton::get().site(SiteId(number)).id;
            prop_assert_eq!(site(&Place::of(id.as_str())), Some(SiteId(number)));
        }
    }
}
