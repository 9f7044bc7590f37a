//! Results of the laboratory and vital signs: value, unit, reference range and judgement.

use super::super::concept::from_list;
use super::super::lists::INTERPRETATION;
use super::Reader;
use crate::codes::system_of_uri;
use crate::fault::Fault;
use crate::node::Node;
use crate::privacy::quoted;
use crate::problem::Place as At;
use crate::units::{is_same, unit};

impl Reader<'_, '_> {
    pub(super) fn result(&mut self) {
        self.word("analyte", &["code"], "analyte");
        if let Some(quantity) = self.node.get("valueQuantity") {
            self.copy(&["valueQuantity", "value"], &["value"]);
            self.copy(&["valueQuantity", "comparator"], &["comparator"]);
            self.unit(&quantity);
        } else if self.node.get("valueInteger").is_some() {
            self.copy(&["valueInteger"], &["value"]);
        } else if let Some(text) = self.node.get("valueString") {
            self.problems.add(
                At::path(text.path),
                Fault::Kind {
                    found: "text".to_owned(),
                    expected: "valueQuantity or interpretation".to_owned(),
                },
            );
        }
        for (k, range) in self.node.items("referenceRange").iter().enumerate() {
            for bound in ["low", "high"] {
                let Some(value) = range.at(&[bound, "value"]) else { continue };
                if k > 0 {
                    let what = "a second reference range".to_owned();
                    self.problems.add(At::path(value.path), Fault::Lost { what });
                    continue;
                }
                let unit = range.at(&[bound]).and_then(|quantity| self.unit_of(&quantity));
                let own = self.entry.value["unit"].as_str();
                if let (Some(unit), Some(own)) = (&unit, own)
                    && !is_same(self.analyte(), unit, own)
                {
                    self.problems.add(
                        At::path(value.path),
                        Fault::Contradiction {
                            what: format!(
                                "the reference range is in {}, the value in {}",
                                quoted(unit),
                                quoted(own)
                            ),
                            other: None,
                        },
                    );
                    continue;
                }
                // A value without a unit must not borrow one: nobody says that they share it.
                if let Some(unit) = unit.filter(|_| own.is_none() && self.entry.value["value"].is_null()) {
                    self.entry.set(&["unit"], unit, &value.path);
                }
                self.entry.set(&["reference", bound], value.value.clone(), &value.path);
            }
        }
        let mut words = self.node.items("interpretation");
        words.extend(self.node.get("valueCodeableConcept"));
        if let Some(concept) = words.first() {
            if let Some(code) = self.own("qualitative", concept) {
                self.entry.set(&["qualitative"], code, &concept.path);
            } else if let Some(code) = concept.items("coding").first().and_then(|coding| coding.get("code"))
                && let Some(word) = from_list(INTERPRETATION, &code, "interpretation", self.problems)
            {
                self.entry.set(&["qualitative"], word, &code.path);
            }
        }
        self.effective();
        self.note();
    }

    fn analyte(&self) -> &str {
        self.entry.value["analyte"].as_str().unwrap_or_default()
    }

    pub(super) fn unit(&mut self, quantity: &Node<'_>) {
        if let Some(unit) = self.unit_of(quantity) {
            self.entry.set(&["unit"], unit, &quantity.path);
        }
    }

    /// The unit of a quantity, by its code and its print.
    fn unit_of(&mut self, quantity: &Node<'_>) -> Option<String> {
        // Codes of other systems say nothing here.
        let ucum = quantity.text("system").is_none_or(|system| system_of_uri(system) == Some("UCUM"));
        let code = quantity.text("code").filter(|_| ucum);
        unit(self.analyte(), quantity.text("unit"), code).unwrap_or_else(|fault| {
            self.problems.add(At::path(quantity.path.key("code")), fault);
            None
        })
    }
}
