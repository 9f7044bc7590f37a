//! How sure a phrase is: denied, not known, only thought of, over, or about somebody else.

use super::{value::says_unknown, words::Phrase};

impl Phrase {
    /// Whether a word of it denies anything: `no_periosteal_reaction`, `granuloma_absent`. `non` belongs to its word.
    pub fn denies(&self) -> bool {
        ["no", "not", "without", "absent", "negative", "never"].iter().any(|word| self.has(word))
            || self.denied.contains(&true)
    }

    /// Whether it says a word that begins so, and does not deny it: `recurrent`, but neither `not_recurrent` nor
    /// `non_recurrent`.
    pub fn says(&self, stems: &[&str]) -> bool {
        self.with_polarity(stems, false)
    }

    /// Whether it denies a word that begins so.
    pub fn denies_that(&self, stems: &[&str]) -> bool {
        self.with_polarity(stems, true)
    }

    fn with_polarity(&self, stems: &[&str], wanted: bool) -> bool {
        self.words().iter().enumerate().any(|(k, word)| {
            let non = k > 0 && self.words()[k - 1] == "non";
            stems.iter().any(|stem| word.starts_with(stem)) && (self.denied[k] || non) == wanted
        })
    }

    /// Whether it is about relatives.
    pub fn is_of_family(&self) -> bool {
        (self.begins(&[
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
            "cousin",
        ]) || self.has("uncle")
            || self.has("relatives"))
            && !self.begins(&["contact", "exposure"])
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
            "contact",
            "exposure",
            "question",
            "equivocal",
            "likely",
            "unlikely",
            "doubtful",
            "uncertain",
            "maybe",
            "borderline",
            "indetermin",
            "inconclus",
        ]) || self.has("rule")
            || self.has("consider")
            || self.has("considered")
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
        says_unknown(self.words())
    }

    /// Whether all of it denies: `not at night`, `none`, but not `left knee, not at night`.
    pub fn begins_with_denial(&self) -> bool {
        let first = self.words().first().map_or("", String::as_str);
        self.has("none")
            || self.has("normal")
            || self.has("unremarkable")
            || !self.denied.is_empty() && self.denied.iter().all(|denied| *denied)
            || ["no", "not", "without", "absent", "negative", "never", "excluded"].contains(&first)
    }

    /// Whether it says that what was there is there no more.
    pub fn is_over(&self) -> bool {
        self.begins(&["resolved", "subsided", "disappeared", "ceased", "vanished"])
            || self.has("no") && self.has("longer")
    }
}
