//! The instruments that are wholly described by their tables.

use std::sync::LazyLock;

use super::{
    criteria,
    definition::{Definition, Kind, Rule},
    result::Instrument,
    score,
};
use crate::view::View;

macro_rules! library {
    ($($(#[$doc:meta])* $id:ident, $how:ident;)+) => {
        $(
            $(#[$doc])*
            pub fn $id(view: &View<'_>) -> Instrument {
                $how::evaluate(definition(stringify!($id)), view)
            }
        )+
        static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
            let definitions: Vec<Definition> = [
                $((stringify!($id), include_str!(concat!("../../data/instruments/", stringify!($id), ".toml"))),)+
                ("eular_acr_2025", include_str!("../../data/instruments/eular_acr_2025.toml")),
            ]
            .into_iter()
            .map(|(id, text)| toml::from_str(text).unwrap_or_else(|error| panic!("embedded definition {id}: {error}")))
            .collect();
            for definition in &definitions {
                sound(definition);
            }
            definitions
        });
    };
}

library! {
    /// NBODS: nonbacterial or bacterial osteomyelitis.
    nbods_2023, score;
    /// Jansson score of 2009, 0–63.
    jansson_2009, score;
    /// Jansson criteria of 2007.
    jansson_2007, criteria;
    /// Bristol criteria of 2016.
    bristol_2016, criteria;
    /// King criteria of 1987.
    king_1987, criteria;
    /// Kahn criteria of 2003 for SAPHO.
    kahn_2003, criteria;
    /// Eligibility for the CARRA consensus treatment plans.
    carra_ctp_2018, criteria;
    /// Active disease.
    active_disease, criteria;
    /// Clinically inactive disease.
    inactive_disease, criteria;
}

/// Definitions of every instrument that is described by a table.
pub fn definitions() -> &'static [Definition] {
    &DEFINITIONS
}

pub(super) fn definition(id: &str) -> &'static Definition {
    DEFINITIONS
        .iter()
        .find(|definition| definition.id == id)
        .unwrap_or_else(|| panic!("no embedded definition is called {id}"))
}

/// A definition that names an item that it does not have is a fault of the program, found by any test.
fn sound(definition: &Definition) {
    fn names(rule: &Rule, definition: &Definition) {
        match rule {
            Rule::Any(rules) | Rule::All(rules) => rules.iter().for_each(|rule| names(rule, definition)),
            Rule::Not(rule) => names(rule, definition),
            Rule::Item(id) => {
                assert!(definition.items.iter().any(|i| i.id == *id), "{}: no item {id}", definition.id)
            }
            Rule::Count { group, .. } => {
                assert!(
                    definition.items.iter().any(|i| i.group == *group),
                    "{}: no group {group}",
                    definition.id
                );
            }
        }
    }
    match definition.kind {
        Kind::Score => assert!(!definition.bands.is_empty(), "{}: no bands", definition.id),
        Kind::Criteria => match &definition.rule {
            Some(rule) => names(rule, definition),
            None => panic!("{}: no rule", definition.id),
        },
        Kind::Weighted => assert!(!definition.domains.is_empty(), "{}: no domains", definition.id),
    }
}
