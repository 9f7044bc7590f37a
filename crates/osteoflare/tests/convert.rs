//! `osteoflare record convert` as it is typed: through every format and back, and files of every kind of badness.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A folder in which records are converted.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(name)).unwrap()).unwrap()
    }

    /// Exit status and standard error of `osteoflare record convert …`.
    fn convert(&self, line: &str) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_osteoflare"))
            .current_dir(self.0.path())
            .args(["record", "convert"])
            .args(line.split_whitespace())
            .env_remove("RUST_BACKTRACE")
            .output()
            .unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
    }

    fn done(&self, line: &str) -> String {
        let (status, errors) = self.convert(line);
        assert_eq!(status, 0, "{line}: {errors}");
        errors
    }
}

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../osteoflare-exchange/corpus").join(name)
}

#[test]
fn two_records_with_one_identifier_make_no_table() {
    let desk = Desk::new();
    let record = r#"{"osteoflare_record":1,"id":"a","patient":{"sex":"female"}}"#;
    desk.write("twice.jsonl", &format!("{record}\n{}\n", record.replace("fem", "m")));
    for output in ["t.csv", "t.phenopacket.jsonl"] {
        let (status, errors) = desk.convert(&format!("twice.jsonl -o {output}"));
        assert_eq!(status, 2, "{errors}");
        assert!(
            errors.contains("error: twice.jsonl: record 2: id: same identifier as record 1; a table"),
            "{errors}"
        );
        assert!(errors.contains("1 of 2 records could not be used; nothing was written"), "{errors}");
        assert!(!desk.path(output).exists());
    }
    desk.done("twice.jsonl -o t.fhir.jsonl");
    desk.convert("twice.jsonl -o t.csv --keep-going");
    assert!(!fs::read_to_string(desk.path("t.csv")).unwrap().contains("male\na,"));
}

#[test]
fn unknown_codes_tell_how_to_leave_them_out() {
    let desk = Desk::new();
    desk.write(
        "a.phenopacket.json",
        r#"{"id":"A","subject":{"id":"A"},"phenotypicFeatures":[{"type":{"id":"HP:0012594","label":"x"}}],
"metaData":{"created":"1970-01-01T00:00:00Z","createdBy":"a test","phenopacketSchemaVersion":"2.0"}}"#,
    );
    let (code, errors) = desk.convert("a.phenopacket.json -o a.json");
    assert_eq!(code, 2);
    assert!(errors.contains("unknown finding 'HP:0012594'"), "{errors}");
    assert!(errors.contains("hint: --skip-unknown leaves out"), "{errors}");
    assert!(!desk.done("a.phenopacket.json -o a.json --skip-unknown").contains("hint:"));
}

#[test]
fn what_is_left_out_is_said() {
    let desk = Desk::new();
    desk.write(
        "a.fhir.json",
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p"}},
{"resource":{"resourceType":"Claim"}}]}"#,
    );
    let errors = desk.done("a.fhir.json -o a.json --skip-unknown");
    assert!(errors.contains("note: a.fhir.json: line 2,"), "{errors}");
    assert!(errors.contains("left out: a record has no place for Claim"), "{errors}");
}

#[test]
fn a_full_record_comes_back_from_every_format_in_turn() {
    let desk = Desk::new();
    fs::copy(corpus("any/full.json"), desk.path("0.json")).unwrap();
    desk.done("0.json -o 1.json");
    desk.done("1.json -o 2.csv");
    desk.done("2.csv -o 3.fhir.json");
    desk.done("3.fhir.json -o 4.phenopacket.json");
    assert!(desk.path("4.lesions.csv").exists(), "the companion of the phenopacket");
    desk.done("4.phenopacket.json -o 5.json");
    assert_eq!(desk.json("5.json"), desk.json("1.json"));
}

#[test]
fn a_table_with_one_row_a_patient_comes_back() {
    let desk = Desk::new();
    fs::copy(corpus("wide/redcap.csv"), desk.path("redcap.csv")).unwrap();
    fs::copy(corpus("mapping/redcap.toml"), desk.path("map.toml")).unwrap();
    desk.done("redcap.csv --mapping map.toml -o a.jsonl");
    desk.done("a.jsonl --to-mapping map.toml -o b.wide.csv");
    desk.done("b.wide.csv --mapping map.toml -o c.jsonl");
    let text = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    assert_eq!(text("a.jsonl"), text("c.jsonl"));
    assert_eq!(text("a.jsonl").lines().count(), 2);
}

#[test]
fn vignettes_are_read_and_never_written() {
    let desk = Desk::new();
    desk.write(
        "cases.yaml",
        "records:\n- id: A\n  labs: {crp_mg_l: 12}\n- id: B\n  findings: {feverr: true}\n",
    );
    let said = desk.done("cases.yaml -o cases.jsonl");
    assert!(
        said.contains("question: cases.yaml: line 5, $.findings[0].finding") && said.contains("`fever`"),
        "{said}"
    );
    desk.write("bad.yaml", "records:\n- id: A\n  patient: {sex: Q}\n  findings: {feverr: true}\n");
    let (status, said) = desk.convert("bad.yaml -o bad.jsonl");
    assert_eq!(status, 2);
    assert!(
        said.contains("question: bad.yaml: line 4, $.findings[0]") && said.contains("found 'Q'"),
        "{said}"
    );
    let (status, errors) = desk.convert("cases.jsonl --to vignette -o again.yaml");
    assert_eq!((status, desk.path("again.yaml").exists()), (2, false));
    assert!(errors.contains("only read"), "{errors}");
}

const BAD: &str = r#"[
{"osteoflare_record": 1, "id": "good"},
{"osteoflare_record": 1, "id": "Erika Mustermann", "patient": {"sex": "femal"}, "laboratory": [{"analyte": "crp", "value": "12"}]},
{"osteoflare_record": 1, "id": "sides", "findings": [{"finding": "pain", "present": true, "place": {"bone": "left femur", "side": "R"}}]},
{"osteoflare_record": 1, "id": "dates", "laboratory": [{"analyte": "crp", "value": 5, "unit": "mg/l", "when": "2020-02-30"}]},
{"osteoflare_record": 1, "id": "values", "patient": {"age_years": 7}, "laboratory": [{"analyte": "crp", "value": 5, "unit": "parsec"}]}
]"#;

#[test]
fn every_problem_of_a_file_is_said_at_once_and_the_good_records_are_kept_if_asked() {
    let desk = Desk::new();
    desk.write("bad.json", BAD);
    let (status, errors) = desk.convert("bad.json -o out.jsonl");
    assert_eq!((status, desk.path("out.jsonl").exists()), (2, false));
    for part in [
        "line 3, ",
        "$[1].patient.sex: unknown sex 'femal'; did you mean 'female'?",
        "$[1].laboratory[0].value: found '12', expected a number",
        "line 4, ",
        "$[2].findings[0].place.side",
        "line 5, ",
        "$[3].laboratory[0].when",
        "line 6, ",
        "$[4].laboratory[0].unit: `parsec` is no unit of crp",
        "4 of 5 records could not be read; nothing was written; --keep-going writes the others",
    ] {
        assert!(errors.contains(part), "{part} not in\n{errors}");
    }
    assert!(!errors.contains("Mustermann"), "{errors}");
    assert!(errors.lines().all(|line| line.starts_with("error: ")), "{errors}");
    let (status, _) = desk.convert("bad.json -o out.jsonl --keep-going");
    assert_eq!(status, 2);
    assert_eq!(fs::read_to_string(desk.path("out.jsonl")).unwrap().lines().count(), 1);
}

#[test]
fn malformed_files_are_placed_and_others_still_read() {
    let desk = Desk::new();
    desk.write("torn.json", "{\"osteoflare_record\": 1,\n \"id\": \"A\",\n \"patient\": tru}");
    desk.write("good.json", "{\"osteoflare_record\": 1, \"id\": \"B\"}");
    let (status, errors) = desk.convert("torn.json absent.json good.json -o out.json --keep-going");
    assert_eq!(status, 2);
    assert!(errors.contains("torn.json: line 3, column") && errors.contains("not JSON"), "{errors}");
    assert!(errors.contains("absent.json: cannot be read"), "{errors}");
    assert_eq!(desk.json("out.json")["id"], "B");
}

#[test]
fn a_bundle_with_another_patient_and_codes_that_nobody_knows_are_refused() {
    let desk = Desk::new();
    let bundle = fs::read_to_string(corpus("any/foreign.fhir.json")).unwrap();
    desk.write("mixed.fhir.json", &bundle.replacen("\"Patient/p1\"", "\"Patient/p2\"", 1));
    let (status, errors) = desk.convert("mixed.fhir.json -o out.json");
    assert_eq!(status, 2);
    assert!(errors.contains("$.entry[1].resource.subject.reference: belongs to another patient"), "{errors}");
    assert!(!errors.contains("Doe") && !errors.contains("2012-05-04"), "{errors}");
    desk.write("codes.fhir.json", &bundle.replace("1988-5", "1988-6"));
    let (status, errors) = desk.convert("codes.fhir.json -o out.json");
    assert_eq!(status, 2);
    assert!(
        errors.contains("line 4") && errors.contains("unknown analyte of http://loinc.org '1988-6'"),
        "{errors}"
    );
    desk.done("codes.fhir.json -o out.json --skip-unknown");
    assert_eq!(desk.json("out.json")["laboratory"], Value::Null);
}

#[test]
fn a_hundred_megabytes_of_nesting_are_refused_at_once() {
    let desk = Desk::new();
    desk.write("deep.json", &"[".repeat(100 << 20));
    let start = std::time::Instant::now();
    let (status, errors) = desk.convert("deep.json -o out.json");
    assert_eq!(status, 2);
    assert!(errors.contains("nested deeper than 64 levels"), "{errors}");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
