//! Imaging studies, lesions and how many there are.

use osteoflare_clinic::record::{Coverage, Focality, ImagingStudy, Lesion, Modality, Place, Term};
use osteoflare_clinic::vocabulary::{self, Kind};
use serde_json::Value;

use super::extent::{count_of, extent_only, modalities, read_extent, says_no_other};
use super::site;
use super::{Case, Fields, elements, is_unknown, plain, presence, words::Phrase};

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
            Value::Array(list) if list.iter().any(Value::is_object) => {
                list.iter().for_each(|entry| self.imaging_entry(entry));
            }
            value => self.study(ImagingStudy::new(Modality::Unspecified), value),
        }
    }

    /// One study of a list: `{modality: mri, findings: [marrow_edema]}`.
    fn imaging_entry(&mut self, entry: &Value) {
        let modality = ["modality", "type", "study"].iter().find_map(|name| Some((*name, entry.get(*name)?)));
        let (Some(fields), Some((name, modality))) = (entry.as_object(), modality) else {
            return self.imaging(&match entry {
                Value::Object(_) => entry.clone(),
                entry => Value::Array(vec![entry.clone()]),
            });
        };
        let rest =
            fields.iter().filter(|(key, _)| *key != name).map(|(key, value)| (key.clone(), value.clone()));
        if !self.named_study(&plain(modality), &Value::Object(rest.collect())) {
            self.ask("imaging", entry);
        }
    }

    /// A study that is named by how it was made; `false` if the key names none.
    pub(super) fn named_study(&mut self, key: &str, value: &Value) -> bool {
        let mut phrase = Phrase::new(key);
        let modalities = modalities(&phrase);
        if modalities.is_empty() {
            return false;
        }
        if self.of_inner_organ(&phrase, value) {
            return true;
        }
        let whole = phrase.begins(&["wb"]) || phrase.has("whole") && phrase.has("body");
        let of_lesions = phrase.has("sites") || phrase.has("lesions");
        let shown: Vec<Place> = phrase.places();
        for modality in modalities {
            let study = ImagingStudy {
                coverage: whole.then_some(Coverage::WholeBody),
                shown: if whole { vec![] } else { shown.clone() },
                ..ImagingStudy::new(modality)
            };
            if of_lesions && value.is_u64() {
                self.score(key, value);
            } else if of_lesions {
                let lesions = elements(value).iter().flat_map(|entry| self.lesions_of(entry)).collect();
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
        if is_unknown(value) {
            return self.remark("imaging", value);
        }
        if let Some(abnormal) = presence(value) {
            let said = Phrase::new(&plain(value));
            let none = ["none", "never", "no", "false", "nil", "nothing"];
            if !abnormal && (said.words().is_empty() || none.iter().any(|word| said.words() == [*word])) {
                // No picture was made, or nothing was seen on it: which, is not said.
                return self.ask("imaging", value);
            }
            // That it was done says nothing of what it showed.
            let done = ["done", "performed", "true", "yes", "y"].iter().any(|word| said.has(word));
            study.abnormal = if done { None } else { Some(abnormal) };
            return self.record.imaging.push(study);
        }
        let entries: Vec<String> = match value {
            Value::Object(fields) => self.study_fields(&mut study, fields),
            value => elements(value).iter().map(plain).collect(),
        };
        // What a study of one bone shows lies in that bone; a region is only what was looked at.
        let of_bone = ["bone", "bones", "site", "level", "levels", "vertebra"];
        let at = match of_bone.iter().any(|name| value.get(name).is_some()) {
            true => study.shown.clone(),
            false => vec![],
        };
        let listed = value.is_array() || study.coverage == Some(Coverage::WholeBody);
        for text in entries {
            let of_lesions = Phrase::new(&text).begins(&["lesion", "foci", "focus", "involve"]);
            let places = if listed || of_lesions { only_places(&text) } else { vec![] };
            if places.is_empty() {
                self.described(&mut study, &text);
                continue;
            }
            // A list of what a study shows that names places alone names lesions.
            study.abnormal = Some(true);
            read_extent(&Phrase::new(&text), &mut study);
            study.lesions.extend(places.into_iter().filter(|place| !self.is_sited(place)).map(Lesion::at));
        }
        let changes: Vec<Term> =
            study.descriptors.iter().filter(|term| changes_bone(term.as_str())).cloned().collect();
        if !changes.is_empty() && study.lesions.is_empty() {
            let places = at.into_iter().filter(|place| !self.is_sited(place));
            study.lesions =
                places.map(|place| Lesion { descriptors: changes.clone(), ..Lesion::at(place) }).collect();
        }
        let known = |term: &str| vocabulary::word(Kind::Descriptor, term).is_some();
        if study.descriptors.iter().any(|term| known(term.as_str())) {
            study.abnormal = Some(true);
        }
        self.record.imaging.push(study);
    }

    /// The phrases of a study with fields; lesions, the place and how many there are have fields of their own.
    fn study_fields(&mut self, study: &mut ImagingStudy, fields: &Fields) -> Vec<String> {
        const SIDE: &str = "side";
        const PLACE: [&str; 8] =
            ["site", "region", "location", "bone", "bones", "level", "levels", "vertebra"];
        const SEGMENT: [&str; 3] = ["segment", "segments", "part"];
        let mut entries = Vec::new();
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            match key.as_str() {
                "result" | "results" | "findings" | "finding" | "report" | "descriptors" | "focality" => {
                    entries.extend(elements(value).iter().map(plain));
                }
                "lesions" | "sites" if !value.is_number() => {
                    for entry in elements(value) {
                        let lesions = self.lesions_of(&entry);
                        study.lesions.extend(lesions);
                    }
                }
                "n" | "count" if value.is_number() => entries.push(format!("{}_lesions", plain(value))),
                _ if key == SIDE || PLACE.contains(&key.as_str()) || SEGMENT.contains(&key.as_str()) => {}
                _ => entries.extend(self.detail(key, value)),
            }
        }
        let texts = |names: &[&str]| -> Vec<String> {
            let values = names.iter().filter_map(|name| fields.get(*name));
            values.flat_map(elements).map(|value| plain(&value)).collect()
        };
        let side = site::side_of(&texts(&[SIDE])).unwrap_or_default();
        for one in site::locate(&texts(&PLACE), &texts(&SEGMENT), side) {
            let known = one.place.bone.as_str() != "whole_body";
            if let Some(words) = one.unclear.or(one.note.filter(|_| !known)) {
                self.ask("place of a study", &Value::String(words));
            }
            if known {
                study.shown.push(one.place);
            }
        }
        entries
    }

    /// A field of a study as one phrase.
    fn detail(&mut self, key: &str, value: &Value) -> Option<String> {
        if is_unknown(value) {
            self.remark(key, value);
            return None;
        }
        if matches!(plain(value).as_str(), "0" | "unremarkable" | "normal") {
            self.ask(key, value);
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
        if phrase.words().len() == 1 && phrase.begins(&["normal", "unremarkable"])
            || says_nothing_abnormal(&phrase)
        {
            study.abnormal = Some(false);
            return;
        }
        if matches!(phrase.words(), [word] if ["abnormal", "pathological"].contains(&word.as_str())) {
            study.abnormal = Some(true);
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
        if says_no_other(&phrase) && self.sited.len() <= 1 {
            study.focality = Some(Focality::Unifocal);
            return;
        }
        // `suspicious_of_malignancy` is a word of reports; other suspicions are for people.
        if phrase.is_tentative() && vocabulary::word(Kind::Descriptor, text).is_none() {
            return self.ask("imaging", &Value::String(text.to_owned()));
        }
        if !phrase.denies() {
            read_extent(&phrase, study);
        }
        let mut terms = phrase.whole_or_parts(Kind::Descriptor, text);
        // On MRI, oedema of a bone is oedema of its marrow.
        let of_bone =
            phrase.begins(&["vertebra", "metaphys", "epiphys", "diaphys", "osseous", "bony", "intraosseous"])
                || !phrase.clone().places().is_empty()
                    && !phrase.begins(&["soft", "muscle", "joint", "subcutan", "periost"]);
        if study.modality == Modality::Mri && of_bone {
            for (term, _) in terms.iter_mut().filter(|(term, _)| *term == "oedema") {
                *term = "marrow_oedema";
            }
        }
        if terms.is_empty() {
            let mut rest = phrase.clone();
            let _ = rest.places();
            let normal = ["normal", "unremarkable"];
            if normal.iter().any(|word| phrase.has(word))
                && !phrase.denies()
                && rest
                    .left_over_but(&[&QUALIFIERS[..], &normal[..], &["findings", "study"]].concat())
                    .is_none()
            {
                study.abnormal = Some(false);
            } else if phrase.denies() {
                self.ask("imaging", &Value::String(text.to_owned()));
            } else if !extent_only(&phrase) {
                // Kept as it stands: checking asks about it.
                study.descriptors.push(text.into());
            }
            return;
        }
        // T1 and T2 are weightings of MRI.
        let places: Vec<Place> =
            phrase.places().into_iter().filter(|p| !["t1", "t2"].contains(&p.bone.as_str())).collect();
        let of_bone: Vec<&'static str> = terms
            .iter()
            .filter(|(term, denied)| !denied && changes_bone(term))
            .map(|(term, _)| *term)
            .collect();
        if !of_bone.is_empty() {
            for place in places.into_iter().filter(|place| !self.is_sited(place)) {
                let descriptors = of_bone.iter().map(|term| (*term).into()).collect();
                study.lesions.push(Lesion { descriptors, ..Lesion::at(place) });
            }
        }
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
}

/// The places that a text names, if it names nothing else.
fn only_places(text: &str) -> Vec<Place> {
    if vocabulary::word(Kind::Descriptor, text).is_some() || Phrase::new(text).denies() {
        return vec![];
    }
    // `multifocal_lesions_pelvis_femora` says of each that there is one.
    const LESIONS: [&str; 14] = [
        "lesion",
        "lesions",
        "focus",
        "foci",
        "multifocal",
        "multiple",
        "bifocal",
        "unifocal",
        "involvement",
        "involved",
        "affected",
        "of",
        "in",
        "at",
    ];
    let phrase = Phrase::new(text);
    let rest: Vec<&str> =
        phrase.words().iter().map(String::as_str).filter(|w| !LESIONS.contains(w)).collect();
    let stripped = rest.len() < phrase.words().len() && !text.contains([',', ';']);
    let text = if stripped { rest.join("_") } else { text.to_owned() };
    if text.is_empty() {
        return vec![];
    }
    let found = site::locate(&[text], &[], None);
    let plain = |one: &site::Located| one.unclear.is_none() && one.place.bone.as_str() != "whole_body";
    if found.iter().all(plain) { found.into_iter().map(|one| one.place).collect() } else { vec![] }
}

/// Whether a phrase says that nothing abnormal was seen, and nothing else.
fn says_nothing_abnormal(phrase: &Phrase) -> bool {
    const WORDS: [&str; 22] = [
        "lesion",
        "lesions",
        "focus",
        "foci",
        "focal",
        "bone",
        "bony",
        "osseous",
        "no",
        "without",
        "abnormality",
        "abnormalities",
        "abnormal",
        "pathology",
        "pathological",
        "finding",
        "findings",
        "changes",
        "seen",
        "detected",
        "any",
        "significant",
    ];
    phrase.denies()
        && phrase.begins(&["abnormal", "patholog", "lesion", "foci", "focus"])
        && phrase.words().iter().all(|word| WORDS.contains(&word.as_str()))
}

/// Words that qualify what a picture shows and are no finding of their own.
const QUALIFIERS: [&str; 77] = [
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
    "well",
    "ill",
    "poorly",
    "defined",
    "circumscribed",
    "demarcated",
    "eccentric",
    "central",
    "irregular",
    "thick",
    "thin",
    "high",
    "low",
    "intensity",
    "t1",
    "t2",
    "stir",
    "images",
    "sequences",
    "one",
    "two",
    "three",
    "four",
    "change",
    "involvement",
    "appearance",
    "new",
    "medullary",
    "intramedullary",
    "associated",
    "around",
    "cortex",
    "within",
];

/// Whether a descriptor is of a lesion of bone, not of what lies around it.
fn changes_bone(term: &str) -> bool {
    vocabulary::word(Kind::Descriptor, term).is_some_and(|word| {
        matches!(word.class.as_str(), "active" | "bone_change" | "aggressive")
            && !term.starts_with("soft_tissue")
            && !matches!(term, "enhancement" | "suggests_malignancy" | "periosteal_oedema")
    })
}
