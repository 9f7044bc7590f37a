//! `cargo xtask regeneration`: the number 𝓡ₛ over its causes, under drugs, and through two lives, as a page and a
//! figure of the book.

mod figure;
mod life;

use std::error::Error;

use osteoflare_kinetics::local::{Effects, Host, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, Local, SYSTEMIC_STATES};
use osteoflare_kinetics::tolerance::regeneration_number;

use crate::document::{self, NOTICE, table};
use figure::{Curve, Panel};

/// IL-10 competence of the curves, 1 = healthy.
const COMPETENCE: [f64; 5] = [1.0, 0.7, 0.5, 0.35, 0.2];
/// Circulating self-reactive effectors of the table, r.u.
const EFFECTORS: [f64; 11] = [0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2];
/// Where the drugs are compared: effectors, r.u., and IL-10 competence, 1.
const COMPARED_AT: (f64, f64) = (0.7, 0.35);
/// Degree of effect at which drugs are compared, 1.
const EFFECT: f64 = 0.8;

/// Writes `generated/regeneration.md` and `generated/regeneration.svg`.
///
/// # Errors
/// If a life cannot be integrated or a file cannot be written.
pub fn run() -> Result<(), Box<dyn Error>> {
    let p = Parameters::default();
    let lives = [life::live("broken_tolerance", &p)?, life::live("healthy", &p)?];
    let panels = [causes(&p), life::panel(&lives)];
    document::write("regeneration.svg", &figure::draw(&panels))?;
    document::write("regeneration.md", &page(&p, &lives))
}

/// A place like the proximal metaphysis of the tibia, susceptibility 1.
struct Place {
    y: [f64; LOCAL_STATES],
    effectors: f64,
    competence: f64,
    drug: Effects<f64>,
}

impl Place {
    fn new(effectors: f64, competence: f64, p: &Parameters<f64>) -> Place {
        let mut y = LOCAL.map(|state| state.at_rest);
        y[Local::D as usize] = p.kT / p.cD;
        Place { y, effectors, competence, drug: Effects::none() }
    }

    fn number(&self, p: &Parameters<f64>) -> f64 {
        let mut shares = [0.0; ANTIGENS];
        shares[0] = 1.0;
        let site = Site { kappa: 1.0, antigens: shares, growth: 1.0, remodelling: 1.0, volume: 1.0 };
        let host = Host {
            il10_competence: self.competence,
            regulatory_competence: 1.0,
            self_reactivity: [1.0; ANTIGENS],
            foreign_reactivity: 1.0,
            antibiotic_penetration: 1.0,
        };
        let mut z = [0.0; SYSTEMIC_STATES];
        z[..ANTIGENS].fill(self.effectors);
        regeneration_number(&self.y, &z, &site, &self.drug, &host, p)
    }
}

/// 𝓡ₛ over circulating effectors, one curve for each IL-10 competence.
fn causes(p: &Parameters<f64>) -> Panel {
    let curves = COMPETENCE
        .iter()
        .map(|&c| Curve {
            name: format!("c₁₀ = {c}"),
            points: (0..=60)
                .map(|k| 0.02 * f64::from(k))
                .map(|e| (e, Place::new(e, c, p).number(p)))
                .collect(),
            thin: false,
        })
        .collect();
    Panel {
        title: "What makes a focus sustain itself".to_owned(),
        across: "circulating self-reactive effectors Eₛ, r.u.".to_owned(),
        up: "𝓡ₛ".to_owned(),
        curves,
        bands: Vec::new(),
    }
}

/// Each channel of drugs at the same degree of effect, and local regulation.
fn drugs(p: &Parameters<f64>) -> Vec<Vec<String>> {
    let (e, c) = COMPARED_AT;
    let with = |name: &str, change: &dyn Fn(&mut Place)| {
        let mut place = Place::new(e, c, p);
        change(&mut place);
        vec![name.to_owned(), format!("{:.2}", place.number(p))]
    };
    vec![
        with("nothing", &|_| {}),
        with("NSAID (cyclo-oxygenase)", &|x| x.drug.cox = EFFECT),
        with("IL-17 blockade", &|x| x.drug.il17 = EFFECT),
        with("methotrexate", &|x| x.drug.mtx = EFFECT),
        with("JAK inhibitor", &|x| x.drug.jak = EFFECT),
        with("IL-1 blockade", &|x| x.drug.il1 = EFFECT),
        with("TNF inhibitor", &|x| x.drug.tnf = EFFECT),
        with("bisphosphonate", &|x| x.drug.bp = EFFECT),
        with("glucocorticoid", &|x| x.drug.gc = EFFECT),
        with("antibiotic", &|x| x.drug.abx = EFFECT),
        with("local regulation G = 0.5", &|x| x.y[Local::G as usize] = 0.5),
    ]
}

fn page(p: &Parameters<f64>, lives: &[life::Life; 2]) -> String {
    let header: Vec<String> =
        std::iter::once("c₁₀ \\ Eₛ".to_owned()).chain(EFFECTORS.iter().map(|e| format!("{e}"))).collect();
    let rows: Vec<Vec<String>> = COMPETENCE
        .iter()
        .map(|&c| {
            std::iter::once(format!("{c}"))
                .chain(EFFECTORS.iter().map(|&e| {
                    let r = Place::new(e, c, p).number(p);
                    if r >= 1.0 { format!("**{r:.2}**") } else { format!("{r:.2}") }
                }))
                .collect()
        })
        .collect();
    let columns: Vec<&str> = header.iter().map(String::as_str).collect();
    let (e, c) = COMPARED_AT;
    format!(
        "# The number 𝓡ₛ\n\n{NOTICE} Command: `cargo xtask regeneration`.\n\n\
         𝓡ₛ says how many times a focus of inflammation regenerates itself: hold the inflammatory macrophages of a site \
         at a level, let everything faster settle, and see what level they regenerate; 𝓡ₛ is the largest ratio. Below 1 \
         every sterile trigger dies out; at 1 a focus that sustains itself appears. It belongs to one site at one moment: \
         self-reactive effectors in blood, IL-10 competence, susceptibility, local regulation, memory and drugs all move \
         it. `sites.parquet` and the report give it for each site and time; the source is \
         `crates/osteoflare-kinetics/src/tolerance.rs`.\n\n\
         ![𝓡ₛ over effectors and through two lives](regeneration.svg)\n\n\
         Left: a place of susceptibility 1 at rest. Right: {} and {}, with the same rules of growth and injury. \
         The thick line is the largest 𝓡ₛ of all sites, the thin one that of the site with most lesions in the child \
         with broken tolerance ({}); shaded: a lesion there (oedema above the MRI threshold).\n\n\
         ## Over circulating effectors and IL-10 competence\n\nBold: a focus sustains itself.\n\n{}\n\
         ## Under drugs\n\nAt Eₛ = {e} and c₁₀ = {c}; each channel at {} % of its full effect.\n\n{}",
        lives[0].words,
        lives[1].words,
        lives[0].site,
        table(&columns, &rows),
        EFFECT * 100.0,
        table(&["acting", "𝓡ₛ"], &drugs(p))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effectors_and_failing_il10_raise_the_number() {
        let p = Parameters::default();
        let at = |e, c| Place::new(e, c, &p).number(&p);
        for c in COMPETENCE {
            assert!(EFFECTORS.windows(2).all(|w| at(w[0], c) <= at(w[1], c)), "falls with effectors at {c}");
        }
        for e in EFFECTORS {
            assert!(COMPETENCE.windows(2).all(|w| at(e, w[0]) <= at(e, w[1])), "rises with IL-10 at {e}");
        }
        assert!(at(0.0, 1.0) < 1.0, "a healthy place at rest sustains a focus");
    }

    #[test]
    fn antibiotics_leave_the_number_alone_and_steroids_do_not() {
        let p = Parameters::default();
        let rows = drugs(&p);
        let of = |name: &str| rows.iter().find(|r| r[0] == name).map(|r| r[1].clone()).expect(name);
        assert_eq!(of("antibiotic"), of("nothing"));
        assert!(of("glucocorticoid").parse::<f64>().unwrap() < 1.0);
    }
}
