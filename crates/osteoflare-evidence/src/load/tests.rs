//! The built-in file, and files that are wrong in one place.

use super::*;

const GOOD: &str = r#"# one record
- id: a.b
  topic: "cohort"
  cohort: "a"
  quantity: "q"
  population: "p"
  value: 0.5
  lower: null
  upper: null
  interval: null
  kind: "proportion"
  count: 5
  n: 10
  unit: "fraction"
  time: null
  source: {author: "X", year: 2020, journal: null, doi: null, pmid: null, where: "abstract", identifiers: "seen"}
  recalled: false
  note: null
"#;

fn refused(text: &str) -> String {
    Evidence::from_yaml(text, "mine.yaml").expect_err("wrong in one place").to_string()
}

#[test]
fn the_built_in_file_is_whole() {
    let evidence = Evidence::embedded();
    assert_eq!(evidence.records().len(), 510);
    assert_eq!(evidence.records().iter().filter(|r| r.count.is_some()).count(), 151);
    let lesions = evidence.find("dang.lesions").expect("a record");
    assert_eq!((lesions.value, lesions.lower, lesions.upper), (Some(6.0), Some(1.0), Some(27.0)));
    assert_eq!(lesions.interval, Some(Spread::Range));
    assert_eq!(lesions.kind, Kind::Median);
    assert!(lesions.source.citation().contains("20"));
    assert_eq!(evidence.find("nothing.such"), None);
}

#[test]
fn a_good_record_reads() {
    let evidence = Evidence::from_yaml(GOOD, "mine.yaml").expect("a good record");
    let record = evidence.find("a.b").expect("the record");
    assert_eq!((record.count, record.n, record.source.year), (Some(5), Some(10), Some(2020)));
    assert_eq!(Evidence::from_yaml("[]", "mine.yaml").expect("an empty list").records().len(), 0);
}

#[test]
fn a_missing_field_is_named() {
    let error = refused(&GOOD.replace("  unit: \"fraction\"\n", ""));
    assert!(error.starts_with("mine.yaml:2: record `a.b`: field `unit`: found nothing"), "{error}");
    let error = refused(&GOOD.replace("author: \"X\", ", ""));
    assert!(error.contains("field `source.author`: found nothing"), "{error}");
}

#[test]
fn a_wrong_type_is_named_with_line_and_what_is_allowed() {
    let error = refused(&GOOD.replace("value: 0.5", "value: \"half\""));
    assert_eq!(
        error,
        "mine.yaml:7: record `a.b`: field `value`: found `half`; allowed: a finite number or null"
    );
    let error = refused(&GOOD.replace("n: 10", "n: 10.5"));
    assert!(error.contains("field `n`: found 10.5"), "{error}");
    let error = refused(&GOOD.replace("recalled: false", "recalled: maybe"));
    assert!(error.contains("field `recalled`: found `maybe`; allowed: true or false"), "{error}");
    let error = refused(&GOOD.replace("kind: \"proportion\"", "kind: \"percent\""));
    assert!(error.contains("field `kind`: found `percent`; allowed: proportion, mean"), "{error}");
    let error = refused(&GOOD.replace("id: a.b", "id: 7"));
    assert!(error.contains("record `#1`: field `id`: found 7; allowed: text"), "{error}");
}

#[test]
fn an_unknown_field_is_refused() {
    let error = refused(&GOOD.replace("  note: null\n", "  note: null\n  remark: x\n"));
    assert!(
        error.contains("mine.yaml:19: record `a.b`: field `remark`: found a field that is not known"),
        "{error}"
    );
}

#[test]
fn fields_must_fit_each_other() {
    let error = refused(&GOOD.replace("value: 0.5", "value: 50"));
    assert!(error.contains("field `value`: found 50; allowed: a fraction from 0 to 1"), "{error}");
    let error = refused(&GOOD.replace("count: 5", "count: 11"));
    assert!(error.contains("field `count`: found 11; allowed: at most `n` (10)"), "{error}");
    let error = refused(&GOOD.replace("lower: null", "lower: 0.2"));
    assert!(error.contains("field `interval`"), "{error}");
    let swapped = GOOD
        .replace("lower: null", "lower: 0.8")
        .replace("upper: null", "upper: 0.2")
        .replace("interval: null", "interval: ci95");
    assert!(refused(&swapped).contains("field `upper`: found 0.2; allowed: not below"), "{swapped}");
    assert!(refused(&GOOD.replace("n: 10", "n: 0")).contains("field `n`: found 0"));
}

#[test]
fn an_identifier_stands_once() {
    let error = refused(&format!("{GOOD}{GOOD}"));
    assert_eq!(error, "mine.yaml:20: record `a.b` already stands in line 2; allowed: every id once");
}

#[test]
fn a_file_that_is_no_list_is_refused() {
    assert_eq!(
        refused("id: a.b\n"),
        "mine.yaml: found a mapping; allowed: a list of records, each a mapping of fields"
    );
    assert!(refused("- 3\n").contains("item 1 is 3"));
    assert!(refused("hello").contains("found `hello`"));
    assert!(matches!(
        Evidence::from_yaml("- id: [1\n", "mine.yaml"),
        Err(EvidenceError::Syntax { line, .. }) if line > 0
    ));
}

#[test]
fn files_are_read_and_missing_ones_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.yaml");
    std::fs::write(&path, GOOD).expect("written");
    assert_eq!(Evidence::from_path(&path).expect("a good file").records().len(), 1);
    let missing = folder.path().join("absent.yaml");
    let error = Evidence::from_path(&missing).expect_err("no such file");
    assert!(error.to_string().contains("absent.yaml: cannot be read"), "{error}");
}
