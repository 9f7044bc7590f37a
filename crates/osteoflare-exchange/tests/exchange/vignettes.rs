//! Published cases as vignettes: read as the records that were written by hand of the same cases, and scored the same.

use std::io::Cursor;
use std::path::PathBuf;

use osteoflare_clinic::check::read_json;
use osteoflare_clinic::instruments::score_all;
use osteoflare_clinic::record::Record;
use osteoflare_exchange::{Options, Problems, read, read_stream};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn published() -> Vec<Record> {
    let file = folder("tests/vignettes/published-cases.yaml");
    read(&file, &Options::default()).expect("the file").map(|record| record.expect("a case")).collect()
}

fn text(yaml: &str) -> Vec<Result<Record, Problems>> {
    let stream = Box::new(Cursor::new(yaml.as_bytes().to_vec()));
    read_stream(stream, false, &Options::default()).expect("a list of cases").collect()
}

fn case(yaml: &str) -> Record {
    let indented = yaml.replace('\n', "\n  ");
    text(&format!("records:\n- id: A\n  {indented}\n")).remove(0).expect("a case")
}

#[test]
fn every_published_case_scores_as_the_record_written_by_hand() {
    let cases = published();
    assert_eq!(cases.len(), 33);
    let mut wrong = Vec::new();
    for read in &cases {
        let path = folder("../osteoflare-clinic/tests/cases").join(format!("{}.json", read.id));
        let (written, _) = read_json(&std::fs::read_to_string(path).expect("a case")).expect("a record");
        for at in [0.0, 10.0, 61.0, f64::INFINITY] {
            for (a, b) in score_all(read, at, None).iter().zip(score_all(&written, at, None)) {
                if (a.classification, a.total) != (b.classification, b.total) {
                    wrong.push(format!(
                        "{} day {at} {}: {} {:?}, by hand {} {:?}",
                        read.id,
                        a.id,
                        a.classification.as_str(),
                        a.total,
                        b.classification.as_str(),
                        b.total
                    ));
                }
                for (x, y) in a.items.iter().zip(&b.items) {
                    if x.state != y.state {
                        wrong.push(format!(
                            "{} day {at} {} {}: {:?}, by hand {:?}",
                            read.id, a.id, x.id, x.state, y.state
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
