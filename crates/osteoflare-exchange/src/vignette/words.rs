//! Words joined by underscores: what they say of a thing, its place, its side and its degree, and what is left over.

use std::str::FromStr;

use osteoflare_clinic::place;
use osteoflare_clinic::record::{BodySide, Place};
use osteoflare_clinic::vocabulary::{self, Kind};
use osteoflare_skeleton::Part;

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
    denied: Vec<bool>,
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

    /// Whether a word of it denies anything: `no_periosteal_reaction`, `granuloma_absent`. `non` belongs to its word.
    pub fn denies(&self) -> bool {
        ["no", "not", "without", "absent", "negative", "never"].iter().any(|word| self.has(word))
            || self.denied.contains(&true)
    }

    /// Whether it is about relatives.
    pub fn is_of_family(&self) -> bool {
        self.begins(&[
            "family",
            "mother",
            "father",
            "sibling",
            "brother",
            "sister",
            "parent",
            "maternal",
            "paternal",
            "grandmother",
            "grandfather",
            "grandparent",
            "aunt",
            "uncle",
            "cousin",
        ]) && !self.begins(&["contact", "exposure"])
    }

    /// Whether it is about what is only thought of, or about what others have: nothing of it is a fact of the patient.
    pub fn is_tentative(&self) -> bool {
        self.begins(&[
            "suspect",
            "suspic",
            "possib",
            "probabl",
            "presum",
            "fear",
            "risk",
            "consider",
            "contact",
            "exposure",
            "question",
            "equivocal",
            "likely",
            "unlikely",
            "doubtful",
            "uncertain",
            "maybe",
        ]) || self.has("rule")
            || self.has("cannot") && self.begins(&["exclud", "rul"])
            || self.has("exclude")
            || self.has("not") && self.has("excluded")
            || self.has("not") && self.has("ruled")
    }

    /// Whether nothing of it is a fact of the patient.
    pub fn is_hearsay(&self) -> bool {
        self.is_of_family() || self.is_tentative()
    }

    /// Whether it says that nobody knows: `unknown`, `not_reported`, `n/a`.
    pub fn is_unknown(&self) -> bool {
        is_unknown(&self.words)
    }

    /// Whether all of it denies: `not at night`, `none`, but not `left knee, not at night`.
    pub fn begins_with_denial(&self) -> bool {
        let first = self.words.first().map_or("", String::as_str);
        self.has("none")
            || self.has("normal")
            || !self.denied.is_empty() && self.denied.iter().all(|denied| *denied)
            || ["no", "not", "without", "absent", "negative", "never", "excluded"].contains(&first)
    }

    /// Whether it says that what was there is there no more.
    pub fn is_over(&self) -> bool {
        self.begins(&["resolved", "subsided", "disappeared", "ceased", "vanished"])
            || self.has("no") && self.has("longer")
    }

    /// Words that have not been understood and are neither fillers nor qualifiers.
    pub fn left_over_but(&self, qualifiers: &[&str]) -> Option<String> {
        let left: Vec<&str> = self
            .words
            .iter()
            .zip(&self.used)
            .filter(|(word, used)| !**used && !FILLERS.contains(&word.as_str()))
            .filter(|(word, _)| !qualifiers.contains(&word.as_str()) && word.parse::<f64>().is_err())
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

    /// The places that it names, with the side that it names. Words are tried from the longest to the shortest, so that
    /// `greater_trochanter` is no other part of the femur.
    pub fn places(&mut self) -> Vec<Place> {
        let side = self.side();
        let mut bones: Vec<&'static str> = Vec::new();
        for Match { term, .. } in self.matches(known_bone) {
            if !bones.contains(&term) {
                bones.push(term);
            }
        }
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

/// A name found in a phrase.
struct Match {
    start: usize,
    term: &'static str,
    denied: bool,
}

/// Whether words say that nobody knows, and nothing else.
fn is_unknown(words: &[String]) -> bool {
    const UNKNOWN: [&str; 15] = [
        "unknown",
        "unspecified",
        "unclear",
        "unavailable",
        "missing",
        "nr",
        "na",
        "n/a",
        "nd",
        "nk",
        "n.a.",
        "untested",
        "unrecorded",
        "unreported",
        "undocumented",
    ];
    // What was not done, told or written down; `not_seen` and `not_found` say that somebody looked.
    const NOT_KNOWN: [&str; 21] = [
        "reported",
        "documented",
        "examined",
        "assessed",
        "recorded",
        "done",
        "known",
        "available",
        "stated",
        "given",
        "mentioned",
        "tested",
        "measured",
        "performed",
        "specified",
        "described",
        "determined",
        "evaluated",
        "provided",
        "checked",
        "investigated",
    ];
    match words {
        // Of a text such as `?` no word is left.
        [] => true,
        [only] => UNKNOWN.contains(&only.as_str()),
        [no, what] if no == "not" || no == "never" => NOT_KNOWN.contains(&what.as_str()),
        [no, data] if no == "no" => matches!(data.as_str(), "data" | "information" | "report"),
        [n, a] if n == "n" => matches!(a.as_str(), "a" | "d" | "r"),
        _ => false,
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
