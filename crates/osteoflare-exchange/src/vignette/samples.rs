//! Samples: which of several, whether they were taken at all, and whether antibiotics had been given before.

use osteoflare_clinic::record::{Biopsy, When};
use osteoflare_clinic::vocabulary::Kind;
use serde_json::Value;

use super::{Case, amount, elements, is_unknown, plain, presence, unit_days, words::Phrase};

/// Names of samples that follow each other: `biopsy: {first: …, second: …}`.
pub(super) fn is_ordinal(key: &str) -> bool {
    matches!(
        key.trim_end_matches("_biopsy"),
        "first"
            | "second"
            | "third"
            | "1st"
            | "2nd"
            | "3rd"
            | "initial"
            | "repeat"
            | "repeated"
            | "final"
            | "last"
    )
}

/// Whether a sample was taken, if a value says that and nothing more.
pub(super) fn was_done(value: &Value) -> Option<bool> {
    if let Some(done) = presence(value) {
        // `negative` is a result, of whatever was looked for; it is no biopsy that was not done.
        let result =
            ["negative", "neg", "seen", "found", "detected", "evidence", "excluded", "ruled", "undetected"];
        let words = Phrase::new(&plain(value));
        return if !done && result.iter().any(|word| words.has(word)) { None } else { Some(done) };
    }
    // How often.
    if let Some(times) = value.as_u64() {
        return Some(times > 0);
    }
    let phrase = Phrase::new(value.as_str()?);
    let words: Vec<&str> = phrase.words().iter().map(String::as_str).collect();
    match words.as_slice() {
        ["not", "done" | "performed" | "taken" | "indicated" | "required" | "needed" | "necessary"]
        | [.., "not", "indicated" | "necessary"] => Some(false),
        [first, rest @ ..]
            if ["refus", "declin", "deferr", "postpon", "cancel"]
                .iter()
                .any(|stem| first.starts_with(stem))
                && rest.iter().all(|word| BY_WHOM.contains(word)) =>
        {
            Some(false)
        }
        [who @ .., last]
            if ["refused", "declined", "deferred", "postponed", "cancelled"].contains(last)
                && who.iter().all(|word| BY_WHOM.contains(word)) =>
        {
            Some(false)
        }
        _ => None,
    }
}

/// Who decides against a sample.
const BY_WHOM: [&str; 14] = [
    "by", "the", "parent", "parents", "family", "mother", "father", "patient", "child", "surgeon",
    "surgeons", "consent", "biopsy", "was",
];

/// Whether a value says that the result is not there yet, or the sample not taken yet.
pub(super) fn is_awaited(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let phrase = Phrase::new(text);
    phrase.words().len() <= 2 && phrase.begins(&["pending", "await", "planned", "scheduled", "outstanding"])
}

/// Whether no antibiotics had been given when a sample was taken, if a field says so: `off_antibiotics: true`,
/// `antibiotics_before: none`, `off_antibiotics: 2_weeks`.
fn off_antibiotics(key: &str, value: &Value) -> Option<bool> {
    let phrase = Phrase::new(key);
    let at = phrase.words().iter().position(|word| word == "antibiotics" || word == "antibiotic")?;
    let before = at.checked_sub(1).map_or("", |k| phrase.words()[k].as_str());
    let off = ["off", "before", "without", "no", "to"].contains(&before);
    let weeks =
        || amount::read(value).and_then(|said| said.unit).is_some_and(|unit| unit_days(&unit).is_some());
    match presence(value) {
        Some(said) => Some(said == off),
        None if off && weeks() => Some(true),
        None => None,
    }
}

impl Case {
    /// A field that says whether antibiotics had been given before the samples of its section were taken, which are the
    /// cultures from a number on; `false` if it says nothing of that kind.
    pub(super) fn antibiotics_before(&mut self, first: usize, key: &str, value: &Value) -> bool {
        let Some(off) = off_antibiotics(key, value) else { return false };
        let cultures = self.record.cultures.get_mut(first..).unwrap_or_default();
        if cultures.is_empty() {
            self.ask(key, value);
        }
        self.record
            .cultures
            .iter_mut()
            .skip(first)
            .for_each(|culture| culture.off_antibiotics = culture.off_antibiotics.or(Some(off)));
        true
    }

    /// When the next sample of bone was taken. Several at one time follow each other; a day each stands for their order.
    pub(super) fn time_of_next_sample(&self) -> Option<When> {
        let Some(When::Day(day)) = self.when else { return self.when };
        let earlier = self.record.biopsies.iter().filter(|biopsy| biopsy.done && biopsy.when.is_some());
        let same = earlier.filter_map(|b| self.record.day(&b.when?)).filter(|d| *d >= day).count();
        Some(When::Day(day + same as f64))
    }

    /// Samples that are named by their order.
    pub(super) fn biopsy_in_turn(&mut self, value: &Value) {
        let before = self.when;
        for entry in elements(value) {
            self.when = self.time_of_next_sample();
            self.biopsy(&entry);
            self.when = before;
        }
    }

    /// Bone marrow: one result, or a field a sample or a share of cells.
    pub(super) fn marrow(&mut self, value: &Value) {
        let Value::Object(fields) = value else { return self.named_biopsy(&Phrase::new("marrow"), value) };
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            if is_unknown(value) {
                self.remark(&format!("marrow {key}"), value);
                continue;
            }
            if presence(value).is_some() && !Phrase::new(key).things(Kind::Tissue).is_empty() {
                let tissue = Some("bone_marrow".into());
                let mut biopsy = Biopsy { done: true, when: self.when, tissue, ..Biopsy::default() };
                self.looked_for(&mut biopsy, key, value);
                self.record.biopsies.push(biopsy);
                continue;
            }
            let share = ["_pct", "_percent", "_percentage"].iter().find_map(|unit| key.strip_suffix(unit));
            match (value, share) {
                (Value::Number(_) | Value::String(_), Some(cells)) if amount::read(value).is_some() => {
                    let text = format!("{} percent {cells}", plain(value).trim_end_matches('%'));
                    self.named_biopsy(&Phrase::new("marrow"), &Value::String(text));
                }
                // How many of which cells is not said.
                (Value::Number(_), _) => self.ask(&format!("marrow {key}"), value),
                _ if Phrase::new(key).places().is_empty() => self.named_biopsy(&Phrase::new("marrow"), value),
                _ => self.named_biopsy(&Phrase::new(key), value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_was_not_done() {
        let done = |text: &str| was_done(&Value::String(text.to_owned()));
        for text in
            ["refused_by_parents", "declined", "parents_refused", "not_performed", "not_done", "deferred"]
        {
            assert_eq!(done(text), Some(false), "{text}");
        }
        assert_eq!(done("pending"), None);
        assert_eq!(done("refused_at_first_later_osteosarcoma"), None);
    }

    #[test]
    fn antibiotics_before_a_sample_are_told_in_many_ways() {
        let off = |key: &str, value: &str| off_antibiotics(key, &Value::String(value.to_owned()));
        assert_eq!(off("off_antibiotics", "true"), Some(true));
        assert_eq!(off("off_antibiotics", "2_weeks"), Some(true));
        assert_eq!(off("antibiotics_before", "none"), Some(true));
        assert_eq!(off("before_antibiotics", "yes"), Some(true));
        assert_eq!(off("on_antibiotics", "true"), Some(false));
        assert_eq!(off("prior_antibiotics", "yes"), Some(false));
        assert_eq!(off("antibiotics", "good response"), None);
        assert_eq!(off("result", "true"), None);
    }
}
