//! What is written is read as it was.

use osteoflare_clinic::record::Record;
use osteoflare_exchange::{Contents, Format, Options, WriteError, WriteOptions, Writer, read_stream};
use proptest::prelude::*;

use crate::arbitrary::record;

fn written(records: &[Record], format: Format, lines: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let options = WriteOptions { lines, ..WriteOptions::default() };
    let mut writer = Writer::new(&mut bytes, format, &options).unwrap();
    for record in records {
        writer.write(record).unwrap();
    }
    writer.finish(|| Err::<Vec<u8>, _>(WriteError::NoCompanion)).unwrap();
    bytes
}

fn read(bytes: &[u8], lines: bool) -> Vec<Record> {
    let stream = Box::new(std::io::Cursor::new(bytes.to_vec()));
    read_stream(stream, lines, &Options { contents: Contents::Unchecked, ..Options::default() })
        .unwrap()
        .map(|record| {
            record.unwrap_or_else(|problems| panic!("{problems}\n{}", String::from_utf8_lossy(bytes)))
        })
        .collect()
}

/// Several patients whose identifiers differ.
fn records() -> impl Strategy<Value = Vec<Record>> {
    proptest::collection::vec(record(), 1..4).prop_map(|mut records| {
        for (k, record) in records.iter_mut().enumerate() {
            record.id = format!("{} {k}", record.id.trim());
        }
        records
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn own_json(record in record()) {
        let back = read(&written(std::slice::from_ref(&record), Format::Json, false), false);
        prop_assert_eq!(&back[..], &[record][..]);
    }

    #[test]
    fn own_json_lines(records in records()) {
        prop_assert_eq!(read(&written(&records, Format::Json, true), true), records);
    }

    #[test]
    fn long_table(records in records()) {
        prop_assert_eq!(read(&written(&records, Format::Csv, false), false), records);
    }

    #[test]
    fn fhir(record in record()) {
        let back = read(&written(std::slice::from_ref(&record), Format::Fhir, false), false);
        prop_assert_eq!(&back[..], &[record][..]);
    }

    #[test]
    fn phenopackets_with_their_companion(records in records()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("all.phenopacket.jsonl");
        let file = std::fs::File::create(&path).unwrap();
        let options = WriteOptions { lines: true, companion: "all.lesions.csv".into(), ..WriteOptions::default() };
        let mut writer = Writer::new(file, Format::Phenopacket, &options).unwrap();
        for record in &records {
            writer.write(record).unwrap();
        }
        writer.finish(|| Ok(std::fs::File::create(folder.path().join("all.lesions.csv"))?)).unwrap();
        let back: Vec<Record> = osteoflare_exchange::read(&path, &Options { contents: Contents::Unchecked, ..Options::default() })
            .unwrap()
            .map(|record| record.unwrap_or_else(|problems| panic!("{problems}")))
            .collect();
        prop_assert_eq!(back, records);
    }
}
