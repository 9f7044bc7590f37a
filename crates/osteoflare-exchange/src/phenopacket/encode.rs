//! Records as phenopackets.

use osteoflare_clinic::record::Record;
use phenopackets::schema::v2::Phenopacket;
use serde_json::{Value, json};

use super::decode::{decode, roots};
use super::duration::duration;
use super::{CONTENT, LOCAL, PREFIXES};
use crate::codes::{bone_code_of, codes_of, ucum};
use crate::json::prune;
use crate::problem::{JsonPath, Problems};

/// A phenopacket and the sections of the record that it does not hold completely.
pub(crate) struct Encoded {
    pub packet: Value,
    /// Roots of the record, as [`super::section_root`] names them.
    pub companion: Vec<&'static str>,
}

/// The phenopacket of a record. `companion` is the name of the table that takes what it cannot hold.
///
/// # Errors
/// If the result is no phenopacket, which the tests exclude.
pub(crate) fn encode(record: &Record, companion: &str) -> Result<Encoded, serde_json::Error> {
    let mut value = serde_json::to_value(record)?;
    prune(&mut value);
    let mut packet = canonical(packet(&value))?;
    let mut quiet = Problems::new();
    let decoded = decode(&packet, &JsonPath::default(), &mut quiet);
    let lost: Vec<&'static str> =
        roots().filter(|root| root_value(&value, root) != root_value(&decoded.value, root)).collect();
    if !lost.is_empty() {
        packet["files"] = json!([{
            "uri": companion,
            "individualToFileIdentifiers": {record.id.as_str(): record.id},
            "fileAttributes": {"fileFormat": "text/csv", "content": CONTENT, "sections": lost.join(" ")},
        }]);
        packet = canonical(packet)?;
    }
    Ok(Encoded { packet, companion: lost })
}

/// A phenopacket as the schema writes it.
pub(super) fn canonical(packet: Value) -> Result<Value, serde_json::Error> {
    let typed: Phenopacket = serde_json::from_value(packet)?;
    serde_json::to_value(&typed)
}

/// What a record says under a root, without difference between whole numbers written as `1` and as `1.0`.
pub(super) fn root_value(record: &Value, root: &str) -> Value {
    let mut value = match root {
        "patient" => {
            let keys = ["patient", "history", "origin", "reference_date", "followed_until"];
            Value::Object(
                keys.iter().filter_map(|&key| Some((key.to_owned(), record.get(key)?.clone()))).collect(),
            )
        }
        list => record.get(list).cloned().unwrap_or(json!([])),
    };
    numbers(&mut value);
    value
}

fn numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(float) = number.as_f64() {
                *value = json!(float);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(numbers),
        Value::Object(map) => map.values_mut().for_each(numbers),
        _ => {}
    }
}

/// What a record says, in the elements of a phenopacket.
pub(super) fn packet(record: &Value) -> Value {
    let list = |name: &str| record[name].as_array().map_or(&[][..], Vec::as_slice);
    let time = Times::of(record);
    let id = &record["id"];
    let mut subject = json!({"id": id, "taxonomy": {"id": "NCBITaxon:9606", "label": "Homo sapiens"}});
    match record["patient"]["sex"].as_str() {
        Some("female") => subject["sex"] = json!("FEMALE"),
        Some("male") => subject["sex"] = json!("MALE"),
        _ => {}
    }
    if let Some(date) = record["patient"]["birth_date"].as_str() {
        subject["dateOfBirth"] = timestamp(date);
    }
    if let Some(age) = record["patient"]["age_years"].as_f64().and_then(duration) {
        subject["timeAtLastEncounter"] = json!({"age": {"iso8601duration": age}});
    }
    let mut features: Vec<Value> = list("findings").iter().map(|finding| feature(finding, &time)).collect();
    for study in list("imaging") {
        image_features(study, &time, &mut features);
    }
    let results = list("vital_signs").iter().chain(list("laboratory"));
    let measurements: Vec<Value> = results.filter_map(|result| measurement(result, &time)).collect();
    let biopsies = list("biopsies").iter().enumerate().filter(|(_, biopsy)| biopsy["done"] == json!(true));
    let biosamples: Vec<Value> = biopsies
        .map(|(k, biopsy)| {
            let mut sample = json!({"id": format!("biopsy-{}", k + 1), "individualId": id});
            if let Some((code, name)) =
                biopsy["place"]["bone"].as_str().and_then(|bone| bone_code_of(bone, "UBERON"))
            {
                sample["sampledTissue"] = json!({"id": code, "label": name});
            }
            set(&mut sample, "timeOfCollection", time.element(&biopsy["when"]));
            set(&mut sample, "description", biopsy["note"].as_str().map(Value::from));
            sample
        })
        .collect();
    let mut diseases: Vec<Value> = Vec::new();
    for diagnosis in list("diagnoses") {
        let mut disease =
            json!({"term": class("disease", diagnosis["disease"].as_str().unwrap_or_default())});
        set(&mut disease, "onset", time.element(&diagnosis["when"]));
        diseases.push(disease);
    }
    for condition in list("conditions").iter().filter(|c| c["of"].is_null() || c["of"] == json!("patient")) {
        let mut disease =
            json!({"term": class("disease", condition["condition"].as_str().unwrap_or_default())});
        if condition["status"] == json!("excluded") {
            disease["excluded"] = json!(true);
        }
        set(&mut disease, "onset", time.element(&condition["when"]));
        diseases.push(disease);
    }
    let actions: Vec<Value> = list("treatments").iter().map(|treatment| action(treatment, &time)).collect();
    json!({
        "id": id,
        "subject": subject,
        "phenotypicFeatures": features,
        "measurements": measurements,
        "biosamples": biosamples,
        "diseases": diseases,
        "medicalActions": actions,
        "metaData": {
            // The time of writing is not recorded: the same record gives the same file.
            "created": "1970-01-01T00:00:00Z",
            "createdBy": format!("osteoflare {}", env!("CARGO_PKG_VERSION")),
            "phenopacketSchemaVersion": "2.0",
            "resources": resources(),
        },
    })
}

fn resources() -> Vec<Value> {
    let mut list: Vec<Value> = PREFIXES
        .iter()
        .map(|(prefix, _, name, url, version)| {
            let prefix = prefix.trim_end_matches(':');
            json!({
                "id": prefix.to_lowercase(),
                "name": name,
                "url": url,
                "version": version,
                "namespacePrefix": prefix,
                "iriPrefix": format!("{url}#"),
            })
        })
        .collect();
    list.push(json!({
        "id": "osteoflare",
        "name": "Words of Osteoflare records",
        "url": "https://github.com/osteoflare/osteoflare",
        "version": env!("CARGO_PKG_VERSION"),
        "namespacePrefix": "osteoflare",
        "iriPrefix": "https://github.com/osteoflare/osteoflare/record#",
    }));
    list.push(json!({
        "id": "eco",
        "name": "Evidence and Conclusion Ontology",
        "url": "http://purl.obolibrary.org/obo/eco.owl",
        "version": "unversioned",
        "namespacePrefix": "ECO",
        "iriPrefix": "http://purl.obolibrary.org/obo/ECO_",
    }));
    list.push(json!({
        "id": "ncbitaxon",
        "name": "NCBI organismal classification",
        "url": "http://purl.obolibrary.org/obo/ncbitaxon.owl",
        "version": "unversioned",
        "namespacePrefix": "NCBITaxon",
        "iriPrefix": "http://purl.obolibrary.org/obo/NCBITaxon_",
    }));
    list
}

/// The class of a word: a code of an ontology, else the project's own.
pub(super) fn class(kind: &str, word: &str) -> Value {
    for code in codes_of(kind, word) {
        if let Some((prefix, ..)) = PREFIXES.iter().find(|(_, system, ..)| *system == code.system) {
            let bare = code.code.strip_prefix(prefix).unwrap_or(&code.code);
            return json!({"id": format!("{prefix}{bare}"), "label": code.display});
        }
    }
    let plain =
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    match plain {
        true => json!({"id": format!("{LOCAL}{word}"), "label": word.replace('_', " ")}),
        false => json!({"id": format!("{LOCAL}other"), "label": word}),
    }
}

/// How the times of a record are said.
struct Times {
    age_years: Option<f64>,
}

impl Times {
    fn of(record: &Value) -> Times {
        // An age that cannot be said is none that others could be placed by.
        let age_years = record["patient"]["age_years"].as_f64().filter(|age| duration(*age).is_some());
        Times { age_years }
    }

    /// Dates as instants, days as ages, if the age at day 0 is known.
    fn element(&self, when: &Value) -> Option<Value> {
        match when {
            Value::String(date) => Some(json!({"timestamp": timestamp(date)})),
            Value::Number(day) => {
                let age = self.age_years? + day.as_f64()? / osteoflare_clinic::record::DAYS_PER_YEAR;
                Some(json!({"age": {"iso8601duration": duration(age)?}}))
            }
            _ => None,
        }
    }
}

fn timestamp(date: &str) -> Value {
    Value::String(format!("{date}T00:00:00Z"))
}

fn feature(finding: &Value, time: &Times) -> Value {
    let mut feature = json!({"type": class("finding", finding["finding"].as_str().unwrap_or_default())});
    if finding["present"] == json!(false) {
        feature["excluded"] = json!(true);
    }
    if let Some(side) = finding["place"]["side"].as_str()
        && codes_of("side", side).any(|code| code.system == "HPO")
    {
        feature["modifiers"] = json!([class("side", side)]);
    }
    set(&mut feature, "severity", finding["degree"].as_str().map(|degree| class("degree", degree)));
    set(&mut feature, "onset", time.element(&finding["when"]));
    set(&mut feature, "description", finding["note"].as_str().map(Value::from));
    feature
}

/// What was seen on pictures, for readers of the phenopacket; the study itself is in the companion.
fn image_features(study: &Value, time: &Times, features: &mut Vec<Value>) {
    let modality = study["modality"].as_str().unwrap_or_default();
    let evidence = json!([{
        "evidenceCode": {"id": "ECO:0000180", "label": "clinical study evidence"},
        "reference": {"id": format!("{LOCAL}imaging"), "description": format!("imaging: {modality}")},
    }]);
    let lesions = study["lesions"].as_array().into_iter().flatten();
    let places = std::iter::once((study, None))
        .chain(lesions.map(|lesion| (lesion, lesion["place"]["side"].as_str())));
    for (said, side) in places {
        for (field, excluded) in [("descriptors", false), ("absent", true)] {
            for word in said[field].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let mut feature = json!({"type": class("descriptor", word), "evidence": evidence});
                if excluded {
                    feature["excluded"] = json!(true);
                }
                if let Some(side) =
                    side.filter(|side| codes_of("side", side).any(|code| code.system == "HPO"))
                {
                    feature["modifiers"] = json!([class("side", side)]);
                }
                set(&mut feature, "onset", time.element(&study["when"]));
                features.push(feature);
            }
        }
    }
}

fn measurement(result: &Value, time: &Times) -> Option<Value> {
    let mut measurement = json!({"assay": class("analyte", result["analyte"].as_str().unwrap_or_default())});
    let unit = result["unit"].as_str();
    let unit_class = unit.map(|unit| match ucum(unit) {
        Some(code) => json!({"id": format!("UCUM:{code}"), "label": unit}),
        None => json!({"id": format!("{LOCAL}other"), "label": unit}),
    });
    if let Some(value) = result["value"].as_f64().filter(|_| result["comparator"].is_null()) {
        let mut quantity = json!({"value": value});
        set(&mut quantity, "unit", unit_class.clone());
        if let (Some(low), Some(high)) =
            (result["reference"]["low"].as_f64(), result["reference"]["high"].as_f64())
        {
            quantity["referenceRange"] = json!({"low": low, "high": high});
            set(&mut quantity["referenceRange"], "unit", unit_class);
        }
        measurement["value"] = json!({"quantity": quantity});
    } else {
        measurement["value"] =
            json!({"ontologyClass": class("qualitative", result["qualitative"].as_str()?)});
    }
    set(&mut measurement, "timeObserved", time.element(&result["when"]));
    set(&mut measurement, "description", result["note"].as_str().map(Value::from));
    Some(measurement)
}

fn action(treatment: &Value, time: &Times) -> Value {
    let mut body = json!({"agent": class("drug", treatment["drug"].as_str().unwrap_or_default())});
    if let (Some(start), Some(stop)) = (treatment["start"].as_str(), treatment["stop"].as_str()) {
        body["doseIntervals"] = json!([{"interval": {"start": timestamp(start), "end": timestamp(stop)}}]);
    }
    let mut action = json!({"treatment": body});
    if let Some(response) = treatment["response"].as_str() {
        action["responseToTreatment"] = class("response", response);
    }
    let _ = time;
    action
}

fn set(object: &mut Value, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object[key] = value;
    }
}
