//! What a study file means, and what is said about a faulty one.

use osteoflare_patient::exposure::{Exposure, Target};
use osteoflare_patient::prescription::{Dose, Drug};

use super::*;
use crate::study::{Condition, Start};

const HEAD: &str = "[study]\nname = \"s\"\nseed = 1\npatients = 5\nhorizon = \"10 y\"\n";

/// A file with one group whose table ends with `rest`.
fn with_group(rest: &str) -> String {
    format!("{HEAD}[groups.cno]\npopulation = \"broken_tolerance\"\n{rest}")
}

fn read(text: &str) -> Study {
    StudyFile::parse(text, "s.toml").unwrap().study
}

fn fault(text: &str) -> String {
    match StudyFile::parse(text, "s.toml") {
        Ok(_) => panic!("this was accepted:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// Each fault with the whole message.
#[track_caller]
fn assert_faults(cases: &[(String, &str)]) {
    for (text, expected) in cases {
        assert_eq!(&fault(text), expected, "\nfor the file\n{text}");
    }
}

#[test]
fn the_smallest_study() {
    let study = read(&with_group(""));
    assert_eq!((study.name.as_str(), study.title.as_str(), study.seed), ("s", "s", 1));
    assert_eq!(study.horizon_days, 3652.5);
    let group = &study.groups[0];
    assert_eq!((group.name.as_str(), group.label.as_str(), group.twin_key.as_str()), ("cno", "cno", "cno"));
    assert_eq!(group.patients, 5);
    assert!(group.exposures.is_empty() && group.treatments.is_empty() && group.parameters.is_empty());
    assert_eq!(study.visits.mri_days[0], 0.0);
}

#[test]
fn everything_a_study_can_say() {
    let study = read(
        r#"
[study]
name = "full"
title = "Everything"
seed = 0xFF
horizon = "5 y"
[solver]
relative_tolerance = 1e-4
absolute_tolerance = 1e-7
sleeping = false
intrinsic_noise = 0.1
[visits]
examination = ["0 d", "every 6 mo until 2 y"]
mri = ["0 d"]
control_day = "1 y"
[parameters]
a1 = 0
[switches]
spread = false
[groups.cno]
label = "Sterile"
population = { base = "healthy", theta_mean = 0.7, age_low = "2 y", age_high = "16 y" }
patients = 40
exposures = [
  { kind = "injury", at = "30 d", site = "tibia_proximal_metaphysis_L", debris = 2 },
  { kind = "bacteraemia", at = "40 d", cfu = 3000, site = "random_metaphysis" },
  { kind = "bacteraemia", at = "50 d", cfu = 30 },
]
[groups.cno.switches]
memory = false
[[groups.cno.treatments]]
drug = "naproxen"
for = "26 wk"
taper = "2 wk"
[[groups.cno.treatments]]
name = "biologic"
drug = "adalimumab"
dose = "40 mg"
every = "2 wk"
start = { after = "naproxen", delay = "4 wk", if = "active" }
for = "always"
replaces = ["naproxen"]
[[groups.cno.treatments]]
drug = "cefazolin"
dose = "50 mg/kg max 2 g"
every = "8 h"
start = "14 d"
for = "21 d"
[groups.twins]
twins_of = "cno"
[groups.twins.switches]
spread = true
[[groups.twins.treatments]]
drug = "pamidronate"
start = { after_presentation = "2 wk" }
for = "1 y"
"#,
    );
    assert_eq!(study.seed, 255);
    assert!(!study.solver.sleeping);
    assert_eq!(study.visits.examination_days, [0.0, 182.625, 365.25, 547.875, 730.5]);
    assert_eq!(study.visits.control_day, 365.25);
    let cno = &study.groups[0];
    assert_eq!(
        (cno.population.theta_mean, cno.population.age_low_years, cno.population.age_high_years),
        (0.7, 2.0, 16.0)
    );
    let knee = osteoflare_skeleton::Skeleton::get().find("tibia_proximal_metaphysis_L").unwrap();
    assert_eq!(
        cno.exposures,
        [
            Exposure::Injury { day: 30.0, target: Target::Site(knee), debris: 2.0 },
            Exposure::Bacteraemia { day: 40.0, cfu: 3000.0, injury: Some((Target::RandomMetaphysis, 1.5)) },
            Exposure::Bacteraemia { day: 50.0, cfu: 30.0, injury: None },
        ]
    );
    let [naproxen, adalimumab, cefazolin] = cno.treatments.as_slice() else { panic!("three steps") };
    assert_eq!((naproxen.start, naproxen.duration_days), (Start::AfterPresentation(0.0), 182.0));
    assert_eq!(naproxen.regimen.taper_days, 14.0);
    assert_eq!(adalimumab.regimen.dose, Dose::Mg(40.0));
    assert_eq!(adalimumab.start, Start::AfterStep { step: 0, days: 28.0, condition: Condition::Active });
    assert_eq!((adalimumab.duration_days, adalimumab.replaces.as_slice()), (f64::INFINITY, [0].as_slice()));
    assert_eq!(cefazolin.regimen.dose, Dose::MgPerKg(50.0, Some(2000.0)));
    assert_eq!((cefazolin.regimen.interval_days, cefazolin.start), (8.0 / 24.0, Start::Day(14.0)));
    let overrides: Vec<&str> = cno.parameters.keys().map(String::as_str).collect();
    for symbol in ["a1", "nu1", "kER", "bZ"] {
        assert!(overrides.contains(&symbol), "{symbol} is overridden");
    }
    let twins = &study.groups[1];
    assert_eq!((twins.twin_key.as_str(), twins.patients), ("cno", 40));
    assert_eq!((twins.population, &twins.exposures), (cno.population, &cno.exposures));
    assert_eq!(twins.treatments[0].regimen.drug, Drug::Pamidronate);
    assert_eq!(twins.treatments[0].start, Start::AfterPresentation(14.0));
    assert!(!twins.parameters.contains_key("nu1"), "the twin turned the spread on again");
    assert_eq!(twins.parameters["kER"], 0.0);
}

#[test]
fn unknown_keys_name_the_likeliest() {
    assert_faults(&[
        (
            with_group("treatmnts = []\n"),
            "s.toml:8: key 'groups.cno.treatmnts' is not known; did you mean 'treatments'? allowed: label, patients, \
             population, twins_of, exposures, treatments, parameters, switches",
        ),
        (
            HEAD.replace("seed", "sede") + "[groups.a]\n",
            "s.toml:3: key 'study.sede' is not known; did you mean 'seed'? allowed: name, title, seed, patients, horizon",
        ),
        (
            with_group("[viists]\nmri = []\n"),
            "s.toml:8: key 'viists' is not known; did you mean 'visits'? allowed: study, solver, visits, parameters, \
             switches, groups",
        ),
        (
            with_group(
                "\n[[groups.cno.treatments]]\ndrug = \"naproxen\"\nfor = \"1 y\"\nduration = \"3 d\"\n",
            ),
            "s.toml:12: key 'groups.cno.treatments[0].duration' is not known; allowed: drug, name, dose, every, \
             doses_per_cycle, start, for, taper, replaces",
        ),
    ]);
}

#[test]
fn quantities_need_their_units() {
    let treated = |what: &str| {
        with_group(&format!("treatments = [{{ drug = \"naproxen\", for = \"1 y\", {what} }}]\n"))
    };
    assert_faults(&[
        (HEAD.replace("\"10 y\"", "10"), "s.toml:1: key 'groups' is missing: Groups of patients, by name."),
        (
            with_group("").replace("\"10 y\"", "10"),
            "s.toml:5: key 'study.horizon': needs a unit; write a number and one of h, d, wk, mo, y, for example \
             \"26 wk\"",
        ),
        (
            with_group("").replace("10 y", "10 yr"),
            "s.toml:5: key 'study.horizon': 'yr' is not a unit of time; write a number and one of h, d, wk, mo, y, for \
             example \"26 wk\"",
        ),
        (
            with_group("").replace("\"10 y\"", "true"),
            "s.toml:5: key 'study.horizon': must be a time such as \"26 wk\", not true or false",
        ),
        (
            treated("dose = \"12\""),
            "s.toml:8: key 'groups.cno.treatments[0].dose': '12' has no unit; write for example \
             \"12 mg/kg\", \"10 mg/m2\", \"40 mg\" or \"50 mg/kg max 2 g\"",
        ),
        (
            treated("dose = 12"),
            "s.toml:8: key 'groups.cno.treatments[0].dose': must be a dose with its unit; write for example \
             \"12 mg/kg\", \"10 mg/m2\", \"40 mg\" or \"50 mg/kg max 2 g\"",
        ),
        (
            treated("dose = \"-3 mg/kg\""),
            "s.toml:8: key 'groups.cno.treatments[0].dose': '-3 mg/kg' must be more than zero",
        ),
        (treated("every = \"0 h\""), "s.toml:8: key 'groups.cno.treatments[0].every': is shorter than 1 h"),
        (
            with_group("[visits]\nmri = [\"0 d\", 3]\n"),
            "s.toml:9: key 'visits.mri[1]': must be a time such as \"26 wk\", not a whole number",
        ),
        (with_group("[visits]\nmri = [\"-2 wk\"]\n"), "s.toml:9: key 'visits.mri[0]': must not be negative"),
    ]);
}

#[test]
fn names_must_exist() {
    assert_faults(&[
        (
            with_group(
                "exposures = [{ kind = \"injury\", at = \"3 d\", site = \"tibia_proximal_metaphysis\" }]\n",
            ),
            "s.toml:8: key 'groups.cno.exposures[0].site': site 'tibia_proximal_metaphysis' is not known; did you mean \
             'tibia_proximal_metaphysis_L'?",
        ),
        (
            with_group("treatments = [{ drug = \"naproxene\", for = \"1 y\" }]\n"),
            "s.toml:8: key 'groups.cno.treatments[0].drug': drug 'naproxene' is not known; did you mean 'naproxen'? \
             allowed: naproxen, prednisolone, methotrexate, sulfasalazine, adalimumab, etanercept, infliximab, \
             anakinra, canakinumab, secukinumab, tofacitinib, baricitinib, pamidronate, zoledronate, cefazolin, \
             flucloxacillin, clindamycin",
        ),
        (
            with_group("parameters = { temper = 0.01 }\n"),
            "s.toml:8: key 'groups.cno.parameters.temper': no parameter is called 'temper' (`osteoflare model \
             parameters` lists them)",
        ),
        (
            with_group("switches = { adaptive = false }\n"),
            "s.toml:8: key 'groups.cno.switches.adaptive' is not known; did you mean 'adaptive_arm'? allowed: \
             adaptive_arm, innate_arm, memory, spread, local_regulation, debris_loop, neutrophil_damage",
        ),
        (
            with_group("").replace("broken_tolerance", "broken"),
            "s.toml:7: key 'groups.cno.population': 'broken' is not known; did you mean 'broken_tolerance'? allowed: \
             healthy, broken_tolerance",
        ),
        (
            with_group(
                "treatments = [{ drug = \"anakinra\", for = \"1 y\", start = { after = \"naproxen\" } }]\n",
            ),
            "s.toml:8: key 'groups.cno.treatments[0].start.after': there is no step before this one that could be \
             'naproxen'",
        ),
        (
            with_group(
                "treatments = [{ drug = \"naproxen\", for = \"1 y\" },\n{ drug = \"anakinra\", for = \"1 y\", \
                 replaces = [\"naproxn\"] }]\n",
            ),
            "s.toml:9: key 'groups.cno.treatments[1].replaces[0]': earlier step 'naproxn' is not known; did you mean \
             'naproxen'? allowed: naproxen",
        ),
    ]);
}

#[test]
fn values_must_be_possible() {
    let population = |what: &str| {
        with_group("").replace("\"broken_tolerance\"", &format!("{{ base = \"healthy\", {what} }}"))
    };
    let treatment = |what: &str| with_group(&format!("treatments = [{{ drug = \"naproxen\", {what} }}]\n"));
    assert_faults(&[
        (with_group("").replace("10 y", "0 y"), "s.toml:5: key 'study.horizon': is shorter than 1 d"),
        (with_group("").replace("10 y", "-1 y"), "s.toml:5: key 'study.horizon': must not be negative"),
        (with_group("").replace("10 y", "90 y"), "s.toml:5: key 'study.horizon': is longer than 20 y"),
        (
            with_group("").replace("patients = 5", "patients = 0"),
            "s.toml:4: key 'study.patients': 0 is outside 1 to 10000000",
        ),
        (
            with_group("").replace("patients = 5", "patients = 2.5"),
            "s.toml:4: key 'study.patients': must be a whole number, not a number",
        ),
        (
            with_group("").replace("seed = 1", "seed = -1"),
            "s.toml:3: key 'study.seed': -1 is outside 0 to 9223372036854775807",
        ),
        (
            with_group("").replace("patients = 5\n", ""),
            "s.toml:5: key 'groups.cno': needs 'patients', here or in 'study'",
        ),
        (
            population("age_high = \"19 y\""),
            "s.toml:7: key 'groups.cno.population.age_high': is longer than 18 y",
        ),
        (
            population("age_low = \"12 y\", age_high = \"9 y\""),
            "s.toml:7: key 'groups.cno.population': the youngest age (12.0 y) is above the oldest (9.0 y)",
        ),
        (
            population("theta_mean = nan"),
            "s.toml:7: key 'groups.cno.population.theta_mean': must be a finite number",
        ),
        (
            population("theta_mean = inf"),
            "s.toml:7: key 'groups.cno.population.theta_mean': must be a finite number",
        ),
        (
            population("theta_mean = 1e999"),
            "s.toml:7: key 'groups.cno.population.theta_mean': must be a finite number",
        ),
        (
            population("theta_mean = 3"),
            "s.toml:7: key 'groups.cno.population.theta_mean': 3 is outside 0.35 to 1",
        ),
        (
            with_group("parameters = { kG = 0.0 }\nswitches = { local_regulation = false }\n"),
            "s.toml:8: key 'groups.cno.parameters.kG': is already set by 'local_regulation = false' in 'switches'",
        ),
        (
            treatment("dose = \"3 mg\""),
            "s.toml:8: key 'groups.cno.treatments[0].for' is missing: How long it is given: a time, or \"always\".",
        ),
        (treatment("for = \"0 d\""), "s.toml:8: key 'groups.cno.treatments[0].for': must be more than zero"),
        (
            treatment("for = \"always\", taper = \"2 wk\""),
            "s.toml:8: key 'groups.cno.treatments[0].taper': a treatment for \"always\" has no end to taper to",
        ),
        (
            treatment("for = \"1 wk\", taper = \"2 wk\""),
            "s.toml:8: key 'groups.cno.treatments[0].taper': is longer than the whole course",
        ),
        (
            treatment("for = \"1 y\", start = \"12 y\""),
            "s.toml:8: key 'groups.cno.treatments[0].start': lies outside the follow-up",
        ),
        (
            treatment("for = \"1 y\", start = \"now\""),
            "s.toml:8: key 'groups.cno.treatments[0].start': 'now' is not a start; write \"presentation\", a time after \
             day 0 such as \"14 d\", { after_presentation = \"2 wk\" } or { after = \"naproxen\", delay = \"4 wk\", if = \
             \"active\" }",
        ),
        (
            with_group("exposures = [{ kind = \"bacteraemia\", at = \"12 y\", cfu = 3 }]\n"),
            "s.toml:8: key 'groups.cno.exposures[0].at': lies after the end of follow-up ('study.horizon')",
        ),
        (
            with_group(
                "exposures = [{ kind = \"injury\", at = \"1 y\", cfu = 3, site = \"random_metaphysis\" }]\n",
            ),
            "s.toml:8: key 'groups.cno.exposures[0].cfu': an injury brings no bacteria; use kind = \"bacteraemia\"",
        ),
        (
            with_group("exposures = [{ kind = \"bacteraemia\", at = \"1 y\", cfu = 3, debris = 2 }]\n"),
            "s.toml:8: key 'groups.cno.exposures[0].site' is missing: Where an injury strikes; with bacteraemia: a \
             place injured one day before.",
        ),
    ]);
}

#[test]
fn parameters_stay_in_the_range_of_the_model() {
    let range = osteoflare_kinetics::parameters::find("kG").unwrap();
    let reason = osteoflare_kinetics::parameters::check("kG", 2.0 * range.high).unwrap_err();
    let beyond = with_group(&format!("parameters = {{ kG = {} }}\n", 2.0 * range.high));
    assert_eq!(fault(&beyond), format!("s.toml:8: key 'groups.cno.parameters.kG': {reason}"));
    let within = read(&with_group(&format!("parameters = {{ kG = {} }}\n", range.low)));
    assert_eq!(within.groups[0].parameters["kG"], range.low);
}

#[test]
fn courses_of_one_drug_do_not_overlap() {
    let two = |first: &str, second: &str| {
        with_group(&format!(
            "[[groups.cno.treatments]]\ndrug = \"naproxen\"\n{first}\n[[groups.cno.treatments]]\nname = \"second\"\ndrug \
             = \"naproxen\"\n{second}\n"
        ))
    };
    let message = "s.toml:11: key 'groups.cno.treatments[1]': this course of naproxen overlaps the earlier one; let it \
                   start later or name the earlier in 'replaces'";
    assert_faults(&[
        (two("for = \"26 wk\"", "for = \"1 y\""), message),
        (two("for = \"always\"", "start = { after_presentation = \"9 y\" }\nfor = \"1 d\""), message),
        (
            two("for = \"26 wk\"", "start = { after = \"naproxen\", delay = \"25 wk\" }\nfor = \"1 y\""),
            message,
        ),
    ]);
    read(&two("for = \"26 wk\"", "start = { after = \"naproxen\", delay = \"26 wk\" }\nfor = \"1 y\""));
    read(&two(
        "for = \"always\"",
        "start = { after = \"naproxen\", delay = \"2 wk\" }\nfor = \"1 y\"\nreplaces = [\"naproxen\"]",
    ));
}

#[test]
fn groups_must_make_sense() {
    let groups = |text: &str| format!("{HEAD}{text}");
    assert_faults(&[
        (groups(""), "s.toml:1: key 'groups' is missing: Groups of patients, by name."),
        (groups("[groups]\n"), "s.toml:6: key 'groups': a study needs at least one group"),
        (groups("[groups.a]\n"), "s.toml:6: key 'groups.a': needs 'population' or 'twins_of'"),
        (
            groups("[groups.a]\npopulation = \"healthy\"\n[groups.b]\ntwins_of = \"aa\"\n"),
            "s.toml:9: key 'groups.b.twins_of': group 'aa' is not known; did you mean 'a'? allowed: a",
        ),
        (
            groups("[groups.a]\ntwins_of = \"b\"\n[groups.b]\ntwins_of = \"a\"\n"),
            "s.toml:9: key 'groups.b.twins_of': goes round in a circle (a → b → a)",
        ),
        (
            groups("[groups.a]\ntwins_of = \"a\"\n"),
            "s.toml:7: key 'groups.a.twins_of': goes round in a circle (a → a)",
        ),
        (
            groups(
                "[groups.a]\npopulation = \"healthy\"\n[groups.b]\ntwins_of = \"a\"\npopulation = \"healthy\"\n",
            ),
            "s.toml:10: key 'groups.b.population': twins of 'a' are the same children; leave out 'population' or \
             'twins_of'",
        ),
        (
            groups("[groups.\"a/b\"]\npopulation = \"healthy\"\n"),
            "s.toml:6: key 'groups.a/b': the name 'a/b' must be 1 to 40 letters, digits, '_' or '-'",
        ),
        (
            groups("[groups.a]\npopulation = \"healthy\"\n[groups.a]\npopulation = \"healthy\"\n"),
            "s.toml:8: is not valid TOML: duplicate key",
        ),
    ]);
}

#[test]
fn texts_that_are_no_study() {
    assert_faults(&[
        (String::new(), "s.toml:1: key 'study' is missing: What the study is."),
        ("study = 3\n".to_owned(), "s.toml:1: key 'groups' is missing: Groups of patients, by name."),
        ("study = 3\ngroups = 4\n".to_owned(), "s.toml:1: key 'study': must be a table, not a whole number"),
        (
            with_group("").replace("name = \"s\"", "name = \"../s\""),
            "s.toml:2: key 'study.name': '../s' must be 1 to 40 letters, digits, '_' or '-'",
        ),
        (
            with_group("").replace("name = \"s\"", "name = \"s\"\ntitle = \"two\\nlines\""),
            "s.toml:3: key 'study.title': must be one line without control characters",
        ),
        (with_group("[groups.cno\n"), "s.toml:8: is not valid TOML: unclosed table, expected `]`"),
    ]);
}

#[test]
fn files_that_are_no_text() {
    let root = tempfile::tempdir().unwrap();
    let fault = |name: &str, content: &[u8]| {
        let path = root.path().join(name);
        std::fs::write(&path, content).unwrap();
        StudyFile::read(&path).unwrap_err()
    };
    assert_eq!(fault("nul.toml", b"[study]\0").message, "is not a text file");
    assert_eq!(fault("binary.toml", &[0xFF, 0xFE, 0x00, 0x9C]).message, "is not a text file");
    let large = vec![b'#'; LARGEST_FILE as usize + 1];
    assert!(fault("large.toml", &large).message.starts_with("is too large for a study file"));
    let missing = StudyFile::read(&root.path().join("none.toml")).unwrap_err();
    assert!(missing.to_string().ends_with("none.toml: no such file"), "{missing}");
    let folder = StudyFile::read(root.path()).unwrap_err();
    assert_eq!((folder.message.as_str(), folder.line), ("is a folder, not a study file", None));
}

#[test]
fn any_text_is_answered_without_panic() {
    use proptest::prelude::*;
    let words = prop::sample::select(vec![
        "[study]",
        "[groups.a]",
        "name",
        "=",
        "\"healthy\"",
        "\"1 y\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "population",
        "3",
        "-1",
        "\n",
        "treatments",
        "drug",
        "\"naproxen\"",
        "for",
        "inf",
        "[[groups.a.treatments]]",
        "start",
        "\"µ\"",
    ]);
    proptest!(|(words in prop::collection::vec(words, 0..40))| {
        let _ = StudyFile::parse(&words.join(" "), "s.toml");
    });
}

#[test]
fn the_shipped_studies_fit_reader_and_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = StudyFile::read(&path).unwrap_or_else(|error| panic!("{error}"));
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(file.study.name, name);
        let value: serde_json::Value = toml::from_str(&file.text).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path)).collect();
        assert_eq!(problems, Vec::<String>::new(), "{name}");
        names.push(name);
    }
    names.sort();
    assert_eq!(names, ["contrast", "hypotheses", "quick", "tolerance-dial"]);
    let template: serde_json::Value = toml::from_str(&template("mine")).unwrap();
    assert!(validator.is_valid(&template));
    assert_eq!(read(&super::template("mine")).name, "mine");
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let valid = |text: &str| validator.is_valid(&toml::from_str::<serde_json::Value>(text).unwrap());
    assert!(valid(&with_group("")));
    for wrong in [
        with_group("treatmnts = []\n"),
        with_group("").replace("10 y", "10 yr"),
        with_group("").replace("\"10 y\"", "10"),
        with_group("treatments = [{ drug = \"naproxene\", for = \"1 y\" }]\n"),
        with_group("parameters = { kG = 9.0 }\n"),
        with_group("").replace("broken_tolerance", "broken"),
        format!("{HEAD}[groups]\n"),
    ] {
        assert!(!valid(&wrong), "{wrong}");
        fault(&wrong);
    }
}
