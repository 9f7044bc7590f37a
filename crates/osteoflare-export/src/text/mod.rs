//! The equations for people: plain text, Markdown and LaTeX.

mod infix;
mod latex;
mod markdown;

use crate::equations::{EFFECTS, Equations, IL6_BLOOD, PAMP, Part, SITE_CONSTANTS, TRAITS};
use crate::expression::{Graph, Id, Term, UnitError};

pub use latex::latex;
pub use markdown::markdown;

use infix::{Infix, Notation, Plain};

/// One group of equations, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Where they hold.
    pub title: &'static str,
    /// Intermediate quantities in the order of computing: name and formula.
    pub intermediates: Vec<(String, String)>,
    /// States and their derivatives, per day.
    pub rates: Vec<(String, String)>,
    /// What the part gives to others: name and formula.
    pub outputs: Vec<(String, String)>,
}

/// What the names in the equations mean that are neither states nor parameters.
pub fn names() -> Vec<(String, String)> {
    let row = |name: &str, meaning: &str| (name.to_owned(), meaning.to_owned());
    let mut all: Vec<(String, String)> =
        SITE_CONSTANTS.iter().map(|(name, meaning)| row(name, meaning)).collect();
    all.push(row("q_1..q_5", "share of each antigen class at the site"));
    all.extend(TRAITS.iter().map(|(name, meaning)| row(name, meaning)));
    all.push(row("A_1..A_5", "self-reactivity of the child per antigen class"));
    all.extend(EFFECTS.iter().map(|(name, meaning)| row(name, meaning)));
    all.push(row(IL6_BLOOD, "interleukin 6 in blood, sum of the spill of all sites"));
    all.push(row("pres_1..pres_5", "antigen presented by all sites, per class: sum of q × presentation"));
    all.push(row(PAMP, "bacterial load as innate sensors see it, sum of the germs of all sites"));
    all
}

/// The equations as plain text.
///
/// # Errors
/// [`UnitError`] if the equations add unlike things.
pub fn systems() -> Result<[System; 2], UnitError> {
    Ok(written(&Equations::read()?, &Plain))
}

fn written(equations: &Equations, notation: &dyn Notation) -> [System; 2] {
    [("At every site", &equations.site), ("In the blood", &equations.blood)]
        .map(|(title, part)| system(title, part, &equations.graph, notation))
}

/// Intermediate quantities that have something to say: more than a name or a number.
fn intermediates(graph: &Graph, part: &Part) -> Vec<(&'static str, Id)> {
    let needed = graph.needed(part.roots());
    let speaks = |id: Id| needed[id] && !matches!(graph.term(id), Term::Constant(..) | Term::Name(_));
    let mut all: Vec<_> = part.intermediates.iter().copied().filter(|(_, id)| speaks(*id)).collect();
    // Nodes are numbered in the order of computing.
    all.sort_by_key(|(_, id)| *id);
    all
}

fn system(title: &'static str, part: &Part, graph: &Graph, notation: &dyn Notation) -> System {
    let named = intermediates(graph, part);
    let infix = Infix { graph, named: &named, notation };
    let list = |rows: &[(&'static str, Id)], define: bool| {
        let formula = |id: Id| if define { infix.define(id) } else { infix.write(id) };
        rows.iter().map(|(name, id)| (notation.name(name), formula(*id))).collect()
    };
    System {
        title,
        intermediates: list(&named, true),
        rates: list(&part.rates, false),
        outputs: list(&part.outputs, false),
    }
}
