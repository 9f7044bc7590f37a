//! Clinical instruments: criteria, scores and outcome measures, item by item.
//!
//! Every instrument is a module; its items, points and cut-offs are data in `data/instruments/`, with source, version,
//! population, permitted use, and for each figure how sure it is (P read in the publication, S read in another source
//! that reports it, D derived from read figures, R recalled, U not found). All of them take a [`View`] of the general
//! [`Record`](crate::record::Record). What the record does not hold stays unknown: an item is `unknown`, a total is an
//! interval, a classification is `undetermined`.
//!
//! Research use only; not a medical device.

pub mod activity;
pub mod cdas;
pub mod chaq;
mod criteria;
mod definition;
pub mod eular_acr;
pub(crate) mod facts;
mod library;
pub mod mri;
pub mod pedcno;
mod result;
mod rule;
mod score;

use crate::{record::Record, view::View};

pub use definition::{Certainty, Definition, Performance};
pub use eular_acr::{Weights, WeightsError};
pub use library::{bristol_2016, definitions, jansson_2007, jansson_2009, kahn_2003, king_1987, nbods_2023};
pub use result::{Classification, Instrument, ItemResult, Measure};

/// Every instrument on a record as it stood on a day (`f64::INFINITY`: everything it holds).
pub fn score_all(record: &Record, at: f64, weights: Option<&Weights>) -> Vec<Instrument> {
    let view = View::new(record, at);
    score_view(&view, weights)
}

/// Every instrument on a view.
pub fn score_view(view: &View<'_>, weights: Option<&Weights>) -> Vec<Instrument> {
    let mut results: Vec<Instrument> = vec![
        nbods_2023(view),
        jansson_2009(view),
        jansson_2007(view),
        bristol_2016(view),
        eular_acr::score(view, weights),
        king_1987(view),
        kahn_2003(view),
        library::carra_ctp_2018(view),
        activity::active_disease(view),
        activity::inactive_disease(view),
        activity::globals(view),
        cdas::score(view),
        chaq::score(view),
        pedcno::score(view),
    ];
    results.extend(mri::score(view));
    results
}

#[cfg(test)]
mod tests;
