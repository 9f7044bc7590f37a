//! Vignettes: published cases in short YAML, facts only, as collections of case reports keep them.
//!
//! A file is a list of cases, or has one under `records`. A case has an `id` and sections (`patient`, `course`,
//! `findings`, `sites`, `focality`, `imaging`, `labs`, `biopsy`, `microbiology`, `genetics`, `treatment`, `response`,
//! `timeline`, `label` …) whose keys and values are words joined by underscores: `R_knee`, `crp_mg_l: 72`,
//! `no_periosteal_reaction`. Words are looked up in the vocabularies of the clinic; sides, degrees and negations are
//! told apart from them. `null`, what says that nobody knows and what is absent are unknown. A word that nobody knows is
//! kept where the record can hold it, and what is not understood as a note that says so: checking asks about both. Nothing is
//! taken for something similar. What stands in a field of one kind (an age, the sex, a number with its unit, the bone and side
//! of a site) and is of another kind is refused. A format to read only.

mod amount;
mod blood_words;
mod certainty;
mod clinic;
mod drugs;
mod extent;
mod germs;
mod laboratory;
mod lesions;
mod lines;
mod measures;
mod organs;
mod part;
mod person;
mod pictures;
mod polarity;
mod reference;
mod samples;
mod scores;
mod site;
mod times;
mod tissue;
mod value;
mod words;

use std::cell::LazyCell;
use std::io::Read;

use osteoflare_clinic::check::NOT_UNDERSTOOD;
use osteoflare_clinic::place::SiteSet;
use osteoflare_clinic::record::{
    DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, Record, Visit, VisitKind, When,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use crate::fault::Fault;
use crate::finish::{Check, finish};
use crate::problem::{JsonPath, Place, Problems, Step};
use lines::Lined;
use value::{is_unknown, presence};
use words::Phrase;

/// Largest file that is read.
const LARGEST: u64 = 16 << 20;

/// Fields of a case; any other is kept among the notes.
type Fields = Map<String, Value>;

#[derive(Deserialize)]
struct Collection {
    records: Vec<Spanned<Lined>>,
}

/// Whether a text begins like a file of vignettes: a list of cases with identifiers, bare or under `records`.
pub(crate) fn looks_like(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    is_collection(&text) || text.lines().any(|line| line.starts_with("- id:"))
}

/// Whether the cases stand under `records`.
fn is_collection(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("records:"))
}

/// The cases of a file, each a record or its problems.
///
/// # Errors
/// If the text is too large, or no YAML list of cases.
pub(crate) fn records(stream: impl Read, check: Check) -> Result<Vec<Result<Record, Problems>>, Problems> {
    let mut text = String::new();
    stream
        .take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Problems::one(Place::default(), Fault::Unreadable { reason: error.to_string() }))?;
    if text.len() as u64 > LARGEST {
        return Err(Problems::one(Place::default(), Fault::TooLarge { limit: LARGEST >> 20, unit: "MiB" }));
    }
    let parsed = match is_collection(&text) {
        true => serde_saphyr::from_str(&text).map(|Collection { records }| records),
        false => serde_saphyr::from_str::<Vec<Spanned<Lined>>>(&text),
    };
    let cases = parsed.map_err(|error| {
        let place = error.location().map_or(Place::default(), |at| Place::line(at.line()));
        // What the parser says may quote the text; the place is enough.
        let reason = "no list of cases, bare or under `records`, in well-formed YAML".to_owned();
        Problems::one(place, Fault::Syntax { format: "a file of vignettes", reason })
    })?;
    Ok(cases.iter().map(|case| read_case(&case.value, case.referenced.line(), check)).collect())
}

fn read_case(text: &Lined, first: u64, check: Check) -> Result<Record, Problems> {
    let value = &text.value;
    let Some(fields) = value.as_object() else {
        let fault = Fault::Kind {
            found: crate::json::kind(value).to_owned(),
            expected: "a case: fields with values".to_owned(),
        };
        return Err(Problems::one(Place::line(first), fault));
    };
    let id = match fields.get("id") {
        Some(Value::String(id)) if !id.trim().is_empty() => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err(Problems::one(Place::line(first), Fault::Missing { field: "id".to_owned() })),
    };
    let mut case = Case::new(id);
    let timeline = fields.get("timeline").map(elements).unwrap_or_default();
    if !timeline.is_empty() {
        // With a time line, what stands outside of it is what was there at the beginning.
        case.when = Some(When::Day(0.0));
        case.record.visits.push(visit(0.0, Some(VisitKind::Presentation)));
    }
    // With a time line, an outcome is what became of it in the end.
    let mut beginning = fields.clone();
    let outcome = if timeline.is_empty() { None } else { beginning.remove("outcome") };
    case.sections(&beginning);
    // Visits follow each other in time, in whatever order they are told.
    let mut moments: Vec<(Option<f64>, &Value)> =
        timeline.iter().map(|entry| (time_of(entry), entry)).collect();
    moments.sort_by(|(a, _), (b, _)| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
    for (day, entry) in moments {
        case.moment(day, entry);
    }
    if let Some(outcome) = outcome {
        case.when = case.record.followed_until;
        case.outcome(&outcome);
    }
    case.undated_treatments();
    if let Some(label) = fields.get("label") {
        // The last word is spoken at the end.
        case.when = case.record.followed_until;
        case.diagnosis("label", label);
    }
    let at = |path: &JsonPath, line: Option<u64>| Place {
        path: Some(path.clone()),
        ..Place::line(line.unwrap_or(first))
    };
    let record = case.record.clone();
    let said: LazyCell<Value, _> = LazyCell::new(|| serde_json::to_value(&record).unwrap_or_default());
    let place = |path: &JsonPath| at(path, line_of(text, &said, path));
    if check == Check::Form || case.faults.is_empty() {
        return finish(case.record, check, place);
    }
    let mut problems = Problems::new();
    for Refused { path, value, fault } in case.faults {
        let hints: Vec<&str> = path.keys().collect();
        problems.add(at(&path, text.line_of(&hints, &value)), fault);
    }
    problems.append_elsewhere(finish(case.record, check, place).err().unwrap_or_default());
    Err(problems)
}

/// The line of what a node of the record was read from, if that can be told.
fn line_of(text: &Lined, record: &Value, path: &JsonPath) -> Option<u64> {
    let node = path.0.iter().try_fold(record, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.get(index),
    })?;
    let hints: Vec<&str> = path.keys().collect();
    let Some(note) = node.as_str().filter(|_| hints.first() == Some(&"notes")) else {
        return text.line_of(&hints, node);
    };
    // A note is `what: words`.
    let (what, words) = note.trim_start_matches(NOT_UNDERSTOOD).split_once(": ")?;
    text.line_of(&[&what.replace(' ', "_")], &words.into()).or_else(|| text.line_of(&[], &what.into()))
}

fn visit(day: f64, kind: Option<VisitKind>) -> Visit {
    Visit { when: When::Day(day), kind, whole_body_examined: None }
}

/// A record on its way.
struct Case {
    record: Record,
    /// Time of what is being read.
    when: Option<When>,
    /// Where the sites of what is being read lie.
    sited: Vec<SiteSet>,
    /// Whether the case says that no antibiotics were given at the time of what is being read.
    no_antibiotics: bool,
    /// What cannot be.
    faults: Vec<Refused>,
}

/// A value that cannot be.
struct Refused {
    /// Section and field.
    path: JsonPath,
    value: Value,
    fault: Fault,
}

impl Case {
    fn new(id: String) -> Case {
        Case {
            record: Record::new(id),
            when: None,
            sited: Vec::new(),
            no_antibiotics: false,
            faults: Vec::new(),
        }
    }

    /// Refuses a value of a field that can only be of one kind, unless it says that nobody knows.
    fn refuse(&mut self, section: &str, key: &str, value: &Value, expected: &str) {
        let fault = Fault::Kind { found: crate::privacy::shown(value), expected: expected.to_owned() };
        self.refuse_for(section, key, value, fault);
    }

    fn refuse_for(&mut self, section: &str, key: &str, value: &Value, fault: Fault) {
        const UNKNOWN: [&str; 8] =
            ["other", "multiple", "several", "various", "none", "not", "n", "unspecified"];
        let text = plain(value);
        let phrase = Phrase::new(&text);
        let first = phrase.words().first().cloned().unwrap_or_default();
        if phrase.is_unknown() || UNKNOWN.contains(&first.as_str()) {
            // Lesions keep the words of their sites themselves.
            if section != "sites" {
                self.remark(&format!("{section} {key}"), value);
            }
            return;
        }
        let path = JsonPath::default().key(section).key(key);
        self.faults.push(Refused { path, value: value.clone(), fault });
    }

    /// Keeps what is understood and has no other place.
    fn remark(&mut self, what: &str, value: &Value) {
        if !value.is_null() {
            self.record.notes.push(said(what, value));
        }
    }

    /// Keeps what is not understood, so that checking asks about it.
    fn ask(&mut self, what: &str, value: &Value) {
        if is_unknown(value) {
            self.remark(what, value);
        } else {
            self.record.notes.push(format!("{NOT_UNDERSTOOD}{}", said(what, value)));
        }
    }

    fn sections(&mut self, fields: &Fields) {
        self.remember_sites(fields);
        for (key, value) in fields {
            if value.is_null() {
                continue;
            }
            match key.as_str() {
                "id" | "timeline" | "t" | "time" | "when" | "tests" | "sites" | "focality" | "response"
                | "label" => {}
                "cite" | "citation" => self.citation(value),
                "patient" => self.patient(value),
                "family_history" | "family" => self.relatives(value),
                "course" | "history" => self.course(value),
                "findings" | "symptoms" | "signs" | "examination" | "exam" | "surgery" | "complications" => {
                    self.findings(value, key == "surgery");
                }
                "labs" | "laboratory" | "blood" => self.laboratory(value),
                "imaging" => self.imaging(value),
                "biopsy" | "biopsies" | "histology" => self.biopsy(value),
                "microbiology" | "culture" | "cultures" => self.microbiology(value),
                "marrow" | "bone_marrow" => self.marrow(value),
                "genetics" => self.genetics(value),
                "treatment" | "treatments" | "advice" => self.treatments(value),
                "comorbid" | "comorbidity" | "comorbidities" => self.conditions(value),
                "initial_label" | "working_label" | "feared" | "final_label" => self.diagnosis(key, value),
                "outcome" => self.outcome(value),
                "scores" | "score" | "assessment" | "assessments" | "questionnaires" | "activity" => {
                    self.scores(key, value);
                }
                _ if self.score(key, value) || self.duration_before_diagnosis(key, value) => {}
                _ if self.other_section(key, value) => {}
                "note" | "notes" | "comment" | "comments" | "source" | "evidence" => self.remark(key, value),
                // `antibiotics: {duration_weeks: 6, response: none}` beside the sections.
                _ if !Phrase::new(key).drugs().is_empty() => {
                    self.treatments(&Value::Object(Fields::from_iter([(key.clone(), value.clone())])));
                }
                _ => self.ask(key, value),
            }
        }
        // Lesions go to the study that shows them, so studies come first.
        self.lesions(fields);
        if let Some(response) = fields.get("response") {
            self.responses(response);
        }
        self.cultures_without_antibiotics();
    }

    /// Sections that are named by what they hold, as entries of a time line do: `radiograph`, `node_biopsy`,
    /// `scintigraphy_sites`.
    fn other_section(&mut self, key: &str, value: &Value) -> bool {
        let phrase = Phrase::new(key);
        if phrase.has("biopsy") || phrase.has("aspirate") {
            self.named_biopsy(&phrase, value);
            true
        } else if phrase.has("culture") || germs::is_test(&phrase) {
            self.culture(key, value);
            true
        } else {
            self.named_study(key, value)
        }
    }

    /// One entry of the time line.
    fn moment(&mut self, day: Option<f64>, entry: &Value) {
        let (Some(fields), Some(day)) = (entry.as_object(), day) else { return self.ask("time line", entry) };
        self.when = Some(When::Day(day));
        if day > 0.0 && !self.record.visits.iter().any(|visit| visit.when == When::Day(day)) {
            self.record.visits.push(visit(day, None));
        }
        self.sections(fields);
        // Samples taken one after the other may end a few days later.
        self.record.followed_until = None;
        self.record.followed_until = Some(When::Day(self.record.last_day().unwrap_or(0.0).max(day)));
    }
}

/// Day of an entry of the time line.
fn time_of(entry: &Value) -> Option<f64> {
    let time = ["t", "time", "when"].iter().find_map(|key| entry.get(key))?;
    match time {
        Value::String(text) => day_of(text),
        _ => None,
    }
}

/// Day of a time such as `presentation` or `plus_4_months`.
fn day_of(text: &str) -> Option<f64> {
    let phrase = Phrase::new(text);
    if ["presentation", "baseline", "onset", "diagnosis", "admission"].iter().any(|word| phrase.has(word)) {
        return Some(0.0);
    }
    // `month_6` counts as `plus_6_months`.
    let behind = || {
        phrase.words().windows(2).find_map(|pair| Some(unit_days(&pair[0])? * pair[1].parse::<f64>().ok()?))
    };
    let days = days_in(&phrase).map(|(days, _)| days).or_else(behind)?;
    Some(if phrase.has("minus") || phrase.has("before") { -days } else { days }.round())
}

/// The duration that a phrase holds, in days, and the words that say it.
fn days_in(phrase: &Phrase) -> Option<(f64, [usize; 2])> {
    phrase.words().windows(2).enumerate().find_map(|(k, pair)| {
        let number: f64 = pair[0].parse().ok()?;
        Some((number * unit_days(&pair[1])?, [k, k + 1]))
    })
}

/// Days of a unit of time.
fn unit_days(word: &str) -> Option<f64> {
    match word.strip_suffix('s').unwrap_or(word) {
        "day" => Some(1.0),
        "week" => Some(DAYS_PER_WEEK),
        "month" => Some(DAYS_PER_MONTH),
        "year" => Some(DAYS_PER_YEAR),
        _ => None,
    }
}

/// The elements of a list; anything else is a list of one.
fn elements(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![],
        Value::Array(list) => list.iter().filter(|value| !value.is_null()).cloned().collect(),
        value => vec![value.clone()],
    }
}

/// A value in words.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            map.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
        value => value.to_string(),
    }
}

/// Key and value for people.
fn said(what: &str, value: &Value) -> String {
    format!("{}: {}", what.replace('_', " "), plain(value).replace('_', " "))
}
