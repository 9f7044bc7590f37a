//! What the clinic sees: records of visits, and the instruments that fill them in.
//!
//! Two layers never mix. The *course* of a patient (bacteria, cells, cytokines, bone) lives in
//! `osteoflare-patient`; this crate knows what examination, imaging, laboratory and questionnaires saw of it at visits,
//! with readers' errors and missing values. The virtual clinic writes a lean [`visits::VisitLog`]; everything clinical
//! takes the [`record::Record`], into which that log and a real child's file both turn, and so goes through the same
//! code for both.
//!
//! Research use only; not a medical device.

pub mod check;
pub mod differential;
pub mod digest;
pub mod genes;
mod germs;
pub mod instruments;
pub mod lesion_book;
pub mod lesions;
pub mod observe;
pub mod place;
pub mod record;
pub mod units;
pub mod view;
pub mod visit_scores;
pub mod visits;
pub mod vocabulary;
