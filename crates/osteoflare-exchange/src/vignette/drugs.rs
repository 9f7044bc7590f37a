//! Treatments and what they did.

use std::sync::LazyLock;

use osteoflare_clinic::record::{Range, Response, Treatment, When};
use osteoflare_clinic::vocabulary;
use regex::Regex;
use serde_json::Value;

use super::{Case, Fields, amount, days_in, plain, presence, times, unit_days, words::Phrase};

/// Words between treatments that follow each other.
#[allow(clippy::expect_used, reason = "a constant")]
static THEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)[\s_,;]*\b(?:then|followed[\s_]by|afterwards)\b[\s_]*|_then_|_followed_by_|;|,\s")
        .expect("a pattern")
});

impl Case {
    pub(super) fn treatments(&mut self, value: &Value) {
        match value {
            Value::Object(fields) if fields.contains_key("drug") || fields.contains_key("name") => {
                self.course_of_drug(None, fields);
            }
            Value::Object(fields) => {
                let before = self.record.treatments.len();
                // How long stands beside the drugs and holds for all of them.
                let (lengths, drugs): (Vec<_>, Vec<_>) = fields
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .partition(|(key, _)| key.starts_with("duration"));
                for (key, value) in drugs {
                    match value {
                        Value::Object(details) => self.course_of_drug(Some(key), details),
                        // `nsaid_response: none` is told of a drug that was given.
                        value if Phrase::new(key).begins(&["respon", "effect", "outcome"]) => {
                            self.respond(key, &plain(value));
                        }
                        value => match presence(value) {
                            Some(false) => self.untreated(&format!("no {key}")),
                            Some(true) => self.treatment(key),
                            // `nsaid: [naproxen, ibuprofen]` names what was given.
                            None if value.is_array() || names_drug(value) => self.treatments(value),
                            None => self.treatment_with(key, &plain(value)),
                        },
                    }
                }
                for (key, value) in lengths {
                    let unit = Phrase::new(key).words().iter().find_map(|word| unit_days(word));
                    match times::duration(value, unit) {
                        Some(days) => {
                            let new = &mut self.record.treatments[before..];
                            new.iter_mut()
                                .for_each(|one| one.duration_days = one.duration_days.or(Some(days)));
                        }
                        None => self.ask(key, value),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|entry| self.treatments(entry)),
            Value::Null => {}
            // One after the other, each for its own time.
            value => THEN
                .split(&plain(value))
                .filter(|text| !text.trim().is_empty())
                .for_each(|text| self.treatment(text.trim())),
        }
    }

    /// A drug with what is said of it: a response, or how long it was given.
    fn treatment_with(&mut self, key: &str, text: &str) {
        match amount::read(&Value::String(text.to_owned()))
            .and_then(|said| said.unit)
            .map(|unit| unit_days(&unit))
        {
            Some(Some(_)) => self.treatment(&format!("{key} {text}")),
            _ => {
                self.treatment(key);
                self.respond(key, text);
            }
        }
    }

    /// A drug with fields of its own: `{drug: naproxen, duration_weeks: 6, response: partial}`.
    fn course_of_drug(&mut self, class: Option<&str>, fields: &Fields) {
        let named = ["drug", "name", "agent"].iter().find_map(|key| fields.get(*key)).map(plain);
        let Some(name) = named.as_deref().or(class) else { return };
        let before = self.record.treatments.len();
        self.treatment(name);
        let (mut response_said, mut sustained) = (None, false);
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            let phrase = Phrase::new(key);
            let text = plain(value);
            let new = &mut self.record.treatments[before..];
            let unit = phrase.words().iter().find_map(|word| unit_days(word));
            match key.as_str() {
                "drug" | "name" | "agent" => {}
                "response" | "effect" | "outcome" | "result" => response_said = Some(text),
                "dose" | "dosage" | "regimen" => new.iter_mut().for_each(|t| t.dose = Some(text.clone())),
                "relapse" | "recurrence" if presence(value) == Some(false) => sustained = true,
                "alone" | "only" if presence(value).is_some() => {
                    let alone = presence(value);
                    new.iter_mut().for_each(|t| t.alone = alone);
                }
                "note" | "notes" => new.iter_mut().for_each(|t| t.note = Some(text.clone())),
                "t" | "start" => match super::day_of(&text) {
                    Some(day) => new.iter_mut().for_each(|t| t.start = Some(When::Day(day))),
                    None => self.ask(&format!("{name} {key}"), value),
                },
                _ if key.starts_with("duration") || unit.is_some() => match times::duration(value, unit) {
                    Some(days) => new.iter_mut().for_each(|t| t.duration_days = Some(days)),
                    None => self.ask(&format!("{name} {key}"), value),
                },
                _ => self.ask(&format!("{name} {key}"), value),
            }
        }
        if let Some(text) = response_said {
            let text = if sustained { format!("{text} no relapse") } else { text };
            self.respond(name, &text);
        }
    }

    /// Drugs with what else the words say: `antibiotics_2_weeks`, `flurbiprofen_insufficient`.
    fn treatment(&mut self, text: &str) {
        let mut phrase = Phrase::new(text);
        let without = phrase
            .words()
            .first()
            .is_some_and(|w| ["no", "not", "without", "never", "none"].contains(&w.as_str()));
        if without {
            return self.untreated(text);
        }
        if phrase.is_unknown() {
            return self.remark("treatment", &Value::String(text.to_owned()));
        }
        // What was only thought of, or must not be given, was not given.
        let not_given = ["declin", "refus", "plan", "propos", "avoid", "allerg", "contraindic"];
        if phrase.is_hearsay() || phrase.begins(&not_given) {
            return self.ask("treatment", &Value::String(text.to_owned()));
        }
        // `naproxen_instead_of_antibiotics`, `steroid_sparing_methotrexate`: the one was given, the other spared.
        if let Some(shorter) = without_the_spared(&phrase) {
            return self.treatment(&shorter);
        }
        if phrase.denies_that(&["need", "given", "requir", "indicat", "necess", "used", "started", "tried"]) {
            return self.untreated(text);
        }
        let response = response(&phrase);
        let length = length_of(&phrase, response);
        if let Some((_, span)) = length {
            phrase.take(span);
        }
        let alone = phrase.says(&["alone", "only", "monotherap"]);
        let drugs = phrase.given();
        let together = drugs.len() > 1;
        let rest = phrase.rest();
        if drugs.is_empty() && self.goes_on(&phrase, length.map(|(days, _)| days)) {
            return;
        }
        if drugs.is_empty() {
            if !Phrase::new(text).drugs().is_empty() {
                return self.untreated(text);
            }
            let treatment = Treatment::with(text);
            self.record.treatments.push(Treatment { start: self.when, ..treatment });
        }
        for drug in drugs {
            self.record.treatments.push(Treatment {
                start: self.when,
                duration_days: length.map(|(days, _)| days),
                alone: if together { Some(false) } else { alone.then_some(true) },
                response,
                note: (!rest.is_empty()).then(|| rest.clone()),
                ..Treatment::with(drug)
            });
        }
    }

    /// The same drug for longer, by another way: `flucloxacillin_iv_1_week, then_oral_5_weeks`.
    fn goes_on(&mut self, phrase: &Phrase, days: Option<Range>) -> bool {
        const WAYS: [&str; 10] = [
            "then",
            "iv",
            "intravenous",
            "intravenously",
            "oral",
            "orally",
            "po",
            "further",
            "more",
            "continued",
        ];
        let (Some(days), Some(last)) = (days, self.record.treatments.last_mut()) else { return false };
        let (left, when) = (phrase.rest(), self.when);
        if last.start != when || left.is_empty() || !left.split(' ').all(|word| WAYS.contains(&word)) {
            return false;
        }
        last.duration_days = match last.duration_days {
            Some(first) => Some(Range { low: first.low + days.low, high: first.high + days.high }),
            // How long it was given before is not said.
            None => Some(Range { low: days.low, high: f64::INFINITY }),
        };
        let note: Vec<String> = last.note.take().into_iter().chain([left]).collect();
        last.note = Some(note.join("; "));
        true
    }

    /// A drug that was not given: `no_antibiotics`.
    fn untreated(&mut self, text: &str) {
        self.remark("treatment", &Value::String(text.to_owned()));
        let drugs = Phrase::new(text).drugs();
        let antibiotic = |drug: &&str| vocabulary::drug(drug).is_some_and(|drug| drug.class == "antibiotic");
        self.no_antibiotics |= !drugs.is_empty() && drugs.iter().all(antibiotic);
    }

    /// Where no antibiotics were given, no culture was taken after them.
    pub(super) fn cultures_without_antibiotics(&mut self) {
        let antibiotic = |one: &Treatment| {
            vocabulary::drug(one.drug.as_str()).is_some_and(|drug| drug.class == "antibiotic")
        };
        let none = std::mem::take(&mut self.no_antibiotics);
        if !none || self.record.treatments.iter().any(antibiotic) {
            return;
        }
        for culture in self.record.cultures.iter_mut().filter(|culture| culture.when == self.when) {
            culture.off_antibiotics = culture.off_antibiotics.or(Some(true));
        }
    }

    /// A treatment of which only the beginning is told may have ended at any time.
    pub(super) fn undated_treatments(&mut self) {
        for one in self.record.treatments.iter_mut().filter(|one| one.start.is_some() && one.stop.is_none()) {
            one.duration_days = one.duration_days.or(Some(Range { low: 0.0, high: f64::INFINITY }));
        }
    }

    /// The section of responses: a drug, and what it did.
    pub(super) fn responses(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    match value.get("response") {
                        Some(said) => self.respond(key, &plain(said)),
                        None => self.respond(key, &plain(value)),
                    }
                }
            }
            value => self.ask("response", value),
        }
    }

    /// The treatment whose response is told: with the drug, or, of a class, the only one.
    fn unanswered(&self, drug: &str) -> Option<usize> {
        let open = |one: &Treatment| one.response.is_none();
        let all = &self.record.treatments;
        if let Some(k) = all.iter().position(|one| one.drug.as_str() == drug && open(one)) {
            return Some(k);
        }
        // The class is named by its own word: `nsaid`, `antibiotics`.
        let class = vocabulary::drug(drug).map(|known| known.class.as_str())?;
        if drug.trim_end_matches('s') != class {
            return None;
        }
        let of_class =
            |one: &Treatment| vocabulary::drug(one.drug.as_str()).is_some_and(|known| known.class == class);
        let mut members = (0..all.len()).filter(|&k| of_class(&all[k]));
        let only = members.next()?;
        (members.next().is_none() && open(&all[only])).then_some(only)
    }

    fn respond(&mut self, key: &str, text: &str) {
        let mut phrase = Phrase::new(key);
        let said = Phrase::new(text);
        let what = format!("response to {key}");
        if said.is_unknown() {
            return self.remark(&what, &Value::String(text.to_owned()));
        }
        let response = response(&said);
        let length = length_of(&phrase, response).inspect(|(_, span)| phrase.take(*span));
        // `remission_for_6_months` tells how long it was well; only of no effect it is how long the drug was given.
        let given = length_of(&said, response)
            .filter(|(days, _)| response == Some(Response::None) || days.high.is_infinite());
        let length = length.or(given).map(|(days, _)| days);
        let drugs = phrase.drugs();
        let note = Some(text.replace('_', " "));
        if drugs.is_empty() {
            return self.ask(&what, &Value::String(text.to_owned()));
        }
        if response.is_none() {
            self.ask(&what, &Value::String(text.to_owned()));
        }
        let alone = [&phrase, &said].iter().any(|words| words.says(&["alone", "only"])).then_some(true);
        for drug in drugs {
            let open = self.unanswered(drug).map(|k| &mut self.record.treatments[k]);
            match open {
                Some(treatment) => {
                    treatment.response = response;
                    treatment.alone = treatment.alone.or(alone);
                    treatment.duration_days = treatment.duration_days.or(length);
                    treatment.note = note.clone();
                }
                None => self.record.treatments.push(Treatment {
                    start: self.when,
                    duration_days: length,
                    alone,
                    response,
                    note: note.clone(),
                    ..Treatment::with(drug)
                }),
            }
        }
    }
}

/// The words without those of a drug that was spared by another.
fn without_the_spared(phrase: &Phrase) -> Option<String> {
    let words = phrase.words();
    if let Some(k) = words.iter().position(|word| word == "instead") {
        return (k > 0).then(|| words[..k].join("_"));
    }
    let k = words.iter().position(|word| word == "sparing")?;
    let rest: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != k && i + 1 != k)
        .map(|(_, word)| word.as_str())
        .collect();
    (!rest.is_empty()).then(|| rest.join("_"))
}

/// Whether a value names a drug.
fn names_drug(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !Phrase::new(text).drugs().is_empty())
}

/// How long a treatment was given, as a phrase says, and the words that say it. `every 2 weeks` is a schedule; what was
/// judged `after 6 weeks` was given for at least so long, unless it tells a relapse.
fn length_of(phrase: &Phrase, response: Option<Response>) -> Option<(Range, [usize; 2])> {
    const TIMES: [&str; 10] = ["every", "each", "per", "q", "at", "within", "since", "once", "until", "by"];
    let (days, span) = days_in(phrase)?;
    let before = span[0].checked_sub(1).map_or("", |k| phrase.words()[k].as_str());
    let judged = !matches!(response, None | Some(Response::Transient | Response::Worse));
    match before {
        "after" if judged => Some((Range { low: days, high: f64::INFINITY }, span)),
        "after" => None,
        _ if TIMES.contains(&before) => None,
        _ => Some((Range::exactly(days), span)),
    }
}

/// `pain_free_after_the_first_infusion`, `free of symptoms`.
fn is_free(phrase: &Phrase) -> bool {
    let of = |word: &String| word == "pain" || word.starts_with("symptom");
    !phrase.denies() && phrase.has("free") && phrase.words().iter().any(of)
}

/// What a treatment did, in words; what is not said is unknown.
fn response(phrase: &Phrase) -> Option<Response> {
    let relapse = ["relaps", "recurr"];
    let complete = phrase.says(&["complete", "cured", "recover", "remission", "resol"]);
    if phrase.says(&["wors", "deteriorat"]) && !phrase.begins(&["improv"]) {
        Some(Response::Worse)
    } else if phrase.says(&relapse)
        || phrase.says(&["transient", "temporar"])
        || phrase.denies_that(&["sustained", "lasting"])
    {
        Some(Response::Transient)
    } else if phrase.says(&["insufficient", "partial", "reduc", "modest", "some", "incomplete"]) {
        Some(Response::Partial)
    } else if phrase.denies_that(&["complete", "full"]) {
        // How much less is not said.
        None
    } else if phrase.begins(&["none", "refractor", "fail", "ineffective", "unrespons"])
        || phrase.denies_that(&["effect", "respon", "improv", "benefit"])
        || phrase.words() == ["no"]
        || phrase.words() == ["absent"]
        || phrase.words() == ["false"]
    {
        Some(Response::None)
    } else if complete
        && (phrase.says(&["sustained", "lasting", "permanent"]) || phrase.denies_that(&relapse))
    {
        Some(Response::CompleteSustained)
    } else if complete
        || phrase.says(&["dramatic", "excellent", "painfree", "asymptomatic"])
        || is_free(phrase)
    {
        Some(Response::Complete)
    } else if phrase.begins(&[
        "good",
        "improv",
        "significant",
        "effective",
        "rapid",
        "prompt",
        "respon",
        "better",
        "marked",
    ]) || phrase.words() == ["true"]
    {
        Some(Response::Good)
    } else {
        None
    }
}
