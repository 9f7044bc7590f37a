//! Bundles as records.

use std::collections::HashMap;

use osteoflare_clinic::record::{FORMAT, Record};
use serde_json::{Value, json};

use super::belongs::{Belongs, belongs, drug_status, is_void};
use super::concept::LOCAL;
use super::decode;
use super::lists::LISTS;
use super::product;
use super::types::OTHER_TYPES;
use super::{FIELD, PROFILE, schema};
use crate::codes::VITAL_SIGNS;
use crate::day_zero::first_day;
use crate::fault::{Fault, nearest};
use crate::finish::Check;
use crate::json;
use crate::node::{Entry, Node};
use crate::privacy::clean;
use crate::problem::{JsonPath, Place, Problems, Step};
use crate::remainder::{of_extension, restore};
use crate::table::place_of;

/// The record of a bundle. `skip_unknown` leaves out what has a code that is not known, instead of refusing.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn record(
    value: &Value,
    skip_unknown: bool,
    check: Check,
    left_out: &mut Problems,
) -> Result<Record, Problems> {
    let root = Node::new(value, JsonPath::default());
    let mut problems = Problems::new();
    let resources = checked(&root, skip_unknown, &mut problems)?;
    let Some(patient) = resources.iter().find(|resource| resource.is_patient()) else {
        let fault = Fault::Missing { field: "Patient".to_owned() };
        problems.add(Place::path(JsonPath::default()), fault);
        return Err(problems);
    };
    let own = of_one_patient(&resources, patient, &mut problems);
    Builder::new(&own, skip_unknown, problems).build(value, patient, check, left_out)
}

#[derive(Clone)]
struct Resource<'a> {
    url: Option<&'a str>,
    node: Node<'a>,
}

impl Resource<'_> {
    fn is_patient(&self) -> bool {
        self.node.text("resourceType") == Some("Patient")
    }
}

/// Resources of the bundle, checked against the schema.
///
/// # Errors
/// If it is no bundle.
fn checked<'a>(
    root: &Node<'a>,
    skip_unknown: bool,
    problems: &mut Problems,
) -> Result<Vec<Resource<'a>>, Problems> {
    let kind = root.text("resourceType").unwrap_or_default();
    if kind != "Bundle" {
        let place = Place::path(root.path.key("resourceType"));
        let found = if schema::resource_types().iter().any(|known| known == kind) {
            kind
        } else {
            "another resource"
        };
        let expected = "a Bundle with the resources of one patient".to_owned();
        return Err(Problems::one(place, Fault::Kind { found: found.to_owned(), expected }));
    }
    schema::check(root.value, "Bundle", &root.path, problems);
    let mut resources = Vec::new();
    let mut others: Vec<(&str, JsonPath, usize)> = Vec::new();
    for entry in root.items("entry") {
        let Some(node) = entry.get("resource") else { continue };
        let kind = node.text("resourceType").unwrap_or_default();
        let types = schema::resource_types();
        if types.iter().any(|known| known == kind) {
            schema::check(node.value, kind, &node.path, problems);
            resources.push(Resource { url: entry.text("fullUrl"), node });
        } else if OTHER_TYPES.contains(&kind) {
            match others.iter_mut().find(|(known, ..)| *known == kind) {
                Some((.., count)) => *count += 1,
                None => others.push((kind, node.path.key("resourceType"), 1)),
            }
        } else {
            problems.add(
                Place::path(node.path.key("resourceType")),
                Fault::UnknownCode {
                    what: "type of resource".to_owned(),
                    found: clean(kind),
                    nearest: nearest(kind, types.iter().map(String::as_str)),
                    allowed: types.to_vec(),
                },
            );
        }
    }
    for (kind, path, count) in others {
        let what = match count {
            1 => format!("a record has no place for {kind}"),
            count => format!("a record has no place for {kind} ({count} in the file)"),
        };
        let fault = if skip_unknown { Fault::LeftOut { what } } else { Fault::Lost { what } };
        problems.add(Place::path(path), fault);
    }
    Ok(resources)
}

/// Resources that belong to the patient; others are problems.
fn of_one_patient<'a>(
    resources: &[Resource<'a>],
    patient: &Resource<'a>,
    problems: &mut Problems,
) -> Vec<Resource<'a>> {
    for other in resources.iter().filter(|resource| resource.is_patient()).skip(1) {
        let what = "there is more than one Patient".to_owned();
        problems.add(Place::path(other.node.path.clone()), Fault::OtherPatient { what });
    }
    let id = patient.node.text("id");
    let belongs = |reference: &str| {
        patient.url == Some(reference)
            || id.is_some_and(|id| {
                let mut parts = reference.rsplit('/');
                parts.next() == Some(id) && parts.next() == Some("Patient")
            })
    };
    let mut own = Vec::new();
    for resource in
        resources.iter().filter(|resource| resource.node.path == patient.node.path || !resource.is_patient())
    {
        let before = problems.count();
        for key in ["subject", "patient"] {
            let Some(subject) = resource.node.get(key) else { continue };
            match subject.get("reference") {
                Some(reference) if reference.value.as_str().is_some_and(belongs) => {}
                Some(reference) => {
                    let what = format!("{key} is not the Patient of the bundle");
                    problems.add(Place::path(reference.path), Fault::OtherPatient { what });
                }
                None => {
                    let what = format!("{key} does not refer to the Patient of the bundle");
                    problems.add(Place::path(subject.path), Fault::OtherPatient { what });
                }
            }
        }
        if problems.count() == before {
            own.push(resource.clone());
        }
    }
    own
}

struct Builder<'a, 'r> {
    resources: &'r [Resource<'a>],
    skip_unknown: bool,
    value: Value,
    places: HashMap<JsonPath, Place>,
    problems: Problems,
}

impl<'a, 'r> Builder<'a, 'r> {
    fn new(resources: &'r [Resource<'a>], skip_unknown: bool, problems: Problems) -> Self {
        let value = json!({"osteoflare_record": FORMAT});
        Builder { resources, skip_unknown, value, places: HashMap::new(), problems }
    }

    fn build(
        mut self,
        bundle: &Value,
        patient: &Resource<'_>,
        check: Check,
        left_out: &mut Problems,
    ) -> Result<Record, Problems> {
        let own = is_own(bundle);
        self.places.insert(JsonPath::default(), Place::path(JsonPath::default()));
        if let Some(facts) = self.read("patient", &patient.node) {
            if let (Value::Object(record), Value::Object(facts)) = (&mut self.value, &facts.value) {
                record.extend(facts.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            self.remember(&JsonPath::default(), &facts);
        }
        let mut lesions = HashMap::new();
        for (k, resource) in self.resources.iter().enumerate() {
            if let Some(url) = resource.url {
                lesions.insert(url, k);
            }
        }
        let mut used = vec![false; self.resources.len()];
        for k in 0..self.resources.len() {
            let node = &self.resources[k].node;
            if is_void(node) {
                continue;
            }
            if let Some(fault) = drug_status(node, own) {
                self.lacking(Problems::one(Place::path(node.path.key("status")), fault));
                continue;
            }
            match belongs(node) {
                Belongs::To("patient" | "lesion") | Belongs::Nowhere => {}
                Belongs::Unknown(fault) => self.lacking(Problems::one(Place::path(node.path.clone()), fault)),
                Belongs::To("laboratory" | "vital_sign") if decode::is_panel(node) => self.panel(node),
                Belongs::To(section) => {
                    let Some(mut entry) = self.read(section, node) else { continue };
                    if section == "imaging" {
                        self.lesions(node, &mut entry, &lesions, &mut used);
                    }
                    let Some(list) = LISTS.iter().find(|list| list.name == section) else { continue };
                    self.push(list.list, entry);
                }
            }
        }
        for (k, resource) in self.resources.iter().enumerate() {
            let lesion = matches!(belongs(&resource.node), Belongs::To("lesion"));
            if lesion && !used[k] && !is_void(&resource.node) {
                let what = "a lesion that no imaging study (DiagnosticReport.result) refers to".to_owned();
                self.problems.add(Place::path(resource.node.path.clone()), Fault::Lost { what });
            }
        }
        // Another program's bundle has dates and no day 0.
        if !own && let Some(first) = first_day(&self.value) {
            self.value["reference_date"] = Value::String(first);
        }
        left_out.append(self.problems.take_left_out());
        self.finish(check)
    }

    /// Notes what cannot be read: left out if that was asked for, else wrong.
    fn lacking(&mut self, problems: Problems) {
        self.problems.append(if self.skip_unknown { problems.into_left_out() } else { problems });
    }

    /// Reads the results of an Observation that stand in its components.
    fn panel(&mut self, node: &Node<'_>) {
        for component in node.items("component") {
            let mut problems = Problems::new();
            let entry = decode::component(node, &component, &mut problems);
            let unknown = problems.iter().any(|problem| matches!(problem.fault, Fault::UnknownCode { .. }));
            if unknown {
                self.lacking(problems);
                continue;
            }
            self.problems.append(problems);
            let vital = entry.value["analyte"].as_str().is_some_and(|word| VITAL_SIGNS.contains(&word));
            self.push(if vital { "vital_signs" } else { "laboratory" }, entry);
        }
    }

    /// The Medication that a resource refers to: contained in it, or another resource of the bundle.
    fn medication<'n>(&self, node: &Node<'n>, reference: &Node<'n>) -> Option<Node<'n>>
    where
        'a: 'n,
    {
        let wanted = reference.value.as_str()?;
        let is_medication = |node: &Node<'_>| node.text("resourceType") == Some("Medication");
        if let Some(id) = wanted.strip_prefix('#') {
            return node
                .items("contained")
                .into_iter()
                .find(|c| is_medication(c) && c.text("id") == Some(id));
        }
        let named = |resource: &&Resource<'a>| {
            let by_id = resource.node.text("id").is_some_and(|id| {
                let mut parts = wanted.rsplit('/');
                parts.next() == Some(id) && parts.next() == Some("Medication")
            });
            is_medication(&resource.node) && (resource.url == Some(wanted) || by_id)
        };
        self.resources.iter().find(named).map(|resource| resource.node.clone())
    }

    /// Reads a resource with its extensions; `None` if it has an unknown code and such are skipped.
    fn read(&mut self, section: &str, node: &Node<'_>) -> Option<Entry> {
        let mut problems = Problems::new();
        let mut entry = decode::entry(section, node, &mut problems);
        if let Some(reference) = node.at(&["medicationReference", "reference"]) {
            match self.medication(node, &reference) {
                Some(medication) => product::medication(&mut entry, &medication, &mut problems),
                None => {
                    let what = "refers to a Medication that is not in the file".to_owned();
                    problems.add(Place::path(reference.path), Fault::Lost { what });
                }
            }
        }
        for extension in node.items("extension") {
            if extension.text("url") != Some(FIELD) {
                continue;
            }
            let put = of_extension(extension.value).map(|leaf| restore(&mut entry.value, leaf));
            if put != Some(true) {
                problems.add(
                    Place::path(extension.path),
                    Fault::Kind {
                        found: "an extension that fits nowhere".to_owned(),
                        expected: "path and value of a field of the record".to_owned(),
                    },
                );
            }
        }
        let unknown = problems.iter().any(|problem| matches!(problem.fault, Fault::UnknownCode { .. }));
        if unknown && self.skip_unknown && section != "patient" {
            self.lacking(problems);
            return None;
        }
        self.problems.append(problems);
        Some(entry)
    }

    fn lesions(
        &mut self,
        node: &Node<'_>,
        entry: &mut Entry,
        urls: &HashMap<&str, usize>,
        used: &mut [bool],
    ) {
        let mut list = Vec::new();
        for result in node.items("result") {
            let Some(reference) = result.get("reference") else { continue };
            let target = reference.value.as_str().and_then(|url| {
                urls.get(url).copied().or_else(|| {
                    let id = url.strip_prefix("Observation/")?;
                    self.resources.iter().position(|resource| {
                        resource.node.text("id") == Some(id)
                            && resource.node.text("resourceType") == Some("Observation")
                    })
                })
            });
            let Some(k) = target else {
                let what = "refers to nothing in the bundle".to_owned();
                self.problems.add(Place::path(reference.path), Fault::Contradiction { what, other: None });
                continue;
            };
            let resource = &self.resources[k];
            if !matches!(belongs(&resource.node), Belongs::To("lesion")) || is_void(&resource.node) {
                continue;
            }
            if std::mem::replace(&mut used[k], true) {
                let what = "this lesion belongs to a study already".to_owned();
                self.problems.add(Place::path(reference.path), Fault::Contradiction { what, other: None });
                continue;
            }
            let Some(lesion) = self.read("lesion", &resource.node) else { continue };
            let base = JsonPath(vec![Step::Key("lesions".to_owned()), Step::Index(list.len())]);
            for (inner, from) in lesion.places {
                let mut path = base.0.clone();
                path.extend(inner.0);
                entry.places.push((JsonPath(path), from));
            }
            list.push(lesion.value);
        }
        if !list.is_empty() {
            entry.value["lesions"] = Value::Array(list);
        }
    }

    fn push(&mut self, list: &str, entry: Entry) {
        if !self.value[list].is_array() {
            self.value[list] = Value::Array(Vec::new());
        }
        let Some(entries) = self.value[list].as_array_mut() else { return };
        let base = JsonPath::default().key(list).index(entries.len());
        entries.push(entry.value.clone());
        self.remember(&base, &entry);
    }

    fn remember(&mut self, base: &JsonPath, entry: &Entry) {
        for (inner, from) in &entry.places {
            let mut path = base.0.clone();
            path.extend(inner.0.iter().cloned());
            self.places.insert(JsonPath(path), Place::path(from.clone()));
        }
    }

    fn finish(mut self, check: Check) -> Result<Record, Problems> {
        match json::record(&self.value, check) {
            Ok(record) => self.problems.unless(record),
            Err(problems) => {
                // What lacks a part that could not be read is not at fault itself.
                self.problems.append_elsewhere(problems.relocate(|path| place_of(&self.places, path)));
                Err(self.problems)
            }
        }
    }
}

/// Whether a bundle was written by this program.
fn is_own(bundle: &Value) -> bool {
    bundle["meta"]["tag"].as_array().into_iter().flatten().any(|tag| {
        tag["system"].as_str() == Some(&format!("{LOCAL}bundle")) && tag["code"].as_str() == Some(PROFILE)
    })
}
