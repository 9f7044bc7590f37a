//! What the body does to each drug and what the drug does: one table, `data/drugs.csv`, and the standard regimens.
//!
//! A drug acts on one channel of the equations with effect `E_max·cʰ/(cʰ + IC50ʰ)`; nothing acts on an outcome.

use std::sync::LazyLock;

use osteoflare_kinetics::local::Effects;
use serde::Deserialize;

use crate::prescription::{Dose, Drug, Regimen};

/// Mechanism on which a drug acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Cyclo-oxygenase.
    Cox,
    /// Glucocorticoid receptor.
    Gc,
    /// Priming and recall (methotrexate-like).
    Mtx,
    /// Tumour necrosis factor.
    Tnf,
    /// Interleukin 1.
    Il1,
    /// Interleukin 17.
    Il17,
    /// Janus kinases.
    Jak,
    /// Osteoclasts (bisphosphonates).
    Bp,
    /// Bacteria.
    Abx,
}

/// Pharmacology of one drug: one compartment with first-order input.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Pharmacology {
    /// Generic name.
    pub drug: String,
    /// Where it acts.
    pub channel: Channel,
    /// Absorption rate, 1/d; 0: given straight into the compartment.
    pub absorption_per_day: f64,
    /// Elimination rate at the reference weight, 1/d.
    pub elimination_per_day: f64,
    /// Volume of distribution at the reference weight, L.
    pub volume_l: f64,
    /// Exponent of weight for volume.
    pub weight_exponent_volume: f64,
    /// Exponent of weight for clearance.
    pub weight_exponent_clearance: f64,
    /// Reference weight, kg.
    pub reference_weight_kg: f64,
    /// Share of a dose that reaches the compartment.
    pub bioavailability: f64,
    /// Concentration of half effect, in `ic50_unit`.
    pub ic50: f64,
    /// Unit of concentration and IC50.
    pub ic50_unit: String,
    /// Largest effect.
    pub e_max: f64,
    /// Steepness.
    pub hill: f64,
    /// `yes` if the child takes it at home and may miss doses.
    pub home_dosed: String,
    /// Source of the numbers.
    pub source: String,
}

static TABLE: LazyLock<Vec<Pharmacology>> = LazyLock::new(|| {
    let rows: Vec<Pharmacology> = csv::Reader::from_reader(include_str!("../data/drugs.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded drug table is well-formed");
    assert!(rows.iter().map(|r| r.drug.as_str()).eq(Drug::ALL.iter().map(|d| d.name())));
    rows
});

/// The whole table, in the order of [`Drug::ALL`].
pub fn table() -> &'static [Pharmacology] {
    &TABLE
}

impl Drug {
    /// Row of the table.
    pub fn pharmacology(self) -> &'static Pharmacology {
        &TABLE[self as usize]
    }

    /// Whether it kills bacteria.
    pub fn is_antibiotic(self) -> bool {
        self.pharmacology().channel == Channel::Abx
    }

    /// The usual regimen in children, with its source in the match arm.
    pub fn standard_regimen(self) -> Regimen {
        let (dose, interval_days, doses_per_cycle) = match self {
            // 10-15 mg/kg/d in two doses (label).
            Drug::Naproxen => (Dose::MgPerKg(6.0, Some(500.0)), 0.5, 1),
            // The scheme of Hedrich 2013 starts at 2 mg/kg/d (for 1-2 weeks, then less).
            Drug::Prednisolone => (Dose::MgPerKg(2.0, Some(60.0)), 1.0, 1),
            // 14.4 mg/m2 weekly (Franova 2016).
            Drug::Methotrexate => (Dose::MgPerM2(14.4, Some(25.0)), 7.0, 1),
            // 50 mg/kg/d (recalled).
            Drug::Sulfasalazine => (Dose::MgPerKg(25.0, Some(1000.0)), 0.5, 1),
            // 40 mg every two weeks from 30 kg, 20 mg below (label, recalled), written per kilogram.
            Drug::Adalimumab => (Dose::MgPerKg(1.2, Some(40.0)), 14.0, 1),
            // 0.4 mg/kg twice weekly.
            Drug::Etanercept => (Dose::MgPerKg(0.4, Some(25.0)), 3.5, 1),
            // 8.1 mg/kg every 6 weeks (CNO series).
            Drug::Infliximab => (Dose::MgPerKg(8.0, None), 42.0, 1),
            // 2 mg/kg/d (Urien 2013).
            Drug::Anakinra => (Dose::MgPerKg(2.0, Some(100.0)), 1.0, 1),
            // 4 mg/kg every 4 weeks (label in systemic JIA, recalled).
            Drug::Canakinumab => (Dose::MgPerKg(4.0, Some(300.0)), 28.0, 1),
            // 75 mg below 50 kg, 150 mg from 50 kg, every 4 weeks (label, recalled), written per kilogram.
            Drug::Secukinumab => (Dose::MgPerKg(3.0, Some(150.0)), 28.0, 1),
            // 5 mg twice daily from 40 kg (phase 1 JIA), written per kilogram.
            Drug::Tofacitinib => (Dose::MgPerKg(0.125, Some(5.0)), 0.5, 1),
            // 2 mg below 30 kg, 4 mg from 30 kg, daily (JUVE-BASIS), written per kilogram.
            Drug::Baricitinib => (Dose::MgPerKg(0.12, Some(4.0)), 1.0, 1),
            // 1 mg/kg/d on 3 days every 3 months, at most 60 mg/d (ACR abstract, 17 children).
            Drug::Pamidronate => (Dose::MgPerKg(1.0, Some(60.0)), 90.0, 3),
            // 0.05 mg/kg every 6 months, at most 4 mg (recalled).
            Drug::Zoledronate => (Dose::MgPerKg(0.05, Some(4.0)), 182.0, 1),
            // 50 mg/kg every 8 h, at most 2 g (Therapeutic Guidelines).
            Drug::Cefazolin => (Dose::MgPerKg(50.0, Some(2000.0)), 1.0 / 3.0, 1),
            // 50 mg/kg every 6 h, at most 2 g (Therapeutic Guidelines).
            Drug::Flucloxacillin => (Dose::MgPerKg(50.0, Some(2000.0)), 0.25, 1),
            // 10 mg/kg every 8 h, at most 600 mg (recalled).
            Drug::Clindamycin => (Dose::MgPerKg(10.0, Some(600.0)), 1.0 / 3.0, 1),
        };
        Regimen { drug: self, dose, interval_days, doses_per_cycle, taper_days: 0.0 }
    }
}

/// Adds the effect of one drug to those of others on the same channel: independent action, 1 − ∏(1 − e).
pub fn combine(effects: &mut Effects<f64>, channel: Channel, effect: f64) {
    let slot = match channel {
        Channel::Cox => &mut effects.cox,
        Channel::Gc => &mut effects.gc,
        Channel::Mtx => &mut effects.mtx,
        Channel::Tnf => &mut effects.tnf,
        Channel::Il1 => &mut effects.il1,
        Channel::Il17 => &mut effects.il17,
        Channel::Jak => &mut effects.jak,
        Channel::Bp => &mut effects.bp,
        Channel::Abx => &mut effects.abx,
    };
    *slot = 1.0 - (1.0 - *slot) * (1.0 - effect);
}
