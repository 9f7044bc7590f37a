//! Biopsies and cultures.

use crate::{
    germs::{self, Source, grew},
    record::{Biopsy, Culture, CultureResult},
    view::{Answer, Path, State, View, all, any},
    vocabulary::{self, Kind},
};

fn has(terms: &[crate::record::Term], matches: impl Fn(&str, &str) -> bool) -> bool {
    terms
        .iter()
        .any(|t| vocabulary::word(Kind::Tissue, t.as_str()).is_some_and(|w| matches(&w.term, &w.class)))
}

/// Biopsies of bone that were done, up to the moment.
fn bone<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, &'v Biopsy)> + 'v {
    view.record.biopsies.iter().enumerate().filter(|(_, b)| {
        b.done && view.visible(b.when) && b.tissue.as_ref().is_none_or(|t| is_bone(t.as_str()))
    })
}

/// Whether a sample is bone; marrow is none.
pub(crate) fn is_bone(tissue: &str) -> bool {
    let name = vocabulary::normalised(tissue);
    name.contains("bone") && !name.contains("marrow")
}

/// Whether a culture is of bone, or of pus or tissue from it; of blood, swabs and body fluids it is not.
pub(crate) fn is_from_bone(culture: &Culture) -> bool {
    germs::source(culture) == Source::Bone
}

/// Cultures of bone, pus or tissue (not of blood), up to the moment.
fn cultures<'v>(view: &'v View<'_>) -> impl Iterator<Item = (usize, &'v Culture)> + 'v {
    view.record.cultures.iter().enumerate().filter(|(_, c)| view.visible(c.when) && is_from_bone(c))
}

pub(super) fn inflammatory_biopsy(view: &View<'_>) -> Answer {
    // Another disease in one sample is the answer, whatever the other samples show.
    let marrow = |biopsy: &Biopsy| {
        biopsy.tissue.as_ref().is_some_and(|t| vocabulary::normalised(t.as_str()).contains("marrow"))
    };
    let other = view.record.biopsies.iter().enumerate().find(|(_, biopsy)| {
        biopsy.done
            && view.visible(biopsy.when)
            && (biopsy.tissue.as_ref().is_none_or(|t| is_bone(t.as_str())) || marrow(biopsy))
            && has(&biopsy.findings, |_, class| {
                is_malignant(class) || matches!(class, "histiocytic" | "tuberculous" | "benign_tumour")
            })
    });
    if let Some((i, _)) = other {
        return Answer::no(Path::new("biopsies", i));
    }
    any(bone(view).map(|(i, biopsy)| {
        let path = Path::new("biopsies", i);
        let denied = has(&biopsy.absent, |_, class| class == "inflammatory")
            || has(&biopsy.findings, |term, _| term == "normal");
        if has(&biopsy.findings, |_, class| class == "inflammatory") {
            Answer::yes(path)
        } else if denied {
            Answer::no(path)
        } else {
            Answer { used: vec![path], ..Answer::unknown(&["result of the bone biopsy"]) }
        }
    }))
}

/// Which growth makes a culture of bone positive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// Any.
    Any,
    /// Not that of Cutibacterium acnes alone, which does not exclude SAPHO.
    ButAcnes,
}

impl Growth {
    fn is_in(self, culture: &Culture) -> bool {
        culture.result == CultureResult::Positive && (self == Self::Any || grew(culture))
    }

    fn is_missing_in(self, culture: &Culture) -> bool {
        culture.result == CultureResult::Sterile
            || culture.result == CultureResult::Positive && !self.is_in(culture)
    }
}

/// Whether bone was sterile, by culture or by the pathologist's search for germs.
fn sterile(view: &View<'_>, growth: Growth) -> Answer {
    if let Some((i, _)) = cultures(view).find(|(_, c)| growth.is_in(c)) {
        return Answer::no(Path::new("cultures", i));
    }
    if let Some((i, _)) = cultures(view).find(|(_, c)| growth.is_missing_in(c)) {
        return Answer::yes(Path::new("cultures", i));
    }
    if let Some((i, _)) = bone(view).find(|(_, b)| has(&b.findings, |_, class| class == "infectious")) {
        return Answer::no(Path::new("biopsies", i));
    }
    match bone(view).find(|(_, b)| has(&b.absent, |_, class| class == "infectious")) {
        Some((i, _)) => Answer::yes(Path::new("biopsies", i)),
        None => Answer::unknown(&["culture of bone"]),
    }
}

pub(super) fn sterile_inflammatory_biopsy(view: &View<'_>) -> Answer {
    inflamed_without(view, Growth::Any)
}

/// Inflamed bone in which germs were looked for and not found.
pub(super) fn inflamed_without(view: &View<'_>, growth: Growth) -> Answer {
    all([inflammatory_biopsy(view), sterile(view, growth)])
}

pub(super) fn sterile_off_antibiotics(view: &View<'_>) -> Answer {
    off_antibiotics_without(view, Growth::Any)
}

/// Culture of bone without growth, taken off antibiotics.
pub(super) fn off_antibiotics_without(view: &View<'_>, growth: Growth) -> Answer {
    if let Some((i, _)) = cultures(view).find(|(_, c)| growth.is_in(c)) {
        return Answer::no(Path::new("cultures", i));
    }
    any(cultures(view).filter(|(_, c)| growth.is_missing_in(c)).map(|(i, c)| {
        let path = Path::new("cultures", i);
        match c.off_antibiotics {
            Some(true) => Answer::yes(path),
            Some(false) => Answer::no(path),
            None => Answer {
                used: vec![path],
                ..Answer::unknown(&["whether the culture was taken off antibiotics"])
            },
        }
    }))
}

/// Whether what tissue shows is malignant: cells, or the fusion of genes that makes them. That a fusion is absent excludes
/// nothing.
fn is_malignant(class: &str) -> bool {
    matches!(class, "malignant" | "malignant_fusion")
}

/// Malignant cells in any tissue.
pub(crate) fn malignancy_in_tissue(view: &View<'_>) -> Answer {
    any(view.record.biopsies.iter().enumerate().filter(|(_, b)| b.done && view.visible(b.when)).map(
        |(i, b)| {
            let path = Path::new("biopsies", i);
            if has(&b.findings, |_, class| is_malignant(class)) {
                Answer::yes(path)
            } else {
                Answer { used: vec![path], ..Answer::unknown(&[]) }
            }
        },
    ))
}

/// Bone tissue that shows inflammation and in which malignancy was looked for and not found. One that shows necrosis or
/// nothing definite clears nothing: the needle may have missed.
pub(super) fn tissue_without_malignancy(view: &View<'_>) -> Answer {
    let malignant = malignancy_in_tissue(view);
    if malignant.state == State::Met {
        return crate::view::not(malignant);
    }
    match tissues_without_malignancy(view).next() {
        Some(i) => Answer::yes(Path::new("biopsies", i)),
        None => Answer::unknown(&["bone biopsy with inflammation and without malignancy"]),
    }
}

/// Numbers of the biopsies of bone that show inflammation and in which malignancy was looked for and not found.
pub(crate) fn tissues_without_malignancy<'v>(view: &'v View<'_>) -> impl Iterator<Item = usize> + 'v {
    bone(view)
        .filter(|(_, b)| {
            has(&b.findings, |_, class| class == "inflammatory")
                && has(&b.absent, |_, class| class == "malignant")
        })
        .map(|(i, _)| i)
}

pub(super) fn excludes_infection_and_malignancy(view: &View<'_>) -> Answer {
    all([tissue_without_malignancy(view), sterile(view, Growth::Any)])
}
