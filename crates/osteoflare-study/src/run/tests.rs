//! Folders: the same bytes on every way to them, and no way to the wrong ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicU32;

use super::*;
use crate::testing::made_up;

const STUDY: &str = r#"
[study]
name = "small"
seed = 7
patients = 100
horizon = "2 y"
[groups.healthy]
population = "healthy"
patients = 10
[groups.unlucky]
population = "broken_tolerance"
[groups.treated]
twins_of = "unlucky"
treatments = [{ drug = "naproxen", for = "1 y" }]
"#;

fn study() -> StudyFile {
    StudyFile::parse(STUDY, "small.toml").unwrap()
}

fn options(out: &Path, threads: usize, existing: Existing) -> RunOptions<'static> {
    RunOptions { threads: NonZeroUsize::new(threads), existing, ..RunOptions::new(out) }
}

fn run_to(out: &Path, threads: usize, existing: Existing) -> Result<Outcome, RunError> {
    run(&study(), &options(out, threads, existing), made_up, &mut |_| {})
}

/// Every file of a folder with its content; the log of times left out.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files.remove(RUN_LOG);
    files
}

fn assert_same(found: &Path, expected: &BTreeMap<String, Vec<u8>>) {
    let found = content(found);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in &found {
        assert!(bytes == &expected[name], "{name} differs");
    }
}

/// Runs until `patients` have been computed, then stops as on Ctrl-C.
fn run_and_stop(out: &Path, patients: u32, existing: Existing) -> Result<Outcome, RunError> {
    let stop = AtomicBool::new(false);
    let computed = AtomicU32::new(0);
    let live = |study: &Study, group: &Group, index: u32| {
        if computed.fetch_add(1, Ordering::SeqCst) >= patients {
            stop.store(true, Ordering::SeqCst);
        }
        made_up(study, group, index)
    };
    let options = RunOptions { stop: Some(&stop), ..options(out, 2, existing) };
    run(&study(), &options, live, &mut |_| {})
}

#[test]
fn threads_and_interruptions_leave_no_trace() {
    let root = tempfile::tempdir().unwrap();
    let straight = root.path().join("straight");
    let outcome = run_to(&straight, 1, Existing::Refuse).unwrap();
    assert_eq!((outcome.finished, outcome.patients, outcome.failed), (true, 210, 2));
    let expected = content(&straight);
    assert!(expected.keys().any(|name| name == "patients/part-001-unlucky-00000064.parquet"));

    let threaded = root.path().join("threaded");
    run_to(&threaded, 5, Existing::Refuse).unwrap();
    assert_same(&threaded, &expected);

    let halting = root.path().join("halting");
    let mut starts = 0;
    while !run_and_stop(&halting, 40, Existing::Resume).unwrap().finished {
        starts += 1;
        assert!(starts < 20, "40 patients a start are enough for a chunk now and then");
        if starts > 2 {
            break;
        }
    }
    run_to(&halting, 3, Existing::Resume).unwrap();
    assert_same(&halting, &expected);
}

#[test]
fn a_folder_cut_anywhere_can_be_resumed() {
    let root = tempfile::tempdir().unwrap();
    let straight = root.path().join("straight");
    run_to(&straight, 2, Existing::Refuse).unwrap();
    let expected = content(&straight);

    // A run that was stopped after some chunks: its journal, cut after every so many bytes, as by a torn write.
    let stopped = root.path().join("stopped");
    assert!(!run_and_stop(&stopped, 150, Existing::Refuse).unwrap().finished);
    let journal = fs::read(stopped.join("journal.jsonl")).unwrap();
    assert!(journal.iter().filter(|byte| **byte == b'\n').count() >= 2, "two chunks were entered");
    for cut in (0..=journal.len()).step_by(journal.len() / 9) {
        let copy = root.path().join(format!("cut-{cut}"));
        for (name, bytes) in content(&stopped) {
            let path = copy.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::write(copy.join("journal.jsonl"), &journal[..cut]).unwrap();
        // What a killed process leaves besides: a file that was being written, and a part nobody entered.
        fs::write(copy.join("manifest.json.partial"), b"{").unwrap();
        fs::create_dir_all(copy.join("visits")).unwrap();
        fs::write(copy.join("visits/part-002-treated-00000064.parquet.partial"), b"PAR1").unwrap();
        fs::write(copy.join("visits/part-002-treated-00000064.parquet"), b"half").unwrap();
        let outcome = run_to(&copy, 2, Existing::Resume).unwrap();
        assert!(outcome.finished);
        assert_same(&copy, &expected);
    }
}

#[test]
fn a_stop_between_the_last_two_steps_is_cleared() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("r");
    run_to(&folder, 2, Existing::Refuse).unwrap();
    let expected = content(&folder);
    fs::write(folder.join("journal.jsonl"), b"{}\n").unwrap();
    assert!(run_to(&folder, 2, Existing::Resume).unwrap().finished);
    assert_same(&folder, &expected);
}

#[test]
fn folders_that_must_not_be_touched_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let message = |result: Result<Outcome, RunError>| result.unwrap_err().to_string();

    let foreign = root.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.docx"), b"years of work").unwrap();
    for existing in [Existing::Refuse, Existing::Resume, Existing::Replace] {
        assert!(message(run_to(&foreign, 1, existing)).contains("not empty and not a results folder"));
    }
    fs::write(foreign.join("manifest.json"), br#"{"name": "a web application"}"#).unwrap();
    assert!(message(run_to(&foreign, 1, Existing::Replace)).contains("not a results folder"));
    assert!(foreign.join("thesis.docx").exists());

    let empty = root.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(run_to(&empty, 1, Existing::Refuse).unwrap().finished);
    assert!(message(run_to(&empty, 1, Existing::Refuse)).contains("finished results"));
    let before = content(&empty);
    fs::write(empty.join("notes.txt"), b"do not lose").unwrap();
    let error = message(run_to(&empty, 1, Existing::Replace));
    assert!(error.contains("also holds 'notes.txt'"), "{error}");
    fs::remove_file(empty.join("notes.txt")).unwrap();
    fs::write(empty.join("report.html"), b"<html>").unwrap();
    assert!(run_to(&empty, 1, Existing::Replace).unwrap().finished);
    assert_same(&empty, &before);

    let stopped = root.path().join("stopped");
    run_and_stop(&stopped, 70, Existing::Refuse).unwrap();
    assert!(message(run_to(&stopped, 1, Existing::Refuse)).contains("--resume"));
    let other_seed = RunOptions { seed: Some(8), ..options(&stopped, 1, Existing::Resume) };
    let error = message(run(&study(), &other_seed, made_up, &mut |_| {}));
    assert!(error.contains("it was started with --seed that of the study file, now it is 8"), "{error}");
    let other = StudyFile::parse(&STUDY.replace("seed = 7", "seed = 9"), "small.toml").unwrap();
    let error = message(run(&other, &options(&stopped, 1, Existing::Resume), made_up, &mut |_| {}));
    assert!(error.contains("started with study"), "{error}");
    let manifest = fs::read_to_string(stopped.join("manifest.json")).unwrap();
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    assert!(manifest.contains(version));
    fs::write(stopped.join("manifest.json"), manifest.replace(version, "\"version\": \"0.0.9\"")).unwrap();
    let error = message(run_to(&stopped, 1, Existing::Resume));
    assert!(error.contains("started with version 0.0.9"), "{error}");
}

#[test]
fn damaged_parts_are_named() {
    let root = tempfile::tempdir().unwrap();
    let stopped = root.path().join("stopped");
    run_and_stop(&stopped, 150, Existing::Refuse).unwrap();
    let part = stopped.join("findings/part-001-unlucky-00000000.parquet");
    let whole = fs::read(&part).unwrap();

    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, reason) in [(flipped, "checksum"), (whole[..20].to_vec(), "20 bytes instead of")] {
        fs::write(&part, bytes).unwrap();
        let error = run_to(&stopped, 1, Existing::Resume).unwrap_err().to_string();
        assert!(
            error.contains("part-001-unlucky-00000000.parquet is damaged") && error.contains(reason),
            "{error}"
        );
    }
    fs::remove_file(&part).unwrap();
    let error = run_to(&stopped, 1, Existing::Resume).unwrap_err().to_string();
    assert!(error.contains("it is missing"), "{error}");
    fs::write(&part, whole).unwrap();
    assert!(run_to(&stopped, 1, Existing::Resume).unwrap().finished);
}

#[test]
fn two_runs_cannot_share_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("r");
    let inner = |study: &Study, group: &Group, index: u32| {
        if index == 0 && group.name == "healthy" {
            for existing in [Existing::Resume, Existing::Replace] {
                let error = run_to(&folder, 1, existing).unwrap_err();
                assert!(matches!(error, RunError::Busy(_)), "{error}");
            }
        }
        made_up(study, group, index)
    };
    let outcome = run(&study(), &options(&folder, 1, Existing::Refuse), inner, &mut |_| {}).unwrap();
    // An assertion that failed inside would show as a third failed patient.
    assert_eq!(outcome.failed, 2);
}

#[test]
fn an_unwritable_place_is_named() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, b"x").unwrap();
    let error = run_to(&file.join("below"), 1, Existing::Refuse).unwrap_err().to_string();
    assert!(error.contains("below"), "{error}");
}

#[test]
fn what_was_written_is_read_back() {
    use osteoflare_clinic::digest::PatientDigest;
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("r");
    run_to(&folder, 2, Existing::Refuse).unwrap();
    let results = Results::open(&folder).unwrap();
    results.verify().unwrap();
    assert_eq!(results.groups().collect::<Vec<_>>(), ["healthy", "unlucky", "treated"]);
    let study = effective_study(&study(), &options(&folder, 1, Existing::Refuse));
    assert_eq!(results.study().unwrap(), study);
    for group in &study.groups {
        let expected: Vec<PatientDigest> = (0..group.patients)
            .filter_map(|index| made_up(&study, group, index).ok())
            .map(|life| PatientDigest::from_record(&life.record))
            .collect();
        let found: Vec<PatientDigest> = results.patients(&group.name).unwrap().map(Result::unwrap).collect();
        assert_eq!(found, expected, "{}", group.name);
    }
    let error = results.patients("cno").err().unwrap().to_string();
    assert_eq!(error, "there is no group 'cno' in these results; groups: healthy, unlucky, treated");
    let rows: usize =
        results.batches("findings", "unlucky").unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert!(rows > 200);

    fs::write(folder.join("summary.json"), b"{}").unwrap();
    assert!(Results::open(&folder).unwrap_err().to_string().contains("damaged"));
    assert!(Results::open(root.path()).unwrap_err().to_string().contains("not a results folder"));
}

#[test]
fn twins_share_everything_but_their_treatment() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("r");
    let options = RunOptions { patients: Some(5), seed: Some(99), ..options(&folder, 2, Existing::Refuse) };
    let outcome = run(&study(), &options, made_up, &mut |_| {}).unwrap();
    assert_eq!(outcome.patients, 15);
    let results = Results::open(&folder).unwrap();
    assert_eq!(results.manifest().study.seed, 99);
    assert_eq!(results.study().unwrap().groups[2].patients, 5);
}

#[test]
fn progress_starts_at_once_and_ends_with_everybody() {
    let root = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    let folder = root.path().join("r");
    run(&study(), &options(&folder, 2, Existing::Refuse), made_up, &mut |progress| {
        seen.push(match progress {
            Progress::Started { groups } => format!("started {}", groups.len()),
            Progress::Patients { group, done, resumed, failed } => {
                format!("{group} {done} {resumed} {failed}")
            }
            Progress::Summarising => "summarising".to_owned(),
        });
    })
    .unwrap();
    assert_eq!(seen[0], "started 3");
    assert_eq!(seen[1], "0 1 0 0");
    assert_eq!(seen[seen.len() - 2], "2 100 0 0");
    assert_eq!(seen[seen.len() - 1], "summarising");
    assert_eq!(seen.len(), 212);
}
