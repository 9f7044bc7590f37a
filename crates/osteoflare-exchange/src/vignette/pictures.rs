//! Imaging studies, lesions and how many there are.

use osteoflare_clinic::record::{Coverage, Finding, Focality, ImagingStudy, Lesion, Modality, Place};
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::{Case, Fields, elements, is_unknown, plain, presence, words::Phrase, words::locate};

impl Case {
    /// The section of imaging: a field a study, or words of which nobody says what showed them.
    pub(super) fn imaging(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                    if !self.named_study(key, value) {
                        self.focus(key, value);
                    }
                }
            }
            value => self.study(ImagingStudy::new(Modality::Unspecified), value),
        }
    }

    /// A study that is named by how it was made; `false` if the key names none.
    pub(super) fn named_study(&mut self, key: &str, value: &Value) -> bool {
        let mut phrase = Phrase::new(key);
        let modalities = modalities(&phrase);
        if modalities.is_empty() {
            return false;
        }
        let whole = phrase.has("wb") || phrase.has("whole") && phrase.has("body");
        let of_lesions = phrase.has("sites") || phrase.has("lesions");
        let shown: Vec<Place> = phrase.places();
        for modality in modalities {
            let study = ImagingStudy {
                coverage: whole.then_some(Coverage::WholeBody),
                shown: if whole { vec![] } else { shown.clone() },
                ..ImagingStudy::new(modality)
            };
            if of_lesions {
                let lesions = elements(value).iter().map(|entry| self.lesion_of(entry)).collect();
                self.record.imaging.push(ImagingStudy { lesions, when: self.when, ..study });
            } else {
                self.study(study, value);
            }
        }
        true
    }

    /// What a study showed, in words.
    fn study(&mut self, mut study: ImagingStudy, value: &Value) {
        study.when = self.when;
        if let Some(abnormal) = presence(value) {
            study.abnormal = Some(abnormal);
            return self.record.imaging.push(study);
        }
        if is_unknown(value) {
            return self.remark("imaging", value);
        }
        let entries: Vec<String> = match value {
            Value::Object(fields) => {
                fields.iter().filter_map(|(key, value)| self.detail(key, value)).collect()
            }
            value => elements(value).iter().map(plain).collect(),
        };
        for text in entries {
            self.described(&mut study, &text);
        }
        let known = |term: &str| vocabulary::word(Kind::Descriptor, term).is_some();
        if study.descriptors.iter().any(|term| known(term.as_str())) {
            study.abnormal = Some(true);
        }
        self.record.imaging.push(study);
    }

    /// A field of a study as one phrase.
    fn detail(&mut self, key: &str, value: &Value) -> Option<String> {
        if is_unknown(value) {
            self.remark(key, value);
            return None;
        }
        Some(match presence(value) {
            Some(true) => key.to_owned(),
            Some(false) => format!("no_{key}"),
            None => format!("{key}_{}", plain(value)),
        })
    }

    /// One phrase of a report.
    fn described(&mut self, study: &mut ImagingStudy, text: &str) {
        let mut phrase = Phrase::new(text);
        if phrase.words().len() == 1 && phrase.begins(&["normal", "unremarkable"]) {
            study.abnormal = Some(false);
            return;
        }
        if phrase.is_unknown() {
            return self.remark("imaging", &Value::String(text.to_owned()));
        }
        if let Some(count) = count_of(&phrase) {
            study.focality = Some(if count > 1 { Focality::Multifocal } else { Focality::Unifocal });
            study.note = Some(text.replace('_', " "));
            return;
        }
        // `suspicious_of_malignancy` is a word of reports; other suspicions are for people.
        if phrase.is_tentative() && vocabulary::word(Kind::Descriptor, text).is_none() {
            return self.ask("imaging", &Value::String(text.to_owned()));
        }
        if !phrase.denies() {
            read_extent(&phrase, study);
        }
        let terms = phrase.whole_or_parts(Kind::Descriptor, text);
        if terms.is_empty() {
            if phrase.denies() {
                self.ask("imaging", &Value::String(text.to_owned()));
            } else if !extent_only(&phrase) {
                // Kept as it stands: checking asks about it.
                study.descriptors.push(text.into());
            }
            return;
        }
        let _ = phrase.places();
        if let Some(left) = phrase.left_over_but(&QUALIFIERS) {
            self.ask("imaging", &Value::String(format!("{text} ({left})")));
        }
        for (term, denied) in terms {
            if denied { study.absent.push(term.into()) } else { study.descriptors.push(term.into()) }
        }
    }

    /// A further focus that the section names without its study: `second_focus: 5x2_mm_distal_femur`.
    fn focus(&mut self, key: &str, value: &Value) {
        let place = Phrase::new(&plain(value)).places().into_iter().next();
        match place {
            Some(place) if Phrase::new(key).begins(&["focus", "foci", "lesion"]) => {
                let note = Some(plain(value).replace('_', " "));
                let lesion = Lesion { note, ..Lesion::at(place) };
                self.study_for_lesions(None).lesions.push(lesion);
            }
            _ => self.ask(key, value),
        }
    }

    /// Sites and focality, once the studies are there.
    pub(super) fn lesions(&mut self, fields: &Fields) {
        if let Some(Value::Object(focality)) = fields.get("focality") {
            for (key, value) in focality.iter().filter(|(_, value)| !value.is_null()) {
                self.focality(key, value);
            }
        } else if let Some(value) = fields.get("focality") {
            self.focality("clinical", value);
        }
        for site in fields.get("sites").map(elements).unwrap_or_default() {
            self.site(&site);
        }
    }

    fn focality(&mut self, key: &str, value: &Value) {
        let phrase = Phrase::new(&plain(value));
        if key.starts_with("symmetric") {
            let symmetric = presence(value).unwrap_or(true);
            return self.study_for_lesions(None).symmetric = Some(symmetric);
        }
        let mut said = ImagingStudy::new(Modality::Unspecified);
        read_extent(&phrase, &mut said);
        let counted = match (value, Phrase::new(key).begins(&["lesions", "sites", "foci"])) {
            (Value::Number(number), true) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
            _ => count_of(&phrase),
        };
        if let Some(count) = counted.filter(|count| *count > 0) {
            said.focality = Some(if count > 1 { Focality::Multifocal } else { Focality::Unifocal });
            self.remark(key, value);
        }
        let mut modalities = modalities(&Phrase::new(key));
        if modalities.is_empty() && (key.starts_with("imaging") || key.starts_with("radiolog")) {
            modalities.push(Modality::Unspecified);
        }
        if modalities.is_empty() {
            // By history and examination.
            let term = match said.focality {
                Some(Focality::Unifocal) => "unifocal",
                Some(Focality::Multifocal) => "multifocal",
                None => return self.ask(key, value),
            };
            return self.record.findings.push(Finding { when: self.when, ..Finding::present(term) });
        }
        let words = Phrase::new(key);
        let whole = words.has("wb") || words.has("whole") && words.has("body");
        for modality in modalities {
            let when = self.when;
            let position = self.record.imaging.iter().position(|s| s.modality == modality && s.when == when);
            let study = match position {
                Some(k) => &mut self.record.imaging[k],
                None => {
                    self.record.imaging.push(ImagingStudy { when, ..ImagingStudy::new(modality) });
                    let last = self.record.imaging.len() - 1;
                    &mut self.record.imaging[last]
                }
            };
            study.focality = said.focality.or(study.focality);
            study.symmetric = said.symmetric.or(study.symmetric);
            if whole {
                study.coverage = Some(Coverage::WholeBody);
            }
        }
    }

    /// A site: a lesion at a bone, or a pain there if the case says that only the pain is known.
    fn site(&mut self, value: &Value) {
        let evidence = value.get("evidence").filter(|v| !v.is_null()).map(plain).unwrap_or_default();
        let mut phrase = Phrase::new(&evidence);
        let modalities = modalities(&phrase);
        let felt = phrase.things(Kind::Finding);
        let lesion = self.lesion_of(value);
        if let ([], Some(term)) = (modalities.as_slice(), felt.first()) {
            self.record.findings.push(Finding {
                place: Some(lesion.place),
                when: self.when,
                note: lesion.note,
                ..Finding::present(*term)
            });
            return;
        }
        self.study_for_lesions(modalities.first().copied()).lesions.push(lesion);
    }

    fn lesion_of(&mut self, value: &Value) -> Lesion {
        let text = |key: &str| value.get(key).filter(|v| !v.is_null()).map(plain).unwrap_or_default();
        let bone = match value {
            Value::String(bone) => bone.clone(),
            _ => text("bone"),
        };
        let (mut place, note) = locate(&bone, &text("segment"), &text("side"));
        // Only what is named in a field of its own is surely meant as a bone or a side.
        if place.bone.as_str() == "whole_body" && !bone.is_empty() && !Phrase::new(&bone).has("body") {
            self.refuse("sites", "bone", &Value::String(bone.clone()), "a bone or region");
        }
        let side = text("side");
        if !side.is_empty() && Phrase::new(&side).side().is_none() {
            self.refuse("sites", "side", &Value::String(side), "L, R, B or M");
        }
        place.at_least = match value.get("count") {
            Some(Value::Number(count)) => {
                count.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 1)
            }
            Some(Value::String(count)) if Phrase::new(count).begins(&["multipl", "several", "many"]) => {
                Some(2)
            }
            _ => None,
        };
        Lesion { note, ..Lesion::at(place) }
    }

    /// The study that lesions belong to: the one of the kind, or that tells how many there are, or the only one;
    /// else one of which nobody says how it was made.
    fn study_for_lesions(&mut self, modality: Option<Modality>) -> &mut ImagingStudy {
        let when = self.when;
        let now: Vec<usize> =
            (0..self.record.imaging.len()).filter(|&k| self.record.imaging[k].when == when).collect();
        let with = |test: &dyn Fn(&ImagingStudy) -> bool| {
            now.iter().copied().find(|&k| test(&self.record.imaging[k]))
        };
        let found = match modality {
            Some(modality) => with(&|study| study.modality == modality),
            None => with(&|study| study.focality.is_some() && study.modality != Modality::BoneScan)
                .or_else(|| with(&|study| study.modality == Modality::Unspecified))
                .or_else(|| match now.as_slice() {
                    [only] => Some(*only).filter(|&k| {
                        let study = &self.record.imaging[k];
                        study.abnormal != Some(false) && study.modality != Modality::BoneScan
                    }),
                    _ => None,
                }),
        };
        let place = found.unwrap_or_else(|| {
            let study = ImagingStudy::new(modality.unwrap_or(Modality::Unspecified));
            self.record.imaging.push(ImagingStudy { when, ..study });
            self.record.imaging.len() - 1
        });
        &mut self.record.imaging[place]
    }
}

/// How pictures were made, in words.
fn modalities(phrase: &Phrase) -> Vec<Modality> {
    let mut found = Vec::new();
    for word in phrase.words() {
        let modality = match word.as_str() {
            "radiograph" | "radiographs" | "radiography" | "xray" | "x-ray" | "plain" => Modality::Radiograph,
            "mri" | "mr" | "wbmri" => Modality::Mri,
            "ct" => Modality::Ct,
            "scintigraphy" | "scan" | "scintigram" => Modality::BoneScan,
            "pet" => Modality::Pet,
            "ultrasound" | "us" | "sonography" => Modality::Ultrasound,
            _ => continue,
        };
        if !found.contains(&modality) {
            found.push(modality);
        }
    }
    // A CT scan is no bone scan.
    if phrase.has("scan") && !phrase.has("bone") && found.len() > 1 {
        found.retain(|modality| *modality != Modality::BoneScan);
    }
    found
}

/// One or several, symmetric or not, as far as the words say so.
fn read_extent(phrase: &Phrase, study: &mut ImagingStudy) {
    if phrase.begins(&["unifocal", "monofocal", "solitary", "single"]) {
        study.focality = Some(Focality::Unifocal);
    } else if phrase.begins(&["multifocal", "bifocal", "oligofocal"]) {
        study.focality = Some(Focality::Multifocal);
    }
    if phrase.begins(&["symmetric"]) {
        study.symmetric = Some(true);
    } else if phrase.begins(&["asymmetric"]) {
        study.symmetric = Some(false);
    }
}

/// Words that qualify what a picture shows and are no finding of their own.
const QUALIFIERS: [&str; 44] = [
    "multifocal",
    "unifocal",
    "monofocal",
    "solitary",
    "bifocal",
    "symmetric",
    "asymmetric",
    "symmetrical",
    "single",
    "multiple",
    "several",
    "extensive",
    "diffuse",
    "focal",
    "mild",
    "moderate",
    "severe",
    "marked",
    "slight",
    "subtle",
    "small",
    "large",
    "lesion",
    "lesions",
    "bone",
    "bony",
    "bones",
    "marrow",
    "cortical",
    "metaphyseal",
    "epiphyseal",
    "diaphyseal",
    "physeal",
    "metaphysis",
    "epiphysis",
    "diaphysis",
    "distal",
    "proximal",
    "surrounding",
    "adjacent",
    "area",
    "areas",
    "changes",
    "signal",
];

/// The number of lesions that a phrase is, and nothing else: `6_lesions`, `n_lesions_14`.
fn count_of(phrase: &Phrase) -> Option<u32> {
    let words: Vec<&str> = phrase.words().iter().map(String::as_str).collect();
    match words.as_slice() {
        [count, "lesions" | "lesion" | "sites" | "foci"]
        | ["n" | "number" | "count", "lesions" | "sites" | "foci", count]
        | ["number", "of", "lesions" | "sites" | "foci", count]
        | ["lesions" | "sites" | "foci", count] => count.parse().ok().filter(|count| *count > 0),
        _ => None,
    }
}

fn extent_only(phrase: &Phrase) -> bool {
    phrase.words().iter().all(|word| {
        [
            "unifocal",
            "monofocal",
            "solitary",
            "multifocal",
            "bifocal",
            "symmetric",
            "asymmetric",
            "lesion",
            "lesions",
        ]
        .contains(&word.as_str())
    })
}
