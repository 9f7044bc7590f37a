//! Bundles as other programs write them.

use std::io::Cursor;

use osteoflare_clinic::record::Record;
use osteoflare_exchange::{Options, Problems, read_stream};

fn bundle(medication: &str, contained: &str, resources: &str) -> Result<Record, Problems> {
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
{{"fullUrl":"http://example.org/Patient/p1","resource":{{"resourceType":"Patient","id":"p1"}}}},
{{"resource":{{"resourceType":"MedicationAdministration","status":"completed",{contained}
"medicationReference":{{"reference":"{medication}"}},"subject":{{"reference":"Patient/p1"}},"effectiveDateTime":"2023-02-02"}}}}
{resources}]}}"#
    );
    let mut records = read_stream(Box::new(Cursor::new(text.into_bytes())), false, &Options::default())?;
    records.next().expect("a record")
}

const NAPROXEN: &str = r#""code":{"coding":[{"system":"http://www.whocc.no/atc","code":"M01AE02"}]}"#;

#[test]
fn a_drug_in_a_resource_of_its_own_is_found() {
    let contained = format!(r#""contained":[{{"resourceType":"Medication","id":"m",{NAPROXEN}}}],"#);
    let beside = format!(
        r#",{{"fullUrl":"http://example.org/Medication/m","resource":{{"resourceType":"Medication","id":"m",{NAPROXEN}}}}}"#
    );
    for (reference, contained, resources) in [
        ("#m", contained.as_str(), ""),
        ("Medication/m", "", beside.as_str()),
        ("http://example.org/Medication/m", "", beside.as_str()),
    ] {
        let record = bundle(reference, contained, resources).expect("a record");
        assert_eq!(record.treatments[0].drug.as_str(), "naproxen", "{reference}");
    }
}

#[test]
fn a_drug_that_is_not_in_the_file_is_missed() {
    let problems = bundle("Medication/other", "", "").expect_err("no drug").to_string();
    assert!(
        problems.contains("$.entry[1].resource.medicationReference.reference: refers to a Medication that is not in the file"),
        "{problems}"
    );
}

/// What becomes of one resource beside the patient; `PATIENT` stands for the reference to it.
fn with(resource: &str, skip_unknown: bool) -> Result<Record, String> {
    let resource = resource.replace("PATIENT", r#""subject":{"reference":"Patient/p1"}"#);
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
{{"resource":{{"resourceType":"Patient","id":"p1","gender":"female"}}}},{resource}]}}"#
    );
    let options = Options { skip_unknown, ..Options::default() };
    let mut records = read_stream(Box::new(Cursor::new(text.into_bytes())), false, &options).unwrap();
    records.next().expect("a record").map_err(|problems| problems.to_string())
}

fn result(loinc: &str, quantity: &str, more: &str) -> Result<Record, String> {
    with(
        &format!(
            r#"{{"resource":{{"resourceType":"Observation","status":"final",PATIENT,"effectiveDateTime":"2024-05-01",
"code":{{"coding":[{{"system":"http://loinc.org","code":"{loinc}"}}]}},"valueQuantity":{quantity}{more}}}}}"#
        ),
        false,
    )
}

#[test]
fn the_code_of_a_unit_counts_and_a_contradicting_print_is_refused() {
    let unit = |loinc: &str, quantity: &str| {
        result(loinc, quantity, "").unwrap().laboratory[0].unit.clone().unwrap()
    };
    assert_eq!(unit("777-3", r#"{"value":400,"unit":"Tsd. pro Mikroliter","code":"10*3/uL"}"#), "10^3/ul");
    assert_eq!(unit("777-3", r#"{"value":400,"unit":"G/l","code":"10*3/uL"}"#), "G/l");
    let problems = result("1988-5", r#"{"value":12,"unit":"mg/dL","code":"mg/L"}"#, "").unwrap_err();
    assert!(
        problems.contains("valueQuantity.code: the unit is printed 'mg/dL' and coded 'mg/L'"),
        "{problems}"
    );
}

#[test]
fn a_reference_range_is_compared_by_its_unit_and_lends_none() {
    let platelets = r#"{"value":400,"unit":"10^3/uL","code":"10*3/uL"}"#;
    for code in ["10*3/uL", "10*9/L"] {
        let range = format!(r#","referenceRange":[{{"high":{{"value":450,"code":"{code}"}}}}]"#);
        let record = result("777-3", platelets, &range).unwrap();
        assert_eq!(record.laboratory[0].reference.unwrap().high, Some(450.0));
    }
    let range = r#","referenceRange":[{"high":{"value":5,"unit":"mg/dl"}}]"#;
    assert!(
        result("1988-5", r#"{"value":12,"unit":"mg/L"}"#, range)
            .unwrap_err()
            .contains("reference range is in")
    );
    let bare = result("1988-5", r#"{"value":12}"#, range);
    assert!(bare.as_ref().map_or(true, |record| record.laboratory[0].unit.is_none()), "{bare:?}");
}

#[test]
fn a_drug_that_was_not_given_is_no_treatment() {
    let drug = |kind: &str, status: &str, more: &str, skip| {
        with(
            &format!(
                r#"{{"resource":{{"resourceType":"{kind}","status":"{status}",PATIENT{more},
"medicationCodeableConcept":{{"coding":[{{"system":"http://www.whocc.no/atc","code":"M01AE02"}}]}}}}}}"#
            ),
            skip,
        )
    };
    let request = r#","intent":"order""#;
    for (kind, status, more, treatments) in [
        ("MedicationStatement", "active", "", 1),
        ("MedicationStatement", "not-taken", "", 0),
        ("MedicationStatement", "intended", "", 0),
        ("MedicationStatement", "entered-in-error", "", 0),
        ("MedicationRequest", "active", request, 1),
        ("MedicationRequest", "draft", request, 0),
        ("MedicationRequest", "cancelled", request, 0),
        ("MedicationRequest", "active", r#","intent":"proposal""#, 0),
    ] {
        let record = drug(kind, status, more, false).unwrap();
        assert_eq!(record.treatments.len(), treatments, "{kind} {status}");
    }
    let problems = drug("MedicationStatement", "unknown", "", false).unwrap_err();
    assert!(problems.contains("resource.status: does not say whether the drug was taken"), "{problems}");
    let problems = drug("MedicationStatement", "zzz", "", false).unwrap_err();
    assert!(problems.contains("unknown status 'zzz'"), "{problems}");
    assert_eq!(drug("MedicationStatement", "unknown", "", true).unwrap().treatments.len(), 0);
}

#[test]
fn a_bad_date_hides_no_other_fault_and_adds_none() {
    let observation = |date: &str, unit: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Observation","status":"final",PATIENT,"effectiveDateTime":"{date}",
"code":{{"coding":[{{"system":"http://loinc.org","code":"1988-5"}}]}},"valueQuantity":{{"value":3,"unit":"{unit}"}}}}}}"#
        )
    };
    let both = format!("{},{}", observation("2024-02-31", "mg/l"), observation("2024-03-01", "furlong"));
    let problems = with(&both, false).unwrap_err();
    let places: Vec<&str> = problems.lines().collect();
    assert_eq!(places.len(), 2, "{problems}");
    assert!(places[0].contains("entry[1].resource.effectiveDateTime"), "{problems}");
    assert!(places[1].contains("entry[2].resource.valueQuantity: `furlong` is no unit"), "{problems}");
}

/// What becomes of a phenopacket with these elements.
fn packet(elements: &str, skip_unknown: bool) -> Result<Record, String> {
    let text = format!(
        r#"{{"id":"A","subject":{{"id":"A","sex":"FEMALE"}},{elements},
"metaData":{{"created":"1970-01-01T00:00:00Z","createdBy":"a test","phenopacketSchemaVersion":"2.0"}}}}"#
    );
    let options = Options { skip_unknown, ..Options::default() };
    let mut records = read_stream(Box::new(Cursor::new(text.into_bytes())), false, &options).unwrap();
    records.next().expect("a record").map_err(|problems| problems.to_string())
}

fn measured(value: &str) -> String {
    format!(
        r#""measurements":[{{"assay":{{"id":"LOINC:1988-5","label":"CRP"}},
"timeObserved":{{"timestamp":"2024-03-02T00:00:00Z"}},"value":{{"quantity":{value}}}}}]"#
    )
}

#[test]
fn a_phenopacket_with_dates_begins_on_the_first() {
    let treated = r#","medicalActions":[{"treatment":{"agent":{"id":"RxNorm:7258","label":"naproxen"},
"doseIntervals":[{"interval":{"start":"2024-03-09T00:00:00Z","end":"2024-05-01T00:00:00Z"}}]}}]"#;
    let record = packet(&(measured(r#"{"unit":{"id":"UCUM:mg/L"},"value":5}"#) + treated), false).unwrap();
    assert_eq!(record.day(&record.laboratory[0].when.unwrap()), Some(0.0));
    assert_eq!(record.day(&record.treatments[0].start.unwrap()), Some(7.0));
}

#[test]
fn doses_of_phenopackets_and_fhir_are_kept_as_lines() {
    let treated = r#""medicalActions":[{"treatment":{"agent":{"id":"RxNorm:7258","label":"naproxen"},
"routeOfAdministration":{"id":"NCIT:C38288","label":"Oral"},
"doseIntervals":[{"quantity":{"unit":{"id":"UCUM:mg/kg"},"value":7.5},
"scheduleFrequency":{"id":"NCIT:C64496","label":"Twice Daily"},
"interval":{"start":"2024-03-09T00:00:00Z","end":"2024-05-01T00:00:00Z"}}]},
"treatmentIntent":{"id":"NCIT:C62220","label":"Cure"}}]"#;
    let treatment = packet(treated, false).unwrap().treatments.remove(0);
    assert_eq!(treatment.dose.as_deref(), Some("7.5 mg/kg, Twice Daily"));
    assert_eq!(treatment.note.as_deref(), Some("route: Oral; intent: Cure"));

    let request = r#"{"resource":{"resourceType":"MedicationRequest","status":"active","intent":"order",PATIENT,
"medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"M01AE02"}]},
"authoredOn":"2024-03-09","dosageInstruction":[{"timing":{"code":{"text":"twice daily"}},
"doseAndRate":[{"doseQuantity":{"value":250,"unit":"mg"}}]}]}}"#;
    let record = with(request, false).unwrap();
    assert_eq!(record.treatments[0].dose.as_deref(), Some("250 mg, twice daily"));
}

#[test]
fn units_of_phenopackets_are_those_of_the_code() {
    let problems =
        packet(&measured(r#"{"unit":{"id":"UCUM:mg/L","label":"mg/dl"},"value":5}"#), false).unwrap_err();
    assert!(problems.contains("printed 'mg/dl' and coded 'mg/L'"), "{problems}");
    let problems =
        packet(&measured(r#"{"unit":{"id":"UCUM:furlong","label":"mg/dl"},"value":5}"#), false).unwrap_err();
    assert!(problems.contains("unknown unit of UCUM 'furlong'"), "{problems}");
}

#[test]
fn a_number_that_is_none_is_the_only_fault() {
    let problems = packet(&measured(r#"{"unit":{"id":"UCUM:mg/L"},"value":"x"}"#), false).unwrap_err();
    assert!(problems.ends_with("value.quantity.value: found 'x', expected a number"), "{problems}");
    assert_eq!(problems.lines().count(), 1, "{problems}");
}

#[test]
fn what_a_feature_says_beyond_a_record_is_not_dropped_in_silence() {
    let feature = r#""phenotypicFeatures":[{"type":{"id":"HP:0002653","label":"Bone pain"},
"evidence":[{"evidenceCode":{"id":"ECO:0000033","label":"author statement"}}],
"modifiers":[{"id":"HP:0012835","label":"Left"}],"resolution":{"age":{"iso8601duration":"P9Y"}}}]"#;
    let problems = packet(feature, false).unwrap_err();
    assert!(problems.contains("[0].modifiers: a record has no place for 'modifiers' here"), "{problems}");
    assert!(problems.contains("[0].resolution: "), "{problems}");
    assert_eq!(packet(feature, true).unwrap().findings.len(), 1);
}
