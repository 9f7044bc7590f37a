//! Whole commands as they are typed: exit status, standard output, standard error.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const STUDY: &str = r#"[study]
name = "small"
title = "A small study"
seed = 3
patients = 6
horizon = "1 y"

[groups.healthy]
population = "healthy"

[groups.cno]
population = "broken_tolerance"

[groups.cno_nsaid]
twins_of = "cno"
treatments = [{ drug = "naproxen", for = "always" }]
"#;

/// A folder with a study in it, in which commands are run.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        desk.write("small.toml", STUDY);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_osteoflare"));
        command.current_dir(self.folder.path()).args(line.split_whitespace()).env_remove("RUST_BACKTRACE");
        command
    }

    fn type_in(&self, line: &str) -> Session {
        Session::of(line, self.command(line).output().unwrap())
    }

    fn json(&self, line: &str) -> serde_json::Value {
        let session = self.type_in(line);
        assert_eq!(session.status, 0, "{session:?}");
        serde_json::from_str(&session.output).unwrap()
    }
}

/// What came of a command.
#[derive(Debug)]
struct Session {
    line: String,
    status: i32,
    output: String,
    errors: String,
}

impl Session {
    fn of(line: &str, output: Output) -> Session {
        Session {
            line: line.to_owned(),
            status: output.status.code().unwrap_or(-1),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The session as it is kept in a snapshot.
    fn kept(&self) -> String {
        let Session { line, status, output, errors } = self;
        format!("$ osteoflare {line}\n{output}\n--- standard error\n{errors}\n--- exit status {status}\n")
    }

    #[track_caller]
    fn ok(self) -> Session {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }
}

/// Every file of a results folder, the log of times left out.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(
                    path.strip_prefix(folder).unwrap().display().to_string(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    files.remove("run-log.json");
    files
}

#[track_caller]
fn assert_same(found: &Path, expected: &Path) {
    let (found, expected) = (content(found), content(expected));
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, bytes) in &found {
        assert!(bytes == &expected[name], "{name} differs");
    }
}

#[test]
fn help_shows_examples() {
    let desk = Desk::new();
    for line in [
        "--help",
        "run --help",
        "show --help",
        "report --help",
        "validate --help",
        "study --help",
        "study new --help",
        "study check --help",
        "study schema --help",
        "model --help",
    ] {
        let session = desk.type_in(line).ok();
        assert!(session.output.contains("Example"), "{line} has no example");
        insta::assert_snapshot!(line.replace("--", "").replace(' ', "_"), session.kept());
    }
}

#[test]
fn faults_of_input_end_in_2() {
    let desk = Desk::new();
    desk.write("slip.toml", &STUDY.replace("treatments", "treatmnts"));
    desk.write("unit.toml", &STUDY.replace("\"1 y\"", "\"1 yr\""));
    desk.write("nothing.toml", "");
    fs::create_dir(desk.path("thesis")).unwrap();
    desk.write("thesis/chapter1.txt", "years of work");
    let mut kept = String::new();
    for line in [
        "run slip.toml",
        "run unit.toml",
        "run nothing.toml",
        "run absent.toml",
        "run small.toml --out thesis",
        "run small.toml --out thesis --force",
        "run small.toml --out thesis --resume",
        "run small.toml --patients 0",
        "run small.toml --threads 0",
        "run small.toml --seed -1",
        "run small.toml --resume --force",
        "show thesis",
        "report thesis",
        "validate thesis",
        "validate thesis --evidence absent.yaml",
        "study new small.toml",
        "study new ..toml",
        "study check slip.toml",
        "model equation",
        "rum small.toml",
    ] {
        let session = desk.type_in(line);
        assert_eq!(session.status, 2, "{session:?}");
        kept.push_str(&session.kept());
        kept.push('\n');
    }
    insta::assert_snapshot!("faults", kept);
    assert_eq!(fs::read_to_string(desk.path("thesis/chapter1.txt")).unwrap(), "years of work");
    assert_eq!(content(&desk.path("thesis")).len(), 1);
}

#[test]
fn a_study_from_its_start_to_its_tables() {
    let desk = Desk::new();
    insta::assert_snapshot!("study_new", desk.type_in("study new mine.toml").ok().kept());
    insta::assert_snapshot!("study_check", desk.type_in("study check mine.toml").ok().kept());
    let checked = desk.json("study check small.toml --format json");
    assert_eq!(checked["groups"][2]["children_of"], "cno");

    let run = desk.type_in("run small.toml").ok();
    assert!(run.output.contains("osteoflare show results/small"), "{run:?}");
    assert!(run.errors.contains("small: 18 patients in 3 groups → results/small"), "{run:?}");

    let shown = desk.type_in("show results/small").ok();
    for expected in ["A small study", "seed 3", "cno_nsaid", "Time course", "Research use only"] {
        assert!(shown.output.contains(expected), "{expected} is missing in\n{}", shown.output);
    }
    assert!(!shown.output.contains('\u{1b}'), "no colours where there is no terminal");
    let one = desk.type_in("show results/small --group cno").ok();
    assert!(one.output.contains("truth_theta_mean"));
    let error = desk.type_in("show results/small --group cnoo");
    assert_eq!(
        (error.status, error.errors.as_str()),
        (2, "error: there is no group 'cnoo'; groups: healthy, cno, cno_nsaid\n")
    );

    let summary = desk.json("show results/small --format json");
    let groups = summary["groups"].as_object().unwrap();
    assert_eq!(groups["cno"]["patients"], 6);
    for (name, group) in groups {
        for measure in [
            "chronic_share",
            "mri_lesions_median",
            "mri_unifocal_share",
            "clinical_lesions_mean",
            "relapse_share",
            "same_site_recurrence_share",
            "new_site_share",
            "symmetric_share",
            "silent_lesion_share",
            "fever_share",
            "crp_peak_median_mg_l",
            "cured_by_antibiotics_share",
        ] {
            let (value, interval) = (&group[measure], &group[&format!("{measure}_ci")]);
            assert!(value.is_null() == interval.is_null(), "{name}.{measure}");
            if let (Some(value), Some(interval)) = (value.as_f64(), interval.as_array()) {
                assert!(interval[0].as_f64().unwrap() <= value && value <= interval[1].as_f64().unwrap());
            }
        }
        assert!(group["cured_by_antibiotics_share"].is_null(), "nobody was given antibiotics");
    }
    let theta = |name: &str| groups[name]["truth_theta_mean"].as_f64().unwrap();
    assert!(theta("healthy") < theta("cno") && theta("cno") == theta("cno_nsaid"));
    assert_eq!(summary["contrast"]["columns"].as_object().unwrap().len(), 2);
}

#[test]
fn results_are_the_same_bytes_for_any_threads_and_json_tells_where_they_are() {
    let desk = Desk::new();
    let told = desk.json("run small.toml --out one --threads 1 --format json");
    assert_eq!(
        (&told["results"], &told["patients"], &told["finished"]),
        (&"one".into(), &18.into(), &true.into())
    );
    assert_eq!(told["summary"]["study"]["name"], "small");
    desk.type_in("run small.toml --out three --threads 3").ok();
    assert_same(&desk.path("three"), &desk.path("one"));

    let refused = desk.type_in("run small.toml --out one");
    assert_eq!(refused.status, 2);
    assert!(refused.errors.contains("--force"), "{refused:?}");
    let resumed = desk.type_in("run small.toml --out one --resume").ok();
    assert!(resumed.errors.contains("one is already finished"), "{resumed:?}");
    desk.type_in("run small.toml --out one --force --seed 4").ok();
    assert_ne!(content(&desk.path("one"))["summary.json"], content(&desk.path("three"))["summary.json"]);
}

#[test]
fn a_killed_run_is_resumed_to_the_same_bytes() {
    let desk = Desk::new();
    let many = "run small.toml --patients 70";
    let started = Instant::now();
    desk.type_in(&format!("{many} --out straight")).ok();
    let whole = started.elapsed();
    for share in [0.05, 0.4, 0.8] {
        let mut child = desk
            .command(&format!("{many} --out killed --resume"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let resumed = desk.type_in(&format!("{many} --out killed --resume")).ok();
    assert!(desk.path("killed/manifest.json").exists(), "{resumed:?}");
    assert_same(&desk.path("killed"), &desk.path("straight"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_folder_that_can_be_resumed() {
    let desk = Desk::new();
    let line = "run small.toml --patients 100000 --out long";
    let mut child = desk.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while !desk.path("long/journal.jsonl").exists() {
        assert!(started.elapsed() < Duration::from_secs(20), "the run starts");
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{errors}");
    assert!(
        errors.contains("go on with\n  osteoflare run small.toml --out long --resume --patients 100000"),
        "{errors}"
    );
    let refused = desk.type_in(line);
    assert_eq!(refused.status, 2);
    assert!(refused.errors.contains("holds an unfinished run; go on with --resume"), "{refused:?}");
    let unfinished = desk.type_in("show long");
    assert_eq!(unfinished.status, 2);
    assert!(unfinished.errors.contains("unfinished"), "{unfinished:?}");
}

#[cfg(unix)]
#[test]
fn progress_is_seen_within_a_second() {
    let desk = Desk::new();
    let mut child = desk
        .command("run small.toml --patients 100000")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let mut byte = [0; 1];
    let read = child.stderr.take().unwrap().read(&mut byte).unwrap();
    let waited = started.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(read == 1 && waited < Duration::from_secs(1), "{waited:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let desk = Desk::new();
    let mut child = desk
        .command("model parameters --format json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""));
}

#[test]
fn a_damaged_result_is_named() {
    let desk = Desk::new();
    desk.type_in("run small.toml --out r --patients 2").ok();
    fs::write(desk.path("r/visits/part-001-cno-00000000.parquet"), b"PAR1").unwrap();
    let session = desk.type_in("show r");
    assert_eq!(session.status, 1);
    assert!(
        session.errors.contains("part-001-cno-00000000.parquet is damaged: 4 bytes instead of"),
        "{session:?}"
    );
}

#[test]
fn published_numbers_stand_beside_simulated_ones() {
    let desk = Desk::new();
    desk.type_in("run small.toml --out r").ok();
    let compared = desk.json("validate r --format json");
    let list = compared.as_array().expect("a list of published numbers");
    for one in list {
        assert!(one["id"].is_string() && one.get("published").is_some(), "{one}");
        assert_eq!(one["simulated"].is_null(), one["not_computable"].is_string(), "{one}");
    }
    let published = list.len();
    let text = desk.type_in("validate r").ok().output;
    assert!(
        text.contains(&format!("{published} published numbers")) && text.contains("Research use only"),
        "{text}"
    );
}

#[test]
fn a_report_is_one_page() {
    let desk = Desk::new();
    desk.type_in("run small.toml --out r").ok();
    assert_eq!(desk.type_in("report r").ok().output, "r/report.html\n");
    let page = fs::read_to_string(desk.path("r/report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") || page.starts_with("<!doctype html>"));
    desk.type_in("report r -o mine.html").ok();
    assert_eq!(fs::read_to_string(desk.path("mine.html")).unwrap(), page);
    desk.type_in("run small.toml --out r --force").ok();
}

#[test]
fn the_model_is_printed() {
    let desk = Desk::new();
    let states = desk.json("model states --format json");
    assert_eq!(states["local"].as_array().unwrap().len(), 24);
    let parameters = desk.json("model parameters --format json");
    for parameter in parameters["parameters"].as_array().unwrap() {
        assert!(parameter["source"].as_str().is_some_and(|source| !source.is_empty()), "{parameter}");
    }
    let equations = desk.type_in("model equations").ok().output;
    for state in states["local"].as_array().unwrap().iter().chain(states["systemic"].as_array().unwrap()) {
        let left = format!("  d{}/dt = ", state["symbol"].as_str().unwrap());
        assert!(equations.contains(&left), "no equation of {}", state["symbol"]);
    }
    let text = desk.type_in("model states").ok().output;
    assert!(text.contains("marrow oedema"));
    let schema = desk.json("study schema");
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn a_patient_is_exported() {
    let desk = Desk::new();
    desk.type_in("model export sbml --sites 2 --days 30 --plain -o model.xml").ok();
    let model = fs::read_to_string(desk.path("model.xml")).unwrap();
    assert!(model.contains("level=\"3\" version=\"2\"") && model.matches("<compartment ").count() == 3);
    let printed = desk.type_in("model export sbml --sites 2 --days 30 --plain").ok().output;
    assert_eq!(printed, model, "the same patient, byte for byte");
    desk.type_in("model export combine --sites 2 --days 30 -o flare.omex").ok();
    assert!(fs::read(desk.path("flare.omex")).unwrap().starts_with(b"PK"));
    assert!(desk.type_in("model export latex").ok().output.contains("\\begin{document}"));
    assert!(desk.type_in("model export c --flare --sites 3").ok().output.contains("osteoflare_jacobian"));
}

#[test]
fn what_an_export_leaves_out_is_said() {
    let desk = Desk::new();
    // Whether a child comes to the clinic within the study at all is chance; either way it is said.
    for patient in 0..6 {
        let line = format!(
            "model export sbml --sites 1 --study small.toml --patient cno_nsaid/{patient} --days 1 -o m.xml"
        );
        let said = desk.type_in(&line).ok().errors;
        assert!(said.starts_with("note: no treatment "), "{said}");
    }
    let said = desk.type_in("model export c --sites 1 --days 30").ok().errors;
    assert!(said.contains("C holds the inputs of day 0 only"), "{said}");
    let flaring = desk.type_in("model export sbml --flare --sites 1").ok();
    assert!(flaring.output.contains("every third site inflamed on day 0, all inputs constant"));
    assert!(flaring.output.contains("Osteoflare: 1 site."));
    assert_eq!(flaring.errors, "");
}

#[test]
fn an_export_goes_where_it_is_sent() {
    let desk = Desk::new();
    let model = desk.type_in("model export latex").ok().output;
    assert_eq!(desk.type_in("model export latex -o -").ok().output, model);
    assert!(!desk.path("-").exists());
    let archive = desk.command("model export combine --sites 1 --days 7 -o -").output().unwrap();
    assert!(archive.status.success() && archive.stdout.starts_with(b"PK"));
    desk.write("old.tex", "old");
    desk.type_in("model export latex -o old.tex").ok();
    assert_eq!(fs::read_to_string(desk.path("old.tex")).unwrap(), model);
    if Path::new("/dev/full").exists() {
        let full = desk.type_in("model export latex -o /dev/full");
        assert_eq!(full.status, 1);
        assert!(full.errors.contains("cannot write /dev/full"), "{full:?}");
    }
}

#[test]
fn impossible_exports_are_refused_with_what_there_is() {
    let desk = Desk::new();
    let refused = |line: &str, said: &[&str]| {
        let session = desk.type_in(line);
        assert_eq!(session.status, 2, "{session:?}");
        assert!(session.output.is_empty(), "{session:?}");
        for text in said {
            assert!(session.errors.contains(text), "{text}: {session:?}");
        }
    };
    refused("model export sbml --sites 999", &["1 to 266"]);
    refused("model export sbml --sites -1", &["--sites -1", "1 to 266"]);
    refused("model export sbml --sites talus_X", &["'talus_X'", "did you mean talus_L, talus_R?"]);
    refused("model export sbml --sites zzz", &["'zzz'", "tibia_proximal_metaphysis_L"]);
    refused("model export sbml --sites talus_R,talus_R", &["'talus_R' is named twice"]);
    refused("model export sbml --sites talus_R,", &["an empty name"]);
    refused("model export sbml --sites talus_R,all", &["`all` stands alone"]);
    refused("model export sbml --seed -1", &["whole number from 0"]);
    refused("model export sbml --drug NAPROXEN", &["did you mean 'naproxen'?"]);
    refused("model export sbml --drug naproxen@400", &["naproxen@400", "day 365", "--days"]);
    refused("model export sbml --drug naproxen --drug naproxen@30", &["naproxen@30", "day 0", "already"]);
    refused("model export c --drug naproxen@5", &["naproxen@5", "day 0"]);
    refused("model export sbml --patient Healthy/1", &["did you mean 'healthy'?"]);
    refused("model export sbml --patient healthy/4294967296", &["at most 4294967295"]);
    refused("model export sbml --study small.toml", &["--study needs --patient", "cno_nsaid/0 to 5"]);
    refused("model export sbml --study small.toml --patient cno/6", &["0 to 5"]);
    refused(
        "model export sbml --patient nobody/1 --drug aspirin",
        &["nobody", "broken_tolerance", "aspirin", "naproxen"],
    );
    refused("model export sbml --patient healthy", &["GROUP/NUMBER"]);
    refused("model export combine --days 0 -o never.omex", &["--days 0"]);
    assert!(!desk.path("never.omex").exists());
}
