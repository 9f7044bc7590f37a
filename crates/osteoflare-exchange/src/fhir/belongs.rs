//! Which section of the record a resource belongs to.

use serde_json::Value;

use super::QUESTIONNAIRE;
use super::concept::{LOCAL, word};
use super::lists::LISTS;
use crate::fault::{Fault, nearest};
use crate::node::Node;
use crate::privacy::clean;
use crate::problem::Problems;

/// Which section a resource belongs to.
pub(super) enum Belongs {
    /// Entries of this section.
    To(&'static str),
    /// It is used by others (a body structure), or holds nothing of the patient's state (an organisation).
    Nowhere,
    /// It holds something that a record has no place for.
    Unknown(Fault),
}

/// Which section a resource belongs to, by its type, category and code.
pub(super) fn belongs(node: &Node<'_>) -> Belongs {
    let own = format!("{LOCAL}section");
    let categories: Vec<(String, String)> = node
        .items("category")
        .iter()
        .flat_map(|category| category.items("coding"))
        .filter_map(|coding| Some((coding.text("system")?.to_owned(), coding.text("code")?.to_owned())))
        .collect();
    if let Some((_, code)) = categories.iter().find(|(system, _)| *system == own) {
        return match LISTS.iter().map(|list| list.name).chain(["lesion"]).find(|name| *name == code) {
            Some(name) => Belongs::To(name),
            None => Belongs::Unknown(Fault::UnknownCode {
                what: "section of the record".to_owned(),
                found: clean(code),
                nearest: None,
                allowed: LISTS.iter().map(|list| list.name.to_owned()).collect(),
            }),
        };
    }
    let has = |code: &str| categories.iter().any(|(_, known)| known == code);
    let coded = |kind: &str| {
        let mut quiet = Problems::new();
        let concept = node.get("code");
        concept.is_some_and(|c| !c.items("coding").is_empty() && word(kind, &c, &mut quiet).is_some())
    };
    let lost = |what: &str| Belongs::Unknown(Fault::Lost { what: what.to_owned() });
    match node.text("resourceType").unwrap_or_default() {
        "Patient" => Belongs::To("patient"),
        "Condition" if has("encounter-diagnosis") => Belongs::To("diagnosis"),
        "Condition" | "FamilyMemberHistory" => Belongs::To("condition"),
        "Encounter" => Belongs::To("visit"),
        "Observation" if has("vital-signs") => Belongs::To("vital_sign"),
        "Observation" if coded("assessment") => Belongs::To("assessment"),
        "Observation" if coded("finding") => Belongs::To("finding"),
        "Observation" => Belongs::To("laboratory"),
        "DiagnosticReport" if has("RAD") || has("IMG") => Belongs::To("imaging"),
        "DiagnosticReport" => Belongs::Nowhere,
        "MedicationAdministration" | "MedicationStatement" | "MedicationRequest" => Belongs::To("treatment"),
        "QuestionnaireResponse" if node.text("questionnaire") == Some(QUESTIONNAIRE) => {
            Belongs::To("assessment")
        }
        "QuestionnaireResponse" => lost("a response to another questionnaire"),
        "ClinicalImpression" => Belongs::To("outcome"),
        "Procedure" => {
            let biopsy = node.get("code").is_some_and(|code| {
                code.items("coding")
                    .iter()
                    .any(|coding| matches!(coding.text("code"), Some("biopsy" | "86273004")))
            });
            if biopsy { Belongs::To("biopsy") } else { lost("a procedure that is no biopsy") }
        }
        kind @ ("AllergyIntolerance" | "Immunization" | "ImagingStudy") => {
            lost(&format!("a record has no place for {kind}"))
        }
        _ => Belongs::Nowhere,
    }
}

/// Whether a resource says of itself that it is a mistake, did not happen, or has not happened yet.
pub(super) fn is_void(node: &Node<'_>) -> bool {
    let void = |code: Option<&str>| matches!(code, Some("entered-in-error" | "cancelled"));
    let not_given = match node.text("resourceType") {
        Some("MedicationAdministration") => node.text("status") == Some("not-done"),
        Some("MedicationStatement") => matches!(node.text("status"), Some("not-taken" | "intended")),
        Some("MedicationRequest") => {
            node.text("status") == Some("draft")
                || matches!(node.text("intent"), Some("proposal" | "plan" | "option"))
                || node.get("doNotPerform").is_some_and(|not| not.value == &Value::Bool(true))
        }
        _ => false,
    };
    let verified = node.get("verificationStatus").map(|status| status.items("coding")).unwrap_or_default();
    void(node.text("status")) || verified.iter().any(|coding| void(coding.text("code"))) || not_given
}

/// What is wrong with the status of a drug that is not void.
pub(super) fn drug_status(node: &Node<'_>, own: bool) -> Option<Fault> {
    let known: &[&str] = match node.text("resourceType")? {
        "MedicationAdministration" => {
            &["in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"]
        }
        "MedicationStatement" => &[
            "active",
            "completed",
            "entered-in-error",
            "intended",
            "stopped",
            "on-hold",
            "unknown",
            "not-taken",
        ],
        "MedicationRequest" => &[
            "active",
            "on-hold",
            "cancelled",
            "completed",
            "entered-in-error",
            "stopped",
            "draft",
            "unknown",
        ],
        _ => return None,
    };
    let status = node.text("status")?;
    if !known.contains(&status) {
        return Some(Fault::UnknownCode {
            what: "status".to_owned(),
            found: clean(status),
            nearest: nearest(status, known.iter().copied()),
            allowed: known.iter().map(|&word| word.to_owned()).collect(),
        });
    }
    // The project's own bundles say so of drugs whose end is not known.
    (status == "unknown" && !own).then(|| Fault::Lost {
        what: "does not say whether the drug was taken (status 'unknown')".to_owned(),
    })
}
