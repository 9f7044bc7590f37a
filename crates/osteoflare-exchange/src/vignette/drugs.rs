//! Treatments and what they did.

use osteoflare_clinic::record::{Range, Response, Treatment};
use serde_json::Value;

use super::{Case, days_in, elements, plain, words::Phrase};

impl Case {
    pub(super) fn treatments(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    self.treatment(key);
                    self.respond(key, &plain(value));
                }
            }
            value => elements(value).iter().for_each(|entry| self.treatment(&plain(entry))),
        }
    }

    /// Drugs with what else the words say: `antibiotics_2_weeks`, `flurbiprofen_insufficient`.
    fn treatment(&mut self, text: &str) {
        let mut phrase = Phrase::new(text);
        let without = phrase
            .words()
            .first()
            .is_some_and(|w| ["no", "not", "without", "never", "none"].contains(&w.as_str()));
        if without || phrase.is_hearsay() {
            return self.remark("treatment", &Value::String(text.to_owned()));
        }
        let duration = days_in(&phrase);
        if let Some((_, span)) = duration {
            phrase.take(span);
        }
        let drugs = phrase.drugs();
        let response = response(&phrase);
        let together = drugs.len() > 1;
        let rest = phrase.rest();
        if drugs.is_empty() {
            let treatment = Treatment::with(text);
            self.record.treatments.push(Treatment { start: self.when, ..treatment });
        }
        for drug in drugs {
            self.record.treatments.push(Treatment {
                start: self.when,
                duration_days: duration.map(|(days, _)| Range::exactly(days)),
                alone: together.then_some(false),
                response,
                note: (!rest.is_empty()).then(|| rest.clone()),
                ..Treatment::with(drug)
            });
        }
    }

    /// The section of responses: a drug, and what it did.
    pub(super) fn responses(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    self.respond(key, &plain(value));
                }
            }
            value => self.ask("response", value),
        }
    }

    fn respond(&mut self, key: &str, text: &str) {
        let mut phrase = Phrase::new(key);
        let drugs = phrase.drugs();
        let response = response(&Phrase::new(text));
        let note = Some(text.replace('_', " "));
        if drugs.is_empty() {
            return self.ask(&format!("response to {key}"), &Value::String(text.to_owned()));
        }
        for drug in drugs {
            let open = self
                .record
                .treatments
                .iter_mut()
                .find(|treatment| treatment.drug.as_str() == drug && treatment.response.is_none());
            match open {
                Some(treatment) => {
                    treatment.response = response;
                    treatment.note = note.clone();
                }
                None => self.record.treatments.push(Treatment {
                    start: self.when,
                    response,
                    note: note.clone(),
                    ..Treatment::with(drug)
                }),
            }
        }
    }
}

/// What a treatment did, in words; what is not said is unknown.
fn response(phrase: &Phrase) -> Option<Response> {
    if phrase.begins(&["wors", "deteriorat"]) && !phrase.begins(&["improv"]) {
        Some(Response::Worse)
    } else if phrase.begins(&["relaps", "transient", "temporar", "recurr"]) {
        Some(Response::Transient)
    } else if phrase.begins(&["insufficient", "partial", "reduc", "modest", "some", "incomplete"]) {
        Some(Response::Partial)
    } else if phrase.begins(&["none", "refractor", "fail", "ineffective", "unrespons"])
        || phrase.denies() && phrase.begins(&["effect", "respon", "improv", "benefit"])
        || phrase.words() == ["no"]
        || phrase.words() == ["false"]
    {
        Some(Response::None)
    } else if phrase.begins(&["sustained", "lasting"]) && phrase.begins(&["complete"]) {
        Some(Response::CompleteSustained)
    } else if phrase.begins(&["complete", "dramatic", "excellent", "remission", "resol"]) {
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
