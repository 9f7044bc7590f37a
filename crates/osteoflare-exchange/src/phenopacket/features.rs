//! Phenotypic features: findings, results in words, what is seen on pictures, and diseases.

use serde_json::json;

use super::decode::{Reader, copy};
use super::{LOCAL, PREFIXES};
use crate::codes::{Code, row_of};
use crate::fault::Fault;
use crate::node::{Entry, Node};
use crate::problem::Place;

/// Analytes of which a low value means nothing: what is not raised is normal.
const NEVER_LOW: [&str; 3] = ["crp", "esr", "faecal_calprotectin"];

/// The row of a class in a kind of codes.
fn row(kind: &str, class: &Node<'_>) -> Option<&'static Code> {
    let id = class.text("id")?;
    let (prefix, system, ..) = PREFIXES.iter().find(|(prefix, ..)| id.starts_with(prefix))?;
    row_of(kind, system, id).or_else(|| row_of(kind, system, &id[prefix.len()..]))
}

impl Reader<'_> {
    /// A feature, in the section of the record that its code belongs to.
    pub(super) fn feature(&mut self, node: &Node<'_>) {
        let class = node.get("type");
        let excluded = node.get("excluded").is_some_and(|excluded| excluded.value == &json!(true));
        let found = class.as_ref().filter(|class| !class.text("id").unwrap_or_default().starts_with(LOCAL));
        let of = |kind| found.and_then(|class| row(kind, class));
        let mut entry = Entry::from(&node.path);
        let mut remarks = Vec::new();
        let list = if let Some(code) = of("finding") {
            let (word, bone) = split(&code.word);
            entry.set(&["finding"], word, &node.path);
            entry.set(&["present"], !excluded, &node.path);
            if let Some(bone) = bone {
                entry.set(&["place", "bone"], bone, &node.path);
            }
            remarks.extend(beyond(code, word));
            "findings"
        } else if let Some(code) = of("laboratory") {
            let (analyte, result) = code.word.split_once(':').unwrap_or((&code.word, "abnormal"));
            entry.set(&["analyte"], analyte, &node.path);
            let denied = match result {
                "positive" => Some("negative"),
                "elevated" if NEVER_LOW.contains(&analyte) => Some("normal"),
                // What is not low may be high.
                _ => None,
            };
            match if excluded { denied } else { Some(result) } {
                Some(word) => entry.set(&["qualitative"], word, &node.path),
                None => remarks.push(format!("excluded: {}", code.display)),
            }
            if !excluded {
                remarks.push(code.display.clone());
            }
            "laboratory"
        } else if let Some(code) = of("descriptor") {
            let (word, bone) = split(&code.word);
            entry.set(&["modality"], "unspecified", &node.path);
            let field = if excluded { "absent" } else { "descriptors" };
            match bone {
                Some(bone) if !excluded => {
                    entry.set(&["lesions"], json!([{"place": {"bone": bone}, field: [word]}]), &node.path);
                }
                Some(_) => {
                    let what = "a record has no place for a lesion that is excluded".to_owned();
                    return self.problems.add(Place::path(node.path.clone()), Fault::Lost { what });
                }
                None => entry.set(&[field], json!([word]), &node.path),
            }
            remarks.extend(beyond(code, word));
            "imaging"
        } else if let Some(code) = of("disease") {
            entry.set(&["condition"], code.word.as_str(), &node.path);
            entry.set(&["status"], if excluded { "excluded" } else { "present" }, &node.path);
            remarks.extend(beyond(code, &code.word));
            "conditions"
        } else {
            self.set_word(&mut entry, "finding", "finding", class);
            entry.set(&["present"], !excluded, &node.path);
            "findings"
        };
        if list == "findings" {
            self.set_word(&mut entry, "degree", "degree", node.get("severity"));
        } else if let Some(severity) = node.get("severity") {
            match row("degree", &severity) {
                Some(code) => remarks.push(code.display.clone()),
                None => drop(self.word("degree", &severity)),
            }
        }
        for modifier in node.items("modifiers") {
            match row("modifier", &modifier) {
                Some(code) => remarks.push(code.display.clone()),
                None => {
                    let what = "a record has no place for this modifier".to_owned();
                    self.problems.add(Place::path(modifier.path), Fault::Lost { what });
                }
            }
        }
        self.time(&mut entry, "when", node.get("onset"));
        match (node.text("description").filter(|text| !text.is_empty()), remarks.is_empty()) {
            (_, true) => copy(&mut entry, "note", node.get("description")),
            (description, false) => {
                remarks.extend(description.map(str::to_owned));
                entry.set(&["note"], remarks.join("; "), &node.path);
            }
        }
        self.push(list, entry);
    }
}

/// A word and its place.
fn split(word: &str) -> (&str, Option<&str>) {
    word.split_once('@').map_or((word, None), |(word, bone)| (word, Some(bone)))
}

/// What a code says, if it is not its word.
fn beyond(code: &Code, word: &str) -> Option<String> {
    (code.only_read && !code.display.eq_ignore_ascii_case(&word.replace('_', " ")))
        .then(|| code.display.clone())
}
