//! A year of an exported patient in libRoadRunner (`data/roadrunner.csv`) against the engine.
//!
//! The scenario is read back from the exported document beside it, so that new defaults of parameters leave the test
//! alone. When the equations change, both files are written anew: `cargo xtask crosscheck --snapshot`.

use std::collections::HashMap;

use osteoflare_export::equations::{EFFECTS, SITE_CONSTANTS, TRAITS, numbered};
use osteoflare_export::sbml::at_site;
use osteoflare_export::scenario::{Pulse, Scenario, ScenarioSite, Target, Window};
use osteoflare_kinetics::local::{Effects, Host, Site};
use osteoflare_kinetics::parameters::Parameters;
use osteoflare_kinetics::state::{LOCAL, Local, SYSTEMIC, Systemic};
use osteoflare_skeleton::{Sex, Skeleton};
use osteoflare_solver::system::Tolerance;
use roxmltree::{Document, Node};

const MODEL: &str = include_str!("data/roadrunner.xml");
const COURSE: &str = include_str!("data/roadrunner.csv");
/// Agreement asked for, in shares of a state's range.
const LIMIT: f64 = 1e-6;
const LAST_DAY: f64 = 364.0;

fn named<'a>(root: Node<'a, 'a>, tag: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    root.descendants().filter(move |node| node.tag_name().name() == tag)
}

fn number(node: Node) -> f64 {
    named(node, "cn").next().and_then(|cn| cn.text()).unwrap().trim().parse().unwrap()
}

fn effects(values: [f64; 9]) -> Effects<f64> {
    let [cox, gc, tnf, il1, il17, jak, mtx, bp, abx] = values;
    Effects { cox, gc, tnf, il1, il17, jak, mtx, bp, abx }
}

/// The scenario of a document of one site without growth.
fn scenario(document: &Document) -> Scenario {
    let root = document.root_element();
    let mut values: HashMap<String, f64> = HashMap::new();
    for (tag, attribute) in [("species", "initialConcentration"), ("parameter", "value")] {
        for node in named(root, tag) {
            if let Some(value) = node.attribute(attribute) {
                values.insert(node.attribute("id").unwrap().to_owned(), value.parse().unwrap());
            }
        }
    }
    let site = named(root, "compartment")
        .filter_map(|node| node.attribute("id").unwrap().strip_prefix("site_"))
        .next()
        .unwrap();
    let value = |name: &str| *values.get(name).unwrap_or_else(|| panic!("the model has no {name}"));
    let here = |name: &str| values.get(&at_site(name, site)).copied();
    let [kappa, growth, rem, volume, nociception] = SITE_CONSTANTS.map(|(name, _)| here(name).unwrap_or(1.0));
    let [il10, regulation, foreign, penetration] = TRAITS.map(|(name, _)| value(name));
    let antigens = numbered("q_").map(|name| here(&name).unwrap());
    let self_reactivity = numbered("A_").map(|name| value(&name));

    let (mut pulses, mut windows) = (Vec::new(), Vec::new());
    let mut now = EFFECTS.map(|(name, _)| value(name));
    let mut since = 0.0;
    for event in named(root, "event") {
        let day = number(named(event, "trigger").next().unwrap());
        let id = event.attribute("id").unwrap();
        for change in named(event, "eventAssignment") {
            let variable = change.attribute("variable").unwrap();
            if id.starts_with("strike_") {
                let target = match variable {
                    "U" => Target::Blood(Systemic::U),
                    other => {
                        assert_eq!(other, at_site("D", site));
                        Target::Site(0, Local::D)
                    }
                };
                pulses.push(Pulse { day, target, amount: number(change) });
            } else {
                assert!(id.starts_with("exposure_"), "{id}");
                let k = EFFECTS.iter().position(|(name, _)| *name == variable).unwrap();
                if since < day {
                    windows.push(Window { from: since, to: day, effects: effects(now) });
                    since = day;
                }
                now[k] = number(change);
            }
        }
    }
    windows.push(Window { from: since, to: LAST_DAY, effects: effects(now) });
    Scenario {
        title: String::new(),
        sites: vec![ScenarioSite {
            id: Skeleton::get().find(site).unwrap(),
            kinetic: Site { kappa, antigens, growth, remodelling: rem, volume },
            nociception,
            closure_age_years: None,
        }],
        host: Host {
            il10_competence: il10,
            regulatory_competence: regulation,
            self_reactivity,
            foreign_reactivity: foreign,
            antibiotic_penetration: penetration,
        },
        sex: Sex::Female,
        age_at_start_years: 8.0,
        // What the document lacks, the equations do not read.
        parameters: Parameters::from_fn(|symbol| values.get(symbol).copied().unwrap_or(f64::NAN)),
        local: vec![LOCAL.map(|state| value(&at_site(state.symbol, site)))],
        systemic: SYSTEMIC.map(|state| value(state.symbol)),
        pulses,
        windows,
        grows: false,
        horizon_days: LAST_DAY,
    }
}

#[test]
fn the_engine_follows_lib_road_runner_for_a_year() {
    let document = Document::parse(MODEL).unwrap();
    let scenario = scenario(&document);
    assert!(scenario.pulses.len() > 3 && scenario.windows.len() > 30, "something happens");
    let mut lines = COURSE.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<f64>> = lines.map(|l| l.split(',').map(|v| v.parse().unwrap()).collect()).collect();
    let days: Vec<f64> = rows.iter().map(|row| row[0]).collect();
    let course = scenario.course(Tolerance { relative: 1e-9, absolute: 1e-11 }, &days).unwrap();
    let site = &Skeleton::get().site(scenario.sites[0].id).id;
    let mut compared = 0;
    for (column, name) in header.iter().enumerate().skip(1) {
        let found = |day: usize| {
            let local = LOCAL.iter().position(|s| at_site(s.symbol, site) == *name);
            match (local, SYSTEMIC.iter().position(|s| s.symbol == *name)) {
                (Some(s), _) => course[day].local[0][s],
                (None, Some(s)) => course[day].systemic[s],
                (None, None) => panic!("no state {name}"),
            }
        };
        let theirs = || rows.iter().map(|row| row[column]);
        let range = theirs().fold(f64::MIN, f64::max) - theirs().fold(f64::MAX, f64::min);
        for (day, value) in theirs().enumerate() {
            let apart = (found(day) - value).abs();
            assert!(apart <= LIMIT * range.max(1e-6), "{name}, day {}: {} {value}", days[day], found(day));
        }
        compared += 1;
    }
    assert_eq!(compared, LOCAL.len() - 2 + SYSTEMIC.len(), "all states but bacteria");
    let peak = course.iter().map(|day| day.local[0][Local::M as usize]).fold(0.0, f64::max);
    assert!(peak > 0.3, "the site flares: {peak}");
}
