//! Every input that the fuzzing chore found worth keeping is withstood.

use std::path::Path;

use osteoflare_exchange::Mapping;
use osteoflare_exchange::trial::{Door, try_input};

#[test]
fn the_corpus_is_withstood() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mapping = Mapping::read(&corpus.join("mapping/redcap.toml")).unwrap();
    let mut tried = 0;
    for door in Door::ALL {
        for entry in std::fs::read_dir(corpus.join(door.name())).unwrap() {
            let path = entry.unwrap().path();
            let input = std::fs::read(&path).unwrap();
            try_input(door, &input, &mapping).unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
            tried += 1;
        }
    }
    assert!(tried >= 8, "{tried} inputs");
}

#[test]
fn the_full_record_of_the_corpus_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mapping = Mapping::read(&corpus.join("mapping/redcap.toml")).unwrap();
    for name in ["full.json", "full.csv", "full.fhir.json"] {
        let input = std::fs::read(corpus.join("any").join(name)).unwrap();
        let outcome = try_input(Door::Any, &input, &mapping).unwrap();
        assert!(outcome.starts_with("read:osteoflare_record+id+origin"), "{name}: {outcome}");
    }
}
