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
