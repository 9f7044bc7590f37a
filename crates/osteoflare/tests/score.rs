//! `osteoflare score` and `osteoflare record` as they are typed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn cases() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../osteoflare-clinic/tests/cases")
}

fn case(id: &str) -> String {
    cases().join(format!("{id}.json")).to_str().unwrap().to_owned()
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_osteoflare")).args(arguments).output().unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_record_is_scored_for_people_and_for_programs() {
    let (status, text, errors) = run(&["score", &case("CNO-16")]);
    assert_eq!((status, errors.as_str()), (0, ""), "{text}");
    for part in ["NBODS", "83 to 115", "Ask next", "does not diagnose", "Research use only"] {
        assert!(text.contains(part), "{part} not in\n{text}");
    }
    let (status, json, _) = run(&["score", "--format", "json", &case("CNO-16")]);
    assert_eq!(status, 0);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let nbods = value["instruments"].as_array().unwrap().iter().find(|i| i["id"] == "nbods_2023").unwrap();
    assert_eq!(nbods["total"], serde_json::json!([83.0, 115.0]));
    assert_eq!(nbods["items"][2]["state"], "unknown");
}

#[test]
fn explaining_names_fields_and_what_would_change() {
    let (_, text, _) = run(&["score", "--explain", &case("CNO-01")]);
    for part in ["biopsies[0]", "culture of bone taken off", "ratio", "CNO against"] {
        assert!(text.contains(part), "{part} not in\n{text}");
    }
}

#[test]
fn a_bad_record_stops_or_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    fs::write(&bad, "{\"osteoflare_record\": 1,\n \"id\": \"x\",\n \"patient\": {\"sex\": \"girl\"}}")
        .unwrap();
    let bad = bad.to_str().unwrap();
    let (status, text, errors) = run(&["score", bad, &case("CNO-16")]);
    assert_eq!((status, text.as_str()), (2, ""));
    assert!(errors.contains("bad.json") && errors.contains("line 3"), "{errors}");
    let (status, text, errors) = run(&["score", "--keep-going", bad, &case("CNO-16")]);
    assert_eq!(status, 2);
    assert!(text.contains("Record CNO-16") && errors.contains("1 of 2 records"), "{errors}");
}

#[test]
fn weights_and_priors_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (status, template, _) = run(&["score", "--weights-template"]);
    assert_eq!(status, 0);
    let file = folder.path().join("weights.toml");
    fs::write(&file, template).unwrap();
    let (status, _, errors) = run(&["score", "--weights", file.to_str().unwrap(), &case("CNO-16")]);
    assert_eq!(status, 2);
    assert!(errors.contains("weights"), "{errors}");
    let (status, _, errors) = run(&["score", "--prior", "leukemai=0.2", &case("CNO-16")]);
    assert_eq!(status, 2);
    assert!(errors.contains("did you mean `leukaemia`"), "{errors}");
}

#[test]
fn records_are_checked_and_have_a_page() {
    let files: Vec<String> = ["CNO-01", "ALL-01"].iter().map(|id| case(id)).collect();
    let (status, text, errors) = run(&["record", "check", &files[0], &files[1]]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert!(text.contains("2 records without errors"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("child.html");
    let (status, ..) = run(&["record", "summary", &files[1], "-o", page.to_str().unwrap()]);
    assert_eq!(status, 0);
    assert!(fs::read_to_string(page).unwrap().contains("blasts"));
    let (status, schema, _) = run(&["record", "schema"]);
    assert_eq!(status, 0);
    assert!(
        serde_json::from_str::<serde_json::Value>(&schema).unwrap()["properties"]["findings"].is_object()
    );
}

/// Two good records, the second with a word that nobody knows, and one with an error and such a word.
const THREE: &str = r#"{"osteoflare_record": 1, "id": "A"}
{"osteoflare_record": 1, "id": "B", "findings": [{"finding": "glumness", "present": true}]}
{"osteoflare_record": 1, "id": "C", "findings": [{"finding": "glumness", "present": true}], "laboratory": [{"analyte": "crp", "value": -7, "unit": "mg/l"}]}
"#;

#[test]
fn questions_have_their_place_and_errors_hide_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("three.jsonl");
    fs::write(&file, THREE).unwrap();
    let file = file.to_str().unwrap();
    let (status, text, errors) = run(&["record", "check", file]);
    assert_eq!(status, 2, "{errors}");
    assert!(text.contains("2 records without errors, 2 questions"), "{text}");
    for part in ["three.jsonl: line 2, column 62, $.findings[0].finding", "three.jsonl: line 3, ", "error: "]
    {
        assert!(errors.contains(part), "{part} not in {errors}");
    }
    let (_, json, _) = run(&["record", "check", file, "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["errors"][0]["record"], 3);
    assert_eq!(value["errors"][0]["line"], 3);
    assert_eq!(value["errors"][0]["path"], "$.laboratory[0].value");
    assert_eq!(value["questions"][0]["record"], 2);
    assert_eq!(value["questions"][0]["line"], 2);
    let (status, json, errors) = run(&["score", "--format", "json", "--keep-going", file]);
    assert_eq!(status, 2);
    assert!(errors.contains("question: ") && errors.contains("line 2, column "), "{errors}");
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value.as_array().map(Vec::len), Some(2));
    assert_eq!(value[1]["questions"], 1);
}

#[test]
fn tables_with_one_row_a_patient_are_checked_and_scored() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../osteoflare-exchange/corpus");
    let (table, mapping) = (corpus.join("wide/redcap.csv"), corpus.join("mapping/redcap.toml"));
    let (table, mapping) = (table.to_str().unwrap(), mapping.to_str().unwrap());
    for command in [&["record", "check"][..], &["score"]] {
        let (status, _, errors) = run(&[command, &[table, "--mapping", mapping]].concat());
        assert_eq!(status, 0, "{errors}");
        assert_eq!(run(&[command, &[table]].concat()).0, 2);
    }
}

#[test]
fn a_page_is_not_replaced_unasked_and_says_whose_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (file, page) = (folder.path().join("two.jsonl"), folder.path().join("a.html"));
    fs::write(
        &file,
        "{\"osteoflare_record\": 1, \"id\": \"A\"}\n{\"osteoflare_record\": 1, \"id\": \"B\"}\n",
    )
    .unwrap();
    let arguments = ["record", "summary", file.to_str().unwrap(), "-o", page.to_str().unwrap()];
    let (status, _, errors) = run(&arguments);
    assert!(status == 0 && errors.contains("the page is of the first"), "{errors}");
    let (status, _, errors) = run(&arguments);
    assert!(status == 2 && errors.contains("--force"), "{errors}");
    assert_eq!(run(&[&arguments[..], &["--force"]].concat()).0, 0);
}
