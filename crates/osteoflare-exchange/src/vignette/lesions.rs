//! Lesions: the sites of a case, how many there are, and the study that shows them.

use osteoflare_clinic::place::suggest;
use osteoflare_clinic::record::{Coverage, Finding, Focality, ImagingStudy, Lesion, Modality, Place};
use osteoflare_clinic::vocabulary::{Kind, normalised};
use serde_json::Value;

use super::extent::{count_of, count_within, modalities, read_extent, says_no_other};
use super::site::{self, locate};
use super::{Case, Fields, elements, is_unknown, plain, presence, words::Phrase};
use crate::fault::Fault;

impl Case {
    /// Whether a place is among the sites of the case, which tell it better.
    pub(super) fn is_sited(&self, place: &Place) -> bool {
        let Ok(resolved) = osteoflare_clinic::place::resolve(place) else { return true };
        self.sited.iter().any(|sited| sited.meets(&resolved.sites))
    }

    /// Remembers the sites of a case, so that a report that names them again adds none.
    pub(super) fn remember_sites(&mut self, fields: &Fields) {
        let mut probe = Case::new(String::new());
        self.sited = fields
            .get("sites")
            .map(sites_of)
            .unwrap_or_default()
            .iter()
            .filter(|site| !is_denied_site(site))
            .flat_map(|site| probe.lesions_of(site))
            .filter_map(|lesion| Some(osteoflare_clinic::place::resolve(&lesion.place).ok()?.sites))
            .collect();
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
        for site in fields.get("sites").map(sites_of).unwrap_or_default() {
            self.site(&site);
        }
    }

    fn focality(&mut self, key: &str, value: &Value) {
        if is_unknown(value) {
            return self.remark(key, value);
        }
        let phrase = Phrase::new(&plain(value));
        if phrase.is_tentative() {
            return self.ask(key, value);
        }
        if key.starts_with("symmetric") {
            let symmetric = presence(value).unwrap_or(true);
            return self.study_for_lesions(None).symmetric = Some(symmetric);
        }
        let mut said = ImagingStudy::new(Modality::Unspecified);
        read_extent(&phrase, &mut said);
        let counts = Phrase::new(key).begins(&["lesions", "sites", "foci", "number", "count", "total"]);
        let counted = match (value, counts || key == "n") {
            (Value::Number(number), true) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
            _ => count_of(&phrase).or_else(|| count_within(&phrase)),
        };
        if says_no_other(&phrase) && self.sited.len() <= 1 {
            said.focality = Some(Focality::Unifocal);
        }
        if let Some(count) = counted.filter(|count| *count > 0) {
            said.focality = Some(if count > 1 { Focality::Multifocal } else { Focality::Unifocal });
            self.remark(key, value);
        }
        // `multiple` alone, of foci.
        if said.focality.is_none()
            && matches!(phrase.words(), [word] if ["multiple", "several", "numerous"].contains(&word.as_str()))
        {
            said.focality = Some(Focality::Multifocal);
        }
        if said.focality.is_none() && said.symmetric.is_none() {
            return self.ask(&format!("focality {key}"), value);
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
        let whole = words.begins(&["wb"]) || words.has("whole") && words.has("body");
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
        if is_denied_site(value) {
            return self.remark("no lesion", &value.get("bone").cloned().unwrap_or_else(|| value.clone()));
        }
        if phrase.is_tentative() {
            return self.ask("sites", value);
        }
        let modalities = modalities(&phrase);
        let felt = phrase.things(Kind::Finding);
        let lesions = self.lesions_of(value);
        for lesion in lesions {
            if let ([], Some(term)) = (modalities.as_slice(), felt.first()) {
                self.record.findings.push(Finding {
                    place: Some(lesion.place),
                    when: self.when,
                    note: lesion.note,
                    ..Finding::present(*term)
                });
            } else {
                self.study_for_lesions(modalities.first().copied()).lesions.push(lesion);
            }
        }
    }

    /// The lesions of one site: of every bone, and of both sides where both are named.
    pub(super) fn lesions_of(&mut self, value: &Value) -> Vec<Lesion> {
        let texts = |names: &[&str]| -> Vec<String> {
            let values = names.iter().filter_map(|name| value.get(name));
            values.flat_map(elements).map(|value| plain(&value)).filter(|text| !text.is_empty()).collect()
        };
        let mut bones = match value {
            Value::String(bone) => vec![bone.clone()],
            _ => texts(&BONE),
        };
        // A bone of which there are many is told by its number: `{bone: vertebra, level: [T6, T9]}`.
        let levels = texts(&LEVEL);
        match bones.as_slice() {
            _ if levels.is_empty() => {}
            [] => bones = levels,
            [bone] => bones = levels.iter().map(|level| at_level(bone, level)).collect(),
            _ => self.ask("site level", &Value::String(levels.join(", "))),
        }
        let sides = texts(&SIDE);
        let side = site::side_of(&sides).unwrap_or_else(|()| {
            self.refuse("sites", "side", &Value::String(sides.join(", ")), "L, R, B or M");
            None
        });
        if bones.is_empty() {
            self.ask("site without a bone", value);
            bones.push(String::new());
        }
        let found = locate(&bones, &texts(&SEGMENT), side);
        let count = match value.get("count").or_else(|| value.get("n")) {
            Some(Value::Number(count)) => {
                count.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 1)
            }
            Some(Value::String(count)) if Phrase::new(count).begins(&["multipl", "several", "many"]) => {
                Some(2)
            }
            _ if bones.iter().any(|bone| Phrase::new(bone).begins(&["multipl", "several", "many"])) => {
                Some(2)
            }
            _ => None,
        };
        for (key, value) in value.as_object().into_iter().flatten() {
            let known = BONE.iter().chain(&SIDE).chain(&SEGMENT).chain(&LEVEL).chain(&OF_SITE);
            if !value.is_null() && !known.clone().any(|name| name == key) {
                self.ask(&format!("site {key}"), value);
            }
        }
        let remark = value.get("note").filter(|note| !note.is_null()).map(plain);
        let single = found.len() == 1;
        let mut lesions = Vec::new();
        for one in found {
            let bone = one.note.clone().unwrap_or_default();
            // Only what is named in a field of its own is surely meant as a bone or a side.
            if one.place.bone.as_str() == "whole_body" && !bone.is_empty() && !Phrase::new(&bone).has("body")
            {
                // A word that is like a bone is misspelt; any other may be one that the skeleton here does not have.
                let nearest = suggest(&bone).into_iter().find(|known| is_misspelling(&bone, known));
                if Phrase::new(&bone).has("unknown") || nearest.is_none() {
                    self.ask("bone", &Value::String(bone.clone()));
                } else {
                    let what = "bone or region".to_owned();
                    let fault =
                        Fault::UnknownCode { what, found: bone.clone(), nearest, allowed: Vec::new() };
                    self.refuse_for("sites", "bone", &Value::String(bone), fault);
                }
            }
            if let Some(unclear) = one.unclear {
                self.ask("part or side of a site", &Value::String(unclear));
            }
            let mut place = one.place;
            place.at_least = count.filter(|_| single);
            let notes: Vec<String> = one.note.into_iter().chain(remark.clone()).collect();
            lesions.push(Lesion { note: (!notes.is_empty()).then(|| notes.join("; ")), ..Lesion::at(place) });
        }
        lesions
    }

    /// The study that lesions belong to: the one of the kind, or that tells how many there are, or the only one;
    /// else one of which nobody says how it was made.
    pub(super) fn study_for_lesions(&mut self, modality: Option<Modality>) -> &mut ImagingStudy {
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

/// Fields of a site that name its bone, its side and its part.
const BONE: [&str; 7] = ["bone", "bones", "region", "site", "location", "place", "name"];
/// Other fields of a site that are read.
const OF_SITE: [&str; 10] =
    ["evidence", "count", "n", "note", "excluded", "present", "involved", "lesion", "normal", "spared"];
const SIDE: [&str; 4] = ["side", "sides", "laterality", "lateral"];
const LEVEL: [&str; 4] = ["level", "levels", "vertebra", "vertebrae"];
const SEGMENT: [&str; 4] = ["segment", "segments", "part", "subsite"];

/// A bone with its level; a bare number counts within the part of the spine that the bone names.
fn at_level(bone: &str, level: &str) -> String {
    let parts = [("cervical", 'C'), ("thoracic", 'T'), ("dorsal", 'T'), ("lumbar", 'L'), ("sacral", 'S')];
    let part = parts.iter().find(|(part, _)| bone.to_lowercase().contains(part));
    match part {
        Some((_, letter)) if level.parse::<u8>().is_ok() => format!("vertebra {letter}{level}"),
        _ => format!("{bone} {level}"),
    }
}

/// Whether a word is another one in a few wrong letters.
fn is_misspelling(word: &str, known: &str) -> bool {
    let (word, known) = (normalised(word), normalised(known));
    strsim::damerau_levenshtein(&word, &known) <= (word.chars().count() / 5).max(1)
}

/// Whether a site says that there is no lesion: `none`, `{bone: femur, excluded: true}`, `{bone: tibia, evidence: none}`.
fn is_denied_site(site: &Value) -> bool {
    let says = |name: &str| site.get(name).and_then(presence);
    let normal = |name: &str| {
        site.get(name).is_some_and(|value| {
            presence(value) == Some(false)
                || ["normal", "uninvolved", "spared", "unaffected"].contains(&plain(value).as_str())
        })
    };
    presence(site) == Some(false)
        || says("excluded") == Some(true)
        || says("normal") == Some(true)
        || says("spared") == Some(true)
        || ["evidence", "present", "involved", "lesion"].iter().any(|name| says(name) == Some(false))
        || ["status", "finding", "result", "mri", "radiograph", "imaging", "scan"]
            .iter()
            .any(|name| normal(name))
}

/// The sites of a list, of one site, or of a map from bones to sides.
fn sites_of(value: &Value) -> Vec<Value> {
    let Value::Object(fields) = value else { return elements(value) };
    if fields.keys().any(|key| BONE.contains(&key.as_str())) {
        return vec![value.clone()];
    }
    let known = |value: &Value| {
        let texts: Vec<String> = elements(value).iter().map(plain).collect();
        site::side_of(&texts).is_ok()
    };
    let site = |(bone, value): (&String, &Value)| {
        let mut site = match value {
            Value::Object(fields) => fields.clone(),
            value if presence(value) == Some(false) => return None,
            value if ["spared", "normal", "uninvolved", "unaffected"].contains(&plain(value).as_str()) => {
                return None;
            }
            Value::Bool(true) | Value::Null => Fields::new(),
            value => {
                let field = if known(value) { "side" } else { "segment" };
                Fields::from_iter([(field.to_owned(), value.clone())])
            }
        };
        site.insert("bone".to_owned(), Value::String(bone.clone()));
        Some(Value::Object(site))
    };
    fields.iter().filter_map(site).collect()
}
