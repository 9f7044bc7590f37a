//! The differential: what else it may be, on what evidence, and what to ask next.
//!
//! Published shares of features are turned into likelihood ratios and combined in the open: every ratio is shown with its
//! source. Features depend on each other, so of each group only the strongest counts in each direction, and no ratio
//! counts for more than ten. Priors are assumed and can be replaced. Proof of a disease (a gene, a germ, malignant cells)
//! is reported as such and not weighed. Red flags are never outvoted: while one is open, CNO is held back whatever its
//! share.
//!
//! This reports evidence; it does not diagnose. Research use only; not a medical device.

mod clearing;
mod evidence;
mod flags;
mod proof;

use std::{cmp::Ordering, collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::{
    check::did_you_mean,
    instruments::Certainty,
    view::{Path, State, View},
};

/// What to say wherever a differential is shown.
pub const NOT_A_DIAGNOSIS: &str =
    "This reports published evidence; it does not diagnose. Research use only; not a medical device.";

/// Onset from this age on is none of the studies that the ratios come from, years.
const ADULT_YEARS: f64 = 18.0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    largest_ratio: f64,
    #[serde(rename = "disease")]
    diseases: Vec<DiseaseRow>,
    #[serde(rename = "feature")]
    features: Vec<FeatureRow>,
    #[serde(rename = "flag")]
    flags: Vec<FlagRow>,
    /// What is no candidate, for no share of it is published; it appears only when it is proven.
    outside: Vec<OutsideRow>,
    #[serde(rename = "remark")]
    remarks: Vec<ScreenRow>,
    #[serde(rename = "tissue")]
    tissue: Vec<ScreenRow>,
    #[serde(rename = "screen")]
    screens: Vec<ScreenRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DiseaseRow {
    id: String,
    name: String,
    prior: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutsideRow {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureRow {
    id: String,
    text: String,
    group: String,
    cno: f64,
    other: f64,
    against: Vec<String>,
    certainty: Certainty,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlagRow {
    id: String,
    text: String,
    concerns: Vec<String>,
    action: String,
    source: String,
    certainty: Certainty,
    #[serde(default)]
    cleared_by: Option<String>,
    /// Whether what it points to stands before all that is not proven.
    #[serde(default)]
    leads: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScreenRow {
    id: String,
    text: String,
    source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/differential.toml"))
        .unwrap_or_else(|error| panic!("embedded differential: {error}"))
});

/// Shares of diseases before any feature is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior(BTreeMap<&'static str, f64>);

/// What is wrong with a prior; every problem at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct PriorError {
    /// One line a problem.
    pub problems: Vec<String>,
}

impl Default for Prior {
    /// The assumed shares of `data/differential.toml`.
    fn default() -> Self {
        Self(TABLE.diseases.iter().map(|row| (row.id.as_str(), row.prior)).collect())
    }
}

impl Prior {
    /// The assumed prior with some shares replaced, e.g. `leukaemia=0.2,cno=0.3`; the rest keep their proportions.
    ///
    /// # Errors
    /// If a disease is not known or named twice, a share is not a number from 0 to 1, or shares exceed 1.
    pub fn parse(text: &str) -> Result<Self, PriorError> {
        let mut given: BTreeMap<&'static str, f64> = BTreeMap::new();
        let mut problems = Vec::new();
        let known: Vec<&'static str> = TABLE.diseases.iter().map(|row| row.id.as_str()).collect();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((name, share)) = part.split_once('=') else {
                problems.push(format!("prior `{part}`: write disease=share, e.g. leukaemia=0.2"));
                continue;
            };
            let word = crate::vocabulary::word(crate::vocabulary::Kind::Disease, name.trim());
            let id = known.iter().find(|id| **id == name.trim() || word.is_some_and(|w| w.term == **id));
            let Some(&id) = id else {
                let near: Vec<&str> =
                    known.iter().copied().filter(|id| strsim::jaro_winkler(id, name.trim()) > 0.8).collect();
                problems.push(format!(
                    "prior `{name}`: no such disease{}; allowed: {}",
                    did_you_mean(&near),
                    known.join(", ")
                ));
                continue;
            };
            match share.trim().parse::<f64>() {
                Ok(share) if (0.0..=1.0).contains(&share) => {
                    if given.insert(id, share).is_some() {
                        problems.push(format!("prior `{id}` is given twice"));
                    }
                }
                _ => problems.push(format!("prior `{name}`: `{share}` is no share from 0 to 1")),
            }
        }
        let sum: f64 = given.values().sum();
        if sum > 1.0 + 1e-9 {
            problems.push(format!("the given shares add up to {sum}, more than 1"));
        }
        if !problems.is_empty() {
            return Err(PriorError { problems });
        }
        let rest: f64 =
            TABLE.diseases.iter().filter(|r| !given.contains_key(r.id.as_str())).map(|r| r.prior).sum();
        let shares = TABLE.diseases.iter().map(|row| {
            let id = row.id.as_str();
            let share = given.get(id).copied().unwrap_or(if rest > 0.0 {
                row.prior * (1.0 - sum) / rest
            } else {
                0.0
            });
            (id, share)
        });
        Ok(Self(shares.collect()))
    }

    fn of(&self, disease: &str) -> f64 {
        self.0.get(disease).copied().unwrap_or(0.0)
    }
}

/// One published likelihood ratio and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ratio {
    /// Feature.
    pub feature: &'static str,
    /// Present or absent in this patient.
    pub present: bool,
    /// Likelihood ratio for CNO and against the disease, as derived from the published shares.
    pub ratio: f64,
    /// What it counts for: capped, or 1 if a stronger one of its group counts.
    pub counted: f64,
    /// Group of dependent features.
    pub group: &'static str,
    /// Fields of the record.
    pub used: Vec<Path>,
    /// Publication.
    pub source: &'static str,
    /// How sure.
    pub certainty: Certainty,
}

/// One disease.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Identifier.
    pub disease: &'static str,
    /// Name.
    pub name: &'static str,
    /// Whether there are published ratios, and so a share: what has none appears only when it is proven.
    #[serde(skip)]
    pub weighed: bool,
    /// Share before any feature.
    pub prior: f64,
    /// Share after the published ratios alone; proofs and red flags are not in it, and of what is no candidate there is
    /// none.
    pub share: f64,
    /// Proof in the record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<Proof>,
    /// What of the record excludes it: tissue or cultures without it, or a word of the clinicians.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Path>,
    /// Open red flags that point to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<&'static str>,
    /// Ratios of CNO against this disease.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ratios: Vec<Ratio>,
}

/// Proof of a disease.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proof {
    /// What it is.
    pub what: &'static str,
    /// Fields of the record.
    pub used: Vec<Path>,
}

/// A red flag that fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flag {
    /// Identifier.
    pub id: &'static str,
    /// What was seen.
    pub text: &'static str,
    /// Diseases that it points to.
    pub concerns: Vec<&'static str>,
    /// What to do.
    pub action: &'static str,
    /// Whether something in the record clears it.
    pub cleared: bool,
    /// What clears it, if anything can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleared_by: Option<&'static str>,
    /// Fields of the record.
    pub used: Vec<Path>,
    /// Publication.
    pub source: &'static str,
    /// How sure.
    pub certainty: Certainty,
}

/// Something to find out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// What.
    pub ask: &'static str,
    /// Expected information about which disease it is, bits; absent for what a red flag or a screen asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<f64>,
    /// Why: `red flag`, `tissue`, `information` or `screen`.
    pub because: &'static str,
}

/// The differential of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Differential {
    /// What this is not.
    pub note: &'static str,
    /// Whether CNO is held back: a red flag is open, or another disease is proven.
    pub cno_held_back: bool,
    /// Diseases that are proven, whatever the shares say.
    pub proven: Vec<&'static str>,
    /// What has to be said of the shares of this record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<&'static str>,
    /// Red flags, open ones first.
    pub flags: Vec<Flag>,
    /// Diseases: proven ones first, then by share.
    pub candidates: Vec<Candidate>,
    /// What to ask next, most useful first.
    pub ask_next: Vec<Question>,
}

impl Differential {
    /// The flag with an identifier, if it fired.
    pub fn flag(&self, id: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.id == id)
    }

    /// The disease with an identifier.
    pub fn candidate(&self, id: &str) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.disease == id)
    }

    /// Flags that nothing in the record clears.
    pub fn open_flags(&self) -> impl Iterator<Item = &Flag> {
        self.flags.iter().filter(|flag| !flag.cleared)
    }
}

/// The differential on a view.
pub fn differential(view: &View<'_>, prior: &Prior) -> Differential {
    let table: &'static Table = &TABLE;
    let answers = evidence::answers(view, &table.features);
    let mut candidates: Vec<Candidate> = table
        .diseases
        .iter()
        .map(|row| Candidate {
            disease: &row.id,
            name: &row.name,
            weighed: true,
            prior: prior.of(&row.id),
            share: 0.0,
            proof: proof::of(view, &row.id),
            excluded: proof::excluded(view, &row.id),
            flags: vec![],
            ratios: evidence::ratios(table, &answers, &row.id),
        })
        .collect();
    let states: Vec<State> = answers.iter().map(|(_, answer)| answer.state).collect();
    let shares = evidence::shares(table, prior, &states);
    for (candidate, share) in candidates.iter_mut().zip(shares) {
        candidate.share = share;
    }
    candidates.extend(table.outside.iter().filter_map(|row| {
        let proof = proof::outside(view, &row.id, &table.diseases);
        (!proof.is_empty()).then(|| Candidate {
            disease: &row.id,
            name: &row.name,
            weighed: false,
            prior: 0.0,
            share: 0.0,
            proof,
            excluded: vec![],
            flags: vec![],
            ratios: vec![],
        })
    }));
    let flags = flags::of(view, &table.flags);
    for candidate in &mut candidates {
        let points = |flag: &&Flag| !flag.cleared && flag.concerns.contains(&candidate.disease);
        candidate.flags = flags.iter().filter(points).map(|flag| flag.id).collect();
    }
    // What is proven stands first, then what pus, germs, blasts or malignant cells point to, whatever its share. Those that
    // one flag points to have been held against CNO by different features: the prior orders them.
    let leads = |id: &&str| table.flags.iter().any(|row| row.id == *id && row.leads);
    candidates.sort_by(|a, b| {
        let led = |c: &Candidate| c.flags.iter().any(&leads);
        // One warning may be chance; two that point to the same disease are not outvoted by shares.
        let warnings = |c: &Candidate| if c.flags.len() < 2 { 0 } else { c.flags.len() };
        let rank = |c: &Candidate| (!c.proof.is_empty(), led(c), warnings(c), c.excluded.is_empty());
        let by_prior = if led(a) && led(b) { b.prior.total_cmp(&a.prior) } else { Ordering::Equal };
        rank(b).cmp(&rank(a)).then(by_prior).then(b.share.total_cmp(&a.share))
    });
    let proven: Vec<&'static str> =
        candidates.iter().filter(|c| !c.proof.is_empty()).map(|c| c.disease).collect();
    let cno_held_back =
        proven.iter().any(|disease| *disease != "cno") || flags.iter().any(|flag| !flag.cleared);
    let mut ask_next: Vec<Question> = Vec::new();
    let unanswered = |flag: &&Flag| !flag.cleared && !flags::is_answered(view, flag, &proven);
    for flag in flags.iter().filter(unanswered) {
        if !ask_next.iter().any(|question| question.ask == flag.action) {
            ask_next.push(Question { ask: flag.action, bits: None, because: "red flag" });
        }
    }
    ask_next.extend(flags::tissue(view, &table.tissue, &flags));
    ask_next.extend(evidence::questions(table, prior, &answers, &states));
    ask_next.extend(flags::screens(view, &table.screens));
    let remarks = remarks(view, &table.remarks, !proven.is_empty());
    Differential { note: NOT_A_DIAGNOSIS, cno_held_back, proven, remarks, flags, candidates, ask_next }
}

/// What has to be said of the shares.
fn remarks(view: &View<'_>, rows: &'static [ScreenRow], proven: bool) -> Vec<&'static str> {
    let applies = |id: &str| match id {
        "without_the_proof" => proven,
        // The ratios come from children.
        _ => view.age_at_onset_years().range.at_least(ADULT_YEARS) == Some(true),
    };
    let rows = rows.iter().filter(|row| applies(&row.id) && !row.source.is_empty());
    rows.map(|row| row.text.as_str()).collect()
}

#[cfg(test)]
mod tests;
