//! The equations as they are run, for people and for programs.

use std::fmt::Write;

use osteoflare_export::expression::UnitError;
use osteoflare_export::text::{names, systems};
use serde_json::{Value, json};

/// The equations for people.
pub fn text() -> Result<String, UnitError> {
    let mut text = String::new();
    for system in systems()? {
        let _ = writeln!(text, "{} (per day)\n", system.title);
        for (name, value) in &system.intermediates {
            let _ = writeln!(text, "  {name} = {value}");
        }
        text.push('\n');
        for (state, value) in &system.rates {
            let _ = writeln!(text, "  d{state}/dt = {value}");
        }
        text.push('\n');
        for (name, value) in &system.outputs {
            let _ = writeln!(text, "  {name} = {value}");
        }
        text.push('\n');
    }
    text.push_str(
        "Names besides states (`osteoflare model states`) and parameters (`osteoflare model parameters`)\n\n",
    );
    for (name, meaning) in names() {
        let _ = writeln!(text, "  {name:<16} {meaning}");
    }
    Ok(text)
}

/// The equations for programs.
pub fn json() -> Result<Value, UnitError> {
    let list = |rows: &[(String, String)]| {
        rows.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>()
    };
    let systems: Vec<Value> = systems()?
        .iter()
        .map(|system| {
            let rates = system.rates.iter().map(|(state, rate)| json!({ "state": state, "rate": rate }));
            json!({
                "title": system.title,
                "intermediates": list(&system.intermediates),
                "equations": rates.collect::<Vec<_>>(),
                "outputs": list(&system.outputs),
            })
        })
        .collect();
    let names: Vec<Value> =
        names().iter().map(|(name, meaning)| json!({ "name": name, "meaning": meaning })).collect();
    Ok(json!({ "systems": systems, "names": names }))
}
