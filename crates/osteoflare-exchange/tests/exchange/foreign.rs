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
