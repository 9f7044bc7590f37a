//! Families and cohorts: phenopackets within one document.

use serde_json::Value;

use crate::fault::Fault;
use crate::problem::{JsonPath, Place, Problems};

/// Fields of a family or cohort that say nothing about a patient.
const FRAME: [&str; 3] = ["id", "metaData", "description"];

/// The phenopackets of a document with their paths in it: itself, the proband of a family, or the members of a cohort; and
/// what else it holds, which no record has a place for.
pub(crate) fn packets(value: &Value) -> (Vec<(&Value, JsonPath)>, Problems) {
    let root = JsonPath::default();
    let own = ["subject", "phenotypicFeatures"].iter().any(|key| value.get(key).is_some());
    let (packets, used) = if own {
        return (vec![(value, root)], Problems::new());
    } else if let Some(proband) = value.get("proband").filter(|proband| proband.is_object()) {
        (vec![(proband, root.key("proband"))], "proband")
    } else if let Some(members) = value.get("members").and_then(Value::as_array).filter(|m| !m.is_empty()) {
        let base = root.key("members");
        (members.iter().enumerate().map(|(k, member)| (member, base.index(k))).collect(), "members")
    } else {
        return (vec![(value, root)], Problems::new());
    };
    let mut left_out = Problems::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let path = root.key(key);
        let mut leave = |path, what: &str| {
            left_out.add(Place::path(path), Fault::LeftOut { what: what.to_owned() });
        };
        match key.as_str() {
            key if key == used || FRAME.contains(&key) => {}
            "relatives" => {
                for k in 0..value.as_array().map_or(0, Vec::len) {
                    leave(path.index(k), "a relative; the record is that of the proband");
                }
            }
            "pedigree" => leave(path, "the pedigree; a record has no place for it"),
            "consanguinousParents" => leave(path, "kinship of the parents; a record has no place for it"),
            _ => leave(path, "a record has no place for this field of a family or cohort"),
        }
    }
    (packets, left_out)
}
