//! The JSON Schema of the study file, made from the tables the reader uses.

use osteoflare_kinetics::parameters;
use osteoflare_patient::population::HostPopulation;
use osteoflare_patient::prescription::Drug;
use osteoflare_skeleton::Skeleton;
use serde_json::{Map, Value, json};

use super::keys::{self, Key, Kind, RANDOM_METAPHYSIS};
use super::quantity;

/// JSON Schema (draft 2020-12) of a study file.
pub fn schema() -> Value {
    let mut schema = table(keys::FILE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("Osteoflare study");
    schema["description"] = json!("Times, doses and ages are texts with a unit, for example \"26 wk\".");
    schema
}

fn table(keys: &[Key]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut property = kind(&key.kind);
        property["description"] = json!(key.meaning);
        properties.insert(key.name.to_owned(), property);
    }
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn time() -> Value {
    json!({ "type": "string", "pattern": quantity::TIME_PATTERN })
}

fn name() -> Value {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$" })
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Name => name(),
        Kind::Text => json!({ "type": "string", "maxLength": 200 }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Count { low, high } => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Kind::Number { low, high } => json!({ "type": "number", "minimum": low, "maximum": high }),
        Kind::Time { .. } => time(),
        Kind::Duration => json!({ "anyOf": [{ "const": "always" }, time()] }),
        Kind::Times { .. } => {
            let series = json!({ "type": "string", "pattern": quantity::SERIES_PATTERN });
            json!({ "type": "array", "items": { "anyOf": [time(), series] } })
        }
        Kind::Dose => json!({ "type": "string", "pattern": quantity::DOSE_PATTERN }),
        Kind::Drug => json!({ "enum": Drug::ALL.map(Drug::name) }),
        Kind::Steps => json!({ "type": "array", "items": name() }),
        Kind::Site => {
            let sites = Skeleton::get().sites().iter().map(|site| site.id.as_str());
            let words: Vec<&str> = [RANDOM_METAPHYSIS].into_iter().chain(sites).collect();
            json!({ "enum": words })
        }
        Kind::OneOf(words) => json!({ "enum": words }),
        Kind::Parameters => {
            let mut properties = Map::new();
            for parameter in parameters::all() {
                properties.insert(
                    parameter.symbol.clone(),
                    json!({
                        "description": parameter.meaning,
                        "anyOf": [
                            { "const": 0 },
                            { "type": "number", "minimum": parameter.low, "maximum": parameter.high },
                        ],
                    }),
                );
            }
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
        Kind::Population(keys) => json!({ "anyOf": [{ "enum": HostPopulation::PRESETS }, table(keys)] }),
        Kind::Start(keys) => json!({ "anyOf": [{ "const": "presentation" }, time(), table(keys)] }),
        Kind::Switches => table(keys::switches()),
        Kind::Table(keys) => table(keys),
        Kind::Tables(keys) => json!({ "type": "array", "items": table(keys) }),
        Kind::NamedTables(keys) => {
            json!({ "type": "object", "minProperties": 1, "propertyNames": name(), "additionalProperties": table(keys) })
        }
    }
}
