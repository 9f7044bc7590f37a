//! Random inputs of the equations: states, sites, hosts, drugs, blood and parameters within their plausible ranges.
#![allow(dead_code, reason = "each test file uses some of the inputs")]

use osteoflare_kinetics::local::{Circulation, Effects, Host, Site};
use osteoflare_kinetics::parameters::{Parameters, find};
use osteoflare_kinetics::scalar::Scalar;
use osteoflare_kinetics::state::{ANTIGENS, LOCAL_STATES, SYSTEMIC_STATES};
use proptest::prelude::*;

/// Everything that the equations of one site read.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<S> {
    pub y: [S; LOCAL_STATES],
    pub z: [S; SYSTEMIC_STATES],
    pub site: Site<S>,
    pub blood: Circulation<S>,
    pub drug: Effects<S>,
    pub host: Host<S>,
    pub p: Parameters<S>,
}

impl<S: Scalar> Inputs<S> {
    /// The same inputs as scalars of another kind; `f` gets a name for each.
    pub fn map<T: Scalar>(&self, mut f: impl FnMut(&str, S) -> T) -> Inputs<T> {
        let mut index = 0;
        let y = named("y", &self.y, &mut f);
        let z = named("z", &self.z, &mut f);
        let antigens = named("site.antigens", &self.site.antigens, &mut f);
        let effectors = named("blood.effectors", &self.blood.effectors, &mut f);
        let self_reactivity = named("host.self_reactivity", &self.host.self_reactivity, &mut f);
        let site = Site {
            kappa: f("site.kappa", self.site.kappa),
            antigens,
            growth: f("site.growth", self.site.growth),
            remodelling: f("site.remodelling", self.site.remodelling),
            volume: f("site.volume", self.site.volume),
        };
        let blood = Circulation {
            effectors,
            regulators: f("blood.regulators", self.blood.regulators),
            foreign: f("blood.foreign", self.blood.foreign),
            priming: f("blood.priming", self.blood.priming),
            il6: f("blood.il6", self.blood.il6),
        };
        let host = Host {
            il10_competence: f("host.il10_competence", self.host.il10_competence),
            regulatory_competence: f("host.regulatory_competence", self.host.regulatory_competence),
            self_reactivity,
            foreign_reactivity: f("host.foreign_reactivity", self.host.foreign_reactivity),
            antibiotic_penetration: f("host.antibiotic_penetration", self.host.antibiotic_penetration),
        };
        let drug = {
            let d = &self.drug;
            Effects {
                cox: f("drug.cox", d.cox),
                gc: f("drug.gc", d.gc),
                tnf: f("drug.tnf", d.tnf),
                il1: f("drug.il1", d.il1),
                il17: f("drug.il17", d.il17),
                jak: f("drug.jak", d.jak),
                mtx: f("drug.mtx", d.mtx),
                bp: f("drug.bp", d.bp),
                abx: f("drug.abx", d.abx),
            }
        };
        // `Parameters::map` visits the fields in the order of the symbols.
        let values = std::cell::RefCell::new(Vec::new());
        self.p.map(|v| {
            values.borrow_mut().push(v);
            v
        });
        let values = values.into_inner();
        let p = Parameters::from_fn(|symbol| {
            index += 1;
            f(&format!("p.{symbol}"), values[index - 1])
        });
        Inputs { y, z, site, blood, drug, host, p }
    }
}

fn named<S: Scalar, T: Scalar, const N: usize>(
    prefix: &str,
    values: &[S; N],
    f: &mut impl FnMut(&str, S) -> T,
) -> [T; N] {
    std::array::from_fn(|i| f(&format!("{prefix}[{i}]"), values[i]))
}

/// Parameters anywhere in their plausible ranges.
pub fn plausible_parameters() -> impl Strategy<Value = Parameters<f64>> {
    prop::collection::vec(0.0..=1.0_f64, Parameters::SYMBOLS.len()).prop_map(|shares| {
        let mut shares = shares.into_iter();
        Parameters::from_fn(|symbol| {
            let row = find(symbol).expect("every field is a row of the table");
            row.low + (row.high - row.low) * shares.next().expect("one share per symbol")
        })
    })
}

/// Inputs with states between `lowest` and 3, about one state in eight at `lowest`.
pub fn inputs(lowest: f64) -> impl Strategy<Value = Inputs<f64>> {
    let level = move || prop_oneof![1 => Just(lowest), 7 => lowest..3.0];
    (
        prop::collection::vec(level(), LOCAL_STATES + SYSTEMIC_STATES),
        prop::collection::vec(0.1..1.5_f64, 20),
        prop::collection::vec(prop_oneof![1 => Just(0.0), 2 => 0.0..1.0], 9),
        plausible_parameters(),
    )
        .prop_map(|(y, traits, drug, p)| {
            let antigens: [f64; ANTIGENS] = std::array::from_fn(|k| traits[k] / 2.0);
            let z: [f64; SYSTEMIC_STATES] = std::array::from_fn(|i| y[LOCAL_STATES + i]);
            Inputs {
                y: std::array::from_fn(|i| y[i]),
                z,
                site: Site {
                    kappa: traits[5],
                    antigens,
                    growth: traits[6],
                    remodelling: traits[7],
                    volume: traits[8],
                },
                blood: Circulation {
                    effectors: [z[0], z[1], z[2], z[3], z[4]],
                    regulators: z[5],
                    foreign: z[6],
                    priming: z[7],
                    il6: traits[9],
                },
                drug: Effects {
                    cox: drug[0],
                    gc: drug[1],
                    tnf: drug[2],
                    il1: drug[3],
                    il17: drug[4],
                    jak: drug[5],
                    mtx: drug[6],
                    bp: drug[7],
                    abx: drug[8],
                },
                host: Host {
                    il10_competence: traits[10],
                    regulatory_competence: traits[11],
                    self_reactivity: std::array::from_fn(|k| traits[12 + k]),
                    foreign_reactivity: traits[17],
                    antibiotic_penetration: traits[18],
                },
                p,
            }
        })
}
