//! The equations of the model as symbols, read from the kinetics that are run.
//!
//! One site and the circulation are read once. A model of many sites is the site's part repeated, with names that end in
//! the site, and the circulation that sums over them.

use std::collections::BTreeSet;

use osteoflare_kinetics::local::{self, Circulation, Effects, Host, Site};
use osteoflare_kinetics::observable;
use osteoflare_kinetics::parameters::{self, Parameters};
use osteoflare_kinetics::scalar::{Symbol, record};
use osteoflare_kinetics::state::{ANTIGENS, LOCAL, LOCAL_STATES, SYSTEMIC};
use osteoflare_kinetics::systemic::{self, Imports};

use crate::expression::{Graph, Id, Reading, Term, Unit, UnitError, read};

/// Names of drug effects, in the order of the fields of [`Effects`], with their meaning.
pub const EFFECTS: [(&str, &str); 9] = [
    ("e_COX", "drug effect: inhibition of cyclo-oxygenase"),
    ("e_GC", "drug effect: glucocorticoid receptor"),
    ("e_TNF", "drug effect: neutralisation of TNF"),
    ("e_IL1", "drug effect: blockade of interleukin 1"),
    ("e_IL17", "drug effect: neutralisation of interleukin 17"),
    ("e_JAK", "drug effect: inhibition of Janus kinases"),
    ("e_MTX", "drug effect: methotrexate-like, on priming and recall"),
    ("e_BP", "drug effect: bisphosphonate on osteoclasts"),
    ("e_ABX", "drug effect: killing of bacteria by antibiotics"),
];

/// Names of the constants of one site besides antigen shares, with their meaning.
pub const SITE_CONSTANTS: [(&str, &str); 5] = [
    ("kappa", "susceptibility of the site"),
    ("growth", "relative longitudinal growth of the adjoining plate"),
    ("rem", "remodelling activity at the present age"),
    ("volume", "volume relative to the proximal metaphysis of the tibia"),
    ("nociception", "nociceptive gain of the site"),
];

/// Names of the traits of the child besides self-reactivity, with their meaning.
pub const TRAITS: [(&str, &str); 4] = [
    ("c_10", "myeloid IL-10 competence of the child, 1 = healthy"),
    ("c_reg", "regulatory competence of the child"),
    ("A_F", "foreign reactivity of the repertoire"),
    ("penetration", "penetration of antibiotics into the child's bone"),
];

/// Sums over all sites that the circulation and the sites read.
pub const IL6_BLOOD: &str = "IL6_blood";
/// Bacterial load of all sites as innate sensors see it.
pub const PAMP: &str = "pamp";

/// `name` followed by the number of each antigen class, from 1.
pub fn numbered(name: &str) -> [String; ANTIGENS] {
    std::array::from_fn(|k| format!("{name}{}", k + 1))
}

/// Values of drug effects in the order of [`EFFECTS`].
pub fn effect_values<S: Copy>(e: &Effects<S>) -> [S; 9] {
    [e.cox, e.gc, e.tnf, e.il1, e.il17, e.jak, e.mtx, e.bp, e.abx]
}

/// One part of the model: equations that share their expressions.
#[derive(Clone, Debug)]
pub struct Part {
    /// Derivative of every state, per day, in the order of the state vector.
    pub rates: Vec<(&'static str, Id)>,
    /// What the part gives to others.
    pub outputs: Vec<(&'static str, Id)>,
    /// Intermediate quantities that the text of the kinetics calls by a name, in its order.
    pub intermediates: Vec<(&'static str, Id)>,
}

impl Part {
    /// Results: rates, then outputs.
    pub fn roots(&self) -> Vec<Id> {
        self.rates.iter().chain(&self.outputs).map(|(_, id)| *id).collect()
    }
}

/// The whole model for one site and the circulation.
#[derive(Clone, Debug)]
pub struct Equations {
    /// All expressions.
    pub graph: Graph,
    /// One site. Outputs: `presentation`, `spill`, `germs` (what the circulation gathers) and `pain`.
    pub site: Part,
    /// The circulation. Output: `temperature`.
    pub blood: Part,
    /// Units of parameters that the table cannot write, as they follow from the equations.
    pub derived_units: Vec<(String, Unit)>,
}

impl Equations {
    /// Reads the kinetics.
    ///
    /// # Errors
    /// [`UnitError`] if the equations add unlike things.
    pub fn read() -> Result<Equations, UnitError> {
        let mut graph = Graph::default();
        let site = site(&mut graph)?;
        let blood = blood(&mut graph)?;
        let mut derived_units = site.found.clone();
        derived_units.extend(blood.found.iter().filter(|f| !site.found.contains(f)).cloned());
        let part = |reading: Reading, states: &[&'static str], outputs: &[&'static str]| {
            let (rates, rest) = reading.roots.split_at(states.len());
            Part {
                rates: states.iter().copied().zip(rates.iter().copied()).collect(),
                outputs: outputs.iter().copied().zip(rest.iter().copied()).collect(),
                intermediates: reading.labels,
            }
        };
        Ok(Equations {
            site: part(site, &LOCAL.map(|s| s.symbol), &["presentation", "spill", "germs", "pain"]),
            blood: part(blood, &SYSTEMIC.map(|s| s.symbol), &["temperature"]),
            graph,
            derived_units,
        })
    }

    /// Names that the rates and the outputs that `wanted` accepts depend on.
    pub fn names_read_by(&self, wanted: impl Fn(&str) -> bool) -> BTreeSet<&str> {
        let roots = [&self.site, &self.blood].into_iter().flat_map(|part| {
            let outputs = part.outputs.iter().filter(|(name, _)| wanted(name));
            part.rates.iter().chain(outputs).map(|(_, id)| *id)
        });
        let needed = self.graph.needed(roots);
        let named = self.graph.terms().iter().enumerate().filter_map(|(id, term)| match term {
            Term::Name(name) if needed[id] => Some(self.graph.names()[*name].as_str()),
            _ => None,
        });
        named.collect()
    }

    /// Unit of any name in the equations.
    pub fn unit_of(&self, name: &str) -> Unit {
        self.derived_units
            .iter()
            .find(|(derived, _)| derived == name)
            .map(|(_, unit)| *unit)
            .or_else(|| unit_of(name))
            .unwrap_or(Unit::ONE)
    }
}

/// Unit of a name, where the tables of the model tell it completely.
fn unit_of(name: &str) -> Option<Unit> {
    if let Some(state) = LOCAL.iter().chain(&SYSTEMIC).find(|state| state.symbol == name) {
        return Unit::parse(state.unit);
    }
    match parameters::find(name) {
        Some(parameter) => Unit::parse(&parameter.unit),
        None => Some(Unit::ONE),
    }
}

/// Unit of the derivative of a state.
fn rate_unit(unit: &str) -> Unit {
    let mut rate = Unit::parse(unit).unwrap_or(Unit::ONE);
    for (power, day) in rate.0.iter_mut().zip(Unit::PER_DAY.0) {
        *power += day;
    }
    rate
}

fn symbols<const N: usize>(names: [&str; N]) -> [Symbol; N] {
    names.map(Symbol::named)
}

fn numbered_symbols(name: &str) -> [Symbol; ANTIGENS] {
    numbered(name).map(Symbol::named)
}

fn effects() -> Effects<Symbol> {
    let [cox, gc, tnf, il1, il17, jak, mtx, bp, abx] = symbols(EFFECTS.map(|(name, _)| name));
    Effects { cox, gc, tnf, il1, il17, jak, mtx, bp, abx }
}

fn host() -> Host<Symbol> {
    let [il10_competence, regulatory_competence, foreign_reactivity, antibiotic_penetration] =
        symbols(TRAITS.map(|(name, _)| name));
    Host {
        il10_competence,
        regulatory_competence,
        self_reactivity: numbered_symbols("A_"),
        foreign_reactivity,
        antibiotic_penetration,
    }
}

fn site(graph: &mut Graph) -> Result<Reading, UnitError> {
    let expression = record(|| {
        let y: [Symbol; LOCAL_STATES] = LOCAL.map(|state| Symbol::named(state.symbol));
        let [kappa, growth, remodelling, volume, nociception] = symbols(SITE_CONSTANTS.map(|(name, _)| name));
        let site = Site { kappa, antigens: numbered_symbols("q_"), growth, remodelling, volume };
        let blood = Circulation {
            effectors: numbered_symbols("E_s"),
            regulators: Symbol::named("G_s"),
            foreign: Symbol::named("F"),
            priming: Symbol::named("U"),
            il6: Symbol::named(IL6_BLOOD),
        };
        let (drug, host, p) = (effects(), host(), Parameters::from_fn(|symbol| Symbol::named(symbol)));
        let mut roots = local::derivatives(&y, &site, &blood, &drug, &host, &p).to_vec();
        let given = local::export(&y, &site, &p);
        roots.extend([given.presentation, given.il6, given.pamp]);
        roots.push(observable::pain(&y, nociception, &drug, &p));
        roots
    });
    let mut units: Vec<Unit> = LOCAL.iter().map(|state| rate_unit(state.unit)).collect();
    units.extend([Unit::ONE; 4]);
    read(graph, &expression, unit_of, &units)
}

fn blood(graph: &mut Graph) -> Result<Reading, UnitError> {
    let expression = record(|| {
        let z = SYSTEMIC.map(|state| Symbol::named(state.symbol));
        let il6 = Symbol::named(IL6_BLOOD);
        let pamp = Symbol::named(PAMP);
        let imports = Imports { presentation: numbered_symbols("pres_"), il6, pamp };
        let (drug, host, p) = (effects(), host(), Parameters::from_fn(|symbol| Symbol::named(symbol)));
        let mut roots = systemic::derivatives(&z, &imports, &drug, &host, &p).to_vec();
        roots.push(systemic::temperature(systemic::acute_signal(il6, Symbol::named(PAMP), &p), &drug, &p));
        roots
    });
    let mut units: Vec<Unit> = SYSTEMIC.iter().map(|state| rate_unit(state.unit)).collect();
    units.push(Unit::ONE);
    read(graph, &expression, unit_of, &units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinetics_have_consistent_units() {
        let equations = Equations::read().unwrap();
        assert_eq!(equations.site.rates.len(), LOCAL_STATES);
        // The tables give every unit, and none is at odds with the equations.
        assert_eq!(equations.derived_units, []);
        assert!(equations.site.intermediates.len() > 20);
    }
}
