//! Words joined by underscores: what they say of a thing, its place, its side and its degree, and what is left over.

use osteoflare_clinic::place;
use osteoflare_clinic::record::{BodySide, Place};
use osteoflare_clinic::vocabulary::{self, Kind};

use super::polarity::{Scoped, scoped};

/// Most words of a thing or a place.
const LONGEST: usize = 6;

/// Words that say nothing by themselves.
const FILLERS: [&str; 44] = [
    "with",
    "and",
    "or",
    "nor",
    "of",
    "the",
    "in",
    "on",
    "at",
    "to",
    "a",
    "an",
    "for",
    "by",
    "is",
    "was",
    "were",
    "are",
    "no",
    "not",
    "without",
    "but",
    "evidence",
    "signs",
    "sign",
    "findings",
    "absent",
    "negative",
    "excluded",
    "none",
    "seen",
    "found",
    "present",
    "true",
    "ruled",
    "out",
    "over",
    "from",
    "both",
    "bilateral",
    "left",
    "right",
    "l",
    "r",
];

/// A phrase, word by word.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    words: Vec<String>,
    /// Words that have been understood.
    used: Vec<bool>,
    /// Words that are denied.
    pub(super) denied: Vec<bool>,
    /// Piece between separators that each word belongs to.
    piece: Vec<usize>,
}

impl Phrase {
    /// The words of a text.
    pub fn new(text: &str) -> Phrase {
        let Scoped { words, denied, piece } = scoped(text);
        let used = vec![false; words.len()];
        Phrase { words, used, denied, piece }
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

    /// Words that have not been understood and are neither fillers nor qualifiers.
    pub fn left_over_but(&self, qualifiers: &[&str]) -> Option<String> {
        let left: Vec<&str> = self
            .words
            .iter()
            .zip(&self.used)
            .filter(|(word, used)| !**used && !FILLERS.contains(&word.as_str()))
            .filter(|(word, _)| {
                !qualifiers.contains(&word.as_str())
                    && (qualifiers.is_empty() || word.trim_end_matches('%').parse::<f64>().is_err())
            })
            .map(|(word, _)| word.as_str())
            .collect();
        (!left.is_empty()).then(|| left.join(" "))
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

    /// Every thing of a vocabulary that it names, denied or not, the longest names first; their words are used up.
    pub fn things(&mut self, kind: Kind) -> Vec<&'static str> {
        self.stated(kind).into_iter().map(|(term, _)| term).collect()
    }

    /// Every thing of a vocabulary that it names, with whether it is denied. What is named both ways is not.
    pub fn stated(&mut self, kind: Kind) -> Vec<(&'static str, bool)> {
        let mut stated: Vec<(&'static str, bool)> = Vec::new();
        let found = self.matches(|text| vocabulary::word(kind, text).map(|word| word.term.as_str()));
        for Match { term, denied, .. } in found {
            match stated.iter_mut().find(|(known, _)| *known == term) {
                Some((_, known)) => *known &= denied,
                None => stated.push((term, denied)),
            }
        }
        stated
    }

    /// The thing that the whole of a text names, else those that its words name, with whether each is denied.
    pub fn whole_or_parts(&mut self, kind: Kind, text: &str) -> Vec<(&'static str, bool)> {
        match vocabulary::word(kind, text) {
            Some(word) => {
                self.used.fill(true);
                vec![(word.term.as_str(), false)]
            }
            None => self.stated(kind),
        }
    }

    /// Every analyte of the blood that it names, with whether it is denied.
    pub fn analytes(&mut self) -> Vec<(&'static str, bool)> {
        let found = self.matches(|text| vocabulary::analyte(text).map(|analyte| analyte.name.as_str()));
        found.into_iter().map(|one| (one.term, one.denied)).collect()
    }

    /// Every drug or class of drugs that it names.
    pub fn drugs(&mut self) -> Vec<&'static str> {
        let found = self.matches(|text| vocabulary::drug(text).map(|drug| drug.name.as_str()));
        let mut drugs = Vec::new();
        for Match { term, .. } in found {
            if !drugs.contains(&term) {
                drugs.push(term);
            }
        }
        drugs
    }

    /// Every drug or class of drugs that it names and does not deny.
    pub fn given(&mut self) -> Vec<&'static str> {
        let found = self.matches(|text| vocabulary::drug(text).map(|drug| drug.name.as_str()));
        let mut drugs = Vec::new();
        for Match { term, denied, .. } in found {
            if !denied && !drugs.contains(&term) {
                drugs.push(term);
            }
        }
        drugs
    }

    /// Names in the order of the text, none within another or across a separator.
    fn matches(&mut self, find: impl Fn(&str) -> Option<&'static str>) -> Vec<Match> {
        let mut found = Vec::new();
        for length in (1..=LONGEST.min(self.words.len())).rev() {
            for start in 0..=self.words.len() - length {
                let span = start..start + length;
                // `non_caseating` is no `caseating`: what follows `non` is a name only together with it.
                if start > 0 && self.words[start - 1] == "non"
                    || self.used[span.clone()].iter().any(|used| *used)
                    || self.piece[start] != self.piece[start + length - 1]
                {
                    continue;
                }
                let text = self.words[span.clone()].join("_");
                let singular = text.strip_suffix('s').unwrap_or(&text);
                if let Some(term) = find(&text).or_else(|| find(singular)) {
                    self.used[span.clone()].fill(true);
                    found.push(Match { start, term, denied: self.denied[span].iter().all(|denied| *denied) });
                }
            }
        }
        found.sort_by_key(|one| one.start);
        found
    }

    /// The side that it names.
    pub fn side(&mut self) -> Option<BodySide> {
        let k = (0..self.words.len()).find(|&k| !self.used[k] && side_of(&self.words[k]).is_some())?;
        self.used[k] = true;
        side_of(&self.words[k])
    }

    /// The places that it names. Each has the side that stands next to it; a side named once holds for all.
    pub fn places(&mut self) -> Vec<Place> {
        if self.has("vitamin") {
            // Vitamin D3 is no vertebra.
            return Vec::new();
        }
        let sides: Vec<(usize, BodySide)> = (0..self.words.len())
            .filter(|&k| !self.used[k])
            .filter_map(|k| Some((k, side_of(&self.words[k])?)))
            .collect();
        for (k, _) in &sides {
            self.used[*k] = true;
        }
        // `left knee and right ankle`: one side for each part between the conjunctions.
        let part =
            |word: usize| self.words[..word].iter().filter(|word| *word == "and" || *word == "or").count();
        let parts: Vec<usize> = (0..self.words.len()).map(part).collect();
        let pieces = self.piece.clone();
        let bones = self.matches(known_bone);
        // `L_tibia_R_femur` names sides before the bones, `tibia_L_femur_R` behind them.
        let before = sides.first().map(|(k, _)| *k) < bones.first().map(|bone| bone.start);
        let mut places: Vec<Place> = Vec::new();
        let mut last = sides.first().map(|(_, side)| *side);
        for Match { term, start, .. } in bones {
            let here = |k: usize| parts[k] == parts[start] && pieces[k] == pieces[start];
            let nearest = |ahead: bool| match ahead {
                true => sides.iter().rev().find(|(k, _)| here(*k) && *k < start),
                false => sides.iter().find(|(k, _)| here(*k) && *k > start),
            };
            let own = nearest(before).or_else(|| nearest(!before));
            last = own.map(|(_, side)| *side).or(last);
            let place = sided(Place::of(term), last);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if places.is_empty() {
            // The side is somebody else's to read.
            for (k, _) in &sides {
                self.used[*k] = false;
            }
        }
        places
    }

    /// The bones and regions that it names, without sides.
    pub fn bones(&mut self) -> Vec<&'static str> {
        let mut bones: Vec<&'static str> = Vec::new();
        for Match { term, .. } in self.matches(known_bone) {
            if !bones.contains(&term) {
                bones.push(term);
            }
        }
        bones
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

/// A name found in a phrase.
struct Match {
    start: usize,
    term: &'static str,
    denied: bool,
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
pub(super) fn known_bone(text: &str) -> Option<&'static str> {
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
    // An axis is a vertebra only where a bone is asked for.
    if noun.len() < 2 || noun == "axis" || noun.bytes().all(|byte| byte.is_ascii_digit()) {
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
pub(super) fn sided(place: Place, side: Option<BodySide>) -> Place {
    match side {
        Some(side) => {
            let sided = Place { side: Some(side), ..place.clone() };
            if place::resolve(&sided).is_ok() { sided } else { place }
        }
        None => place,
    }
}
