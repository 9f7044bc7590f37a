//! Clinical records in and out: own JSON, tables, GA4GH Phenopackets v2 and HL7 FHIR R4; in: vignettes of cases.
//!
//! Everything that is read becomes a [`Record`](osteoflare_clinic::record::Record), through one door, [`read`], which
//! recognises the format by its content and gives the records of a file one by one. What is wrong comes as
//! [`Problems`]: all of one record at once, each with file, line, path, what was found and what is allowed, and never
//! with anything that could identify a person. Files may be of any size and intent; see [`read`] for the bounds.
//!
//! ```
//! use osteoflare_exchange::{Options, read_stream};
//!
//! let table = "patient,section,name,value,unit\nA,patient,,,\nA,laboratory,crp,12,mg/l\n";
//! let records = read_stream(Box::new(table.as_bytes()), false, &Options::default())?;
//! for record in records {
//!     assert_eq!(record?.laboratory[0].value, Some(12.0));
//! }
//! # Ok::<(), osteoflare_exchange::Problems>(())
//! ```
//!
//! Research use only; not a medical device.

mod codes;
mod day_zero;
mod dosage;
mod fault;
mod fhir;
mod file;
mod finish;
mod format;
mod json;
mod known_words;
mod node;
mod phenopacket;
mod privacy;
mod problem;
mod read;
mod remainder;
mod table;
pub mod trial;
mod units;
mod vignette;
mod write;

pub use fault::{Fault, nearest};
pub use file::{FileWriter, companion_of};
pub use format::{Format, UnknownFormat};
pub use problem::{JsonPath, MOST_PROBLEMS, Place, Problem, Problems, Step};
pub use read::{Contents, Options, Records, read, read_stream};
pub use table::Mapping;
pub use write::{WriteError, WriteOptions, Writer};
