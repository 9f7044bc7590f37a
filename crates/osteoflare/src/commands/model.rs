//! `osteoflare model`

use osteoflare_kinetics::parameters;
use osteoflare_kinetics::state::{LOCAL, SYSTEMIC, StateInfo};
use serde_json::{Value, json};

use crate::arguments::{Format, FormatArguments, ModelArguments, ModelPart};
use crate::commands::export::export;
use crate::equations;
use crate::failure::Failure;
use crate::terminal::{print, print_json, table};

/// Prints a part of the model.
pub fn model(arguments: &ModelArguments) -> Result<(), Failure> {
    match &arguments.part {
        ModelPart::Parameters(FormatArguments { format: Format::Text }) => print(&parameters_table()),
        ModelPart::Parameters(FormatArguments { format: Format::Json }) => print_json(&parameters_json()),
        ModelPart::States(FormatArguments { format: Format::Text }) => print(&states_table()),
        ModelPart::States(FormatArguments { format: Format::Json }) => print_json(&states_json()),
        ModelPart::Equations(FormatArguments { format: Format::Text }) => print(&equations::text()?),
        ModelPart::Equations(FormatArguments { format: Format::Json }) => print_json(&equations::json()?),
        ModelPart::Export(arguments) => export(arguments),
    }
}

fn parameters_table() -> String {
    let mut table = table(&["symbol", "value", "range", "unit", "meaning", "source"]);
    for parameter in parameters::all() {
        table.add_row([
            parameter.symbol.clone(),
            parameter.default.to_string(),
            format!("{} to {}", parameter.low, parameter.high),
            parameter.unit.clone(),
            parameter.meaning.clone(),
            parameter.source.clone(),
        ]);
    }
    table.to_string()
}

fn parameters_json() -> Value {
    let rows = parameters::all().iter().map(|parameter| {
        json!({
            "symbol": parameter.symbol,
            "group": parameter.group,
            "meaning": parameter.meaning,
            "default": parameter.default,
            "unit": parameter.unit,
            "low": parameter.low,
            "high": parameter.high,
            "source": parameter.source,
        })
    });
    json!({ "parameters": rows.collect::<Vec<_>>() })
}

fn states_table() -> String {
    let mut table = table(&["where", "symbol", "unit", "at rest", "meaning"]);
    for (place, states) in [("site", LOCAL.as_slice()), ("blood", SYSTEMIC.as_slice())] {
        for state in states {
            table.add_row([place, state.symbol, state.unit, &state.at_rest.to_string(), state.meaning]);
        }
    }
    format!(
        "{table}\nEvery site of the skeleton has the states marked 'site'; r.u.: 1 = level in an established lesion."
    )
}

fn states_json() -> Value {
    let list = |states: &[StateInfo]| {
        let rows = states.iter().map(|state| {
            json!({ "symbol": state.symbol, "unit": state.unit, "at_rest": state.at_rest, "meaning": state.meaning })
        });
        rows.collect::<Vec<_>>()
    };
    json!({ "local": list(&LOCAL), "systemic": list(&SYSTEMIC) })
}
