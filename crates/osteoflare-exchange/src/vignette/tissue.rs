//! Tissue and genes.

use osteoflare_clinic::genes;
use osteoflare_clinic::record::{Biopsy, GeneticFinding, Significance, When};
use osteoflare_clinic::vocabulary::Kind;
use serde_json::Value;

use super::germs::is_search;
use super::samples::{is_awaited, is_ordinal, was_done};
use super::{Case, elements, is_unknown, plain, presence, words::Phrase};

impl Case {
    /// The section of the biopsy: what was looked for, found or not.
    pub(super) fn biopsy(&mut self, value: &Value) {
        if let Value::Array(list) = value {
            return list.iter().for_each(|entry| self.biopsy(entry));
        }
        let mut biopsy = Biopsy { done: true, when: self.when, ..Biopsy::default() };
        let Some(fields) = value.as_object() else {
            match was_done(value) {
                Some(done) => biopsy.done = done,
                None if is_unknown(value) || is_awaited(value) => return self.remark("biopsy", value),
                None => self.describe(&mut biopsy, &plain(value)),
            }
            return self.record.biopsies.push(biopsy);
        };
        let (mut said, mut several) = (false, false);
        let cultures = self.record.cultures.len();
        // Whether antibiotics had been given is said of the cultures, wherever it stands.
        let (told, others): (Vec<_>, Vec<_>) = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .partition(|(key, _)| Phrase::new(key).begins(&["antibiotic"]));
        for (key, value) in others {
            if is_ordinal(key) {
                self.biopsy_in_turn(value);
                several = true;
                continue;
            }
            if !["done", "performed", "taken"].contains(&key.as_str()) && is_unknown(value)
                || is_awaited(value)
            {
                self.remark(&format!("biopsy {key}"), value);
                continue;
            }
            match key.as_str() {
                "done" | "performed" | "taken" => match was_done(value) {
                    Some(done) => biopsy.done = done,
                    None => {
                        self.ask("biopsy done", value);
                        continue;
                    }
                },
                "t" | "time" | "when" | "date" | "day" => match super::day_of(&plain(value)) {
                    Some(day) => biopsy.when = Some(When::Day(day)),
                    None => self.ask("biopsy time", value),
                },
                "n" | "number" | "times" | "count" => self.remark(&format!("biopsy {key}"), value),
                "method" => biopsy.method = Some(plain(value).as_str().into()),
                "tissue" => biopsy.tissue = Some(plain(value).as_str().into()),
                "site" | "bone" | "place" => match Phrase::new(&plain(value)).places().into_iter().next() {
                    Some(place) => biopsy.place = Some(place),
                    None => self.ask(key, value),
                },
                "result"
                | "results"
                | "histology"
                | "findings"
                | "pathology"
                | "diagnosis"
                | "fusion"
                | "translocation"
                | "rearrangement"
                | "molecular"
                | "cytogenetics"
                | "immunohistochemistry" => {
                    elements(value).iter().for_each(|entry| self.describe(&mut biopsy, &plain(entry)));
                }
                "culture" | "cultures" | "bone_culture" | "microbiology" => {
                    for entry in elements(value) {
                        self.culture("bone_culture", &entry);
                    }
                }
                _ => self.looked_for(&mut biopsy, key, value),
            }
            said = true;
        }
        for (key, value) in told {
            if !self.antibiotics_before(cultures, key, value) {
                self.ask(&format!("biopsy {key}"), value);
            }
        }
        // Beside samples told one by one, `done: true` is no further sample.
        let bare = biopsy.findings.is_empty() && biopsy.absent.is_empty();
        if said && !(several && bare) {
            self.record.biopsies.push(biopsy);
        }
    }

    /// What was looked for in a sample, under its own name: `malignancy: false`, `cd1a: positive`, `genexpert: positive`.
    pub(super) fn looked_for(&mut self, biopsy: &mut Biopsy, key: &str, value: &Value) {
        let mut phrase = Phrase::new(key);
        let terms = phrase.whole_or_parts(Kind::Tissue, key);
        match presence(value) {
            Some(present) if !terms.is_empty() => {
                for (term, denied) in terms {
                    let list = if present != denied { &mut biopsy.findings } else { &mut biopsy.absent };
                    list.push(term.into());
                }
            }
            None if value.is_object() && phrase.begins(&["immuno", "ihc", "marker", "stain"]) => {
                for (marker, value) in value.as_object().into_iter().flatten() {
                    self.looked_for(biopsy, marker, value);
                }
            }
            _ if terms.is_empty() && is_search(&phrase) && (value.is_string() || value.is_boolean()) => {
                self.culture(&format!("bone_{key}"), value);
            }
            _ => self.ask(&format!("biopsy {key}"), value),
        }
    }

    /// Adds what a pathologist says to a biopsy.
    fn describe(&mut self, biopsy: &mut Biopsy, text: &str) {
        let mut phrase = Phrase::new(text);
        if phrase.is_unknown() {
            return self.remark("biopsy", &Value::String(text.to_owned()));
        }
        let revised = ["initial", "revis", "misread", "misinterpret", "misdiagnos", "thought", "mimick"];
        if phrase.is_tentative() || phrase.begins(&revised) {
            return self.ask("biopsy", &Value::String(text.to_owned()));
        }
        // A few blasts are in every marrow.
        if share_of(&phrase).is_some_and(|share| share < LEUKAEMIC_BLASTS)
            && phrase.begins(&["blast", "lymphoblast", "myeloblast"])
        {
            return self.ask("biopsy", &Value::String(text.to_owned()));
        }
        let mut terms = phrase.whole_or_parts(Kind::Tissue, text);
        // Round cells that are called reactive are no tumour.
        if phrase.begins(&["reactive", "benign"])
            && terms.iter().any(|(term, _)| *term == "small_round_cells")
        {
            terms.retain(|(term, _)| *term != "small_round_cells");
            self.ask("biopsy", &Value::String(text.to_owned()));
        }
        // In capitals, acute lymphoblastic leukaemia.
        let capitals = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "ALL");
        if terms.is_empty() && capitals {
            terms.push(("leukaemia", phrase.denies()));
            return push(biopsy, terms);
        }
        let sterile = phrase.begins(&["steril"]);
        if sterile {
            biopsy.absent.push("infection".into());
        }
        if terms.is_empty() {
            if !sterile {
                biopsy.findings.push(text.into());
            }
            return;
        }
        if let Some(left) = phrase.left_over_but(&QUALIFIERS).filter(|_| !sterile) {
            self.ask("biopsy", &Value::String(format!("{text} ({left})")));
        }
        push(biopsy, terms);
    }

    /// A biopsy under a name of its own: `first_biopsy`, `node_biopsy`, `ilium_biopsy`.
    pub(super) fn named_biopsy(&mut self, key: &Phrase, value: &Value) {
        let at = self.time_of_next_sample();
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
            if was_done(&entry) == Some(false) || phrase.denies() && phrase.begins(&["indicat"]) {
                biopsy.done = false;
                biopsy.when = self.when;
                biopsy.note = Some(text.replace('_', " "));
            } else if was_done(&entry).is_none() {
                self.describe(&mut biopsy, &text);
            }
        }
        self.record.biopsies.push(biopsy);
    }

    pub(super) fn genetics(&mut self, value: &Value) {
        for entry in elements(value) {
            let text = |key: &str| entry.get(key).filter(|v| !v.is_null()).map(plain);
            let Some(gene) = text("gene") else {
                // `{LPIN2: negative, PSTPIP1: E250Q}`: genes are written in capitals, known ones in any way.
                let symbol = |key: &str| {
                    let capitals = key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
                    key.len() > 2 && capitals || genes::is_known(key)
                };
                if let Some(genes) = entry.as_object().filter(|genes| genes.keys().all(|key| symbol(key))) {
                    for (gene, value) in genes.iter().filter(|(_, value)| !is_unknown(value)) {
                        let one = serde_json::json!({"gene": gene.to_uppercase(), "variant": plain(value)});
                        self.genetics(&one);
                    }
                    continue;
                }
                self.ask("genetics", &entry);
                continue;
            };
            const SAID: [&str; 9] = [
                "finding",
                "significance",
                "classification",
                "class",
                "acmg",
                "interpretation",
                "pathogenicity",
                "variant",
                "result",
            ];
            let said: Vec<String> = SAID.iter().filter_map(|key| text(key)).collect();
            const KNOWN: [&str; 6] = ["gene", "zygosity", "inheritance", "note", "notes", "method"];
            for (key, value) in entry.as_object().into_iter().flatten() {
                if !value.is_null() && !SAID.contains(&key.as_str()) && !KNOWN.contains(&key.as_str()) {
                    self.ask(&format!("genetics {key}"), value);
                }
            }
            let all = Value::String(said.join(" "));
            if said.iter().all(|text| is_unknown(&Value::String(text.clone()))) && text("zygosity").is_none()
            {
                self.remark("genetics", &entry);
                continue;
            }
            let Some(significance) = significance(&said, text("zygosity").as_deref()) else {
                self.ask("genetics", &Value::String(format!("{gene} {}", plain(&all))));
                continue;
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

/// What a variant means, as far as the words say it. The authors name a variant because it explains the disease, unless they
/// say otherwise; words that are no variant say nothing.
fn significance(said: &[String], zygosity: Option<&str>) -> Option<Significance> {
    let text = said.join("; ");
    let phrase = Phrase::new(&text);
    let denied = said.iter().any(|text| presence(&Value::String(text.clone())) == Some(false));
    let classes = |classes: [&str; 2]| {
        let words = phrase.words();
        words.windows(2).any(|two| two[0] == "class" && classes.contains(&two[1].as_str()))
    };
    let uncertain = phrase.begins(&["uncertain", "vus", "unclear", "conflicting", "inconclus"])
        || phrase.has("significance") && phrase.begins(&["unknown", "undetermined", "unclear", "unsure"])
        || phrase.is_tentative() && !phrase.says(&["pathogenic"])
        || classes(["3", "iii"]);
    let benign = ["benign", "wild", "normal", "polymorphism", "synonymous", "wildtype", "reference"];
    if phrase.says(&["benign"]) {
        Some(Significance::Benign)
    } else if uncertain {
        Some(Significance::Uncertain)
    } else if denied
        || phrase.says(&benign)
        || phrase.denies_that(&[
            "mutation",
            "variant",
            "pathogenic",
            "change",
            "found",
            "detected",
            "relevant",
        ])
        || phrase.begins_with_denial()
        || classes(["1", "2"])
    {
        Some(Significance::Benign)
    } else if phrase.says(&[
        "pathogenic",
        "mutation",
        "mutated",
        "homozyg",
        "heterozyg",
        "hemizyg",
        "biallelic",
        "compound",
        "deletion",
        "duplication",
        "insertion",
        "fusion",
        "frameshift",
        "nonsense",
        "missense",
        "splice",
        "loss",
        "variant",
        "rearrang",
        "translocation",
        "truncat",
        "causative",
        "diagnostic",
    ]) || classes(["4", "5"])
        || said.iter().any(|text| presence(&Value::String(text.clone())) == Some(true) || is_variant(text))
        || zygosity.is_some_and(|zygosity| {
            Phrase::new(zygosity).says(&["hom", "het", "hemi", "compound", "biallelic"])
        })
    {
        Some(Significance::Pathogenic)
    } else {
        None
    }
}

/// Whether a text is written as variants are: `c.2201C>T`, `p.A230T`, `E250Q`, `175-kb deletion`, `S734L`.
fn is_variant(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ';' | ',' | '_')).any(|word| {
        let digits = word.chars().any(|c| c.is_ascii_digit());
        let letters = word.chars().any(|c| c.is_ascii_alphabetic());
        digits && letters && word.chars().count() >= 3
    })
}

/// Share of blasts in marrow from which it is leukaemia, percent (WHO classification of myeloid neoplasms; recalled).
const LEUKAEMIC_BLASTS: f64 = 20.0;

/// The percentage that a phrase says.
fn share_of(phrase: &Phrase) -> Option<f64> {
    let words = phrase.words();
    words.iter().enumerate().find_map(|(k, word)| match word.strip_suffix('%') {
        Some(number) => number.parse().ok(),
        None => {
            let next = words.get(k + 1)?;
            ["percent", "pct", "%"].contains(&next.as_str()).then(|| word.parse().ok())?
        }
    })
}

/// Words that qualify what is seen in tissue and are no finding of their own.
const QUALIFIERS: [&str; 47] = [
    "sclerosing",
    "repeatedly",
    "pre",
    "pro",
    "b",
    "t",
    "common",
    "precursor",
    "lesion",
    "chronic",
    "acute",
    "subacute",
    "mild",
    "moderate",
    "severe",
    "marked",
    "slight",
    "cells",
    "cell",
    "changes",
    "change",
    "infiltrate",
    "infiltrates",
    "infiltration",
    "tissue",
    "bone",
    "bony",
    "marrow",
    "medullary",
    "focal",
    "diffuse",
    "scattered",
    "few",
    "many",
    "some",
    "mixed",
    "percent",
    "consistent",
    "predominant",
    "predominantly",
    "reactive",
    "non",
    "specific",
    "high",
    "low",
    "grade",
    "stage",
];

fn push(biopsy: &mut Biopsy, terms: Vec<(&'static str, bool)>) {
    for (term, denied) in terms {
        let list = if denied { &mut biopsy.absent } else { &mut biopsy.findings };
        if !list.iter().any(|known| known.as_str() == term) {
            list.push(term.into());
        }
    }
}
