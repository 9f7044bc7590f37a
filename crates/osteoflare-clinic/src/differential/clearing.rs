//! What clears a red flag: tissue that was taken no earlier, and not surely from another bone, than what raised it.

use crate::{
    germs,
    instruments::facts,
    lesions::surely_different_bones,
    place::{self, SiteSet},
    record::{Biopsy, CultureResult, Place, When},
    view::{Answer, Path, State, View, not},
    vocabulary::{self, Kind},
};

/// Where and when something in the record was.
struct Origin {
    day: Option<f64>,
    sites: Option<SiteSet>,
}

impl Origin {
    fn new(view: &View<'_>, when: Option<When>, place: Option<&Place>) -> Self {
        let sites = place.and_then(|place| place::resolve(place).ok()).map(|place| place.sites);
        Self { day: view.day(when), sites }
    }

    fn of(view: &View<'_>, path: Path) -> Self {
        let record = view.record;
        let nowhere = Self { day: None, sites: None };
        let Some(i) = path.index() else { return nowhere };
        match path.list() {
            "findings" => Self::new(view, record.findings[i].when, record.findings[i].place.as_ref()),
            "treatments" => Self::new(view, record.treatments[i].start, None),
            "biopsies" => Self::new(view, record.biopsies[i].when, record.biopsies[i].place.as_ref()),
            "imaging" => {
                let study = &record.imaging[i];
                let place = match path.inner() {
                    Some(("lesions", k)) => Some(&study.lesions[k].place),
                    _ => None,
                };
                Self::new(view, study.when, place)
            }
            _ => nowhere,
        }
    }

    /// Whether a sample tells what this is: not taken before it, and not surely from another bone. What has no day or no
    /// place may be anything.
    fn is_told_by(&self, sample: &Origin) -> bool {
        let in_time = match (self.day, sample.day) {
            (Some(seen), Some(taken)) => taken >= seen,
            _ => true,
        };
        let in_place = match (self.sites, sample.sites) {
            (Some(seen), Some(taken)) => surely_different_bones(&[seen, taken]) < 2,
            _ => true,
        };
        in_time && in_place
    }
}

/// Met if every piece of evidence is told by one of some samples.
fn cleared(view: &View<'_>, evidence: &[Path], samples: &[Path], missing: &'static str) -> Answer {
    let origins: Vec<Origin> = samples.iter().map(|&path| Origin::of(view, path)).collect();
    let mut used = Vec::new();
    for &path in evidence {
        let seen = Origin::of(view, path);
        match origins.iter().position(|sample| seen.is_told_by(sample)) {
            Some(k) if used.contains(&samples[k]) => {}
            Some(k) => used.push(samples[k]),
            None => return Answer::unknown(&[missing]),
        }
    }
    if used.is_empty() {
        return Answer::unknown(&[missing]);
    }
    Answer { state: State::Met, used, missing: vec![] }
}

/// Bone tissue with inflammation in which malignancy was looked for and not found. One sample with malignancy outweighs all.
pub(super) fn by_tissue(view: &View<'_>, evidence: &[Path]) -> Answer {
    let malignant = facts::malignancy_in_tissue(view);
    if malignant.state == State::Met {
        return not(malignant);
    }
    let samples: Vec<Path> =
        facts::tissues_without_malignancy(view).map(|i| Path::new("biopsies", i)).collect();
    cleared(view, evidence, &samples, "bone biopsy with inflammation and without malignancy")
}

fn class(biopsy: &Biopsy, wanted: &[&str]) -> bool {
    biopsy.findings.iter().any(|t| {
        vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| wanted.contains(&w.class.as_str()))
    })
}

/// Classes of what tissue shows that say which disease it is.
const DEFINITE: [&str; 7] = [
    "inflammatory",
    "malignant",
    "malignant_fusion",
    "benign_tumour",
    "histiocytic",
    "tuberculous",
    "infectious",
];

fn done<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, &'v Biopsy)> + 'v {
    view.record.biopsies.iter().enumerate().filter(|(_, biopsy)| biopsy.done && view.visible(biopsy.when))
}

/// A biopsy of bone that was done and shows necrosis, or nothing definite. A sample of marrow is none.
pub(super) fn uninformative(view: &View<'_>) -> Answer {
    let vague: Vec<Path> = done(view)
        .filter(|(_, b)| b.tissue.as_ref().is_none_or(|tissue| facts::is_bone(tissue.as_str())))
        .filter(|(_, b)| !b.findings.is_empty() && !class(b, &DEFINITE))
        .map(|(i, _)| Path::new("biopsies", i))
        .collect();
    if vague.is_empty() {
        return Answer::unknown(&[]);
    }
    Answer { state: State::Met, used: vague, missing: vec![] }
}

/// A sample with a definite result, or germs grown from bone.
pub(super) fn by_definite_tissue(view: &View<'_>, vague: &[Path]) -> Answer {
    let cultures = view.record.cultures.iter().enumerate();
    let grown = cultures.filter(|(_, c)| {
        c.result == CultureResult::Positive
            && germs::grew(c)
            && facts::is_from_bone(c)
            && view.visible(c.when)
    });
    if let Some((i, _)) = grown.into_iter().next() {
        return Answer::yes(Path::new("cultures", i));
    }
    let definite: Vec<Path> =
        done(view).filter(|(_, b)| class(b, &DEFINITE)).map(|(i, _)| Path::new("biopsies", i)).collect();
    cleared(view, vague, &definite, "a biopsy with a definite result")
}
