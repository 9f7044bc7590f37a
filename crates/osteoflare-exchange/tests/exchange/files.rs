//! Files appear whole or not at all, and say nothing of anybody.

use osteoflare_clinic::record::Record;
use osteoflare_exchange::{FileWriter, Format, Options, WriteOptions, read, read_stream};

#[test]
fn a_file_that_is_not_finished_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut writer = FileWriter::create(&path, Format::Json, WriteOptions::default()).unwrap();
    writer.write(&Record::new("A")).unwrap();
    assert!(writer.write(&Record::new("B")).unwrap_err().to_string().contains(".jsonl"));
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_phenopacket_has_its_companion_beside_it_and_knows_when_it_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let full = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/any/full.json");
    let record = read(&full, &Options::default()).unwrap().next().unwrap().unwrap();
    let path = folder.path().join("a.phenopacket.json");
    let mut writer = FileWriter::create(&path, Format::Phenopacket, WriteOptions::default()).unwrap();
    writer.write(&record).unwrap();
    let written = writer.finish().unwrap();
    assert_eq!(written, [path.clone(), folder.path().join("a.lesions.csv")]);
    let again = || read(&path, &Options::default()).unwrap().next().unwrap();
    assert_eq!(again().unwrap(), record);

    // Somebody turns the tibia in the companion, and the fever in the phenopacket.
    let companion = std::fs::read_to_string(&written[1]).unwrap();
    std::fs::write(&written[1], companion.replace("finding,,pain", "finding,,back_pain")).unwrap();
    let problems = again().unwrap_err().to_string();
    assert!(
        problems.contains("$.phenotypicFeatures[0].type.id: the phenopacket and its companion"),
        "{problems}"
    );
    std::fs::remove_file(&written[1]).unwrap();
    let problems = again().unwrap_err().to_string();
    assert!(problems.contains("a.lesions.csv: cannot be read"), "{problems}");
    let packet = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, packet.replace("\"a.lesions.csv\"", "\"../a.lesions.csv\"")).unwrap();
    assert!(again().unwrap_err().to_string().contains("must be a file beside the phenopacket"));
}

#[test]
fn a_bundle_with_anything_of_another_patient_is_refused_whole() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/any/foreign.fhir.json");
    let bundle = std::fs::read_to_string(&path).unwrap();
    let read = |text: &str| {
        let stream = Box::new(std::io::Cursor::new(text.to_owned()));
        let records: Vec<_> = read_stream(stream, false, &Options::default()).unwrap().collect();
        assert_eq!(records.len(), 1);
        records.into_iter().next().unwrap()
    };
    assert_eq!(read(&bundle).unwrap().laboratory.len(), 1);
    let mixed = bundle.replacen(
        "\"subject\":{\"reference\":\"Patient/p1\"}",
        "\"subject\":{\"reference\":\"Patient/p2\"}",
        1,
    );
    let problems = read(&mixed).unwrap_err().to_string();
    assert!(
        problems.contains("$.entry[1].resource.subject.reference: belongs to another patient"),
        "{problems}"
    );
    let two = bundle.replace("{\"fullUrl\":\"http://example.org/Practitioner/d1\",\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"d1\",", "{\"fullUrl\":\"http://example.org/Patient/p2\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p2\",");
    assert!(read(&two).unwrap_err().to_string().contains("more than one Patient"));
    let unknown = bundle.replace("1988-5", "1988-6");
    let problems = read(&unknown).unwrap_err().to_string();
    assert!(
        problems.contains("line 4") && problems.contains("unknown analyte of http://loinc.org '1988-6'"),
        "{problems}"
    );
}

#[test]
fn messages_hold_nothing_personal() {
    // A secret in every place for names, identifiers, dates of birth and free text, and a fault beside each.
    let secret = "Zyx-Geheim";
    let texts = [
        format!(
            r#"{{"osteoflare_record":1,"id":"{secret}","notes":["{secret}",3],"outcomes":[{{"outcome":["{secret}"]}}],
            "origin":{{"citation":{{"{secret}":1}}}},"patient":{{"birth_date":"{secret}","background":[{{"a":"{secret}"}}]}},
            "treatments":[{{"drug":"naproxen","dose":["{secret}"],"note":5}}],"findings":[{{"finding":"pain","note":"{secret}"}}]}}"#
        ),
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{{"resourceType":"Patient","id":"{secret} x",
            "name":[{{"family":["{secret}"]}}],"birthDate":"{secret}","telecom":["{secret}"],"identifier":[{{"value":{{"x":"{secret}"}}}}]}}}},
            {{"resource":{{"resourceType":"Condition","code":{{"text":"{secret}"}},"subject":{{"reference":"Patient/{secret}"}},"note":"{secret}"}}}}]}}"#
        ),
        format!(
            r#"{{"id":"{secret}","subject":{{"id":["{secret}"],"dateOfBirth":"{secret}"}},"biosamples":[{{"individualId":"{secret}"}}]}}"#
        ),
        format!(
            "patient,section,birth_date,text,note,when\n{secret},patient,{secret},,,\n{secret},note,,{secret},,\n{secret},finding,,,{secret},{secret}\n"
        ),
        format!("patient,section,birth_date\n{secret},labs,x\n\"{secret}"),
    ];
    for text in texts {
        let stream = Box::new(std::io::Cursor::new(text.clone()));
        let mut said = String::new();
        match read_stream(stream, false, &Options::default()) {
            Err(problems) => said.push_str(&problems.to_string()),
            Ok(records) => {
                for record in records {
                    said.push_str(&record.expect_err("a fault stands in every input").to_string());
                }
            }
        }
        assert!(!said.is_empty());
        // The name of an object's field is shown: it is what is unknown.
        let shown = said
            .replace(&format!("unknown field '{secret}'"), "")
            .replace(&format!(".citation.{secret}"), "");
        assert!(!shown.contains(secret), "{said}");
    }
}
