//! Records through every format and back, and files of every kind of badness.

mod arbitrary;
mod bad;
mod corpus;
mod files;
mod foreign;
mod round_trip;
mod vignette_facts;
mod vignette_laws;
mod vignettes;
mod wide;
