//! The exported document, read back by a small evaluator of its own, computes the rates of the engine's kinetics.

mod children;

use std::collections::HashMap;

use children::{child, rates_of, states_near};
use osteoflare_export::sbml::{Options, at_site, document};
use osteoflare_export::scenario::{Prescription, Scenario};
use osteoflare_kinetics::state::{LOCAL, SYSTEMIC};
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::Skeleton;
use roxmltree::Node;

const NAMESPACE: &str = "http://www.sbml.org/sbml/level3/version2/core";

/// Values of all quantities of a model, assignment rules computed when they are asked for.
struct Model<'a> {
    values: HashMap<&'a str, f64>,
    assigned: HashMap<&'a str, Node<'a, 'a>>,
    rates: HashMap<&'a str, Node<'a, 'a>>,
}

fn elements<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(Node::is_element)
}

impl<'a> Model<'a> {
    fn read(document: &'a roxmltree::Document<'a>) -> Model<'a> {
        let mut model = Model { values: HashMap::new(), assigned: HashMap::new(), rates: HashMap::new() };
        for node in document.descendants().filter(Node::is_element) {
            let number = |name: &str| node.attribute(name).map(|v| v.parse::<f64>().unwrap());
            match node.tag_name().name() {
                "species" => {
                    model
                        .values
                        .insert(node.attribute("id").unwrap(), number("initialConcentration").unwrap());
                }
                "parameter" => {
                    if let Some(value) = number("value") {
                        model.values.insert(node.attribute("id").unwrap(), value);
                    }
                }
                "assignmentRule" | "rateRule" => {
                    let math = elements(node).next().unwrap();
                    let formula = elements(math).next().unwrap();
                    let rules = if node.tag_name().name() == "rateRule" {
                        &mut model.rates
                    } else {
                        &mut model.assigned
                    };
                    assert!(rules.insert(node.attribute("variable").unwrap(), formula).is_none());
                }
                _ => {}
            }
        }
        model
    }

    fn value(&self, name: &str) -> f64 {
        match self.assigned.get(name) {
            Some(formula) => self.evaluate(*formula),
            None => *self.values.get(name).unwrap_or_else(|| panic!("no quantity {name}")),
        }
    }

    fn evaluate(&self, node: Node<'a, 'a>) -> f64 {
        match node.tag_name().name() {
            "cn" => node.text().unwrap().trim().parse().unwrap(),
            "ci" => self.value(node.text().unwrap().trim()),
            "apply" => {
                let mut parts = elements(node);
                let operator = parts.next().unwrap().tag_name().name();
                let operands: Vec<f64> = parts.map(|part| self.evaluate(part)).collect();
                match (operator, operands.as_slice()) {
                    ("plus", all) => all.iter().sum(),
                    ("times", all) => all.iter().product(),
                    ("minus", [a]) => -a,
                    ("minus", [a, b]) => a - b,
                    ("divide", [a, b]) => a / b,
                    ("root", [a]) => a.sqrt(),
                    ("power", [a, b]) => a.powf(*b),
                    ("exp", [a]) => a.exp(),
                    other => panic!("unknown {other:?}"),
                }
            }
            other => panic!("unknown {other}"),
        }
    }
}

#[test]
fn the_document_computes_the_rates_of_the_engine() {
    let mut child = child("broken_tolerance", 1);
    for drug in [Drug::Naproxen, Drug::Prednisolone, Drug::Adalimumab, Drug::Baricitinib, Drug::Methotrexate]
    {
        let regimen = drug.standard_regimen();
        child.prescriptions.push(Prescription { regimen, start_day: 0.0, duration_days: 30.0 });
    }
    let sites = Skeleton::get().select(4);
    let mut scenario = Scenario::of(&child, &sites, 30.0).unwrap();
    // Bacteria at one site, so that its equations are there.
    scenario.local[2][0] = 0.2;
    assert!(scenario.windows[0].effects.cox > 0.0 && scenario.windows[0].effects.gc > 0.0);
    for number in 0..4 {
        let mut y = states_near(&scenario, number);
        let n = LOCAL.len();
        for site in [0, 1, 3] {
            y[site * n] = 0.0;
            y[site * n + 1] = 0.0;
        }
        let expected = rates_of(&scenario, &y);
        let options = Options { observables: number % 2 == 0, annotations: number < 2 };
        let text = document(&scenario, options).unwrap();
        let parsed = roxmltree::Document::parse(&text).unwrap();
        let mut model = Model::read(&parsed);
        let mut names: Vec<String> = Vec::new();
        for site in &scenario.sites {
            names.extend(LOCAL.iter().map(|s| at_site(s.symbol, &Skeleton::get().site(site.id).id)));
        }
        names.extend(SYSTEMIC.iter().map(|s| s.symbol.to_owned()));
        for (name, value) in names.iter().zip(&y) {
            *model.values.get_mut(name.as_str()).unwrap_or_else(|| panic!("no state {name}")) = *value;
        }
        let mut compared = 0;
        for (name, expected) in names.iter().zip(&expected) {
            match model.rates.get(name.as_str()) {
                Some(formula) => {
                    let found = model.evaluate(*formula);
                    assert!(
                        (found - expected).abs() <= 1e-11 * (1.0 + expected.abs()),
                        "{name}: {found} {expected}"
                    );
                    compared += 1;
                }
                None => assert_eq!(*expected, 0.0, "{name} has no rule"),
            }
        }
        assert_eq!(compared, names.len() - 6, "bacteria of three sites are constants");
    }
}

#[test]
fn observables_are_written_when_wanted() {
    let sites = Skeleton::get().select(1);
    let scenario = Scenario::flaring(&child("healthy", 0), &sites, 1.0).unwrap();
    let with = document(&scenario, Options { observables: true, annotations: true }).unwrap();
    let without = document(&scenario, Options { observables: false, annotations: false }).unwrap();
    assert!(with.contains("id=\"temperature\"") && with.contains("pain__") && with.contains("CL:0000092"));
    assert!(
        !without.contains("temperature") && !without.contains("pain__") && !without.contains("CL:0000092")
    );
}

#[test]
fn terms_claim_no_more_than_they_can() {
    let ids = ["talus_L", "talus_R", "c6", "frontal_bone", "tibia_proximal_metaphysis_L"];
    let sites: Vec<_> = ids.iter().map(|id| Skeleton::get().find(id).unwrap()).collect();
    let scenario = Scenario::flaring(&child("broken_tolerance", 1), &sites, 1.0).unwrap();
    let text = document(&scenario, Options::default()).unwrap();
    let parsed = roxmltree::Document::parse(&text).unwrap();
    let qualifiers = |id: &str| -> Vec<&str> {
        let element = parsed.descendants().find(|n| n.attribute("id") == Some(id)).unwrap();
        let biology = Some("http://biomodels.net/biology-qualifiers/");
        element
            .descendants()
            .filter(|n| n.tag_name().namespace() == biology)
            .map(|n| n.tag_name().name())
            .collect()
    };
    for (site, qualifier) in [
        ("talus_L", "isVersionOf"),
        ("talus_R", "isVersionOf"),
        ("c6", "is"),
        ("frontal_bone", "is"),
        ("tibia_proximal_metaphysis_L", "isPartOf"),
    ] {
        let found = qualifiers(&format!("site_{site}"));
        assert!(!found.is_empty() && found.iter().all(|q| *q == qualifier), "{site}: {found:?}");
    }
    assert_eq!(qualifiers("E_s1"), ["isVersionOf"]);
    assert_eq!(qualifiers("E_r__talus_L"), ["isVersionOf"]);
    // Bacteria of a site are an amount; the unit's identifier, name and definition say the same.
    let definition = parsed.descendants().find(|n| n.attribute("id") == Some("million_cfu")).unwrap();
    assert_eq!(definition.attribute("name"), Some("(1e6 CFU)"));
    let kinds: Vec<_> = definition.descendants().filter_map(|n| n.attribute("kind")).collect();
    assert_eq!(kinds, ["item"]);
    let plain = document(&scenario, Options { observables: false, annotations: false }).unwrap();
    let plain = roxmltree::Document::parse(&plain).unwrap();
    let annotated = plain.descendants().filter(|n| n.has_tag_name((NAMESPACE, "annotation")));
    assert!(annotated.into_iter().all(|n| n.parent().unwrap().has_tag_name((NAMESPACE, "compartment"))));
}
