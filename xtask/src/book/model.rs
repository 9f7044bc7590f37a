//! Parameters, states and switches of the equations.

use osteoflare_kinetics::parameters;
use osteoflare_kinetics::state::{LOCAL, SYSTEMIC, StateInfo};
use osteoflare_kinetics::switches;

use super::{cell, code};
use crate::document::table;

/// The equations as text, and what their names mean.
pub fn equations() -> String {
    let text = osteoflare_export::text::markdown();
    let text = text.expect("the equations are those of this program, and a test checks their units");
    format!(
        "Recorded from the code that is run, with symbols in the place of numbers. [States](states.md) and \
         [parameters](parameters.md) have tables of their own; `osteoflare model export latex` writes a document to \
         typeset.\n\n{text}"
    )
}

/// Every parameter, by group.
pub fn parameters() -> String {
    let all = parameters::all();
    let assumed = all.iter().filter(|p| p.source.contains("assumed")).count();
    let mut text = format!(
        "{} parameters; {assumed} of them say `assumed` in their source, wholly or in part. A study file may set any \
         of them within its range, or to 0 to switch it off.\n",
        all.len()
    );
    let mut groups: Vec<&str> = Vec::new();
    for p in all {
        if !groups.contains(&p.group.as_str()) {
            groups.push(&p.group);
        }
    }
    for group in groups {
        let rows: Vec<Vec<String>> = all
            .iter()
            .filter(|p| p.group == group)
            .map(|p| {
                vec![
                    code(&p.symbol),
                    cell(&p.meaning),
                    cell(&p.unit),
                    p.default.to_string(),
                    format!("{} to {}", p.low, p.high),
                    cell(&p.source),
                ]
            })
            .collect();
        let header = ["symbol", "meaning", "unit", "default", "range", "source"];
        text += &format!("\n## {group}\n\n{}", table(&header, &rows));
    }
    text
}

fn rows(states: &[StateInfo]) -> Vec<Vec<String>> {
    states
        .iter()
        .map(|s| vec![code(s.symbol), cell(s.meaning), cell(s.unit), s.at_rest.to_string()])
        .collect()
}

/// Every state variable.
pub fn states() -> String {
    let header = ["symbol", "meaning", "unit", "at rest"];
    format!(
        "`r.u.` are relative units: 1 is the level in an established lesion of the reference site, the proximal \
         metaphysis of the tibia.\n\n## One site\n\n{}\n## Circulation\n\n{}",
        table(&header, &rows(&LOCAL)),
        table(&header, &rows(&SYSTEMIC))
    )
}

/// Every hypothesis switch.
pub fn switches() -> String {
    let rows: Vec<Vec<String>> = switches::ALL
        .iter()
        .map(|switch| {
            let off: Vec<String> =
                switch.off.iter().map(|(symbol, value)| format!("`{symbol}` = {value}")).collect();
            vec![code(switch.name), cell(switch.meaning), off.join(", ")]
        })
        .collect();
    table(&["switch", "when it is `false`", "parameters it sets"], &rows)
}
