//! Parts of bones: ends, shafts and the parts of flat bones, in the words of reports.

use std::str::FromStr;

use osteoflare_clinic::place::{self, resolve};
use osteoflare_clinic::record::{BodySide, Place};
use osteoflare_skeleton::{Part, Skeleton};

use super::site::CONJUNCTION;
use super::words::Phrase;

/// Parts of a vertebra, which the skeleton has as one site.
const OF_VERTEBRA: [&str; 14] = [
    "vertebral",
    "vertebra",
    "posterior",
    "anterior",
    "elements",
    "body",
    "corpus",
    "arch",
    "pedicle",
    "lamina",
    "process",
    "spinous",
    "endplate",
    "corner",
];

/// The places of several parts of one bone: parts that touch are one lesion.
pub(super) fn merged(bone: Place, mut found: Vec<Place>, parts: &[String]) -> (Vec<Place>, Option<String>) {
    found.dedup();
    match found.as_slice() {
        [] => return (vec![bone], None),
        [_] => return (found, None),
        _ => {}
    }
    let end = |place: &Place| {
        let part = match place.part {
            Some(part) => part.as_str().to_owned(),
            None => place.bone.as_str().to_owned(),
        };
        part.split('_').next().unwrap_or_default().to_owned()
    };
    let ends: Vec<String> = found.iter().map(end).filter(|end| end != "diaphysis").collect();
    if ends.iter().any(|end| *end != ends[0]) {
        return (found, None);
    }
    let both_ends_of_plate =
        found.iter().all(|place| place.part.is_some_and(|part| part.as_str().ends_with("physis")))
            && !found.iter().any(|place| place.part == Some(Part::Diaphysis));
    let name = place::known_word(&format!("{}_{}", ends.first().map_or("", String::as_str), bone.bone));
    match name.filter(|_| both_ends_of_plate) {
        Some(name) => (vec![Place::of(name)], None),
        // It reaches into the next part, for which a place has no word.
        None => (vec![found.swap_remove(0)], Some(parts.join(" and ").replace('_', " "))),
    }
}

/// Parts named together; an end named once holds for all.
pub(super) fn segment_pieces(text: &str) -> Vec<String> {
    let text = text.replace('_', " ");
    let parts: Vec<&str> = CONJUNCTION.split(&text).map(str::trim).filter(|part| !part.is_empty()).collect();
    let end = text.split(' ').find(|word| matches!(*word, "distal" | "proximal")).map(str::to_owned);
    let has_end = |part: &str| {
        part.contains("distal")
            || part.contains("proximal")
            || part.contains("shaft")
            || part.contains("diaphys")
    };
    parts
        .iter()
        .map(|part| match &end {
            Some(end) if parts.len() > 1 && !has_end(part) => format!("{end} {part}"),
            _ => (*part).to_owned(),
        })
        .collect()
}

/// What became of the words for a part.
pub(super) enum Narrowed {
    Place(Place, Option<BodySide>),
    /// Understood, and the skeleton has no such part.
    Understood,
    Not,
}

/// A part of a bone.
pub(super) fn narrow(bone: &Place, segment: &str) -> Narrowed {
    let mut phrase = Phrase::new(segment);
    let side = phrase.side();
    let nouns: Vec<&str> = phrase
        .words()
        .iter()
        .map(|word| match word.as_str() {
            "metaphyseal" | "metaphyses" | "metadiaphysis" | "metadiaphyseal" | "metaepiphysis" => {
                "metaphysis"
            }
            "epiphyseal" | "epiphyses" => "epiphysis",
            "diaphyseal" | "shaft" | "midshaft" | "middiaphysis" | "diaphyses" => "diaphysis",
            "sternal" => "medial",
            "acromial" => "lateral",
            word => word,
        })
        .filter(|word| {
            !matches!(
                *word,
                "l" | "left"
                    | "r"
                    | "right"
                    | "b"
                    | "both"
                    | "end"
                    | "of"
                    | "the"
                    | "part"
                    | "portion"
                    | "third"
                    | "region"
            )
        })
        .collect();
    let name = bone.bone.as_str();
    let is_vertebra = resolve(bone).is_ok_and(|r| {
        r.sites.iter().next().is_some_and(|site| Skeleton::get().site(site).part == Part::VertebralBody)
    });
    if is_vertebra && !nouns.is_empty() && nouns.iter().all(|word| OF_VERTEBRA.contains(word)) {
        return Narrowed::Understood;
    }
    let (mut ends, mut others) = (Vec::new(), Vec::new());
    for word in &nouns {
        if matches!(*word, "distal" | "proximal" | "medial" | "lateral" | "middle" | "mid") {
            ends.push(*word)
        } else {
            others.push(*word)
        }
    }
    let end = match (ends.first().copied(), name.starts_with("clavicle")) {
        (Some("distal"), true) => "lateral",
        (Some("proximal"), true) => "medial",
        (Some("mid"), _) => "middle",
        (Some(end), _) => end,
        (None, true) if others == ["diaphysis"] => {
            others.clear();
            "middle"
        }
        // `metaphysis` of the `distal_tibia` is its distal metaphysis.
        (None, _) => {
            name.split('_').next().filter(|end| matches!(*end, "distal" | "proximal")).unwrap_or_default()
        }
    };
    let noun = others.join("_");
    let spellings = [
        format!("{end}_{noun}"),
        noun.clone(),
        format!("{end}_third"),
        if end == "middle" && matches!(noun.as_str(), "" | "diaphysis") {
            "diaphysis".to_owned()
        } else {
            String::new()
        },
        // Words of the clinic for parts of flat bones.
        match noun.as_str() {
            "ramus" | "condyle" | "angle" | "ramus_and_condyle" => "ramus_condyle".to_owned(),
            "si" | "sacroiliac" | "sacroiliac_joint" | "si_joint" => "si_adjacent".to_owned(),
            "ala_si" | "si_ala" | "alae" => "ala".to_owned(),
            "crest" | "iliac_crest" | "iliac_wing" | "ala" => "wing".to_owned(),
            "ischial_tuberosity" | "tuber" => "tuberosity".to_owned(),
            _ => String::new(),
        },
    ];
    let narrowed = spellings
        .iter()
        .filter_map(|spelling| Part::from_str(spelling.trim_matches('_')).ok())
        .filter(|part| *part != Part::Whole)
        .map(|part| bone.clone().part(part))
        // A bone that is one site has no such part, though it is found.
        .find(|place| matches!((resolve(place), resolve(bone)), (Ok(a), Ok(b)) if a.sites != b.sites));
    if let Some(place) = narrowed {
        return Narrowed::Place(place, side);
    }
    let adjective = match name {
        "femur" => "femoral",
        "ischium" => "ischial",
        "ilium" => "iliac",
        "mandible" => "mandibular",
        "sacrum" => "sacral",
        "tibia" => "tibial",
        "sternum" => "sternal",
        name => name,
    };
    let whole = nouns.join("_");
    let words = [
        format!("{end}_{name}"),
        format!("{adjective}_{whole}"),
        format!("{whole}_{name}"),
        format!("{name}_{whole}"),
        format!("{whole}_of_{name}"),
        whole.clone(),
    ];
    // An end alone is the end of the bone; with another word, that word must be understood too.
    let known = words
        .iter()
        .skip(usize::from(!noun.is_empty()))
        .filter_map(|word| place::known_word(word))
        .map(Place::of)
        .find(|place| matches!((resolve(place), resolve(bone)), (Ok(a), Ok(b)) if a.sites.within(&b.sites)));
    match known {
        Some(place) => Narrowed::Place(place, side),
        None => Narrowed::Not,
    }
}
