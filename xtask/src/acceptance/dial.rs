//! Rows on the dial of tolerance and on rival hypotheses (G and K).

use std::collections::BTreeMap;

use osteoflare_kinetics::switches;
use osteoflare_patient::population::HostPopulation;
use osteoflare_study::living::LifeError;
use osteoflare_study::study::Study;

use super::cohort::{Member, group, run};
use super::row::{Table, number};
use super::statistics::{median, quantile, share};

fn presented(members: &[Member]) -> f64 {
    share(members.iter().filter(|m| m.digest.entry.presented).count(), members.len()).value
}

fn sites_ever(members: &[Member]) -> f64 {
    let total: usize = members
        .iter()
        .map(|m| m.life.truth.spells.iter().map(|s| s.site).collect::<std::collections::BTreeSet<_>>().len())
        .sum();
    total as f64 / members.len() as f64
}

/// The share with disease over the grid of θ and c₁₀.
pub fn dial(
    table: &mut Table,
    study: &Study,
    n: u32,
    parameters: &BTreeMap<String, f64>,
) -> Result<String, LifeError> {
    let base = HostPopulation::preset("broken_tolerance").expect("a shipped population");
    let thetas = [0.45, 0.52, 0.58, 0.64, 0.70, 0.76, 0.82, 0.88, 0.94];
    let mut text = format!(
        "| c₁₀ \\ θ | {} |\n|---|{}\n",
        thetas.map(|t| format!("{t:.2}")).join(" | "),
        "---|".repeat(thetas.len())
    );
    let mut steepest = 0.0_f64;
    let mut falls = 0.0_f64;
    let mut healthy = f64::NAN;
    for il10 in [1.0, 0.6, 0.35] {
        let mut shares = Vec::new();
        text.push_str(&format!("| {il10:.2} |"));
        for theta in thetas {
            let population = HostPopulation {
                theta_mean: theta,
                theta_sd: 0.0,
                il10_median: il10,
                il10_log_sd: 0.0,
                ..base
            };
            let members = run(study, &group("dial", population, n, &[], parameters))?;
            let ill = presented(&members);
            text.push_str(&format!(" {:.0} % / {:.1} |", 100.0 * ill, sites_ever(&members)));
            if il10 == 1.0 && theta == 0.52 {
                healthy = ill;
            }
            shares.push(ill);
        }
        text.push('\n');
        for w in shares.windows(2) {
            steepest = steepest.max(w[1] - w[0]);
            falls = falls.max(w[0] - w[1]);
        }
    }
    let noise = 2.0 * (0.25 / f64::from(n)).sqrt();
    table.claim(
        "G1",
        "share with disease rises with θ: normal host, largest fall and largest rise between neighbours of the grid",
        "0; no fall beyond noise; no jump above 0.6",
        "–",
        format!("{}; fall {}, rise {}", number(healthy), number(falls), number(steepest)),
        healthy == 0.0 && falls <= noise && steepest <= 0.6,
        (falls - noise).max(steepest - 0.6).max(healthy),
    );
    Ok(text)
}

/// Knock-outs of single mechanisms.
pub fn knock_outs(
    table: &mut Table,
    study: &Study,
    n: u32,
    parameters: &BTreeMap<String, f64>,
) -> Result<String, LifeError> {
    let population = HostPopulation::preset("broken_tolerance").expect("a shipped population");
    let mut text = String::from(
        "| switched off | presented | sites ever | largest number of foci | spell, d | later spells at an old site |\n|---|---|---|---|---|---|\n",
    );
    let mut results = BTreeMap::new();
    let off = |name: &str| -> BTreeMap<String, f64> {
        let mut p = parameters.clone();
        for (symbol, value) in switches::find(name).map_or(&[][..], |s| s.off) {
            p.insert((*symbol).to_owned(), *value);
        }
        p
    };
    let mut arms: Vec<(String, HostPopulation, BTreeMap<String, f64>)> =
        vec![("nothing".to_owned(), population, parameters.clone())];
    for s in switches::ALL {
        arms.push((s.name.to_owned(), population, off(s.name)));
    }
    arms.push((
        "IL-10 deficit".to_owned(),
        HostPopulation { il10_median: 1.0, ..population },
        parameters.clone(),
    ));
    for (name, population, parameters) in arms {
        let members = run(study, &group("knock_out", population, n, &[], &parameters))?;
        let r = Summary::of(&members);
        text.push_str(&format!(
            "| {name} | {:.0} % | {:.1} | {:.1} | {:.0} | {:.0} % |\n",
            100.0 * r.presented,
            r.sites,
            r.foci,
            r.spell,
            100.0 * r.old
        ));
        results.insert(name, r);
    }
    let base = &results["nothing"];
    // Each claim is a ratio to the full model; a miss is given as a difference of ratios.
    let mut below = |id, what: &str, band: &str, value: f64, reference: f64, limit: f64| {
        let ratio = value / reference;
        let result = format!("{} against {}", number(value), number(reference));
        table.claim(id, what, band, "–", result, ratio < limit, ratio - limit);
    };
    let without = |name: &str| &results[name];
    let sites = "of the full model";
    let r = without("adaptive_arm");
    below("K1", "without the adaptive arm: sites ever", &format!("< ½ {sites}"), r.sites, base.sites, 0.5);
    let r = without("memory");
    below("K2", "without memory: later spells at an old site", "lower", r.old, base.old, 1.0);
    let r = without("spread");
    below("K3", "without spread: sites ever", &format!("< 0.7 {sites}"), r.sites, base.sites, 0.7);
    let r = without("local_regulation");
    below("K4", "with local regulation: spells against without", "< ⅓", base.spell, r.spell, 1.0 / 3.0);
    let r = without("debris_loop");
    below("K5", "without the debris loop: sites ever", &format!("< 0.3 {sites}"), r.sites, base.sites, 0.3);
    let r = without("IL-10 deficit");
    below("K6", "with normal IL-10: sites ever", "lower", r.sites, base.sites, 1.0);
    Ok(text)
}

struct Summary {
    presented: f64,
    sites: f64,
    foci: f64,
    spell: f64,
    old: f64,
}

impl Summary {
    fn of(members: &[Member]) -> Summary {
        let foci: Vec<f64> = members
            .iter()
            .map(|m| f64::from(m.life.systemic_course.iter().map(|s| s.inflamed_sites).max().unwrap_or(0)))
            .collect();
        let spells: Vec<f64> = members
            .iter()
            .flat_map(|m| m.life.truth.spells.iter().map(|s| s.end_day - s.start_day))
            .collect();
        let (mut old, mut later) = (0, 0);
        for m in members {
            let mut before = std::collections::BTreeSet::new();
            for (k, s) in m.life.truth.spells.iter().enumerate() {
                if k > 0 {
                    later += 1;
                    old += usize::from(before.contains(&s.site));
                }
                before.insert(s.site);
            }
        }
        let mut sorted = spells.clone();
        sorted.sort_by(f64::total_cmp);
        Summary {
            presented: presented(members),
            sites: sites_ever(members),
            foci: median(&foci).value,
            spell: quantile(&sorted, 0.5),
            old: share(old, later.max(1)).value,
        }
    }
}
