//! Summaries of known cohorts.
