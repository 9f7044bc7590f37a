//! Words joined by underscores: what they say of a thing, its place, its side and its degree, and what is left over.

use std::str::FromStr;

use osteoflare_clinic::place;
use osteoflare_clinic::record::{BodySide, Place};
use osteoflare_clinic::vocabulary::{self, Kind};
use osteoflare_skeleton::Part;

/// Most words of a thing or a place.
const LONGEST: usize = 6;

/// A phrase, word by word.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    words: Vec<String>,
    /// Words that have been understood.
    used: Vec<bool>,
}

impl Phrase {
    /// The words of a text.
    pub fn new(text: &str) -> Phrase {
        let words: Vec<String> = vocabulary::normalised(text)
            .split('_')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let used = vec![false; words.len()];
        Phrase { words, used }
    }

    /// Its words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether it has a word.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    /// Whether one of its words begins so.
    pub fn begins(&self, stems: &[&str]) -> bool {
        self.words.iter().any(|w| stems.iter().any(|stem| w.starts_with(stem)))
    }

    /// Marks words as understood.
    pub fn take(&mut self, range: [usize; 2]) {
        self.used[range[0]..=range[1]].fill(true);
    }

    /// Whether it denies what it names: `no_periosteal_reaction`, `granuloma_absent`.
    pub fn denies(&self) -> bool {
        ["no", "not", "without", "absent", "negative", "never", "non"].iter().any(|word| self.has(word))
    }

    /// Whether it is about somebody else, or about what is only thought of: nothing of it is a fact of the patient.
    pub fn is_hearsay(&self) -> bool {
        self.begins(&[
            "famil", "mother", "father", "sibling", "brother", "sister", "parent", "maternal", "paternal",
            "suspect", "possibl", "probabl", "fear", "rule", "exclude", "risk", "consider", "contact",
            "exposure",
        ])
    }

    /// Words that have not been understood.
    pub fn rest(&self) -> String {
        let rest: Vec<&str> = self
            .words
            .iter()
            .zip(&self.used)
            .filter(|(_, used)| !**used)
            .map(|(word, _)| word.as_str())
            .collect();
        rest.join(" ")
    }

    /// Every thing of a vocabulary that it names, the longest names first; their words are used up.
    pub fn things(&mut self, kind: Kind) -> Vec<&'static str> {
        self.matches(|text| vocabulary::word(kind, text).map(|word| word.term.as_str()))
    }

    /// Every drug or class of drugs that it names.
    pub fn drugs(&mut self) -> Vec<&'static str> {
        self.matches(|text| vocabulary::drug(text).map(|drug| drug.name.as_str()))
    }

    fn matches(&mut self, find: impl Fn(&str) -> Option<&'static str>) -> Vec<&'static str> {
        let mut found = Vec::new();
        for length in (1..=LONGEST.min(self.words.len())).rev() {
            for start in 0..=self.words.len() - length {
                let span = start..start + length;
                if self.used[span.clone()].iter().any(|used| *used) {
                    continue;
                }
                let text = self.words[span.clone()].join("_");
                let singular = text.strip_suffix('s').unwrap_or(&text);
                if let Some(term) = find(&text).or_else(|| find(singular)) {
                    self.used[span].fill(true);
                    found.push((start, term));
                }
            }
        }
        found.sort_by_key(|(start, _)| *start);
        let mut terms: Vec<&'static str> = Vec::new();
        for (_, term) in found {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        terms
    }

    /// The side that it names.
    pub fn side(&mut self) -> Option<BodySide> {
        let k = (0..self.words.len()).find(|&k| !self.used[k] && side_of(&self.words[k]).is_some())?;
        self.used[k] = true;
        side_of(&self.words[k])
    }

    /// The places that it names, with the side that it names. Words are tried from the longest to the shortest, so that
    /// `greater_trochanter` is no other part of the femur.
    pub fn places(&mut self) -> Vec<Place> {
        let side = self.side();
        let bones = self.matches(known_bone);
        bones.into_iter().map(|bone| sided(Place::of(bone), side)).collect()
    }

    /// The degree that it names.
    pub fn degree(&mut self) -> Option<String> {
        let k = (0..self.words.len()).find(|&k| {
            let word = self.words[k].as_str();
            !self.used[k]
                && (["mild", "slight", "subtle", "minor", "moderate", "severe", "marked", "high"]
                    .contains(&word)
                    || word == "low" && self.words.get(k + 1).is_some_and(|next| next == "grade")
                    || word == "subfebrile")
        })?;
        self.used[k] = true;
        if self.words[k] == "low" {
            self.used[k + 1] = true;
            return Some("low_grade".to_owned());
        }
        Some(if ["slight", "subtle", "minor"].contains(&self.words[k].as_str()) {
            "mild".to_owned()
        } else {
            self.words[k].clone()
        })
    }
}

/// The side of a word.
fn side_of(word: &str) -> Option<BodySide> {
    match word {
        "l" | "left" => Some(BodySide::Left),
        "r" | "right" => Some(BodySide::Right),
        "b" | "both" | "bilateral" | "bilaterally" => Some(BodySide::Both),
        "m" | "midline" => Some(BodySide::Midline),
        _ => None,
    }
}

/// The canonical word of a bone or region. Adjectives stand for their nouns.
fn known_bone(text: &str) -> Option<&'static str> {
    let noun = match text {
        "facial" => "face",
        "vertebral" | "spinal" => "vertebra",
        "femoral" => "femur",
        "tibial" => "tibia",
        "fibular" => "fibula",
        "humeral" => "humerus",
        "clavicular" => "clavicle",
        "sternal" => "sternum",
        "mandibular" => "mandible",
        "maxillary" => "maxilla",
        "pelvic" => "pelvis",
        "iliac" => "ilium",
        "sacral" => "sacrum",
        "costal" => "rib",
        "calcaneal" => "calcaneus",
        "cranial" => "skull",
        text => text,
    };
    // A single letter or number is never the name of a bone.
    if noun.len() < 2 || noun.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    place::known_word(noun).or_else(|| {
        // `5th_metatarsal` and `first_rib` are `metatarsal_5` and `rib_1`.
        let (first, rest) = noun.split_once('_')?;
        let number = ordinal(first)?;
        place::known_word(&format!("{}_{number}", rest.strip_suffix('s').unwrap_or(rest)))
    })
}

/// The number of `5th` or `fifth`.
fn ordinal(word: &str) -> Option<u8> {
    let names =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(k) = names.iter().position(|name| *name == word) {
        return u8::try_from(k + 1).ok();
    }
    ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)?.parse().ok())
}

/// A place on a side, if it has that side; the side that does not fit is dropped.
fn sided(place: Place, side: Option<BodySide>) -> Place {
    match side {
        Some(side) => {
            let sided = Place { side: Some(side), ..place.clone() };
            if place::resolve(&sided).is_ok() { sided } else { place }
        }
        None => place,
    }
}

/// The place of a bone, a part and a side in words; what could not be used of them, as text.
pub(super) fn locate(bone: &str, segment: &str, side: &str) -> (Place, Option<String>) {
    let mut unused = Vec::new();
    let mut phrase = Phrase::new(bone);
    let side = match Phrase::new(side).side() {
        Some(side) => {
            // The side of the bone's own words and of the field are one and the same, or the checks say so.
            let _ = phrase.side();
            Some(side)
        }
        None => phrase.side(),
    };
    let whole = phrase.words().join("_");
    let mut place = match place::known_word(&whole) {
        Some(word) => Place::of(word),
        None => match phrase.places().into_iter().next() {
            Some(place) => {
                let rest = phrase.rest();
                if !rest.is_empty() {
                    unused.push(rest);
                }
                place
            }
            // Somewhere in the body: that there is a lesion is known, where is not.
            None => {
                unused.push(bone.to_owned());
                Place::of("whole_body")
            }
        },
    };
    let segment = vocabulary::normalised(segment);
    if !segment.is_empty() {
        let of_bone = [format!("{segment}_{}", place.bone), format!("{}_{segment}", place.bone)];
        // `metaphysis` of the `distal_tibia` is its distal metaphysis.
        let end = place.bone.as_str().split('_').next().unwrap_or_default();
        let spellings = [segment.clone(), format!("{end}_{segment}"), segment.replace("shaft", "diaphysis")];
        let narrowed = spellings
            .iter()
            .filter_map(|spelling| Part::from_str(spelling).ok())
            .map(|part| place.clone().part(part))
            .find(|place| place::resolve(place).is_ok());
        if let Some(narrowed) = narrowed {
            place = narrowed;
        } else if let Some(word) = of_bone.iter().find_map(|word| place::known_word(word)) {
            place = Place::of(word);
        } else {
            unused.push(segment);
        }
    }
    let place = sided(place, side);
    (place, (!unused.is_empty()).then(|| unused.join("; ").replace('_', " ")))
}
