//! What the clinic sees: records of visits, and the instruments that fill them in.
//!
//! Two layers never mix. The *course* of a patient (bacteria, cells, cytokines, bone) lives in
//! `osteoflare-patient`; this crate knows only the [`record::Record`]: what examination, imaging, laboratory and
//! questionnaires saw of it at visits, with readers' errors and missing values. A real child's record and a
//! virtual child's record are the same type and go through the same code.
//!
//! Research use only; not a medical device.

pub mod digest;
pub mod observe;
pub mod record;
