//! Purposes of random streams: one number each, never reused.

/// Traits of the host.
pub const HOST: u32 = 1;
/// Repertoire (uses three consecutive purposes).
pub const REPERTOIRE: u32 = 2;
/// Traits of sites.
pub const SITES: u32 = 6;
/// Sensitivity to drugs.
pub const DRUGS: u32 = 7;
/// Doses missed at home.
pub const ADHERENCE: u32 = 8;
/// Infections elsewhere.
pub const PRIMING: u32 = 9;
/// Planned exposures: target site, bacteria trapped per site.
pub const EXPOSURE: u32 = 10;
/// Intrinsic noise.
pub const NOISE: u32 = 11;
/// When parents seek care.
pub const CARE: u32 = 12;
/// Readers' errors and measurement noise (uses several consecutive purposes).
pub const OBSERVATION: u32 = 20;
/// Micro-trauma: one stream per site from here on.
pub const MICROTRAUMA: u32 = 1000;
