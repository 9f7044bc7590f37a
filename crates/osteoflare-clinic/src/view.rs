//! A record as it stood at a moment: words understood, units converted, what came later left out.
//!
//! What carries no time counts at every moment. Of what changes (fever, pain, blood values) the statements of the last
//! 30 days before the newest one count; what stays true once it was (an abscess, pustules, a lesion) counts whenever it
//! was seen.

mod answer;
mod laboratory;
mod lesions;

use crate::{
    place::{self, Resolved},
    record::{DAYS_PER_YEAR, Range, Record, Status, When},
    vocabulary::{self, Kind},
};

pub use answer::{Answer, Number, Path, State, all, any, count_at_least, each, not};
pub use laboratory::Level;
use laboratory::SeenResult;
pub use lesions::SeenLesion;

/// Statements as old as this belong to the newest one, days.
pub const RECENT_DAYS: f64 = 30.0;

/// A finding, understood.
#[derive(Clone, Debug)]
pub struct SeenFinding {
    /// Canonical word.
    pub term: &'static str,
    /// Class of the word.
    pub class: &'static str,
    /// Present, or looked for and absent.
    pub present: bool,
    /// Where.
    pub place: Option<Resolved>,
    /// When, days since day 0.
    pub day: Option<f64>,
    /// Which entry of the record.
    pub index: usize,
}

/// A record as it stood at a moment.
#[derive(Debug)]
pub struct View<'a> {
    /// The record.
    pub record: &'a Record,
    /// The moment, days since day 0; infinity: everything.
    pub at: f64,
    /// What is older is left out, days since day 0; minus infinity: nothing.
    since: f64,
    findings: Vec<SeenFinding>,
    results: Vec<SeenResult>,
    lesions: Vec<SeenLesion>,
}

impl<'a> View<'a> {
    /// The record as it stood on a day; `f64::INFINITY` for all of it.
    pub fn new(record: &'a Record, at: f64) -> Self {
        Self::between(record, f64::NEG_INFINITY, at)
    }

    /// What a record says of some days. What carries no time belongs to them.
    pub fn between(record: &'a Record, since: f64, at: f64) -> Self {
        let mut view = Self { since, at, ..Self::bare(record) };
        view.findings = record
            .findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| view.visible(finding.when))
            .filter_map(|(index, finding)| {
                let word = vocabulary::word(Kind::Finding, finding.finding.as_str())?;
                let word = of_degree(word, finding.degree.as_ref());
                Some(SeenFinding {
                    term: &word.term,
                    class: &word.class,
                    present: finding.present,
                    place: finding.place.as_ref().and_then(|place| place::resolve(place).ok()),
                    day: view.day(finding.when),
                    index,
                })
            })
            .collect();
        view.results = laboratory::read(&view);
        view.lesions = lesions::read(&view);
        view
    }

    /// Days since day 0.
    pub fn day(&self, when: Option<When>) -> Option<f64> {
        when.and_then(|when| self.record.day(&when))
    }

    /// Whether something of that time was known at the moment.
    pub fn visible(&self, when: Option<When>) -> bool {
        self.day(when).is_none_or(|day| self.since <= day && day <= self.at)
    }

    /// The moment; if everything is looked at, the day of the last observation, at least day 0.
    pub fn moment(&self) -> f64 {
        if self.at.is_finite() { self.at } else { self.record.last_observation_day().unwrap_or(0.0).max(0.0) }
    }

    /// The same record, without what is older than some days at the moment.
    pub fn recent(&self, days: f64) -> View<'a> {
        Self::between(self.record, self.since.max(self.moment() - days), self.at)
    }

    /// Findings, understood.
    pub fn findings(&self) -> &[SeenFinding] {
        &self.findings
    }

    /// Lesions on any imaging study.
    pub fn lesions(&self) -> &[SeenLesion] {
        &self.lesions
    }

    /// Whether a finding was ever seen. Absent, if it was looked for and never seen.
    pub fn ever(&self, term: &'static str) -> Answer {
        answer_of(self.findings.iter().filter(|f| f.term == term))
    }

    /// Whether a finding is there now, by the newest statements.
    pub fn now(&self, term: &'static str) -> Answer {
        let of_term = || self.findings.iter().filter(|f| f.term == term);
        let newest = of_term().filter_map(|f| f.day).fold(f64::NEG_INFINITY, f64::max);
        answer_of(of_term().filter(|f| f.day.is_none_or(|day| day >= newest - RECENT_DAYS)))
    }

    /// Days on which the whole body was examined, up to the moment.
    pub fn whole_body_examinations(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.record.visits.iter().enumerate().filter_map(|(i, visit)| {
            let day = self.record.day(&visit.when)?;
            (visit.whole_body_examined == Some(true) && self.visible(Some(visit.when))).then_some((i, day))
        })
    }

    /// Like [`ever`](Self::ever), but a sign that an examination of the whole body did not find is absent.
    pub fn ever_sign(&self, term: &'static str) -> Answer {
        let answer = self.ever(term);
        if answer.state != State::Unknown {
            return answer;
        }
        if let Some((i, _)) = self.whole_body_examinations().last() {
            return Answer::no(Path::new("visits", i));
        }
        match self.now("unremarkable_examination") {
            Answer { state: State::Met, used, .. } => Answer { state: State::NotMet, used, missing: vec![] },
            _ => answer,
        }
    }

    /// Diseases of the patient or the family, understood, as `(index, word, class)`.
    pub fn conditions(&self) -> impl Iterator<Item = (usize, &'static str, &'static str)> + '_ {
        self.record.conditions.iter().enumerate().filter(|(_, c)| self.visible(c.when)).filter_map(
            |(i, c)| {
                let word = vocabulary::word(Kind::Disease, c.condition.as_str())?;
                Some((i, word.term.as_str(), word.class.as_str()))
            },
        )
    }

    /// Whether the patient has (or, with `past`, had) one of some diseases.
    pub fn has_condition(&self, matches: impl Fn(&str, &str) -> bool, past: bool) -> Answer {
        let mut answer = Answer::unknown(&[]);
        for (i, term, class) in self.conditions() {
            let condition = &self.record.conditions[i];
            if condition.of.is_some_and(|kin| kin != crate::record::Kin::Patient) || !matches(term, class) {
                continue;
            }
            match condition.status {
                Status::Present => return Answer::yes(Path::new("conditions", i)),
                Status::Past if past => return Answer::yes(Path::new("conditions", i)),
                Status::Excluded => {
                    answer.state = State::NotMet;
                    answer.used.push(Path::new("conditions", i));
                }
                Status::Past | Status::Suspected => {}
            }
        }
        answer
    }

    /// Whether the patient has (or, with `past`, had) any disease of a class. One of them that was excluded says nothing of
    /// the others: only a word for all of them does.
    pub fn has_any_of(&self, matches: impl Fn(&str, &str) -> bool, past: bool, all_of_them: &str) -> Answer {
        let answer = self.has_condition(&matches, past);
        match answer.state {
            State::NotMet => self.has_condition(|term, _| term == all_of_them, past),
            _ => answer,
        }
    }

    /// Age at day 0, years.
    pub fn age_years(&self) -> Number {
        let record = self.record;
        if let (Some(birth), Some(start)) = (record.patient.birth_date, record.reference_date) {
            let age = f64::from(start.days_since(birth)) / DAYS_PER_YEAR;
            return Number::known(Range::exactly(age), Path::field("patient.birth_date"));
        }
        match record.patient.age_years {
            Some(age) => Number::known(age, Path::field("patient.age_years")),
            None => Number::unknown(&["age at day 0"]),
        }
    }

    /// Age at the moment, years; at day 0 if everything is looked at.
    pub fn age_at_moment(&self) -> Number {
        let mut age = self.age_years();
        if self.at.is_finite() {
            let later = self.at / DAYS_PER_YEAR;
            age.range = Range { low: age.range.low + later, high: age.range.high + later };
        }
        age
    }

    /// How long bone symptoms had lasted at the moment, days: as told, and within what the ages allow.
    pub fn symptom_duration_days(&self) -> Number {
        let mut told = self.told_duration_days();
        let Some(ages) = self.duration_by_ages() else { return told };
        if told.used.is_empty() {
            return ages;
        }
        // What was told is more exact; a single symptom that it bounds from below only may be the younger one.
        if told.range.high.is_infinite() && told.range.low <= ages.range.high {
            let low = told.range.low.max(ages.range.low);
            told.range = Range { low, high: ages.range.high };
            told.used.extend(ages.used);
        }
        told
    }

    /// How long the illness can have lasted between its onset and the moment by the ages, days; nobody is ill longer than
    /// alive. Ages in whole years leave a year of rounding.
    fn duration_by_ages(&self) -> Option<Number> {
        let age = self.age_at_moment();
        let rounding = |range: Range| -> f64 {
            let whole = |years: f64| years.fract() == 0.0;
            if whole(range.low) && whole(range.high) { 1.0 } else { 0.0 }
        };
        let told = self.age_years();
        if told.used.is_empty() {
            return None;
        }
        let mut used = age.used;
        let range = match self.record.patient.age_at_onset_years {
            Some(onset) => {
                let slack = rounding(told.range).max(rounding(onset));
                used.push(Path::field("patient.age_at_onset_years"));
                Range {
                    low: (age.range.low - onset.high - slack).max(0.0),
                    high: (age.range.high - onset.low + slack).max(0.0),
                }
            }
            None => Range { low: 0.0, high: age.range.high + rounding(told.range) },
        };
        // An age of years alone bounds no duration that anything asks for.
        if range.low == 0.0 && range.high >= 1.0 {
            return None;
        }
        let missing = vec!["how long bone symptoms have lasted"];
        Some(Number { range: range.times(DAYS_PER_YEAR), used, missing })
    }

    /// How long bone symptoms had lasted at the moment, as told, days.
    fn told_duration_days(&self) -> Number {
        let history = &self.record.history;
        if let Some(onset) = self.day(history.symptom_onset) {
            // Without a moment, day 0 is the moment: how long it went on afterwards is not known.
            let until = if self.at.is_finite() { self.at } else { 0.0 };
            if onset <= until {
                return Number::known(Range::exactly(until - onset), Path::field("history.symptom_onset"));
            }
        }
        if let Some(duration) = history.symptom_duration_days {
            let later = if self.at.is_finite() { self.at.max(0.0) } else { 0.0 };
            let range = Range { low: duration.low, high: duration.high + later };
            return Number::known(range, Path::field("history.symptom_duration_days"));
        }
        // The longest duration that any single symptom had is a lower bound.
        let told = self
            .findings
            .iter()
            .filter(|f| f.present && f.class == "symptom")
            .filter_map(|f| Some((f.index, self.record.findings[f.index].duration_days?)))
            .max_by(|a, b| a.1.low.total_cmp(&b.1.low));
        match told {
            Some((i, range)) => Number::known(
                Range { low: range.low, high: f64::INFINITY.max(range.high) },
                Path::new("findings", i),
            ),
            None => Number::unknown(&["how long bone symptoms have lasted"]),
        }
    }

    /// Age at the first symptom, years: as told, or bounded by the age and the duration.
    pub fn age_at_onset_years(&self) -> Number {
        if let Some(onset) = self.record.patient.age_at_onset_years {
            return Number::known(onset, Path::field("patient.age_at_onset_years"));
        }
        let age = self.age_years();
        if age.used.is_empty() {
            return Number::unknown(&["age at the first symptom"]);
        }
        let duration = View::bare(self.record).told_duration_days();
        let years = duration.range.times(1.0 / DAYS_PER_YEAR);
        if years.low > age.range.high {
            // Nobody is ill longer than alive: one of the two is wrong.
            return Number::unknown(&["age at the first symptom"]);
        }
        let shortest = if years.low.is_finite() { years.low } else { 0.0 };
        let range =
            Range { low: (age.range.low - years.high).max(0.0), high: (age.range.high - shortest).max(0.0) };
        let mut used = age.used;
        used.extend(duration.used);
        Number { range, used, missing: vec![] }
    }

    /// A view without anything understood yet.
    fn bare(record: &'a Record) -> Self {
        let (since, at) = (f64::NEG_INFINITY, f64::INFINITY);
        Self { record, at, since, findings: vec![], results: vec![], lesions: vec![] }
    }
}

/// The word for a finding of a degree, where there is one of its own.
fn of_degree(
    word: &'static vocabulary::Word,
    degree: Option<&crate::record::Term>,
) -> &'static vocabulary::Word {
    let severe = degree.is_some_and(|degree| {
        matches!(vocabulary::normalised(degree.as_str()).as_str(), "severe" | "marked")
    });
    match word.term.as_str() {
        "acne" if severe => vocabulary::word(Kind::Finding, "severe_acne").unwrap_or(word),
        _ => word,
    }
}

fn answer_of<'f>(statements: impl Iterator<Item = &'f SeenFinding>) -> Answer {
    let mut answer = Answer::unknown(&[]);
    for finding in statements {
        if finding.present {
            if answer.state != State::Met {
                answer.used.clear();
            }
            answer.state = State::Met;
            answer.used.push(Path::new("findings", finding.index));
        } else if answer.state != State::Met {
            answer.state = State::NotMet;
            answer.used.push(Path::new("findings", finding.index));
        }
    }
    answer
}
