//! Rows on sterile injury and bacterial osteomyelitis (H3 and B).

use osteoflare_kinetics::parameters::Parameters;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_solver::system::SolverError;
use rayon::prelude::*;

use super::experiments::{EARLY, Infected, Infection, LATE, infect, sterile_injury};
use super::row::{Table, number};
use super::statistics::{mean, median, quantile, share};

/// Runs every infection experiment and fills the rows.
pub fn rows(table: &mut Table, seed: u64, n: u32, p: &Parameters<f64>) -> Result<(), SolverError> {
    let healthy = HostPopulation::preset("healthy").expect("a shipped population");
    let injuries: Vec<(f64, bool)> = (0..n.min(40))
        .into_par_iter()
        .map(|i| sterile_injury(&healthy, 2.0, seed, i, p))
        .collect::<Result<_, _>>()?;
    let mut days: Vec<f64> = injuries.iter().map(|x| x.0).collect();
    days.sort_by(f64::total_cmp);
    let bright = injuries.iter().any(|x| x.1);
    table.claim(
        "H3",
        "sterile injury (D = 2) resolves: days with M > 0.1, MRI lesion of 6 weeks",
        "all ≤ 14 d, none",
        "rabbit 7 d",
        format!(
            "median {}, longest {} d; MRI lesion {}",
            number(quantile(&days, 0.5)),
            number(quantile(&days, 1.0)),
            bright
        ),
        quantile(&days, 1.0) <= 14.0 && !bright,
        quantile(&days, 1.0) - 14.0,
    );

    let run = |e: Infection| -> Result<Vec<Infected>, SolverError> {
        (0..n).into_par_iter().map(|i| infect(&healthy, e, seed, i, p)).collect()
    };
    let plain = |cfu, injury| Infection { cfu, injury, drug: None };
    let treated = |drug, start, days| Infection { cfu: 3000.0, injury: 1.5, drug: Some((drug, start, days)) };
    let infected = |r: &[Infected]| share(r.iter().filter(|x| x.foci > 0).count(), r.len());

    let none = run(plain(3000.0, 1.5))?;
    table.band("B1", "3,000 CFU and injury: infected", "almost all", infected(&none), 0.80, 1.0);
    table.band(
        "B2",
        "3,000 CFU without injury: infected",
        "small foci only",
        infected(&run(plain(3000.0, 0.0))?),
        0.0,
        0.10,
    );
    let doses = [300.0, 550.0, 1000.0, 1800.0, 3300.0, 10_000.0];
    let shares: Vec<f64> = doses
        .iter()
        .map(|d| Ok(infected(&run(plain(*d, 1.5))?).value))
        .collect::<Result<_, SolverError>>()?;
    let half = doses.iter().zip(&shares).find(|(_, s)| **s >= 0.5).map_or(f64::INFINITY, |x| *x.0);
    table.claim(
        "B3",
        "inoculum that infects half, with injury, CFU to bone",
        "300–10,000",
        "rabbit 2,000 local: 75 %",
        format!(
            "{} ({})",
            number(half),
            doses
                .iter()
                .zip(&shares)
                .map(|(d, s)| format!("{d:.0}: {:.0} %", 100.0 * s))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        half > 300.0 && half <= 10_000.0,
        f64::NAN,
    );
    let ill: Vec<&Infected> = none.iter().filter(|x| x.foci > 0).collect();
    table.band(
        "B4",
        "one focus, of those infected",
        "100 % of 31",
        share(ill.iter().filter(|x| x.foci == 1).count(), ill.len()),
        0.90,
        1.0,
    );

    let cured = run(treated(Drug::Cefazolin, EARLY, 21.0))?;
    let value = |r: &[Infected], f: fn(&Infected) -> f64| r.iter().map(f).collect::<Vec<f64>>();
    let days_to = |r: &[Infected], f: fn(&Infected) -> Option<f64>| {
        r.iter().map(|x| f(x).unwrap_or(f64::INFINITY)).collect::<Vec<f64>>()
    };
    table.band(
        "B5",
        "CRP at presentation, mg/L",
        "71 (mean); 163 ± 108",
        median(&value(&cured, |x| x.crp_start)),
        50.0,
        170.0,
    );
    table.band(
        "B6a",
        "CRP peak, day of antibiotics",
        "2",
        median(&value(&cured, |x| x.crp_peak_day)),
        1.0,
        3.0,
    );
    table.band(
        "B6b",
        "CRP below 20 mg/L, day of antibiotics",
        "6.9–10",
        median(&days_to(&cured, |x| x.crp_below_20)),
        6.0,
        11.0,
    );
    table.band("B7a", "ESR peak, mm/h", "58", median(&value(&cured, |x| x.esr_peak)), 45.0, 90.0);
    table.band(
        "B7b",
        "ESR peak, day of antibiotics",
        "3–5",
        median(&value(&cured, |x| x.esr_peak_day)),
        3.0,
        6.0,
    );
    table.band(
        "B7c",
        "ESR below 20 mm/h, day of antibiotics",
        "18–24",
        median(&days_to(&cured, |x| x.esr_below_20)),
        16.0,
        26.0,
    );
    table.band(
        "B8",
        "fever",
        "91 %",
        share(ill.iter().filter(|x| x.temperature_max > 38.0).count(), ill.len()),
        0.85,
        1.0,
    );
    let good = cured.iter().filter(|x| x.sterile && x.mri_sites <= 1).count();
    table.band(
        "B9",
        "antibiotic 21 d from day 5: sterile at 1 y, no new focus",
        "cure 95–99 %",
        share(good, cured.len()),
        0.95,
        1.0,
    );
    let sterile = |r: &[Infected]| share(r.iter().filter(|x| x.sterile && x.foci > 0).count(), r.len());
    table.band(
        "B10a",
        "NSAID alone: sterile",
        "–",
        sterile(&run(treated(Drug::Naproxen, EARLY, 300.0))?),
        0.0,
        0.05,
    );
    table.band(
        "B10b",
        "steroid alone: sterile",
        "–",
        sterile(&run(treated(Drug::Prednisolone, EARLY, 300.0))?),
        0.0,
        0.05,
    );
    let fails = |r: &[Infected]| share(r.iter().filter(|x| !x.sterile).count(), r.len());
    table.band(
        "B11",
        "antibiotic for 5 days only: fails",
        "some",
        fails(&run(treated(Drug::Cefazolin, EARLY, 5.0))?),
        0.10,
        0.90,
    );
    table.band(
        "B12a",
        "start after 60 days, 21 d of antibiotic: fails",
        "chronic osteomyelitis needs more",
        fails(&run(treated(Drug::Cefazolin, LATE, 21.0))?),
        0.50,
        1.0,
    );
    table.band(
        "B12b",
        "start after 60 days, 42 d of antibiotic: fails",
        "chronic osteomyelitis needs more",
        fails(&run(treated(Drug::Cefazolin, LATE, 42.0))?),
        0.50,
        0.97,
    );
    let loss: Vec<f64> = ill.iter().filter_map(|x| x.loss_day).collect();
    table.band("B13", "bone below 0.85 if untreated, day", "radiograph week 1–3", mean(&loss), 7.0, 21.0);
    Ok(())
}
