//! What sets the groups of a study apart, in four rows: cause, time course, pattern, response to treatment.
//!
//! Every sentence is assembled from numbers of the cohorts; nothing looks at the name of a group. A column is a group
//! with children of its own; groups of twins appear in its row on treatment.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{GroupSummary, SeenAt};
use crate::study::{Group, Study};

/// Questions of the table, in order, as `(key, title)`.
const ROWS: [(&str, &str); 4] = [
    ("cause", "Cause"),
    ("time_course", "Time course"),
    ("pattern", "Pattern"),
    ("response", "Response to treatment"),
];

/// The contrast table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// Titles of the rows by key, in order.
    pub rows: IndexMap<String, String>,
    /// Columns by group, in the order of the study.
    pub columns: IndexMap<String, ContrastColumn>,
}

/// One column: a group with children of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContrastColumn {
    /// One line for people.
    pub label: String,
    /// What is behind it.
    pub cause: Answer,
    /// How it goes on.
    pub time_course: Answer,
    /// Where it is.
    pub pattern: Answer,
    /// What helps.
    pub response: Answer,
}

impl ContrastColumn {
    /// The answers in the order of the rows.
    pub fn answers(&self) -> [&Answer; 4] {
        [&self.cause, &self.time_course, &self.pattern, &self.response]
    }
}

/// One cell: a sentence and the numbers it was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// In words.
    pub text: String,
    /// Numbers by measure; in the row on treatment by `group.measure`. `null` where nobody can be counted.
    pub numbers: IndexMap<String, Option<f64>>,
}

/// Collects the numbers a sentence uses.
struct Teller<'a> {
    group: &'a GroupSummary,
    numbers: IndexMap<String, Option<f64>>,
    sentences: Vec<String>,
}

impl<'a> Teller<'a> {
    fn new(group: &'a GroupSummary) -> Self {
        Teller { group, numbers: IndexMap::new(), sentences: Vec::new() }
    }

    fn number(&mut self, measure: &str) -> Option<f64> {
        let value = self.group.value(measure);
        self.numbers.insert(measure.to_owned(), value);
        value
    }

    fn say(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }

    fn answer(self) -> Answer {
        Answer { text: self.sentences.join(" "), numbers: self.numbers }
    }
}

/// A share in words: `93 %`, with the ends kept apart from almost the ends.
pub fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    match rounded as i64 {
        0 if share > 0.0 => "under 1 %".to_owned(),
        100 if share < 1.0 => "over 99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// Part of a sentence about a share that may be unknown.
fn clause(share: Option<f64>, what: &str) -> Option<String> {
    share.map(|share| format!("{what} {}", percent(share)))
}

/// A sentence of clauses, empty if there are none.
fn join(start: &str, clauses: impl IntoIterator<Item = Option<String>>) -> String {
    let clauses: Vec<String> = clauses.into_iter().flatten().collect();
    if clauses.is_empty() { format!("{start}.") } else { format!("{start}: {}.", clauses.join(", ")) }
}

/// The contrast between the groups of a study.
pub fn contrast(study: &Study, groups: &IndexMap<String, GroupSummary>) -> Contrast {
    let mut columns = IndexMap::new();
    for base in study.groups.iter().filter(|group| group.twin_key == group.name) {
        let Some(summary) = groups.get(&base.name) else { continue };
        let family: Vec<(&Group, &GroupSummary)> = study
            .groups
            .iter()
            .filter(|group| group.twin_key == base.name)
            .filter_map(|group| Some((group, groups.get(&group.name)?)))
            .collect();
        columns.insert(
            base.name.clone(),
            ContrastColumn {
                label: base.label.clone(),
                cause: cause(summary),
                time_course: time_course(summary),
                pattern: pattern(summary),
                response: response(&family),
            },
        );
    }
    let rows = ROWS.into_iter().map(|(key, title)| (key.to_owned(), title.to_owned())).collect();
    Contrast { rows, columns }
}

fn cause(group: &GroupSummary) -> Answer {
    let mut tell = Teller::new(group);
    match tell.number("truth_infected_share") {
        Some(infected) if infected > 0.0 => {
            tell.say(format!("Bacteria settle in the bone of {} of the children.", percent(infected)));
        }
        Some(_) => tell.say("No bacteria in the bone of any child."),
        None => {}
    }
    let reactivity = tell.number("truth_self_reactivity_mean");
    let il10 = tell.number("truth_il10_competence_median");
    if let (Some(reactivity), Some(il10)) = (reactivity, il10) {
        tell.say(format!(
            "Self-reactivity of the T-cell repertoire {reactivity:.2}, IL-10 competence {il10:.2}."
        ));
    }
    match tell.number("truth_rs_above_one_share") {
        Some(share) if share > 0.0 => tell.say(format!(
            "In {} inflammation of some site can sustain itself without germs.",
            percent(share)
        )),
        Some(_) => tell.say("Sterile inflammation dies out at every site."),
        None => {}
    }
    tell.answer()
}

fn time_course(group: &GroupSummary) -> Answer {
    let mut tell = Teller::new(group);
    let presented = tell.number("presented_share").unwrap_or(0.0);
    if presented == 0.0 {
        tell.say("Nobody falls ill.");
        return tell.answer();
    }
    let chronic = tell.number("chronic_share");
    let relapse = tell.number("relapse_share");
    let word = match (chronic, relapse) {
        (Some(chronic), Some(relapse)) if chronic >= 0.5 && relapse >= 0.5 => "Chronic and relapsing",
        (Some(chronic), _) if chronic >= 0.5 => "Chronic",
        (_, Some(relapse)) if relapse >= 0.5 => "Relapsing",
        (Some(_), _) => "Acute",
        _ => "Course",
    };
    let chronic = clause(chronic, "chronic in");
    let relapse = clause(relapse, "back after remission in");
    let presented = clause(Some(presented), "ill");
    tell.say(join(word, [presented, chronic, relapse]));
    let fever = clause(tell.number("fever_share"), "fever in");
    let crp = tell.number("crp_peak_median_mg_l").map(|crp| format!("median CRP peak {crp:.0} mg/L"));
    tell.say(join("Body", [fever, crp]).replacen("Body: ", "", 1).capitalised());
    tell.answer()
}

trait Capitalised {
    fn capitalised(self) -> String;
}

impl Capitalised for String {
    fn capitalised(self) -> String {
        let mut chars = self.chars();
        match chars.next() {
            Some(first) => first.to_uppercase().chain(chars).collect(),
            None => self,
        }
    }
}

fn pattern(group: &GroupSummary) -> Answer {
    let mut tell = Teller::new(group);
    let lesions = tell.number("mri_lesions_median");
    if group.seen_at == SeenAt::ControlVisit {
        match tell.number("mri_any_lesion_share") {
            Some(share) => {
                tell.say(format!("The first MRI is read as free of lesions in {}.", percent(1.0 - share)))
            }
            None => tell.say("No MRI to describe."),
        }
        return tell.answer();
    }
    if let Some(monofocal) = tell.number("monofocal_course_share") {
        let word = if monofocal >= 0.5 { "One focus" } else { "Several foci" };
        let lesions = lesions.map(|lesions| format!("median {lesions:.0} on the first MRI"));
        let monofocal = Some(format!("one site over the whole course in {}", percent(monofocal)));
        tell.say(join(word, [lesions, monofocal]));
    }
    let symmetric = clause(tell.number("symmetric_share"), "mirror pairs in");
    let same = clause(tell.number("same_site_recurrence_share"), "back at the same site in");
    let new = clause(tell.number("new_site_share"), "new sites in");
    let silent =
        tell.number("silent_lesion_share").map(|share| format!("{} of lesions silent", percent(share)));
    let clauses: Vec<String> = [symmetric, same, new, silent].into_iter().flatten().collect();
    if !clauses.is_empty() {
        tell.say(format!("{}.", clauses.join(", ")).capitalised());
    }
    tell.answer()
}

fn response(family: &[(&Group, &GroupSummary)]) -> Answer {
    let mut numbers = IndexMap::new();
    let mut sentences = Vec::new();
    for (group, summary) in family {
        if summary.value("presented_share").unwrap_or(0.0) == 0.0 {
            continue;
        }
        let mut number = |measure: &str| {
            let value = summary.value(measure);
            numbers.insert(format!("{}.{measure}", group.name), value);
            value
        };
        let cured = clause(number("cured_by_antibiotics_share"), "cured by antibiotics");
        let free = clause(number("symptom_free_12_months_share"), "symptom-free at 12 months");
        let lesions = number("mri_lesions_12_months_mean")
            .map(|lesions| format!("{lesions:.1} MRI lesions left at 12 months"));
        let treatment = drugs(group);
        sentences.push(join(&treatment, [cured, free, lesions]));
    }
    if sentences.is_empty() {
        sentences.push("Nothing to treat.".to_owned());
    }
    Answer { text: sentences.join(" "), numbers }
}

/// The drugs of a plan, in order, each once.
fn drugs(group: &Group) -> String {
    let mut names: Vec<&str> = Vec::new();
    for step in &group.treatments {
        let name = step.regimen.drug.name();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "Untreated".to_owned() } else { names.join(" → ").capitalised() }
}
