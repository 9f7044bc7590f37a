//! Doses that other formats hold in parts, as a record holds them: a line for people.

use crate::node::Node;
use crate::problem::JsonPath;

/// Dose of a medication resource of FHIR and where it stands: as it was written, else amount and frequency.
pub(crate) fn of_resource(resource: &Node<'_>) -> Option<(String, JsonPath)> {
    let dosages = match resource.get("dosage").or_else(|| resource.get("dosageInstruction"))? {
        one if one.value.is_object() => vec![one],
        many => resource.items(many.path.last_key()?),
    };
    in_turn(&dosages, |dosage| {
        if let Some(text) = dosage.text("text") {
            return Some(text.to_owned());
        }
        let rates = dosage.items("doseAndRate");
        let quantity = dosage.get("dose").or_else(|| rates.first()?.get("doseQuantity"));
        let given = quantity.and_then(|quantity| {
            let unit = quantity.text("unit").or_else(|| quantity.text("code"));
            amount(quantity.get("value").as_ref(), unit)
        });
        let often = dosage.at(&["timing", "code"]);
        let coded = often.as_ref().map(|code| code.items("coding")).unwrap_or_default();
        let coded = coded.first().and_then(|coding| coding.text("display").or_else(|| coding.text("code")));
        line(&[given.as_deref(), often.as_ref().and_then(|code| code.text("text")).or(coded)], ", ")
    })
}

/// Dose of the intervals of a treatment in a phenopacket, and where it stands.
pub(crate) fn of_intervals(intervals: &[Node<'_>]) -> Option<(String, JsonPath)> {
    in_turn(intervals, |interval| {
        let unit = interval.at(&["quantity", "unit"]);
        let given = amount(interval.at(&["quantity", "value"]).as_ref(), unit.as_ref().and_then(name));
        let often = interval.get("scheduleFrequency");
        line(&[given.as_deref(), often.as_ref().and_then(name)], ", ")
    })
}

/// Route, amount in all, target and intent of a medical action of a phenopacket.
pub(crate) fn circumstances(action: &Node<'_>, treatment: &Node<'_>) -> Option<String> {
    let class = |node: Option<Node<'_>>, what: &str| Some(format!("{what}: {}", name(&node?)?));
    let in_all = treatment.get("cumulativeDose").and_then(|dose| {
        let unit = dose.get("unit");
        Some(format!("in all: {}", amount(dose.get("value").as_ref(), unit.as_ref().and_then(name))?))
    });
    let parts = [
        class(treatment.get("routeOfAdministration"), "route"),
        in_all,
        class(action.get("treatmentTarget"), "target"),
        class(action.get("treatmentIntent"), "intent"),
    ];
    line(&parts.each_ref().map(Option::as_deref), "; ")
}

/// Different doses one after the other, and the place of the first.
fn in_turn(nodes: &[Node<'_>], dose: impl Fn(&Node<'_>) -> Option<String>) -> Option<(String, JsonPath)> {
    let mut doses: Vec<String> = nodes.iter().filter_map(dose).collect();
    doses.dedup();
    Some((doses.join(", then "), nodes.first()?.path.clone())).filter(|(doses, _)| !doses.is_empty())
}

/// `15 mg` from a number and its unit; nothing without a number.
fn amount(number: Option<&Node<'_>>, unit: Option<&str>) -> Option<String> {
    let number = number?.value.as_f64()?;
    let unit = unit.map(|unit| unit.trim_start_matches("UCUM:")).filter(|unit| !unit.is_empty());
    Some(unit.map_or_else(|| number.to_string(), |unit| format!("{number} {unit}")))
}

/// Parts beside each other, without those that say nothing; `None` if none does.
fn line(parts: &[Option<&str>], between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.iter().flatten().copied().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

/// Name of an ontology class, else its code.
fn name<'a>(class: &Node<'a>) -> Option<&'a str> {
    class.text("label").filter(|label| !label.is_empty()).or_else(|| class.text("id"))
}
