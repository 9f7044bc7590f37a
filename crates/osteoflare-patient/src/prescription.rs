//! Drugs as prescribed: which, how much, how often, how long.

/// The drugs the model knows. Each acts on a mechanism only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Drug {
    /// Naproxen, an NSAID.
    Naproxen,
    /// Prednisolone, a glucocorticoid.
    Prednisolone,
    /// Methotrexate.
    Methotrexate,
    /// Sulfasalazine.
    Sulfasalazine,
    /// Adalimumab, a TNF inhibitor.
    Adalimumab,
    /// Etanercept, a TNF inhibitor.
    Etanercept,
    /// Infliximab, a TNF inhibitor.
    Infliximab,
    /// Anakinra, an IL-1 receptor antagonist.
    Anakinra,
    /// Canakinumab, an antibody to IL-1β.
    Canakinumab,
    /// Secukinumab, an antibody to IL-17A.
    Secukinumab,
    /// Tofacitinib, a JAK inhibitor.
    Tofacitinib,
    /// Baricitinib, a JAK inhibitor.
    Baricitinib,
    /// Pamidronate, a bisphosphonate.
    Pamidronate,
    /// Zoledronate, a bisphosphonate.
    Zoledronate,
    /// Cefazolin, a beta-lactam antibiotic.
    Cefazolin,
    /// Flucloxacillin, a beta-lactam antibiotic.
    Flucloxacillin,
    /// Clindamycin, a lincosamide antibiotic.
    Clindamycin,
}

impl Drug {
    /// Every drug, in the order of the enum.
    pub const ALL: [Drug; 17] = [
        Drug::Naproxen,
        Drug::Prednisolone,
        Drug::Methotrexate,
        Drug::Sulfasalazine,
        Drug::Adalimumab,
        Drug::Etanercept,
        Drug::Infliximab,
        Drug::Anakinra,
        Drug::Canakinumab,
        Drug::Secukinumab,
        Drug::Tofacitinib,
        Drug::Baricitinib,
        Drug::Pamidronate,
        Drug::Zoledronate,
        Drug::Cefazolin,
        Drug::Flucloxacillin,
        Drug::Clindamycin,
    ];

    /// Generic name, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Drug::Naproxen => "naproxen",
            Drug::Prednisolone => "prednisolone",
            Drug::Methotrexate => "methotrexate",
            Drug::Sulfasalazine => "sulfasalazine",
            Drug::Adalimumab => "adalimumab",
            Drug::Etanercept => "etanercept",
            Drug::Infliximab => "infliximab",
            Drug::Anakinra => "anakinra",
            Drug::Canakinumab => "canakinumab",
            Drug::Secukinumab => "secukinumab",
            Drug::Tofacitinib => "tofacitinib",
            Drug::Baricitinib => "baricitinib",
            Drug::Pamidronate => "pamidronate",
            Drug::Zoledronate => "zoledronate",
            Drug::Cefazolin => "cefazolin",
            Drug::Flucloxacillin => "flucloxacillin",
            Drug::Clindamycin => "clindamycin",
        }
    }

    /// The drug of that name.
    pub fn from_name(name: &str) -> Option<Drug> {
        Drug::ALL.into_iter().find(|d| d.name() == name)
    }
}

/// Size of one dose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dose {
    /// Milligrams.
    Mg(f64),
    /// Milligrams per kilogram of body weight, with an upper limit in mg for one dose.
    MgPerKg(f64, Option<f64>),
    /// Milligrams per square metre of body surface, with an upper limit in mg for one dose.
    MgPerM2(f64, Option<f64>),
}

/// A regimen: repeated doses of one drug.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regimen {
    /// Which drug.
    pub drug: Drug,
    /// Size of each dose.
    pub dose: Dose,
    /// Days between doses.
    pub interval_days: f64,
    /// A course of several doses on consecutive days, repeated every `interval_days` (1 for simple dosing; pamidronate: 3).
    pub doses_per_cycle: u32,
    /// Linear taper to zero over the last days of the course, days (0: none).
    pub taper_days: f64,
}
