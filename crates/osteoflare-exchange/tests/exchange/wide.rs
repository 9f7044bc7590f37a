//! One row a patient.

use osteoflare_exchange::{Format, Mapping, Options, WriteError, WriteOptions, Writer, read_stream};

const MAPPING: &str = include_str!("../../corpus/mapping/redcap.toml");

const TABLE: &str = include_str!("../../corpus/wide/redcap.csv");

fn read(table: &str) -> Vec<Result<osteoflare_clinic::record::Record, String>> {
    let options = Options { mapping: Some(Mapping::parse(MAPPING).unwrap()), ..Options::default() };
    let stream = Box::new(std::io::Cursor::new(table.to_owned()));
    read_stream(stream, false, &options).unwrap().map(|record| record.map_err(|p| p.to_string())).collect()
}

#[test]
fn a_redcap_export_becomes_records_and_comes_back() {
    let records: Vec<_> = read(TABLE).into_iter().map(Result::unwrap).collect();
    assert_eq!(records.len(), 2);
    insta::assert_snapshot!(serde_json::to_string_pretty(&records).unwrap());
    let mut bytes = Vec::new();
    let mapping = Some(Mapping::parse(MAPPING).unwrap());
    let options = WriteOptions { mapping, ..WriteOptions::default() };
    let mut writer = Writer::new(&mut bytes, Format::Wide, &options).unwrap();
    for record in &records {
        writer.write(record).unwrap();
    }
    writer.finish(|| Err::<Vec<u8>, _>(WriteError::NoCompanion)).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let back: Vec<_> = read(&text).into_iter().map(Result::unwrap).collect();
    assert_eq!(back, records, "{text}");
}

#[test]
fn what_a_mapping_has_no_column_for_is_not_dropped_in_silence() {
    let mut record = read(TABLE).remove(0).unwrap();
    record.notes.push("as told".into());
    let mapping = Some(Mapping::parse(MAPPING).unwrap());
    let options = WriteOptions { mapping, ..WriteOptions::default() };
    let mut writer = Writer::new(Vec::new(), Format::Wide, &options).unwrap();
    let error = writer.write(&record).unwrap_err();
    assert!(error.to_string().ends_with("in sections: note"), "{error}");
}

#[test]
fn every_problem_of_a_wide_table_is_named_and_the_next_row_is_read() {
    let table = TABLE.replace("1,baseline,1,31.12.2020,12.5", "1,baseline,3,31.02.2020,x")
        + "2,again,1,,,,,,\n,none,1,,,,,,\n3,ok,1,,,,,,2\n";
    let found: Vec<String> = read(&table)
        .into_iter()
        .map(|record| record.map_or_else(|problems| problems, |record| format!("read: {}", record.id)))
        .collect();
    insta::assert_snapshot!(found.join("\n--\n"));
    let header = TABLE.replace("crp_6m", "crp6m");
    insta::assert_snapshot!(read(&header)[0].as_ref().unwrap_err());
}

const EVENTS: &str = r#"
id = "record_id"
dates = "DD.MM.YYYY"
ignore = ["redcap_event_name"]
column = [
  { column = "sex", section = "patient", field = "sex", values = { "1" = "female", "2" = "male" } },
  { column = "presentation", section = "patient", field = "reference_date" },
  { column = "crp", section = "laboratory", field = "value", entry = "crp", set = { name = "crp", unit = "mg/l" } },
  { column = "crp_date", section = "laboratory", field = "when", entry = "crp" },
  { column = "fever", section = "finding", field = "present", set = { name = "fever" } },
  { column = "mri_date", section = "imaging", field = "when", entry = "mri", set = { name = "mri" } },
  { column = "femur", section = "lesion", field = "extent_grade", within = "mri", set = { bone = "femur" } },
]
"#;

fn events(rows: &str) -> Vec<Result<osteoflare_clinic::record::Record, String>> {
    let header = "record_id,redcap_event_name,sex,presentation,crp,crp_date,fever,mri_date,femur\n";
    let options = Options { mapping: Some(Mapping::parse(EVENTS).unwrap()), ..Options::default() };
    let stream = Box::new(std::io::Cursor::new(format!("{header}{rows}")));
    read_stream(stream, false, &options).unwrap().map(|record| record.map_err(|p| p.to_string())).collect()
}

#[test]
fn rows_of_events_become_one_record() {
    let found = events(
        "1,baseline,1,01.02.2021,30,01.02.2021,1,03.02.2021,2\n\
         1,month6,,01.02.2021,5,01.08.2021,1,02.08.2021,1\n\
         1,month6,1,,5,01.08.2021,,,\n\
         2,baseline,2,01.03.2021,,,,,\n",
    );
    assert_eq!(found.len(), 2, "{found:?}");
    let first = found[0].as_ref().unwrap();
    let crp: Vec<_> = first.laboratory.iter().map(|result| result.value.unwrap()).collect();
    assert_eq!((crp, first.findings.len()), (vec![30.0, 5.0], 1));
    let grades: Vec<_> = first.imaging.iter().map(|study| study.lesions[0].extent_grade).collect();
    assert_eq!(grades, [Some(2), Some(1)]);
}

#[test]
fn rows_of_events_that_contradict_each_other_are_refused() {
    let found = events("1,a,1,01.02.2021,,,1,,\n1,b,2,,,,0,,\n");
    let problems = found[0].as_ref().unwrap_err();
    assert!(
        problems.contains("line 3, column 3 (sex): an earlier row of this patient says something else"),
        "{problems}"
    );
    assert!(problems.contains("line 3, column 7 (fever): an earlier row"), "{problems}");
    assert_eq!(problems.lines().count(), 2, "{problems}");
    let apart = events("1,a,1,,,,,,\n2,a,1,,,,,,\n1,b,,,,,1,,\n");
    assert!(apart[2].as_ref().unwrap_err().contains("sort the table by patient"), "{apart:?}");
    let many = events(&"1,a,1,,,,,,\n".repeat(3_000));
    assert!(many.len() == 1 && many[0].as_ref().unwrap_err().contains("more than 2000 rows of one patient"));
    // An unreadable row of a patient is not missed in the record.
    let torn = events("1,a,1,,,,,,\n1,b,1\n2,a,1,,,,,,\n");
    assert_eq!(torn.len(), 2, "{torn:?}");
    assert!(torn[0].as_ref().unwrap_err().contains("line 3: not CSV: the row has 3 cells"), "{torn:?}");
}
