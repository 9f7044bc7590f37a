//! Symptoms and signs.

use osteoflare_clinic::record::{BodySide, Finding, Method, Place};
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::blood_words::named_by_abnormality;
use super::organs::is_elsewhere;
use super::{Case, elements, is_unknown, laboratory, plain, presence, words::Phrase};

/// Words that deny a finding within themselves.
const DENYING: [(&str, &str); 13] = [
    ("afebrile", "fever"),
    ("apyrexial", "fever"),
    ("apyretic", "fever"),
    ("normothermic", "fever"),
    ("painless", "pain"),
    ("pain_free", "pain"),
    ("fever_free", "fever"),
    ("feverless", "fever"),
    ("painfree", "pain"),
    ("asymptomatic", "pain"),
    ("nontender", "tenderness"),
    ("non_tender", "tenderness"),
    ("anicteric", "jaundice"),
];

/// When or how something may be denied without being denied itself: `pain: not_at_night`.
const CIRCUMSTANCES: [&str; 14] = [
    "after",
    "since",
    "until",
    "later",
    "night",
    "nocturnal",
    "rest",
    "exertion",
    "exercise",
    "activity",
    "walking",
    "morning",
    "weight",
    "always",
];

/// What a value says of the findings that its key names.
enum Said {
    /// They are there, or they are not, and nothing more.
    Plainly(bool),
    /// They are there, with a degree, places or remarks.
    There,
    /// They are not there.
    Not,
}

impl Case {
    /// A section of findings: fields, or a list of words that are there.
    pub(super) fn findings(&mut self, value: &Value, surgery: bool) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    self.finding(key, value, surgery);
                }
            }
            value => {
                for entry in elements(value) {
                    match &entry {
                        Value::Object(_) => self.findings(&entry, surgery),
                        entry if presence(entry) == Some(false) => {}
                        entry => self.finding(&plain(entry), &Value::Bool(true), surgery),
                    }
                }
            }
        }
    }

    /// One finding: a key in words, and a value that says whether it is there, how much, how long or where.
    pub(super) fn finding(&mut self, key: &str, value: &Value, surgery: bool) {
        if value.is_null() {
            return;
        }
        let phrase = Phrase::new(key);
        let text = if value.is_string() { plain(value) } else { String::new() };
        let said = Phrase::new(&text);
        // `parent_global` is no disease of a parent.
        if self.score(key, value) {
            return;
        }
        if phrase.is_of_family() || said.is_of_family() && presence(value).is_none() {
            return self.relatives_of_entry(key, value);
        }
        if is_unknown(value) {
            return self.remark(key, value);
        }
        if phrase.is_tentative() || said.is_tentative() {
            return self.ask(key, value);
        }
        if self.listed_under_polarity(&phrase, value, surgery) {
            return;
        }
        if self.score(key, value)
            || self.number(key, value)
            || self.general_condition(key, value)
            || self.blood_sign(key, value)
        {
            return;
        }
        if phrase.begins(&["previous", "past", "former", "history"]) && self.past(key, value) {
            return;
        }
        if phrase.is_over() || said.is_over() {
            return self.over(key, value, surgery);
        }
        // That there was no pus denies no abscess.
        if vocabulary::normalised(key) == "pus" && presence(value) == Some(false) {
            return self.remark(key, value);
        }
        // `fever_now: false` beside `fever_at_onset: true` does not contradict it.
        let now = ["now", "currently", "current", "later", "presently"].iter().any(|word| phrase.has(word));
        if now && presence(value) == Some(false) {
            return self.remark(key, value);
        }
        if let Some((_, term)) = DENYING.iter().find(|(word, _)| *word == vocabulary::normalised(key)) {
            return match presence(value) {
                Some(present) => {
                    let finding = Finding { present: !present, when: self.when, ..Finding::present(*term) };
                    self.record.findings.push(finding);
                }
                None => self.ask(key, value),
            };
        }
        if said.words().len() == 1
            && said.begins(&["normal", "unremarkable", "clear", "unaffected"])
            && self.normal_organ(key)
        {
            return;
        }
        match value {
            Value::Object(fields) => self.detailed_finding(key, fields, surgery),
            value => self.plain_finding(phrase, key, value, surgery),
        }
    }

    /// What stands under a word that only says whether it is there: `absent: [fever, redness]`.
    fn listed_under_polarity(&mut self, key: &Phrase, value: &Value, surgery: bool) -> bool {
        let [word] = key.words() else { return false };
        let present = match word.as_str() {
            "absent" | "without" | "denied" | "denies" | "negative" | "negatives" | "no" | "not" | "none" => {
                false
            }
            "present" | "positive" | "positives" | "with" => true,
            _ => return false,
        };
        for entry in elements(value) {
            match &entry {
                Value::String(text) if !Phrase::new(text).things(Kind::Finding).is_empty() => {
                    self.finding(text, &Value::Bool(present), surgery);
                }
                entry => self.ask(word, entry),
            }
        }
        true
    }

    /// A finding with fields of its own: `swelling: {present: true, site: clavicle, side: R}`.
    fn detailed_finding(&mut self, key: &str, fields: &super::Fields, surgery: bool) {
        const PRESENT: &str = "present";
        const PLACE: [&str; 8] =
            ["side", "laterality", "site", "bone", "place", "location", "region", "degree"];
        if Phrase::new(key).things(Kind::Finding).is_empty() {
            return self.ask(key, &Value::Object(fields.clone()));
        }
        for (detail, value) in
            fields.iter().filter(|(name, _)| *name != PRESENT && !PLACE.contains(&name.as_str()))
        {
            self.ask(&format!("{key} {detail}"), value);
        }
        let told = fields.get(PRESENT).filter(|told| !told.is_null());
        match told.map(|told| (presence(told), told)) {
            Some((None, told)) => return self.finding(key, told, surgery),
            Some((Some(false), told)) => return self.finding(key, told, surgery),
            Some((Some(true), _)) | None => {}
        }
        let words: Vec<String> = PLACE.iter().filter_map(|name| fields.get(*name)).map(plain).collect();
        let text = words.join(" ");
        let value = if text.trim().is_empty() { Value::Bool(true) } else { Value::String(text) };
        self.finding(key, &value, surgery);
    }

    fn plain_finding(&mut self, mut phrase: Phrase, key: &str, value: &Value, surgery: bool) {
        let mut terms = phrase.whole_or_parts(Kind::Finding, key);
        let mut places = phrase.places();
        let mut side = phrase.side();
        let mut degree = phrase.degree();
        let mut note = Vec::new();
        let mut besides: Vec<&'static str> = Vec::new();
        let said = match (presence(value), value) {
            (Some(present), Value::String(text)) if terms.is_empty() => {
                terms = self.named_by_both(key, text, &mut Phrase::new(text));
                if terms.is_empty() { Said::Plainly(present) } else { Said::There }
            }
            (Some(present), _) => Said::Plainly(present),
            (None, Value::String(text)) => {
                let mut said = Phrase::new(text);
                degree = degree.or_else(|| said.degree());
                let both = format!("{key}_{text}");
                let own = !terms.is_empty() && vocabulary::word(Kind::Finding, &both).is_none();
                if !own {
                    terms = self.named_by_both(key, text, &mut said);
                }
                if places.is_empty() {
                    places = said.places();
                } else if let Some(side) = said.side() {
                    places.iter_mut().for_each(|place| place.side = Some(side));
                }
                side = side.or_else(|| said.side());
                // What is denied beside it is a fact of its own.
                let more = Phrase::new(text).stated(Kind::Finding);
                besides = more.into_iter().filter(|(_, denied)| *denied).map(|(term, _)| term).collect();
                if said.left_over_but(&[]).is_some() {
                    note.push(text.replace('_', " "));
                }
                let inherent =
                    |(term, _): &(&str, bool)| DENYING.iter().any(|(word, of)| of == term && said.has(word));
                // What the value names and denies itself is denied already: `skin: no_psoriasis`, `swelling: no_redness`.
                let of_others =
                    !own || !besides.is_empty() && besides.iter().all(|b| !terms.iter().any(|(t, _)| t == b));
                let free = said.has("free") && terms.iter().any(|(term, _)| *term == "pain");
                if terms.iter().any(inherent) || free {
                    Said::Not
                } else if !said.begins_with_denial() || of_others && !said.has("none") {
                    Said::There
                } else if CIRCUMSTANCES.iter().any(|word| said.has(word)) {
                    return self.ask(key, value);
                } else {
                    Said::Not
                }
            }
            (None, Value::Array(list)) => {
                let finding = |entry: &Value| {
                    let mut phrase = Phrase::new(&plain(entry));
                    phrase.clone().places().is_empty() && !phrase.things(Kind::Finding).is_empty()
                };
                if terms.is_empty() || list.iter().all(finding) {
                    // `skin_lesions: [psoriasis, acne]` lists findings.
                    return list.iter().for_each(|entry| match entry {
                        Value::String(text) => self.listed(key, text, surgery),
                        entry => self.ask(key, entry),
                    });
                }
                for entry in list {
                    let text = plain(entry);
                    let mut phrase = Phrase::new(&text);
                    let found = phrase.places();
                    if found.is_empty() {
                        match phrase.side() {
                            Some(one) => side = Some(side.map_or(one, |other| together(one, other))),
                            None => note.push(text.replace('_', " ")),
                        }
                    }
                    places.extend(found);
                }
                Said::There
            }
            // A number or anything else under a word that has no scale: what it says is not known.
            _ => return self.ask(key, value),
        };
        if terms.is_empty() {
            return match said {
                // `malignancy: excluded` among the findings is about a disease.
                Said::Plainly(present)
                    if !phrase.denies() && vocabulary::word(Kind::Disease, key).is_some() =>
                {
                    let said = Value::Bool(present);
                    self.conditions(&Value::Object(super::Fields::from_iter([(key.to_owned(), said)])));
                }
                // `surgery: {drainage: true}` is a treatment.
                Said::Plainly(present) if !phrase.denies() && !Phrase::new(key).drugs().is_empty() => {
                    self.treatments(&Value::Object(super::Fields::from_iter([(
                        key.to_owned(),
                        Value::Bool(present),
                    )])));
                }
                // Only a plain statement makes an unknown word a finding; checking asks about it.
                Said::Plainly(present) if !phrase.denies() => {
                    let finding = Finding { present, when: self.when, ..Finding::present(key) };
                    self.record.findings.push(finding);
                }
                // What is normal is understood, though nothing can hold it.
                _ if Phrase::new(&plain(value)).words() == ["normal"] => self.remark(key, value),
                _ => self.ask(key, value),
            };
        }
        let mixed = terms.iter().any(|(_, denied)| *denied) && terms.iter().any(|(_, denied)| !denied);
        if mixed && matches!(said, Said::Plainly(false) | Said::Not) {
            // Which of them is meant is not said.
            return self.ask(key, value);
        }
        note.extend(
            phrase.left_over_but(&[]).map(|left| if phrase.denies() { key.replace('_', " ") } else { left }),
        );
        besides.retain(|besides| !terms.iter().any(|(term, _)| term == besides));
        if places.is_empty() || phrase.words() == ["chest", "pain"] {
            // Complaints of other organs are kept in words: they are no pain of bone, nor deny it.
            let chest = if places.is_empty() { "" } else { "chest" };
            let (left, named) = (format!("{} {chest}", note.join(" ")), terms.len() + besides.len());
            let said = format!("{key} {}", plain(value)).to_lowercase();
            terms.retain(|(term, _)| !is_elsewhere(term, &left, &said));
            besides.retain(|term| !is_elsewhere(term, &left, &said));
            if terms.len() + besides.len() < named {
                self.remark(key, value);
            }
        }
        let pain = |terms: &[(&str, bool)]| terms.iter().any(|(term, no)| term.ends_with("pain") && !no);
        let at_night = |text: &str| {
            let phrase = Phrase::new(text);
            !phrase.denies() && phrase.begins(&["night", "nocturn"])
        };
        let night = phrase.has("night") || value.as_str().is_some_and(at_night);
        if night && pain(&terms) && !terms.iter().any(|(term, _)| *term == "night_pain") {
            terms.push(("night_pain", false));
        }
        let here = match side {
            // Somewhere on that side.
            Some(side) if places.is_empty() => {
                note.push(format!("{side:?}").to_lowercase());
                vec![None]
            }
            _ if places.is_empty() => vec![None],
            _ => places.into_iter().map(Some).collect(),
        };
        for term in besides {
            for place in here.iter().cloned() {
                let place = place.filter(|place| osteoflare_clinic::place::resolve(place).is_ok());
                self.record.findings.push(Finding { place, when: self.when, ..Finding::absent(term) });
            }
        }
        for (term, denied) in terms {
            let present = match said {
                Said::Plainly(present) => present != denied,
                Said::There => !denied,
                Said::Not => denied,
            };
            for place in here.iter().cloned() {
                let place = place.or_else(|| somewhere(term, side?));
                self.record.findings.push(Finding {
                    present,
                    place: place.filter(|place| osteoflare_clinic::place::resolve(place).is_ok()),
                    degree: degree.clone().map(Into::into),
                    method: surgery.then_some(Method::Surgery),
                    when: self.when,
                    note: (!note.is_empty()).then(|| note.join("; ")),
                    ..Finding::present(term)
                });
            }
        }
    }

    /// What a key without a finding and its value say together: `spleen: palpable`, `skin: psoriasis`.
    fn named_by_both(&mut self, key: &str, text: &str, said: &mut Phrase) -> Vec<(&'static str, bool)> {
        let denied = said.begins_with_denial();
        let bare: Vec<&str> = said
            .words()
            .iter()
            .map(String::as_str)
            .filter(|word| !super::polarity::is_denial(word))
            .collect();
        let bare = if denied { bare.join("_") } else { text.to_owned() };
        let both = [format!("{bare}_{key}"), format!("{key}_{bare}")];
        if let Some(word) = both.iter().find_map(|text| vocabulary::word(Kind::Finding, text)) {
            said.take([0, said.words().len() - 1]);
            return vec![(word.term.as_str(), denied)];
        }
        let normal = said.begins(&["unremarkable", "normal"]) && said.words().len() == 1;
        if normal && key.starts_with("exam") {
            return vec![("unremarkable_examination", false)];
        }
        said.whole_or_parts(Kind::Finding, text)
    }

    /// An entry of a list under a word that is no finding itself.
    fn listed(&mut self, key: &str, text: &str, surgery: bool) {
        if Phrase::new(text).things(Kind::Finding).is_empty() {
            self.ask(key, &Value::String(text.to_owned()));
        } else {
            self.finding(text, &Value::Bool(true), surgery);
        }
    }

    /// What the patient once had: a disease of the past; what is no disease is asked about. A finding that is history by
    /// itself, as an injury, is read like any other.
    fn past(&mut self, key: &str, value: &Value) -> bool {
        let history =
            |term: &str| vocabulary::word(Kind::Finding, term).is_some_and(|word| word.class == "history");
        if Phrase::new(key).things(Kind::Finding).into_iter().any(history) {
            return false;
        }
        let told = match presence(value) {
            Some(true) => self.disease(key),
            Some(false) => self.disease(&format!("no_{key}")),
            None => false,
        };
        if !told {
            self.ask(key, value);
        }
        true
    }

    /// What was there and is no more. At a later time of a time line it is absent then; without one, nobody knows when it
    /// was there.
    fn over(&mut self, key: &str, value: &Value, surgery: bool) {
        let later = matches!(self.when, Some(osteoflare_clinic::record::When::Day(day)) if day > 0.0);
        let terms = Phrase::new(key).things(Kind::Finding);
        if !later || terms.is_empty() {
            return self.ask(key, value);
        }
        for term in terms {
            self.record.findings.push(Finding {
                present: false,
                when: self.when,
                method: surgery.then_some(Method::Surgery),
                note: Some("resolved".to_owned()),
                ..Finding::present(term)
            });
        }
    }

    /// Blood among findings: `anaemia: true`, `hla_b27: positive`.
    fn blood_sign(&mut self, key: &str, value: &Value) -> bool {
        let known = !Phrase::new(key).things(Kind::Finding).is_empty();
        if known || named_by_abnormality(key).is_empty() && !laboratory::is_result(key) {
            return false;
        }
        self.result(key, value);
        true
    }

    /// `general_condition: good`.
    fn general_condition(&mut self, key: &str, value: &Value) -> bool {
        if !(key.starts_with("general_") && (key.ends_with("condition") || key.ends_with("state"))) {
            return false;
        }
        let said = Phrase::new(&plain(value));
        let well = said.begins(&["good", "well", "normal", "unaffected", "excellent"]) && !said.denies();
        let not_ill = said.denies_that(&["impaired", "reduced", "affected", "compromised", "toxic", "ill"]);
        let finding = if well || not_ill {
            Finding::present("good_general_condition")
        } else if said.begins(&["poor", "bad", "ill", "toxic", "impaired", "reduced"]) {
            Finding::absent("good_general_condition")
        } else {
            self.ask(key, value);
            return true;
        };
        self.record.findings.push(Finding { when: self.when, ..finding });
        true
    }
}

/// The place of a finding of which only the side is said: the joint that its name holds, or anywhere on that side.
fn somewhere(term: &str, side: BodySide) -> Option<Place> {
    let bone = if term == "sacroiliitis" { "sacroiliac_region" } else { "whole_body" };
    (side != BodySide::Midline).then(|| Place::of(bone).on(side))
}

/// Two sides of one thing.
fn together(one: BodySide, other: BodySide) -> BodySide {
    if one == other { one } else { BodySide::Both }
}
