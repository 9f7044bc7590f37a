//! Drugs and the sites of the skeleton.

use osteoflare_patient::pharmacology;
use osteoflare_patient::prescription::{Dose, Drug, Regimen};
use osteoflare_skeleton::Skeleton;

use super::{cell, code};
use crate::document::table;

/// Standard regimens, and the pharmacology behind them.
pub fn drugs() -> String {
    let regimens: Vec<Vec<String>> = Drug::ALL
        .iter()
        .map(|drug| {
            let p = drug.pharmacology();
            vec![
                code(drug.name()),
                format!("{:?}", p.channel).to_lowercase(),
                regimen(&drug.standard_regimen()),
                cell(&p.home_dosed),
            ]
        })
        .collect();
    let bodies: Vec<Vec<String>> = pharmacology::table()
        .iter()
        .map(|p| {
            vec![
                code(&p.drug),
                p.absorption_per_day.to_string(),
                p.elimination_per_day.to_string(),
                format!("{}·(kg/{})^{}", p.volume_l, p.reference_weight_kg, p.weight_exponent_volume),
                p.weight_exponent_clearance.to_string(),
                p.bioavailability.to_string(),
                format!("{} {}", p.ic50, cell(&p.ic50_unit)),
                p.e_max.to_string(),
                p.hill.to_string(),
                cell(&p.source),
            ]
        })
        .collect();
    format!(
        "## What is given when a study file names a drug and nothing else\n\n\
         Numbers of a model, not advice on dosing.\n\n{}\n\
         ## What the body and the drug do\n\n\
         One compartment with first-order input (absorption 0: given straight into it); effect \
         `E_max·cʰ/(cʰ + IC50ʰ)`. Where the unit of the IC50 is no mg/L, \"volume\" is the factor that turns an \
         amount into that unit.\n\n{}",
        table(&["drug", "channel", "standard regimen", "taken at home"], &regimens),
        table(
            &[
                "drug",
                "absorption, 1/d",
                "elimination, 1/d",
                "volume, L",
                "weight exponent of clearance",
                "bioavailability",
                "IC50",
                "E_max",
                "h",
                "source",
            ],
            &bodies
        )
    )
}

fn regimen(r: &Regimen) -> String {
    let limited =
        |per: String, most: Option<f64>| most.map_or(per.clone(), |mg| format!("{per}, at most {mg} mg"));
    let dose = match r.dose {
        Dose::Mg(mg) => format!("{mg} mg"),
        Dose::MgPerKg(mg, most) => limited(format!("{mg} mg/kg"), most),
        Dose::MgPerM2(mg, most) => limited(format!("{mg} mg/m²"), most),
    };
    let every = if r.interval_days < 1.0 {
        format!("every {:.0} h", r.interval_days * 24.0)
    } else {
        format!("every {} d", r.interval_days)
    };
    match r.doses_per_cycle {
        1 => format!("{dose} {every}"),
        n => format!("{dose} on {n} days running, {every}"),
    }
}

/// Every site.
pub fn sites() -> String {
    let skeleton = Skeleton::get();
    let rows: Vec<Vec<String>> = skeleton
        .sites()
        .iter()
        .map(|site| {
            vec![
                code(&site.id),
                cell(&site.label()),
                site.tissue.as_str().replace('_', " "),
                site.load.to_string(),
                site.microtrauma_weight.to_string(),
                site.growth.to_string(),
                site.perfusion.to_string(),
                site.volume.to_string(),
            ]
        })
        .collect();
    format!(
        "{} sites on {} bones. All of them, with codes, growth and closing ages, are in \
         `crates/osteoflare-skeleton/data/`; `columns.csv` there gives meaning and source of every column.\n\n{}",
        skeleton.sites().len(),
        skeleton.bones().len(),
        table(
            &["site", "name", "tissue", "load", "micro-trauma", "growth", "sluggish flow", "volume"],
            &rows
        )
    )
}
