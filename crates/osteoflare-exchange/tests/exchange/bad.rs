//! Bad files: what is said about them.

use osteoflare_exchange::{Options, read_stream};

fn complaints(text: &str) -> Vec<String> {
    match read_stream(Box::new(std::io::Cursor::new(text.to_owned())), false, &Options::default()) {
        Err(problems) => vec![problems.to_string()],
        Ok(records) => records
            .map(|record| match record {
                Ok(record) => format!("read: {}", record.id),
                Err(problems) => problems.to_string(),
            })
            .collect(),
    }
}

#[test]
fn every_problem_of_a_long_table_is_named_and_the_next_patient_is_read() {
    let table = "\
patient,section,name,value,unit,when,bone,side,present
A,patient,,,,,,,
A,laboratory,crp,12 mg,mg/l,2020-02-30,,,
A,labratory,crp,12,mg/l,,,,
A,finding,pain,3,,,tibia,links,perhaps
B,patient,,,,,,,
B,laboratory,crp,12,mg/l,1,,,
A,patient,,,,,,,
";
    let found = complaints(table);
    insta::assert_snapshot!(found.join("\n--\n"));
}

#[test]
fn every_problem_of_a_json_record_is_named_with_its_line() {
    let found = complaints(
        r#"{
  "osteoflare_record": 1,
  "id": 7,
  "patient": {"sex": "femal", "age_years": "ten"},
  "laboratory": [
    {"analyte": "crp", "value": "12", "unit": "mg/l"},
    {"analyte": "crp", "valeu": 12, "when": "2020-02-30"},
    {"value": 3}
  ],
  "findings": [{"finding": "pain", "present": true, "place": {"bone": "tibia", "side": "links"}}]
}"#,
    );
    insta::assert_snapshot!(found.join("\n--\n"));
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_said_and_costs_little() {
    let mut table = "patient,section,name\nA,patient,\"".to_owned();
    table.push_str(&"x,y,z\n".repeat(2_000_000));
    let found = complaints(&table);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("is a quotation mark not closed?"), "{found:?}");
}

#[test]
fn a_quotation_mark_that_is_open_at_the_end_is_the_only_fault() {
    let table = |cell: &str| {
        complaints(&format!(
            "patient,section,name,value,unit\np1,laboratory,crp,12.5,{cell}\np2,laboratory,crp,1,mg/l\n"
        ))
    };
    assert_eq!(
        table("\"mg/l"),
        ["line 2: not CSV: a quotation mark that is opened in this line is not closed"]
    );
    assert_eq!(table("\"mg/l\""), ["read: p1", "read: p2"]);
    let found = complaints(
        "patient,section,name,note\nA,patient,,\nA,finding,pain,\"5\"\" or\nmore\"\nB,\"patient,,\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("line 5: not CSV: a quotation mark"), "{found:?}");
}

#[test]
fn names_are_repeated_neither_as_values_nor_as_fields_nor_in_paths() {
    let secrets =
        ["Schmidt", "SCHMIDT", "anna_schmidt", "seen_by_dr_schmidt", "anna_schmidt_1234", "AnnaSchmidt"];
    for secret in secrets {
        let record = format!(
            r#"{{"osteoflare_record":1,"id":"A","{secret}":1,"patient":{{"{secret}":2,"sex":"{secret}"}},
"findings":[{{"finding":"{secret}","present":"{secret}"}}],"laboratory":[{{"analyte":"crp","value":1,"unit":"{secret}"}}],
"assessments":[{{"chaq":{{"items":{{"{secret}":9}}}}}}]}}"#
        );
        let packet = format!(
            r#"{{"id":"A","subject":{{"id":"A","{secret}":1}},"phenotypicFeatures":[{{"type":{{"id":"{secret}","label":"{secret}"}}}}]}}"#
        );
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{{"resourceType":"Patient","id":"p","{secret}":1}}}},
{{"resource":{{"resourceType":"{secret}"}}}},{{"resource":{{"resourceType":"Condition","subject":{{"reference":"Patient/p"}},
"code":{{"coding":[{{"system":"{secret}","code":"{secret}"}}]}}}}}}]}}"#
        );
        let table = format!("patient,section,name,{secret}\nA,patient,,\n");
        let cells = format!(
            "patient,section,name,value,unit,bone\nA,laboratory,crp,{secret},{secret},\nA,{secret},,,,\n"
        );
        let list = format!(
            "records:\n- id: A\n  patient: {{age_years: {secret}, sex: {secret}}}\n  findings: {{{secret}: 1}}\n"
        );
        for text in [record, packet, bundle, table, cells, list] {
            let found = complaints(&text).join("\n");
            assert!(!found.to_lowercase().contains("schmidt"), "{found}");
        }
    }
}

#[test]
fn a_number_out_of_range_hides_no_other_fault() {
    let found = complaints(
        r#"{"osteoflare_record": 1, "id": "A", "laboratory": [
{"analyte": "esr", "value": 1e999, "unit": "mm/h"}, {"analyte": "esr", "value": -5, "unit": "mm/h"}]}"#,
    );
    let lines: Vec<&str> = found[0].lines().collect();
    assert_eq!(lines.len(), 2, "{found:?}");
    assert!(
        lines[0].starts_with("line 2, column 29, $.laboratory[0].value: found a number out of range"),
        "{found:?}"
    );
    assert!(lines[1].contains("$.laboratory[1].value: -5 mm/h is negative"), "{found:?}");
}

#[test]
fn a_decimal_comma_is_one_in_tables_divided_by_semicolons_only() {
    let semicolons = "patient;section;name;value;unit;note\np1;laboratory;crp;12,5;mg/l;3,5\n";
    let options = Options::default();
    let mut records = read_stream(Box::new(semicolons.as_bytes()), false, &options).unwrap();
    let result = records.next().unwrap().unwrap().laboratory.remove(0);
    assert_eq!((result.value, result.note.as_deref()), (Some(12.5), Some("3,5")));
    let commas = "patient,section,name,value,unit\np1,laboratory,crp,\"12,500\",mg/l\n";
    assert!(complaints(commas)[0].contains("(value): found '12,500', expected a number"));
}

#[test]
fn an_empty_file_is_called_what_its_name_says() {
    let folder = tempfile::tempdir().unwrap();
    for (name, said) in [("a.csv", "not CSV"), ("a.yaml", "not YAML"), ("a.json", "not JSON")] {
        let path = folder.path().join(name);
        std::fs::write(&path, "\n").unwrap();
        let problems = match osteoflare_exchange::read(&path, &Options::default()) {
            Err(problems) => problems,
            Ok(mut records) => records.next().expect("a problem").expect_err("nothing to read"),
        };
        assert!(problems.to_string().contains(&format!("{said}: the file is empty")), "{problems}");
    }
}

#[test]
fn what_is_no_text_is_said() {
    let said = |bytes: &[u8]| {
        let stream = Box::new(std::io::Cursor::new(bytes.to_vec()));
        read_stream(stream, false, &Options::default()).map(|_| ()).unwrap_err().to_string()
    };
    assert!(said(b"\xff\xfep\0a\0").contains("a text in UTF-16; save it in UTF-8"));
    assert!(said(b"{\0\"\0").contains("a text in UTF-16"));
    assert!(said(b"\x1f\x8b\x08\0").contains("a file packed by gzip"));
    assert!(said(b"PK\x03\x04").contains("a ZIP archive"));
}

#[test]
fn an_answer_that_is_none_names_the_answers() {
    let found = complaints(
        r#"{"osteoflare_record": 1, "id": "A", "assessments": [{"chaq": {"items": {"run": 7}}}]}"#,
    );
    assert!(
        found[0].contains("chaq.items.run: found 7, expected 0 to 3, or one of without_difficulty"),
        "{found:?}"
    );
}

#[test]
fn what_is_no_record_is_refused() {
    assert!(complaints("{\"a\": 1}")[0].contains("formats that are read: json, csv"));
    assert!(complaints("")[0].contains("the file is empty"));
    assert!(complaints("a,b\n1,2\n")[0].contains("line 1: no long table, which has"));
    assert!(complaints("{\"osteoflare_record\": 2, \"id\": \"A\"}")[0].contains("found version 2"));
    assert!(complaints("{\"osteoflare_record\": 1, \"id\": \"A\"")[0].contains("not JSON: EOF"));
}

#[test]
fn elements_of_a_list_are_records_of_their_own() {
    let found = complaints(
        r#"[{"osteoflare_record": 1, "id": "A"}, {"osteoflare_record": 1}, {"osteoflare_record": 1, "id": "C"}]"#,
    );
    assert_eq!(found, ["read: A", "line 1, column 39, $[1].id: 'id' is missing", "read: C"]);
}

#[test]
fn a_table_tells_faults_of_form_and_of_content_together() {
    let table = "\
patient,section,sex,age_years,name,value,unit,when,bone,side,present
A,patient,femal,-3,,,,,,,
A,laboratory,,,crp,12 mg,mg/l,1,,,
A,laboratory,,,crp,-7,mg/l,1,,,
A,finding,,,pain,,,,tibia,Q,true
A,finding,,,pain,,,,shinn,L,true
";
    insta::assert_snapshot!(complaints(table).join("\n--\n"));
}

#[test]
fn a_phenopacket_tells_faults_of_form_and_of_content_together() {
    let found = complaints(
        r#"{
  "id": "A",
  "subject": {"id": "A", "sex": "FEMAL", "timeAtLastEncounter": {"age": {"iso8601duration": "P9Y"}}},
  "measurements": [
    {"assay": {"id": "LOINC:0000-0", "label": "?"}, "value": {"quantity": {"unit": {"id": "UCUM:mg/L"}, "value": 5}}},
    {
      "assay": {"id": "LOINC:1988-5", "label": "C reactive protein"},
      "timeObserved": {"age": {"iso8601duration": "P9Y1D"}},
      "value": {"quantity": {"unit": {"id": "UCUM:mg/L", "label": "mg/l"}, "value": -7}}
    }
  ],
  "metaData": {"created": "1970-01-01T00:00:00Z", "createdBy": "a test", "phenopacketSchemaVersion": "2.0"}
}"#,
    );
    insta::assert_snapshot!(found.join("\n--\n"));
}

#[test]
fn a_date_of_day_0_that_cannot_be_read_is_no_fault_of_other_dates_and_hides_no_other_fault() {
    let found = complaints(
        r#"{"osteoflare_record": 1, "id": "A", "reference_date": "2020-02-30",
            "laboratory": [{"analyte": "crp", "value": 7, "unit": "mg/l", "when": "2020-03-01"}]}"#,
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("$.reference_date: ") && found[0].lines().count() == 1, "{found:?}");
    let found = complaints(
        r#"{"osteoflare_record": 1, "id": "A", "reference_date": "2020-02-30",
            "laboratory": [{"analyte": "crp", "value": -7, "unit": "mg/l", "when": "2020-03-01"}],
            "findings": [{"finding": "pain", "present": true, "place": {"bone": "shinn"}}]}"#,
    );
    assert!(found[0].contains("$.laboratory[0].value: ") && found[0].contains("place.bone: "), "{found:?}");
    assert_eq!(found[0].lines().count(), 3, "{found:?}");
}

#[test]
fn control_characters_are_refused_and_other_faults_still_told() {
    let found = complaints(
        "{\"osteoflare_record\": 1, \"id\": \"A\", \"notes\": [\"a\\u000bb\"], \"patient\": {\"sex\": \"femal\"}}",
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("$.notes[0]: found a control character (U+000B)"), "{found:?}");
    assert!(found[0].contains("$.patient.sex: "), "{found:?}");
}
