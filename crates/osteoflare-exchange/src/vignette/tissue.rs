//! Tissue, germs and genes.

use osteoflare_clinic::record::{Biopsy, Culture, CultureResult, GeneticFinding, Significance, When};
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::{Case, elements, plain, presence, words::Phrase};

impl Case {
    /// The section of the biopsy: what was looked for, found or not.
    pub(super) fn biopsy(&mut self, value: &Value) {
        if let Value::Array(list) = value {
            return list.iter().for_each(|entry| self.biopsy(entry));
        }
        let mut biopsy = Biopsy { done: true, when: self.when, ..Biopsy::default() };
        let Some(fields) = value.as_object() else {
            let text = plain(value);
            match presence(value) {
                Some(done) => biopsy.done = done,
                None => describe(&mut biopsy, &text),
            }
            return self.record.biopsies.push(biopsy);
        };
        let mut said = false;
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            said = true;
            match key.as_str() {
                "done" => biopsy.done = presence(value).unwrap_or(true),
                "method" => biopsy.method = Some(plain(value).as_str().into()),
                "tissue" => biopsy.tissue = Some(plain(value).as_str().into()),
                "site" | "bone" | "place" => match Phrase::new(&plain(value)).places().into_iter().next() {
                    Some(place) => biopsy.place = Some(place),
                    None => self.note(key, value),
                },
                "result" | "results" | "histology" | "findings" | "pathology" => {
                    elements(value).iter().for_each(|entry| describe(&mut biopsy, &plain(entry)));
                }
                "culture" | "cultures" | "bone_culture" | "microbiology" => {
                    for entry in elements(value) {
                        self.culture("bone_culture", &entry);
                    }
                }
                _ => match (vocabulary::word(Kind::Tissue, key), presence(value)) {
                    (Some(word), Some(true)) => biopsy.findings.push(word.term.as_str().into()),
                    (Some(word), Some(false)) => biopsy.absent.push(word.term.as_str().into()),
                    _ => self.note(&format!("biopsy {key}"), value),
                },
            }
        }
        if said {
            self.record.biopsies.push(biopsy);
        }
    }

    /// A biopsy under a name of its own: `first_biopsy`, `node_biopsy`, `ilium_biopsy`.
    pub(super) fn named_biopsy(&mut self, key: &Phrase, value: &Value) {
        let earlier = self.record.biopsies.iter().filter(|biopsy| biopsy.done && biopsy.when.is_some());
        // Several at one time follow each other; a day each stands for their order.
        let at = match self.when {
            Some(When::Day(day)) => {
                let same = earlier.filter_map(|b| self.record.day(&b.when?)).filter(|d| *d >= day).count();
                Some(When::Day(day + same as f64))
            }
            when => when,
        };
        let mut biopsy = Biopsy { done: true, when: at, ..Biopsy::default() };
        if key.begins(&["node", "lymph"]) {
            biopsy.tissue = Some("lymph_node".into());
        } else if key.begins(&["marrow", "aspirate"]) {
            biopsy.tissue = Some("bone_marrow".into());
        } else if key.begins(&["skin", "muscle", "synovi", "liver"]) {
            biopsy.tissue = Some("other".into());
        } else {
            biopsy.tissue = Some("bone".into());
            biopsy.place = key.clone().places().into_iter().next();
        }
        for entry in elements(value) {
            let text = plain(&entry);
            let phrase = Phrase::new(&text);
            if presence(&entry) == Some(false)
                || phrase.denies() && phrase.begins(&["indicat", "done", "perform"])
            {
                biopsy.done = false;
                biopsy.when = self.when;
                biopsy.note = Some(text.replace('_', " "));
            } else if presence(&entry) != Some(true) {
                describe(&mut biopsy, &text);
            }
        }
        self.record.biopsies.push(biopsy);
    }

    /// Bone marrow: one result, or a field a sample.
    pub(super) fn marrow(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    let mut phrase = Phrase::new(key);
                    if phrase.places().is_empty() {
                        self.named_biopsy(&Phrase::new("marrow"), value);
                    } else {
                        self.named_biopsy(&Phrase::new(key), value);
                    }
                }
            }
            value => self.named_biopsy(&Phrase::new("marrow"), value),
        }
    }

    pub(super) fn microbiology(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    for entry in elements(value) {
                        self.culture(key, &entry);
                    }
                }
            }
            value => elements(value).iter().for_each(|entry| self.culture("culture", entry)),
        }
    }

    /// A search for germs; what is searched is what the key says, and unspecified if it does not.
    pub(super) fn culture(&mut self, key: &str, value: &Value) {
        let named = Phrase::new(key);
        let specimen =
            ["blood", "bone", "pus", "abscess", "tissue", "joint", "synovial", "urine", "throat", "stool"]
                .into_iter()
                .find(|word| named.has(word))
                .map_or("unspecified", |word| {
                    if matches!(word, "joint" | "synovial") { "joint_fluid" } else { word }
                });
        let searched = named.begins(&["cultur", "pcr", "germ", "organism", "pathogen", "bacteri", "growth"])
            || specimen != "unspecified";
        let text = plain(value);
        let phrase = Phrase::new(&text);
        let (result, organism) = match presence(value) {
            Some(true) => (CultureResult::Positive, None),
            Some(false) => (CultureResult::Sterile, None),
            None if phrase.begins(&["steril", "negative"])
                || phrase.denies() && phrase.begins(&["growth", "grow"]) =>
            {
                (CultureResult::Sterile, None)
            }
            None if phrase.begins(&["contamina"]) => (CultureResult::Contaminant, None),
            None if phrase.begins(&["pending", "unknown", "not"]) => return self.note(key, value),
            None => (CultureResult::Positive, Some(text.replace('_', " "))),
        };
        if !searched {
            return self.note(key, value);
        }
        let off_antibiotics = (phrase.has("off") && phrase.has("antibiotics")
            || phrase.has("before") && phrase.has("antibiotics"))
        .then_some(true);
        self.record.cultures.push(Culture {
            specimen: specimen.into(),
            result,
            organism,
            off_antibiotics,
            place: None,
            when: self.when,
            note: None,
        });
    }

    pub(super) fn genetics(&mut self, value: &Value) {
        for entry in elements(value) {
            let text = |key: &str| entry.get(key).filter(|v| !v.is_null()).map(plain);
            let Some(gene) = text("gene") else {
                self.note("genetics", &entry);
                continue;
            };
            let said = [text("finding"), text("significance"), text("variant"), text("result")];
            let phrase = Phrase::new(&said.iter().flatten().cloned().collect::<Vec<_>>().join(" "));
            // The authors name the gene because it explains the disease, unless they say otherwise.
            let significance = if phrase.begins(&["uncertain", "vus"]) {
                Significance::Uncertain
            } else if phrase.begins(&["benign", "negative", "wild", "normal", "none"]) || phrase.denies() {
                Significance::Benign
            } else {
                Significance::Pathogenic
            };
            self.record.genetics.push(GeneticFinding {
                gene,
                variant: text("variant").or_else(|| text("finding").map(|text| text.replace('_', " "))),
                zygosity: text("zygosity").map(|text| text.as_str().into()),
                significance: Some(significance),
                when: self.when,
            });
        }
    }
}

/// Adds what a pathologist says to a biopsy.
fn describe(biopsy: &mut Biopsy, text: &str) {
    let mut phrase = Phrase::new(text);
    let mut terms = match vocabulary::word(Kind::Tissue, text) {
        Some(word) => vec![word.term.as_str()],
        None => phrase.things(Kind::Tissue),
    };
    // In capitals, acute lymphoblastic leukaemia.
    if terms.is_empty() && text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ALL") {
        terms.push("leukaemia");
    }
    if phrase.begins(&["steril"]) {
        biopsy.absent.push("infection".into());
    }
    let denied = phrase.denies() && vocabulary::word(Kind::Tissue, text).is_none();
    if terms.is_empty() && !phrase.begins(&["steril"]) {
        biopsy.findings.push(text.into());
    }
    for term in terms {
        if denied { biopsy.absent.push(term.into()) } else { biopsy.findings.push(term.into()) }
    }
}
