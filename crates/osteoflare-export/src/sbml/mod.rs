//! SBML Level 3 Version 2 of a scenario.
//!
//! Sites are compartments of size 1, states are species whose levels follow rate rules, intermediate quantities of the
//! equations are assignment rules under their own names, and everything that comes from outside is an event.
//! Identifiers end in the site: `M__talus_R` are the macrophages of the right talus.

mod annotate;
mod events;
mod mathml;
mod rules;
mod units;

use std::collections::BTreeSet;

use osteoflare_kinetics::parameters;
use osteoflare_kinetics::state::{LOCAL, Local, ONE_ORGANISM, SYSTEMIC, StateInfo, Systemic};
use osteoflare_skeleton::{Part, Sex, Side, Skeleton};

use crate::equations::{EFFECTS, Equations, SITE_CONSTANTS, TRAITS, effect_values, numbered};
use crate::expression::{Unit, UnitError};
use crate::ontology;
use crate::scenario::{DAYS_PER_YEAR, Scenario};
use crate::xml::Element;

/// What is written besides the equations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Pain of every site and body temperature, which nothing depends on.
    pub observables: bool,
    /// Ontology terms of the states of every site.
    pub annotations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { observables: true, annotations: true }
    }
}

/// Identifier of a state or constant of a site.
pub fn at_site(symbol: &str, site: &str) -> String {
    format!("{symbol}__{site}")
}

/// The scenario as an SBML document.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn document(scenario: &Scenario, options: Options) -> Result<String, UnitError> {
    let equations = Equations::read()?;
    let model = Model { scenario, equations: &equations, options };
    let root = Element::new("sbml")
        .with("xmlns", "http://www.sbml.org/sbml/level3/version2/core")
        .with("level", 3)
        .with("version", 2)
        .child(model.element());
    Ok(root.document())
}

struct Model<'a> {
    scenario: &'a Scenario,
    equations: &'a Equations,
    options: Options,
}

/// A quantity of the model with what is known of it.
struct Quantity<'a> {
    id: String,
    name: String,
    value: Option<f64>,
    unit: String,
    constant: bool,
    note: Option<String>,
    state: Option<&'a StateInfo>,
}

impl<'a> Model<'a> {
    fn element(&self) -> Element {
        let s = self.scenario;
        let sites = if s.sites.len() == 1 { "site" } else { "sites" };
        let title = format!("Osteoflare: {} {sites}. {}", s.sites.len(), s.title);
        let note = format!(
            "Immune-bone equations of Osteoflare {} for one virtual child. Research use only; not a medical device. \
             Time in days. Levels are relative: 1 is the level in an established lesion, unless a unit is given. \
             Bacteria are millions of colony-forming units in a millilitre of marrow: the size of a site, 1, stands for it.",
            env!("CARGO_PKG_VERSION")
        );
        Element::new("model")
            .with("id", "osteoflare")
            .with("name", title)
            .with("timeUnits", units::DAY)
            .with("substanceUnits", "dimensionless")
            .with("volumeUnits", "dimensionless")
            .with("extentUnits", "dimensionless")
            .child(annotate::notes(&note))
            .child(Element::new("listOfUnitDefinitions").children(units::definitions(&self.used_units())))
            .child(Element::new("listOfCompartments").children(self.compartments()))
            .child(Element::new("listOfSpecies").children(self.species()))
            .child(Element::new("listOfParameters").children(self.parameters()))
            .child(Element::new("listOfRules").children(self.rules()))
            .list("listOfEvents", self.events())
    }

    fn site_name(&self, position: usize) -> &'static str {
        &Skeleton::get().site(self.scenario.sites[position].id).id
    }

    fn used_units(&self) -> BTreeSet<Unit> {
        let graph = &self.equations.graph;
        let constants = graph.terms().iter().filter_map(|term| match term {
            crate::expression::Term::Constant(_, unit) => Some(*unit),
            _ => None,
        });
        constants.chain(graph.names().iter().map(|name| self.equations.unit_of(name))).collect()
    }

    fn compartments(&self) -> Vec<Element> {
        let compartment = |id: &str, name: &str| {
            Element::new("compartment")
                .with("id", id)
                .with("metaid", format!("meta_{id}"))
                .with("name", name)
                .with("spatialDimensions", 3)
                .with("size", 1)
                .with("units", "dimensionless")
                .with("constant", true)
        };
        let blood = [("is", ontology::address("UBERON:0000178"))];
        let mut all = vec![compartment("blood", "blood").child(annotate::annotation("meta_blood", &blood))];
        for site in &self.scenario.sites {
            let place = Skeleton::get().site(site.id);
            let codes = &Skeleton::get().bone(site.id).codes;
            let qualifier = match (place.part, place.side) {
                // The codes name no side: a left talus is one kind of talus.
                (Part::Whole, Side::Left | Side::Right) => "isVersionOf",
                // A vertebra is one site, named by its body.
                (Part::Whole | Part::VertebralBody, _) => "is",
                _ => "isPartOf",
            };
            let id = format!("site_{}", place.id);
            let terms: Vec<(&str, String)> = [&codes.uberon, &codes.fma]
                .into_iter()
                .flatten()
                .map(|code| (qualifier, ontology::address(code)))
                .collect();
            let mut element = compartment(&id, &place.label());
            if !terms.is_empty() {
                element = element.child(annotate::annotation(&format!("meta_{id}"), &terms));
            }
            all.push(element);
        }
        all
    }

    /// States as species; CRP and ESR are no amounts in a compartment and stand among the parameters.
    fn species(&self) -> Vec<Element> {
        let mut all = Vec::new();
        for (s, state) in SYSTEMIC.iter().enumerate() {
            if !is_measured(s) {
                all.push(self.one_species(
                    false,
                    state,
                    state.symbol.to_owned(),
                    "blood",
                    state.meaning,
                    self.scenario.systemic[s],
                ));
            }
        }
        for (position, local) in self.scenario.local.iter().enumerate() {
            let site = self.site_name(position);
            let label = Skeleton::get().site(self.scenario.sites[position].id).label();
            for (state, value) in LOCAL.iter().zip(local) {
                let name = format!("{}; {label}", state.meaning);
                let id = at_site(state.symbol, site);
                let constant = is_germ(state.symbol) && !self.scenario.is_infected(position);
                all.push(self.one_species(constant, state, id, &format!("site_{site}"), &name, *value));
            }
        }
        all
    }

    fn one_species(
        &self,
        constant: bool,
        state: &StateInfo,
        id: String,
        compartment: &str,
        name: &str,
        value: f64,
    ) -> Element {
        let metaid = format!("meta_{id}");
        let mut element = Element::new("species")
            .with("id", id)
            .with("metaid", &metaid)
            .with("name", name)
            .with("compartment", compartment)
            .with("initialConcentration", value)
            .with("substanceUnits", self.equations.unit_of(state.symbol).identifier())
            .with("hasOnlySubstanceUnits", false)
            .with("boundaryCondition", false)
            .with("constant", constant);
        if self.options.annotations {
            let terms = annotate::terms(ontology::of_state(state.symbol));
            element = element.child(annotate::annotation(&metaid, &terms));
        }
        element
    }

    fn parameters(&self) -> Vec<Element> {
        self.quantities().into_iter().map(|q| self.parameter(q)).collect()
    }

    fn parameter(&self, q: Quantity) -> Element {
        let metaid = format!("meta_{}", q.id);
        let mut element = Element::new("parameter").with("id", q.id);
        if q.state.is_some() {
            element = element.with("metaid", &metaid);
        }
        element = element.with("name", q.name);
        if let Some(value) = q.value {
            element = element.with("value", value);
        }
        element = element.with("units", q.unit).with("constant", q.constant);
        if let Some(note) = q.note {
            element = element.child(annotate::notes(&note));
        }
        if let Some(state) = q.state.filter(|_| self.options.annotations) {
            let terms = annotate::terms(ontology::of_state(state.symbol));
            element = element.child(annotate::annotation(&metaid, &terms));
        }
        element
    }

    fn quantities(&self) -> Vec<Quantity<'a>> {
        let (s, equations) = (self.scenario, self.equations);
        let plain = |id: &str, name: &str, value: f64| Quantity {
            id: id.to_owned(),
            name: name.to_owned(),
            value: Some(value),
            unit: Unit::ONE.identifier(),
            constant: true,
            note: None,
            state: None,
        };
        let mut all = Vec::new();
        // The table of the model, as far as the equations read it.
        let values = s.parameter_values();
        let read = equations.names_read_by(|output| self.is_written(output));
        for info in parameters::all() {
            let growth = s.grows && GROWTH_PARAMETERS.contains(&info.symbol.as_str());
            if !growth && !read.contains(info.symbol.as_str()) {
                continue;
            }
            let unit = match info.unit.as_str() {
                "yr" => units::YEAR.to_owned(),
                _ => equations.unit_of(&info.symbol).identifier(),
            };
            all.push(Quantity {
                unit,
                note: Some(format!(
                    "{}. Default {}, plausible {} to {}. Source: {}.",
                    info.meaning, info.default, info.low, info.high, info.source
                )),
                ..plain(&info.symbol, &info.meaning, values(&info.symbol))
            });
        }
        let host = &s.host;
        let traits = [
            host.il10_competence,
            host.regulatory_competence,
            host.foreign_reactivity,
            host.antibiotic_penetration,
        ];
        all.extend(TRAITS.iter().zip(traits).map(|((id, meaning), value)| plain(id, meaning, value)));
        for (k, id) in numbered("A_").iter().enumerate() {
            let name = format!("self-reactivity of the child to bone antigens of class {}", k + 1);
            all.push(plain(id, &name, host.self_reactivity[k]));
        }
        let first = s.windows.first().map_or([0.0; 9], |w| effect_values(&w.effects));
        for (k, (id, meaning)) in EFFECTS.iter().enumerate() {
            let constant = s.windows.iter().all(|w| effect_values(&w.effects)[k] == first[k]);
            all.push(Quantity { constant, ..plain(id, meaning, first[k]) });
        }
        for (k, state) in SYSTEMIC.iter().enumerate().filter(|(k, _)| is_measured(*k)) {
            all.push(Quantity {
                unit: equations.unit_of(state.symbol).identifier(),
                constant: false,
                state: Some(state),
                ..plain(state.symbol, state.meaning, s.systemic[k])
            });
        }
        self.growth_quantities(&mut all);
        for (position, site) in s.sites.iter().enumerate() {
            let id = |symbol: &str| at_site(symbol, self.site_name(position));
            let constants = [
                site.kinetic.kappa,
                site.kinetic.growth,
                site.kinetic.remodelling,
                site.kinetic.volume,
                site.nociception,
            ];
            for ((symbol, meaning), value) in SITE_CONSTANTS.iter().zip(constants) {
                let unread = *symbol == "nociception" && !self.options.observables;
                // Where the plate closes, a rule gives the remodelling activity.
                let ruled = *symbol == "rem" && self.plate_closes(position);
                if !unread && !ruled {
                    all.push(plain(&id(symbol), meaning, value));
                }
            }
            for (k, symbol) in numbered("q_").iter().enumerate() {
                let name = format!("share of antigen class {} at the site", k + 1);
                all.push(plain(&id(symbol), &name, site.kinetic.antigens[k]));
            }
            if s.is_infected(position) {
                let germs = s.local[position][Local::B as usize] + s.local[position][Local::Bf as usize];
                let alive = f64::from(u8::from(germs >= ONE_ORGANISM));
                let name = "1 while there are bacteria at the site, else 0";
                all.push(Quantity { constant: false, ..plain(&id("alive"), name, alive) });
            }
            if let Some(age) = site.closure_age_years.filter(|_| self.plate_closes(position)) {
                let name = "age at which the growth plate closes";
                all.push(Quantity { unit: units::YEAR.to_owned(), ..plain(&id("closure"), name, age) });
            }
        }
        let ruled = self.assigned().into_iter().map(|rule| Quantity {
            value: None,
            constant: false,
            unit: rule.unit.identifier(),
            ..plain(&rule.id, &rule.name, 0.0)
        });
        all.extend(ruled);
        all
    }

    fn growth_quantities(&self, all: &mut Vec<Quantity>) {
        let s = self.scenario;
        if !s.grows {
            return;
        }
        let sex = if s.sex == Sex::Female { -1.0 } else { 1.0 };
        let quantity = |id: &str, name: &str, value: f64, unit: &str, constant: bool| Quantity {
            id: id.to_owned(),
            name: name.to_owned(),
            value: Some(value),
            unit: unit.to_owned(),
            constant,
            note: None,
            state: None,
        };
        let years = units::YEAR;
        all.push(quantity("age_at_start", "age on day 0", s.age_at_start_years, years, true));
        all.push(quantity("age", "age when growth was last looked up", s.age_at_start_years, years, false));
        all.push(quantity(
            "spurt_peak",
            "age of the growth spurt in the child's sex",
            s.parameters.age_spurt + sex,
            years,
            true,
        ));
        all.push(quantity("days_per_year", "days of a year", DAYS_PER_YEAR, units::DAYS_PER_YEAR, true));
        all.push(quantity("next_week", "day on which growth is looked up next", 7.0, units::DAY, false));
    }

    /// Whether the remodelling of a site changes with age.
    fn plate_closes(&self, position: usize) -> bool {
        self.scenario.grows && self.scenario.sites[position].closure_age_years.is_some()
    }

    /// Whether an output is wanted.
    fn is_written(&self, output: &str) -> bool {
        self.options.observables || !matches!(output, "pain" | "temperature")
    }
}

/// Parameters that growth reads.
const GROWTH_PARAMETERS: [&str; 6] =
    ["rem_closed", "rem_growth", "spurt_base", "spurt_height", "spurt_width", "w_close"];

/// Bacteria of a site. Where none ever come they are constants: with an equation of their own, the rounding errors of
/// an implicit solver would multiply in inflamed bone like germs.
fn is_germ(symbol: &str) -> bool {
    [Local::B, Local::Bf].iter().any(|state| LOCAL[*state as usize].symbol == symbol)
}

/// CRP and ESR: numbers of a laboratory, not amounts of something.
fn is_measured(systemic: usize) -> bool {
    systemic == Systemic::Crp as usize || systemic == Systemic::Esr as usize
}
