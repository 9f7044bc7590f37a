//! Laws of vignettes: what nobody knows is as if it were not said, and what is denied is not there.

use serde_json::Value;

use super::vignette_facts::case;

/// Places at which a value stands, with `%` for it.
const PLACES: [&str; 36] = [
    "findings: {fever: %}",
    "findings: {bone_pain: %}",
    "findings: {soft_tissue_mass: %}",
    "findings: {severe_acne: %}",
    "findings: {palmoplantar_pustulosis: %}",
    "findings: {hepatosplenomegaly: %}",
    "findings: {weight_loss: %}",
    "findings: {crohn_disease: %}",
    "findings: {leukaemia: %}",
    "comorbid: {ulcerative_colitis: %}",
    "comorbid: {psoriasis: %}",
    "biopsy: {done: true, malignancy: %}",
    "biopsy: {done: true, cd1a: %}",
    "biopsy: {done: true, culture: %}",
    "biopsy: {done: %}",
    "biopsy: %",
    "microbiology: {blood_culture: %}",
    "microbiology: {bone_pcr: %}",
    "microbiology: {igra: %}",
    "labs: {blasts: %}",
    "labs: {anaemia: %}",
    "labs: {crp: %}",
    "labs: {vitamin_c: %}",
    "imaging: {mri: %}",
    "imaging: {mri: {abscess: %}}",
    "imaging: {mri: {soft_tissue_mass: %}}",
    "genetics: {LPIN2: %}",
    "genetics: {gene: LPIN2, variant: %}",
    "genetics: {gene: LPIN2, finding: %}",
    "response: {antibiotics: %}",
    "patient: {age_years: 10, family_history: %}",
    "focality: {imaging: %}",
    "surgery: {pus: %}",
    "scores: {pain_vas: %}",
    "course: {pain_pattern: %}",
    "marrow: {aspirate: %}",
];

/// The record without its notes, in which every word is kept.
fn facts(place: &str, value: &str) -> Value {
    let record = case(&place.replace('%', value));
    let mut value = serde_json::to_value(record).expect("JSON");
    let fields = value.as_object_mut().expect("an object");
    fields.retain(|name, _| !matches!(name.as_str(), "notes" | "origin" | "id"));
    value
}

#[test]
fn what_nobody_knows_is_as_if_it_were_not_said() {
    let mut wrong = Vec::new();
    for place in PLACES {
        let unsaid = facts(place, "null");
        for word in [
            "unknown",
            "not assessed",
            "not reported",
            "n/a",
            "pending",
            "'?'",
            "unclear",
            "not documented",
            "missing",
            "cannot be assessed",
            "not available",
            "not sure",
            "not recalled",
            "unsure",
            "not asked",
            "under investigation",
            "awaiting result",
            "could not be determined",
            "inconclusive",
            "indeterminate",
        ] {
            let said = facts(place, word);
            if said != unsaid {
                wrong.push(format!("{}: {said}", place.replace('%', word)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_denied_is_not_there() {
    let mut wrong = Vec::new();
    for place in PLACES.iter().filter(|place| !place.starts_with("imaging: {mri: %}")) {
        let there = facts(place, "positive");
        if there == facts(place, "null") {
            continue;
        }
        for word in [
            "absent",
            "none",
            "'no'",
            "negative",
            "denied",
            "denies",
            "not present",
            "not seen",
            "nil",
            "never",
            "ruled out",
            "excluded",
            "not detected",
            "undetected",
            "without",
            "not observed",
            "no evidence",
            "none seen",
            "denied by parents",
            "nothing",
        ] {
            if facts(place, word) == there {
                wrong.push(place.replace('%', word));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_only_thought_of_is_not_there() {
    for place in
        ["findings: {fever: %}", "comorbid: {psoriasis: %}", "focality: {imaging: %}", "labs: {blasts: %}"]
    {
        for word in [
            "possible",
            "suspected",
            "equivocal",
            "questionable",
            "doubtful",
            "uncertain",
            "probable",
            "maybe",
        ] {
            assert_eq!(facts(place, word), facts(place, "null"), "{}", place.replace('%', word));
        }
    }
}
