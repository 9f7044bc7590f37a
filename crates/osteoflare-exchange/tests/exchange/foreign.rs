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
fn what_json_of_protobuf_leaves_out_or_writes_as_text_is_read() {
    // The subject is said again, with a status that lacks its zero; the position of the variant is a long number.
    let variant = r#""interpretations":[{"id":"i","progressStatus":"SOLVED","diagnosis":{"disease":{"id":"OMIM:609628"},
"genomicInterpretations":[{"subjectOrBiosampleId":"A","interpretationStatus":"CAUSATIVE","variantInterpretation":{
"variationDescriptor":{"id":"v","geneContext":{"valueId":"HGNC:14450","symbol":"LPIN2"},
"vcfRecord":{"genomeAssembly":"hg38","chrom":"chr18","pos":"2920231","ref":"C","alt":"T"}}}}]}}]"#;
    assert_eq!(packet(variant, true).unwrap().genetics[0].gene, "LPIN2");
    let text = r#"{"id":"A","subject":{"id":"A","sex":"FEMALE","vitalStatus":{"status":"ALIVE"}},
"metaData":{"created":"1970-01-01T00:00:00Z","createdBy":"a test","phenopacketSchemaVersion":"2.0"}}"#;
    let options = Options { skip_unknown: true, ..Options::default() };
    let mut records = read_stream(Box::new(Cursor::new(text.as_bytes().to_vec())), false, &options).unwrap();
    assert!(records.next().expect("a record").is_ok());
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
    assert!(problems.contains("[0].resolution: "), "{problems}");
    let findings = packet(feature, true).unwrap().findings;
    assert_eq!(findings[0].note.as_deref(), Some("Left"));
}

/// What was left out of the only record of a document.
fn left_out(text: &str, skip_unknown: bool) -> Vec<String> {
    let options = Options { skip_unknown, ..Options::default() };
    let mut records = read_stream(Box::new(Cursor::new(text.to_owned())), false, &options).unwrap();
    records.next().expect("a record").expect("a good one");
    records.left_out().iter().map(ToString::to_string).collect()
}

#[test]
fn features_that_are_results_pictures_or_diseases_are_read_as_such() {
    let feature = |id: &str, more: &str| format!(r#"{{"type":{{"id":"{id}","label":"?"}}{more}}}"#);
    let no = r#","excluded":true"#;
    let features = [
        feature("HP:0002754", ""),
        feature("HP:0007626", ""),
        feature("HP:0003565", ""),
        feature("HP:0011227", no),
        feature("HP:0001903", no),
        feature("HP:6001053", ""),
        feature("HP:0100923", ""),
        feature("HP:0100280", no),
    ];
    let record = packet(&format!(r#""phenotypicFeatures":[{}]"#, features.join(",")), false).unwrap();
    assert_eq!(record.findings[0].finding.as_str(), "osteomyelitis");
    assert_eq!(record.findings[1].place.as_ref().unwrap().bone.as_str(), "mandible");
    let words = |k: usize| record.laboratory[k].qualitative.map(|word| format!("{word:?}"));
    assert_eq!(words(0).as_deref(), Some("Elevated"));
    assert_eq!(words(1).as_deref(), Some("Normal"));
    // Who has no anaemia may have too much haemoglobin.
    assert_eq!(words(2), None);
    assert_eq!(record.laboratory[2].note.as_deref(), Some("excluded: Anemia"));
    assert_eq!(record.imaging[0].descriptors[0].as_str(), "vertebral_collapse");
    assert_eq!(record.imaging[1].lesions[0].place.bone.as_str(), "clavicle");
    assert_eq!(record.conditions[0].condition.as_str(), "crohn_disease");
}

const CAUSATIVE: &str = r#""interpretations":[{"id":"i","progressStatus":"SOLVED","diagnosis":{
"disease":{"id":"OMIM:609628","label":"Majeed syndrome"},"genomicInterpretations":[{"subjectOrBiosampleId":"OWNER",
"interpretationStatus":"STATUS","variantInterpretation":{"acmgPathogenicityClassification":"CLASS",
"variationDescriptor":{"id":"v","geneContext":{"valueId":"HGNC:14450","symbol":"LPIN2"},
"expressions":[{"syntax":"hgvs.c","value":"c.1A>G"}],"moleculeContext":"genomic",
"allelicState":{"id":"GENO:0000136","label":"homozygous"}}}}]}}]"#;

#[test]
fn genes_of_interpretations_are_read() {
    let interpreted = |owner: &str, status: &str, class: &str| {
        packet(&CAUSATIVE.replace("OWNER", owner).replace("STATUS", status).replace("CLASS", class), false)
    };
    let record = interpreted("A", "CAUSATIVE", "NOT_PROVIDED").unwrap();
    let gene = &record.genetics[0];
    assert_eq!((gene.gene.as_str(), gene.variant.as_deref()), ("LPIN2", Some("c.1A>G")));
    assert_eq!(format!("{:?}", gene.significance), "Some(Pathogenic)");
    assert_eq!(record.diagnoses[0].disease.as_str(), "majeed_syndrome");
    let meant = |status, class| interpreted("A", status, class).unwrap().genetics[0].significance;
    assert_eq!(meant("CONTRIBUTORY", "NOT_PROVIDED"), None);
    assert_eq!(format!("{:?}", meant("REJECTED", "NOT_PROVIDED")), "Some(Benign)");
    assert_eq!(format!("{:?}", meant("UNKNOWN_STATUS", "LIKELY_PATHOGENIC")), "Some(Pathogenic)");
    assert!(interpreted("A", "CAUSATIVE", "BENIGN").unwrap_err().contains("causative and benign"));
    assert!(interpreted("B", "CAUSATIVE", "BENIGN").unwrap_err().contains("belongs to another patient"));
}

#[test]
fn what_is_skipped_is_named() {
    let features = r#"{"id":"A","subject":{"id":"A","sex":"OTHER_SEX"},"phenotypicFeatures":[
{"type":{"id":"HP:0001945","label":"Fever"}},{"type":{"id":"HP:9999999","label":"Anna Schmidt"}}]}"#;
    let found = left_out(features, true);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("$.subject.sex: left out: sex 'OTHER_SEX'"), "{found:?}");
    assert!(found[1].ends_with("[1].type.id: left out: unknown finding 'HP:9999999'"), "{found:?}");
    let modified = r#""phenotypicFeatures":[{"type":{"id":"HP:0001945","label":"Fever"},
"modifiers":[{"id":"HP:9999999","label":"?"}],"onset":{"age":{"iso8601duration":"P2Y"}}}]"#;
    assert!(packet(modified, false).is_err());
    // What the modifier and the age are of stays.
    assert_eq!(packet(modified, true).unwrap().findings.len(), 1);
}

#[test]
fn families_and_cohorts_are_the_phenopackets_in_them() {
    let member = r#"{"id":"A","subject":{"id":"A"},"phenotypicFeatures":[{"type":{"id":"HP:0001945","label":"Fever"}}]}"#;
    let family =
        format!(r#"{{"id":"f","proband":{member},"relatives":[{member}],"pedigree":{{"persons":[]}}}}"#);
    let found = left_out(&family, false);
    assert!(found[0].contains("$.relatives[0]: left out: a relative"), "{found:?}");
    assert!(found[1].contains("$.pedigree: left out: the pedigree"), "{found:?}");
    let bad = member.replace("HP:0001945", "HP:9999999");
    let cohort = format!(r#"{{"id":"c","members":[{member},{bad}],"metaData":{{}}}}"#);
    let records = read_stream(Box::new(Cursor::new(cohort)), false, &Options::default()).unwrap();
    let records: Vec<_> = records.collect();
    assert_eq!(records.len(), 2);
    assert!(records[0].is_ok());
    let problems = records[1].as_ref().unwrap_err().to_string();
    assert!(problems.contains("$.members[1].phenotypicFeatures[0].type.id: unknown finding"), "{problems}");
}

#[test]
fn a_code_is_never_taken_for_one_that_is_spelt_like_it() {
    let feature = |label: &str| {
        let feature = format!(r#""phenotypicFeatures":[{{"type":{{"id":"HP:0001946","label":"{label}"}}}}]"#);
        packet(&feature, false).unwrap_err()
    };
    assert!(!feature("?").contains("did you mean"));
    assert!(feature("fever").contains("did you mean 'HP:0001945'?"));
}

fn condition(coding: &str, text: &str) -> Result<Record, String> {
    with(
        &format!(
            r#"{{"resource":{{"resourceType":"Condition",PATIENT,"code":{{"coding":[{coding}],"text":"{text}"}}}}}}"#
        ),
        false,
    )
}

#[test]
fn national_codes_and_texts_beside_unknown_codes_are_understood() {
    let coding = |system: &str, code: &str| {
        format!(r#"{{"system":"http://hl7.org/fhir/sid/{system}","code":"{code}"}}"#)
    };
    let word = |coding: &str, text: &str| {
        condition(coding, text).map(|record| record.conditions[0].condition.as_str().to_owned())
    };
    for (system, code, expected) in [
        ("icd-10-cm", "M86.362", "cno"),
        ("icd-10-gm", "M86.36", "cno"),
        ("icd-10-cm", "L40.3", "palmoplantar_pustulosis"),
        ("icd-10-cm", "M04.8", "autoinflammatory_disease"),
    ] {
        assert_eq!(word(&coding(system, code), "?").as_deref(), Ok(expected), "{code}");
    }
    assert_eq!(word(&coding("icd-10", "Z99.9"), "CRMO").as_deref(), Ok("cno"));
    assert!(word(&coding("icd-10", "Z99.9"), "something else").is_err());
}

#[test]
fn a_product_is_its_drug_and_its_strength() {
    let statement = r#"{"resource":{"resourceType":"MedicationStatement","status":"active",PATIENT,
"medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"198014",
"display":"naproxen 500 MG Oral Tablet"}]}}}"#;
    let treatment = with(statement, false).unwrap().treatments.remove(0);
    assert_eq!(treatment.drug.as_str(), "naproxen");
    assert_eq!(treatment.dose.as_deref(), Some("500 MG Oral Tablet"));
    assert!(with(&statement.replace("500 MG", "500 MG / esomeprazole 20 MG"), false).is_err());
}

#[test]
fn results_in_components_are_results() {
    let part = |code: &str, value: f64, unit: &str| {
        format!(
            r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},
"valueQuantity":{{"value":{value},"unit":"{unit}"}}}}"#
        )
    };
    let panel = |parts: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Observation","status":"final",PATIENT,"effectiveDateTime":"2023-05-02",
"code":{{"coding":[{{"system":"http://loinc.org","code":"58410-2"}}]}},"component":[{parts}]}}}}"#
        )
    };
    let good = [part("718-7", 12.1, "g/dL"), part("8302-2", 120.0, "cm")].join(",");
    let record = with(&panel(&good), false).unwrap();
    assert_eq!((record.laboratory[0].value, record.vital_signs[0].value), (Some(12.1), Some(120.0)));
    assert!(record.laboratory[0].when.is_some());
    let problems = with(&panel(&part("8480-6", 120.0, "mm")), false).unwrap_err();
    assert!(problems.contains("component[0].code.coding[0].code: unknown analyte"), "{problems}");
}

#[test]
fn resources_of_other_types_are_named_and_skipped() {
    let claim = r#"{"resource":{"resourceType":"Claim","provider":{"display":"Anna Schmidt"}}}"#;
    let problems = with(claim, false).unwrap_err();
    assert!(problems.contains("a record has no place for Claim; it would be lost"), "{problems}");
    assert!(with(claim, true).is_ok());
    assert!(with(&claim.replace("Claim", "Clam"), true).unwrap_err().contains("unknown type of resource"));
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
{{"resource":{{"resourceType":"Patient","id":"p1","gender":"other"}}}},{claim},{claim}]}}"#
    );
    let found = left_out(&bundle, true);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("gender: left out: gender 'other'"), "{found:?}");
    assert!(found[1].contains("left out: a record has no place for Claim (2 in the file)"), "{found:?}");
}
