//! Events: what strikes, drugs whose effect changes, growth once a week, the last organism's death.

use osteoflare_kinetics::state::{LOCAL, Local, ONE_ORGANISM, SYSTEMIC};
use osteoflare_patient::simulation::WEEK;

use crate::equations::{EFFECTS, effect_values};
use crate::sbml::mathml::{apply, math, name, number, time};
use crate::sbml::{Model, at_site, units};
use crate::scenario::Target;
use crate::xml::Element;

fn event(
    id: &str,
    label: &str,
    starts_true: bool,
    trigger: Element,
    changes: Vec<(String, Element)>,
) -> Element {
    let assignments = changes.into_iter().map(|(variable, value)| {
        Element::new("eventAssignment").with("variable", variable).child(math(value))
    });
    Element::new("event")
        .with("id", id)
        .with("name", label)
        .with("useValuesFromTriggerTime", true)
        .child(
            Element::new("trigger")
                .with("initialValue", starts_true)
                .with("persistent", true)
                .child(math(trigger)),
        )
        .child(Element::new("listOfEventAssignments").children(assignments))
}

fn from_day(day: f64) -> Element {
    apply("geq", [time(), number(day, units::DAY)])
}

impl Model<'_> {
    pub(super) fn events(&self) -> Vec<Element> {
        let mut all = Vec::new();
        if self.scenario.grows {
            all.push(growing());
        }
        self.exposures(&mut all);
        self.strikes(&mut all);
        self.extinctions(&mut all);
        all
    }

    /// Changes of drug effects.
    fn exposures(&self, all: &mut Vec<Element>) {
        for (number_of, pair) in self.scenario.windows.windows(2).enumerate() {
            let (before, after) = (effect_values(&pair[0].effects), effect_values(&pair[1].effects));
            let changes: Vec<(String, Element)> = EFFECTS
                .iter()
                .enumerate()
                .filter(|(k, _)| before[*k] != after[*k])
                .map(|(k, (id, _))| ((*id).to_owned(), number(after[k], "dimensionless")))
                .collect();
            if !changes.is_empty() {
                let id = format!("exposure_{}", number_of + 1);
                let label = "drug effects, mean until the next change";
                all.push(event(&id, label, false, from_day(pair[1].from), changes));
            }
        }
    }

    /// Jumps of states; those of one instant are one event.
    fn strikes(&self, all: &mut Vec<Element>) {
        let pulses = &self.scenario.pulses;
        for (number_of, group) in pulses.chunk_by(|a, b| a.day == b.day).enumerate() {
            let mut sums: Vec<(String, f64, String)> = Vec::new();
            let mut settled: Vec<String> = Vec::new();
            for pulse in group {
                let (variable, unit) = match pulse.target {
                    Target::Site(position, state) => {
                        let alive = at_site("alive", self.site_name(position));
                        if matches!(state, Local::B | Local::Bf) && !settled.contains(&alive) {
                            settled.push(alive);
                        }
                        let symbol = LOCAL[state as usize].symbol;
                        (at_site(symbol, self.site_name(position)), self.equations.unit_of(symbol))
                    }
                    Target::Blood(state) => {
                        let symbol = SYSTEMIC[state as usize].symbol;
                        (symbol.to_owned(), self.equations.unit_of(symbol))
                    }
                };
                match sums.iter_mut().find(|(known, ..)| *known == variable) {
                    Some((_, amount, _)) => *amount += pulse.amount,
                    None => sums.push((variable, pulse.amount, unit.identifier())),
                }
            }
            let changes = sums.into_iter().map(|(variable, amount, unit)| {
                let value = apply("plus", [name(&variable), number(amount, &unit)]);
                (variable, value)
            });
            let settled = settled.into_iter().map(|alive| (alive, number(1.0, "dimensionless")));
            let changes = changes.chain(settled);
            let id = format!("strike_{}", number_of + 1);
            let label = "injury, infection elsewhere or bacteria that lodge";
            all.push(event(&id, label, false, from_day(group[0].day), changes.collect()));
        }
    }

    /// Fewer bacteria than one organism are none.
    fn extinctions(&self, all: &mut Vec<Element>) {
        for position in (0..self.scenario.sites.len()).filter(|i| self.scenario.is_infected(*i)) {
            let site = self.site_name(position);
            let [free, sheltered] =
                [Local::B, Local::Bf].map(|state| at_site(LOCAL[state as usize].symbol, site));
            let unit = self.equations.unit_of(LOCAL[Local::B as usize].symbol).identifier();
            let germs = apply("plus", [name(&free), name(&sheltered)]);
            let trigger = apply("lt", [germs, number(ONE_ORGANISM, &unit)]);
            let local = &self.scenario.local[position];
            let starts_true = local[Local::B as usize] + local[Local::Bf as usize] < ONE_ORGANISM;
            let changes = vec![
                (free, number(0.0, &unit)),
                (sheltered, number(0.0, &unit)),
                (at_site("alive", site), number(0.0, "dimensionless")),
            ];
            let label = "the last organism at the site dies";
            all.push(event(&format!("extinct_{site}"), label, starts_true, trigger, changes));
        }
    }
}

/// Once a week the age, and with it remodelling, is looked up anew.
fn growing() -> Element {
    let age =
        apply("plus", [name("age_at_start"), apply("divide", [name("next_week"), name("days_per_year")])]);
    let next = apply("plus", [name("next_week"), number(WEEK, units::DAY)]);
    event(
        "growth",
        "a week has passed",
        false,
        apply("geq", [time(), name("next_week")]),
        vec![("age".to_owned(), age), ("next_week".to_owned(), next)],
    )
}
