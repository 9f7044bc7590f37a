//! Rate rules of states, assignment rules of intermediate quantities and of growth.

use std::collections::HashMap;

use osteoflare_kinetics::state::ANTIGENS;

use crate::equations::{IL6_BLOOD, PAMP, Part, SITE_CONSTANTS, numbered};
use crate::expression::{Graph, Id, Term, Unit};
use crate::sbml::mathml::{self, Writer, apply, math};
use crate::sbml::{Model, at_site, is_germ};
use crate::xml::Element;

/// A quantity that an assignment rule computes.
pub(super) struct Assigned {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) unit: Unit,
    math: Element,
}

fn rule(kind: &str, variable: &str, inner: Element) -> Element {
    Element::new(kind).with("variable", variable).child(math(inner))
}

/// Intermediate quantities of a part that are worth a rule of their own: those that are used at least twice.
fn worth_a_name(graph: &Graph, part: &Part, wanted: &[Id]) -> Vec<(&'static str, Id)> {
    let uses = graph.uses(wanted);
    let compound = |id: Id| !matches!(graph.term(id), Term::Constant(..) | Term::Name(_));
    part.intermediates.iter().copied().filter(|(_, id)| compound(*id) && uses[*id] > 1).collect()
}

impl Model<'_> {
    fn wanted(&self, part: &Part) -> Vec<Id> {
        let outputs = part.outputs.iter().filter(|(name, _)| self.is_written(name));
        part.rates.iter().chain(outputs).map(|(_, id)| *id).collect()
    }

    /// Whether a name belongs to each site.
    fn is_local(&self, name: &str) -> bool {
        self.equations.site.rates.iter().any(|(state, _)| *state == name)
            || SITE_CONSTANTS.iter().any(|(constant, _)| *constant == name)
            || numbered("q_").iter().any(|share| share == name)
    }

    fn depends_on_site(&self, id: Id) -> bool {
        self.equations.graph.dependencies(id).iter().any(|name| self.is_local(name))
    }

    /// Every assignment rule.
    pub(super) fn assigned(&self) -> Vec<Assigned> {
        let (graph, equations) = (&self.equations.graph, self.equations);
        let mut all = Vec::new();
        let site_terms = worth_a_name(graph, &equations.site, &self.wanted(&equations.site));
        let blood_terms = worth_a_name(graph, &equations.blood, &self.wanted(&equations.blood));
        let (local, shared): (Vec<_>, Vec<_>) =
            site_terms.into_iter().partition(|(_, id)| self.depends_on_site(*id));
        let global: HashMap<Id, &str> =
            shared.iter().chain(&blood_terms).map(|(name, id)| (*id, *name)).collect();
        let rename = |name: &str| name.to_owned();
        let called = |id: Id| global.get(&id).map(|name| (*name).to_owned());
        let writer = Writer { graph, called: &called, rename: &rename };
        self.sums(&mut all);
        self.growth(&mut all);
        for (name, id) in shared.iter().chain(&blood_terms) {
            all.push(Assigned {
                id: (*name).to_owned(),
                name: name.replace('_', " "),
                unit: self.unit_of_term(*id),
                math: writer.define(*id),
            });
        }
        for (name, id) in equations.blood.outputs.iter().filter(|(name, _)| self.is_written(name)) {
            all.push(Assigned {
                id: (*name).to_owned(),
                name: "body temperature, degrees Celsius".to_owned(),
                unit: Unit::ONE,
                math: writer.define(*id),
            });
        }
        for position in 0..self.scenario.sites.len() {
            let site = self.site_name(position);
            let rename = |name: &str| if self.is_local(name) { at_site(name, site) } else { name.to_owned() };
            let by_node: HashMap<Id, &str> = local.iter().map(|(name, id)| (*id, *name)).collect();
            let called = |id: Id| {
                let here = by_node.get(&id).map(|name| at_site(name, site));
                here.or_else(|| global.get(&id).map(|name| (*name).to_owned()))
            };
            let writer = Writer { graph, called: &called, rename: &rename };
            for (name, id) in &local {
                all.push(Assigned {
                    id: at_site(name, site),
                    name: name.replace('_', " "),
                    unit: self.unit_of_term(*id),
                    math: writer.define(*id),
                });
            }
            for (name, id) in equations.site.outputs.iter().filter(|(name, _)| self.is_written(name)) {
                all.push(Assigned {
                    id: at_site(name, site),
                    name: output_name(name).to_owned(),
                    unit: Unit::ONE,
                    math: writer.write(*id),
                });
            }
        }
        all
    }

    /// What the circulation gathers from all sites.
    fn sums(&self, all: &mut Vec<Assigned>) {
        let sites: Vec<&str> = (0..self.scenario.sites.len()).map(|i| self.site_name(i)).collect();
        let sum = |of: &dyn Fn(&str) -> Element| match sites.as_slice() {
            [one] => of(one),
            many => apply("plus", many.iter().map(|site| of(site))),
        };
        let assigned = |id: &str, name: &str, math: Element| Assigned {
            id: id.to_owned(),
            name: name.to_owned(),
            unit: Unit::ONE,
            math,
        };
        let value = |symbol: &str, site: &str| mathml::name(&at_site(symbol, site));
        let il6 = sum(&|site| value("spill", site));
        all.push(assigned(IL6_BLOOD, "interleukin 6 in blood, from all sites", il6));
        let pamp = sum(&|site| value("germs", site));
        all.push(assigned(PAMP, "bacterial load of all sites as innate sensors see it", pamp));
        for k in 0..ANTIGENS {
            let share = &numbered("q_")[k];
            let presented = sum(&|site| apply("times", [value(share, site), value("presentation", site)]));
            let name = format!("antigen of class {} that all sites present", k + 1);
            all.push(assigned(&numbered("pres_")[k], &name, presented));
        }
    }

    /// Growth as a function of the age that a weekly event sets.
    fn growth(&self, all: &mut Vec<Assigned>) {
        if !self.scenario.grows {
            return;
        }
        let mut graph = Graph::default();
        let spurt = spurt(&mut graph);
        let keep = |name: &str| name.to_owned();
        let writer = Writer { graph: &graph, called: &|_| None, rename: &keep };
        all.push(Assigned {
            id: "spurt".to_owned(),
            name: "growth activity of open plates at the age".to_owned(),
            unit: Unit::ONE,
            math: writer.define(spurt),
        });
        let mut graph = Graph::default();
        let remodelling = remodelling(&mut graph);
        for position in (0..self.scenario.sites.len()).filter(|i| self.plate_closes(*i)) {
            let site = self.site_name(position);
            let rename = |name: &str| if name == "closure" { at_site(name, site) } else { name.to_owned() };
            let writer = Writer { graph: &graph, called: &|_| None, rename: &rename };
            all.push(Assigned {
                id: at_site("rem", site),
                name: "remodelling activity at the age".to_owned(),
                unit: Unit::ONE,
                math: writer.define(remodelling),
            });
        }
    }

    fn unit_of_term(&self, id: Id) -> Unit {
        let graph = &self.equations.graph;
        let times = |a: Unit, b: Unit, sign: i8| Unit(std::array::from_fn(|k| a.0[k] + sign * b.0[k]));
        match graph.term(id) {
            Term::Constant(_, unit) => unit,
            Term::Name(name) => self.equations.unit_of(&graph.names()[name]),
            Term::Add(a, _) | Term::Subtract(a, _) | Term::Negate(a) => self.unit_of_term(a),
            Term::Multiply(a, b) => times(self.unit_of_term(a), self.unit_of_term(b), 1),
            Term::Divide(a, b) => times(self.unit_of_term(a), self.unit_of_term(b), -1),
            Term::SquareRoot(a) => Unit(self.unit_of_term(a).0.map(|power| power / 2)),
            Term::Power(..) | Term::Exponential(_) => Unit::ONE,
        }
    }

    /// Every rule of the document.
    pub(super) fn rules(&self) -> Vec<Element> {
        let (graph, equations) = (&self.equations.graph, self.equations);
        let mut all: Vec<Element> = Vec::new();
        for assigned in self.assigned() {
            all.push(rule("assignmentRule", &assigned.id, assigned.math));
        }
        let site_terms = worth_a_name(graph, &equations.site, &self.wanted(&equations.site));
        let blood_terms = worth_a_name(graph, &equations.blood, &self.wanted(&equations.blood));
        let by_node: HashMap<Id, &str> =
            site_terms.iter().chain(&blood_terms).map(|(name, id)| (*id, *name)).collect();
        let keep = |name: &str| name.to_owned();
        let called = |id: Id| by_node.get(&id).map(|name| (*name).to_owned());
        let writer = Writer { graph, called: &called, rename: &keep };
        for (state, id) in &equations.blood.rates {
            all.push(rule("rateRule", state, writer.write(*id)));
        }
        for position in 0..self.scenario.sites.len() {
            let site = self.site_name(position);
            let rename = |name: &str| if self.is_local(name) { at_site(name, site) } else { name.to_owned() };
            let called = |id: Id| {
                by_node.get(&id).map(|name| {
                    if self.depends_on_site(id) { at_site(name, site) } else { (*name).to_owned() }
                })
            };
            let writer = Writer { graph, called: &called, rename: &rename };
            let infected = self.scenario.is_infected(position);
            for (state, id) in &equations.site.rates {
                let rate = writer.write(*id);
                let rate = match (is_germ(state), infected) {
                    (true, false) => continue,
                    (true, true) => apply("times", [mathml::name(&at_site("alive", site)), rate]),
                    (false, _) => rate,
                };
                all.push(rule("rateRule", &at_site(state, site), rate));
            }
        }
        all
    }
}

fn output_name(output: &str) -> &'static str {
    match output {
        "presentation" => "antigen presentation, weighted by volume",
        "spill" => "interleukin 6 that leaves for the blood",
        "germs" => "bacterial load as innate sensors see it",
        _ => "pain, 0 to 10",
    }
}

/// Growth activity of open plates: `spurt_base + spurt_height·exp(−u²)`, `u` the distance from the spurt.
pub(super) fn spurt(g: &mut Graph) -> Id {
    let (age, peak, width) = (g.name("age"), g.name("spurt_peak"), g.name("spurt_width"));
    let distance = g.subtract(age, peak);
    let u = g.divide(distance, width);
    let minus = g.negate(u);
    let exponent = g.multiply(minus, u);
    let bell = g.exponential(exponent);
    let (base, height) = (g.name("spurt_base"), g.name("spurt_height"));
    let rise = g.multiply(height, bell);
    g.add(base, rise)
}

/// Remodelling of a site whose plate closes: `rem_closed + rem_growth·openness·spurt`.
pub(super) fn remodelling(g: &mut Graph) -> Id {
    let (age, closure, width) = (g.name("age"), g.name("closure"), g.name("w_close"));
    let distance = g.subtract(age, closure);
    let u = g.divide(distance, width);
    let steep = g.exponential(u);
    let one = g.constant(1.0);
    let below = g.add(one, steep);
    let openness = g.divide(one, below);
    let spurt = g.name("spurt");
    let activity = g.multiply(openness, spurt);
    let (closed, growth) = (g.name("rem_closed"), g.name("rem_growth"));
    let more = g.multiply(growth, activity);
    g.add(closed, more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use osteoflare_kinetics::parameters::Parameters;
    use osteoflare_patient::growth;
    use osteoflare_skeleton::{Sex, Skeleton};

    #[test]
    fn growth_is_that_of_the_engine() {
        let p = Parameters::<f64>::default();
        let mut g = Graph::default();
        let (spurt, remodelling) = (spurt(&mut g), remodelling(&mut g));
        for site in Skeleton::get().sites() {
            let Some(closure) = &site.closure_age_years else { continue };
            for age in [6.0, 11.3, 15.9] {
                let values = |spurt: f64| {
                    move |name: &str| match name {
                        "age" => age,
                        "spurt_peak" => p.age_spurt + 1.0,
                        "spurt_width" => p.spurt_width,
                        "spurt_base" => p.spurt_base,
                        "spurt_height" => p.spurt_height,
                        "closure" => closure.get(Sex::Male),
                        "w_close" => p.w_close,
                        "rem_closed" => p.rem_closed,
                        "rem_growth" => p.rem_growth,
                        "spurt" => spurt,
                        other => panic!("{other}"),
                    }
                };
                let activity = g.evaluate(values(0.0))[spurt];
                let found = g.evaluate(values(activity))[remodelling];
                let expected = growth::remodelling(growth::growth_activity(site, age, Sex::Male, &p), &p);
                assert!((found - expected).abs() < 1e-15, "{} {found} {expected}", site.id);
            }
        }
    }
}
