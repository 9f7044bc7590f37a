//! What the states are in the words of public ontologies: `data/ontology.csv`.

use std::sync::LazyLock;

use serde::Deserialize;

/// A term for a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Annotation {
    /// Symbol of the state.
    pub state: String,
    /// Relation of BioModels.net biology qualifiers, e.g. `is`, `hasPart`.
    pub qualifier: String,
    /// Compact identifier, e.g. `CL:0000775`.
    pub term: String,
    /// Label of the term.
    pub label: String,
}

static TABLE: LazyLock<Vec<Annotation>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_str!("../data/ontology.csv").as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table of terms is well-formed")
});

/// Terms of a state, by its symbol.
pub fn of_state(symbol: &str) -> impl Iterator<Item = &'static Annotation> {
    TABLE.iter().filter(move |row| row.state == symbol)
}

/// Address of a compact identifier.
pub fn address(term: &str) -> String {
    format!("https://identifiers.org/{term}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use osteoflare_kinetics::state::{LOCAL, SYSTEMIC};

    #[test]
    fn every_state_has_a_term_and_every_term_a_state() {
        for state in LOCAL.iter().chain(&SYSTEMIC) {
            assert!(of_state(state.symbol).next().is_some(), "{}", state.symbol);
        }
        for row in TABLE.iter() {
            assert!(LOCAL.iter().chain(&SYSTEMIC).any(|s| s.symbol == row.state), "{}", row.state);
            assert!(["is", "hasPart", "isVersionOf", "isPropertyOf"].contains(&row.qualifier.as_str()));
        }
    }
}
