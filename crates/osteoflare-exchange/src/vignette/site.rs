//! Where a lesion is: bones, their parts and sides, as lists, pairs and rows of vertebrae name them.

use std::sync::LazyLock;

use osteoflare_clinic::place::{self, resolve};
use osteoflare_clinic::record::{BodySide, Place};
use osteoflare_clinic::vocabulary::normalised;
use regex::Regex;

use super::part::{Narrowed, merged, narrow, segment_pieces};
use super::words::{Phrase, known_bone, sided};

/// A place that words name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located {
    pub place: Place,
    /// What else the words say of it.
    pub note: Option<String>,
    /// Words that are not understood.
    pub unclear: Option<String>,
}

/// The vertebrae from above, the first of the sacrum last.
const SPINE: [(char, u8); 4] = [('c', 7), ('t', 12), ('l', 5), ('s', 1)];

#[allow(clippy::expect_used, reason = "constants")]
static ROW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b([ctdl])h?(\d{1,2})\s*(?:-|–|\bto\b|\bthrough\b)\s*([ctdls])?h?(\d{1,2})\b")
        .expect("a pattern")
});

#[allow(clippy::expect_used, reason = "constants")]
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(rib|metatarsal|metacarpal|toe|finger)s?\s*(\d{1,2})\s*(-|–|\bto\b|\band\b|,|&|/)\s*(\d{1,2})\b")
        .expect("a pattern")
});

#[allow(clippy::expect_used, reason = "constants")]
pub(super) static CONJUNCTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\s+(?:and|plus|as well as)\s+|[,;/&+]").expect("a pattern"));

/// The places of bones, parts and a side in words.
pub(super) fn locate(bones: &[String], segments: &[String], side: Option<BodySide>) -> Vec<Located> {
    let mut found: Vec<Located> = Vec::new();
    for bone in bones.iter().flat_map(|text| pieces(text)) {
        found.extend(one(&bone, segments, side));
    }
    found
}

/// The side of a field: `L`, `both`, `left and right`, `L+R`. `Ok(None)` says that nobody knows.
pub(super) fn side_of(texts: &[String]) -> Result<Option<BodySide>, ()> {
    let mut side: Option<BodySide> = None;
    for text in texts {
        if Phrase::new(text).is_unknown() {
            continue;
        }
        for word in normalised(&text.replace(['/', '+', '&'], " ")).split('_') {
            let one = match word {
                "l" | "left" | "lt" => BodySide::Left,
                "r" | "right" | "rt" => BodySide::Right,
                "b" | "both" | "bilateral" | "bilaterally" | "bilat" | "bl" => BodySide::Both,
                "m" | "midline" | "median" | "central" => BodySide::Midline,
                // One side, and which is not said.
                "u" | "unilateral" | "and" | "side" | "sides" | "sided" | "" => continue,
                _ => return Err(()),
            };
            side = Some(match side {
                Some(other) if other != one => BodySide::Both,
                _ => one,
            });
        }
    }
    Ok(side)
}

/// One bone each: rows of vertebrae and numbered bones are written out, pairs are taken apart.
fn pieces(text: &str) -> Vec<String> {
    if place::known_word(text).is_some() {
        return vec![text.to_owned()];
    }
    let text = text.replace('_', " ");
    let text = ROW
        .replace_all(&text, |row: &regex::Captures<'_>| vertebrae(row).unwrap_or_else(|| row[0].to_owned()));
    let text = NUMBERED.replace_all(&text, |row: &regex::Captures<'_>| {
        let (name, between) = (&row[1], row[3].to_lowercase());
        match (row[2].parse::<u8>(), row[4].parse::<u8>()) {
            (Ok(first), Ok(last)) if matches!(between.as_str(), "-" | "–" | "to") && first < last => {
                (first..=last).map(|n| format!("{name} {n}")).collect::<Vec<_>>().join(" and ")
            }
            _ => format!("{name} {} and {name} {}", &row[2], &row[4]),
        }
    });
    let parts: Vec<String> =
        CONJUNCTION.split(&text).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let names_bone = |text: &str| !Phrase::new(text).places().is_empty();
    let mut out: Vec<String> = Vec::new();
    let mut side: Option<BodySide> = None;
    for (k, part) in parts.iter().enumerate() {
        let mut words = part.clone();
        if !names_bone(&words) {
            // `left and right tibia`, `5th and 6th rib`: the bone of the next is meant; `distal metaphysis and
            // epiphysis of the femur` needs both.
            let next = parts[k + 1..].iter().find(|next| names_bone(next));
            let noun = next.and_then(|next| bare_bone(next, &words));
            match (noun, out.last()) {
                (Some(noun), _) => words = noun,
                (None, Some(before)) => match bare_bone(before, &words) {
                    Some(with) => words = with,
                    None => words.clone_from(part),
                },
                _ => {}
            }
        }
        let own = Phrase::new(&words).side();
        // `left tibia and fibula`: the side of the first is that of the next, if that has none.
        if own.is_none()
            && let Some(side) = side
        {
            words = format!("{} {words}", side_word(side));
        }
        side = own.or(side);
        out.push(words);
    }
    out
}

/// Words that name no bone, with the bone of others.
fn bare_bone(others: &str, words: &str) -> Option<String> {
    let bones = Phrase::new(others).bones();
    let bone = bones.first()?;
    let last = others.split(' ').next_back().unwrap_or_default();
    let joined = format!("{words} {last}");
    Some(if known_bone(&normalised(&joined)).is_some() { joined } else { format!("{words} {bone}") })
}

fn side_word(side: BodySide) -> &'static str {
    match side {
        BodySide::Left => "left",
        BodySide::Right => "right",
        BodySide::Both => "both",
        BodySide::Midline => "midline",
    }
}

/// `T8-T10` written out.
fn vertebrae(row: &regex::Captures<'_>) -> Option<String> {
    let all: Vec<(char, u8)> =
        SPINE.iter().flat_map(|&(level, last)| (1..=last).map(move |n| (level, n))).collect();
    let level = |text: &str| text.to_lowercase().chars().next().map(|c| if c == 'd' { 't' } else { c });
    let first = (level(&row[1])?, row[2].parse().ok()?);
    let last = (row.get(3).map_or(Some(first.0), |text| level(text.as_str()))?, row[4].parse().ok()?);
    let at = |vertebra| all.iter().position(|one| *one == vertebra);
    let (from, to) = (at(first)?, at(last)?);
    (from <= to).then(|| {
        all[from..=to].iter().map(|(level, n)| format!("{level}{n}")).collect::<Vec<_>>().join(" and ")
    })
}

/// The places of one bone and its parts.
fn one(bone: &str, segments: &[String], side: Option<BodySide>) -> Vec<Located> {
    let mut phrase = Phrase::new(bone);
    let own = phrase.side();
    let mut unclear: Vec<String> = Vec::new();
    let said = match (side, own) {
        (Some(field), Some(own)) if field != own && field != BodySide::Both => {
            // Which of the two is right nobody knows.
            unclear.push(format!("{} or {}", side_word(field), side_word(own)));
            None
        }
        (field, own) => field.or(own),
    };
    let rest: Vec<&str> = phrase.words().iter().map(String::as_str).collect();
    let whole = rest.join("_");
    let bones: Vec<&'static str> = match place::known_word(&whole) {
        Some(word) => {
            let all = phrase.words().len();
            phrase.take([0, all - 1]);
            vec![word]
        }
        None => precise(phrase.bones()),
    };
    if bones.is_empty() {
        // Somewhere in the body: that there is a lesion is known, where is not.
        let note = Some(bone.replace('_', " ")).filter(|text| !text.is_empty());
        return vec![Located { place: sided(Place::of("whole_body"), said), note, unclear: None }];
    }
    let left =
        phrase.left_over_but(&["region", "area", "bone", "bones", "joint", "multiple", "several", "many"]);
    let mut parts: Vec<String> = segments.iter().flat_map(|text| segment_pieces(text)).collect();
    let of_bone = left.is_some();
    parts.splice(0..0, left);
    bones
        .into_iter()
        .flat_map(|bone| {
            let plain = Place::of(bone);
            let (mut found, mut note, mut unclear, mut said) =
                (Vec::new(), Vec::new(), unclear.clone(), said);
            for part in &parts {
                match narrow(&plain, part) {
                    Narrowed::Place(place, side) => {
                        said = said.or(side);
                        found.push(place);
                    }
                    Narrowed::Understood => note.push(part.replace('_', " ")),
                    Narrowed::Not => {
                        note.push(part.replace('_', " "));
                        unclear.push(part.clone());
                    }
                }
            }
            // Bone and part say the same thing more and less precisely.
            if of_bone && found.len() > 1 {
                found.remove(0);
            }
            let note = |more: Option<String>| {
                let all: Vec<String> = note.iter().cloned().chain(more).collect();
                (!all.is_empty()).then(|| all.join("; "))
            };
            let unclear = (!unclear.is_empty()).then(|| unclear.join("; "));
            let (places, more) = merged(plain, found, &parts);
            places
                .into_iter()
                .map(|place| Located {
                    place: sided(place, said),
                    note: note(more.clone()),
                    unclear: unclear.clone(),
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Bones without the regions that they lie in.
fn precise(bones: Vec<&'static str>) -> Vec<&'static str> {
    let sites = |bone: &str| resolve(&Place::of(bone.to_owned())).map(|resolved| resolved.sites).ok();
    bones
        .iter()
        .filter(|bone| {
            !bones.iter().any(|other| {
                other != *bone
                    && matches!((sites(other), sites(bone)), (Some(a), Some(b)) if a.within(&b) && !b.within(&a))
            })
        })
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bone: &str, segments: &[&str], side: &str) -> String {
        let segments: Vec<String> = segments.iter().map(|text| (*text).to_owned()).collect();
        let side = if side.is_empty() { None } else { side_of(&[side.to_owned()]).expect("a side") };
        let found = locate(&[bone.to_owned()], &segments, side);
        let labels = found.iter().map(|one| {
            let mark = if one.unclear.is_some() { " ?" } else { "" };
            format!("{}{mark}", place::label(&one.place))
        });
        labels.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn every_bone_of_a_list_a_pair_and_a_row_is_named() {
        for (bone, expected) in [
            ("tibia_and_fibula", "tibia; fibula"),
            ("left tibia and fibula", "tibia, left; fibula, left"),
            ("left femur and right tibia", "femur, left; tibia, right"),
            ("left and right tibia", "tibia, left; tibia, right"),
            ("L1_L2", "L1; L2"),
            ("L1/L2", "L1; L2"),
            ("T5 to T7", "T5; T6; T7"),
            ("ribs 3-5", "rib 3; rib 4; rib 5"),
            ("5th and 6th rib", "rib 5; rib 6"),
            ("D8", "T8"),
        ] {
            let plain = |text: String| text.replace('_', " ").to_lowercase();
            assert_eq!(plain(shown(bone, &[], "")), plain(expected.to_owned()), "{bone}");
        }
        assert_eq!(locate(&["T8-T10".to_owned()], &[], None).len(), 3);
        assert_eq!(locate(&["T11-L2".to_owned()], &[], None).len(), 4);
    }

    #[test]
    fn parts_are_understood_in_any_order() {
        for (bone, segments, expected) in [
            ("proximal femoral metaphysis", &[][..], "femur, proximal metaphysis"),
            ("tibial shaft", &[], "tibia, diaphysis"),
            ("ulna distal metaphysis", &[], "ulna, distal metaphysis"),
            ("tibia", &["epiphysis_distal"], "tibia, distal epiphysis"),
            ("femur", &["distal_third"], "distal femur"),
            ("tibia", &["distal_metaphysis", "distal_epiphysis"], "distal tibia"),
            ("femur", &["distal metaphysis and epiphysis"], "distal femur"),
            ("clavicle", &["sternal end"], "clavicle, medial third"),
            ("sacrum", &["ala_SI_left"], "sacrum, ala, left"),
            ("sternum", &["manubrium"], "manubrium"),
            ("mandible", &["ramus"], "mandible, ramus condyle"),
            ("femur", &["metaphysis"], "femur ?"),
            (
                "tibia",
                &["proximal_metaphysis", "distal_metaphysis"],
                "tibia, proximal metaphysis; tibia, distal metaphysis",
            ),
        ] {
            assert_eq!(shown(bone, segments, "").replace('_', " "), expected, "{bone} {segments:?}");
        }
        let vertebra = locate(&["T8".to_owned()], &["posterior_elements".to_owned()], None);
        assert_eq!(
            (vertebra[0].unclear.clone(), vertebra[0].note.as_deref()),
            (None, Some("posterior elements"))
        );
    }

    #[test]
    fn sides_are_one_or_both() {
        for both in ["both", "B", "bilat", "BL", "L+R", "L/R", "left and right"] {
            assert_eq!(side_of(&[both.to_owned()]), Ok(Some(BodySide::Both)), "{both}");
        }
        assert_eq!(side_of(&["L".to_owned(), "R".to_owned()]), Ok(Some(BodySide::Both)));
        assert_eq!(side_of(&["unknown".to_owned()]), Ok(None));
        assert_eq!(side_of(&["X".to_owned()]), Err(()));
        assert!(
            shown("left femur", &[], "R").ends_with('?'),
            "two sides that contradict each other are asked about"
        );
    }
}
