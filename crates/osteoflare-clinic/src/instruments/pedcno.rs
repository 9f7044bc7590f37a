//! PedCNO response: five items against baseline.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{
    chaq,
    definition::Certainty,
    facts,
    result::{Classification, Instrument, ItemResult, Measure},
};
use crate::{
    record::{Assessment, Range},
    view::{Path, State, View, count_at_least},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    id: String,
    name: String,
    version: String,
    source: String,
    #[serde(rename = "doi")]
    _doi: String,
    #[serde(rename = "population")]
    _population: String,
    #[serde(rename = "permitted_use")]
    _permitted_use: String,
    certainty: Certainty,
    levels: Vec<u32>,
    improved_needed: usize,
    worsened_allowed: usize,
    worsened_by_percent: f64,
    notes: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/instruments/pedcno.toml"))
        .unwrap_or_else(|error| panic!("embedded definition pedcno: {error}"))
});

/// What is as old as this stands for a visit, days.
const WINDOW_DAYS: f64 = 92.0;
/// Blood and pictures so long after the first assessment belong to the baseline, days.
const BASELINE_DAYS: f64 = 7.0;
/// Blood and pictures so long after the last assessment belong to the follow-up, days.
const FOLLOW_UP_DAYS: f64 = 30.0;
/// Shortest time between baseline and follow-up, days.
pub const SHORTEST_DAYS: f64 = 14.0;

/// The five items at one moment; `None` where one is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CoreSet {
    /// Erythrocyte sedimentation rate, mm/h.
    pub esr_mm_h: Option<Range>,
    /// Radiological lesions.
    pub lesions: Option<Range>,
    /// Physician global, 0–10.
    pub physician_global: Option<Range>,
    /// Global of patient or parent, 0–10.
    pub patient_global: Option<Range>,
    /// CHAQ disability index, 0–3.
    pub chaq: Option<Range>,
}

const ITEMS: [(&str, &str, &str); 5] = [
    ("esr", "ESR", "ESR at both times"),
    ("lesions", "radiological lesions", "whole-body imaging with all lesions at both times"),
    ("physician_global", "physician global", "physician global at both times"),
    ("patient_global", "global of patient or parent", "global of patient or parent at both times"),
    ("chaq", "CHAQ", "CHAQ at both times"),
];

impl CoreSet {
    /// The items on a view: the newest that have a date after a day and not older than 92 days before the moment.
    pub fn on(view: &View<'_>, after: f64) -> (Self, Vec<Path>) {
        let since = (view.moment() - WINDOW_DAYS).max(after.next_up());
        let fresh = |day: Option<f64>| day.is_some_and(|day| day >= since);
        let mut used = Vec::new();
        let mut take = |value: Option<(Range, Path)>| {
            value.map(|(range, path)| {
                used.push(path);
                range
            })
        };
        let esr = view.values("esr").filter(|(day, range, _)| fresh(*day) && range.low == range.high);
        let esr = esr.max_by(|a, b| a.0.unwrap_or(since).total_cmp(&b.0.unwrap_or(since)));
        let assessed = |get: &dyn Fn(&Assessment) -> Option<Range>| {
            facts::newest_assessment(view, |a| get(a).filter(|_| fresh(view.day(a.when))))
                .map(|(i, range)| (range, Path::new("assessments", i)))
        };
        let set = Self {
            esr_mm_h: take(esr.map(|(_, range, path)| (range, path))),
            lesions: take(
                facts::newest_whole_body(view, WINDOW_DAYS)
                    .filter(|(_, study)| fresh(view.day(study.when)))
                    .map(|(i, study)| (facts::lesions_of(study), Path::new("imaging", i))),
            ),
            physician_global: take(assessed(&|a| a.physician_global_0_10.map(Range::exactly))),
            patient_global: take(assessed(&|a| a.patient_global_0_10.map(Range::exactly))),
            chaq: take(assessed(&|a| a.chaq.as_ref().and_then(chaq::disability_index))),
        };
        (set, used)
    }

    fn items(&self) -> [Option<Range>; 5] {
        [self.esr_mm_h, self.lesions, self.physician_global, self.patient_global, self.chaq]
    }
}

/// Whether an item is at least `percent` better, and more than `worse` percent worse.
fn change(before: Option<Range>, after: Option<Range>, percent: f64, worse: f64) -> [State; 2] {
    let (Some(before), Some(after)) = (before, after) else { return [State::Unknown; 2] };
    // For each pair of bounds that is possible; all agreeing decide. From 0 nothing gets better, and more is worse.
    let better = |b: f64, a: f64| b > 0.0 && a <= b * (1.0 - percent / 100.0) + 1e-9;
    let worsened = |b: f64, a: f64| if b > 0.0 { a > b * (1.0 + worse / 100.0) + 1e-9 } else { a > 0.0 };
    let decide = |test: &dyn Fn(f64, f64) -> bool| {
        let corners = [
            test(before.low, after.low),
            test(before.low, after.high),
            test(before.high, after.low),
            test(before.high, after.high),
        ];
        match corners {
            [true, true, true, true] => State::Met,
            [false, false, false, false] => State::NotMet,
            _ => State::Unknown,
        }
    };
    [decide(&better), decide(&worsened)]
}

/// Response at a level in percent: at least three of five items better by that much, at most one of the others worse by
/// more than 30 %.
pub fn response(before: &CoreSet, after: &CoreSet, percent: f64) -> State {
    let changes: Vec<[State; 2]> = before
        .items()
        .into_iter()
        .zip(after.items())
        .map(|(b, a)| change(b, a, percent, TABLE.worsened_by_percent))
        .collect();
    let improved = count_at_least(changes.iter().map(|c| c[0]), TABLE.improved_needed);
    let worsened = count_at_least(changes.iter().map(|c| c[1]), TABLE.worsened_allowed + 1);
    match (improved, worsened) {
        (State::NotMet, _) | (_, State::Met) => State::NotMet,
        (State::Met, State::NotMet) => State::Met,
        _ => State::Unknown,
    }
}

/// Response at the moment of the view against the first assessment in the record.
pub fn score(view: &View<'_>) -> Instrument {
    let table: &'static Table = &TABLE;
    let mut result = Instrument::named(&table.id, &table.name, &table.version, table.certainty);
    result.source = table.source.as_str().into();
    result.notes = table.notes.iter().map(|note| note.as_str().into()).collect();
    let days =
        || view.record.assessments.iter().filter(|a| view.visible(a.when)).filter_map(|a| view.day(a.when));
    let first = days().fold(f64::INFINITY, f64::min);
    let last = days().fold(f64::NEG_INFINITY, f64::max);
    if !(last - first >= SHORTEST_DAYS) {
        result.classification = Classification::NotScored;
        result.reason = Some("needs dated assessments at a baseline and at least 14 days later".into());
        return result;
    }
    let baseline = View::new(view.record, first + BASELINE_DAYS);
    let end = if view.at.is_finite() { view.at } else { last + FOLLOW_UP_DAYS };
    score_against(&baseline, &View::new(view.record, end), result)
}

/// Response on one view against another, the baseline.
pub fn between(baseline: &View<'_>, view: &View<'_>) -> Instrument {
    let table: &'static Table = &TABLE;
    let result = Instrument::named(&table.id, &table.name, &table.version, table.certainty);
    score_against(baseline, view, result)
}

fn score_against(baseline: &View<'_>, view: &View<'_>, mut result: Instrument) -> Instrument {
    let (before, used_before) = CoreSet::on(baseline, f64::NEG_INFINITY);
    let (after, used_after) = CoreSet::on(view, baseline.at);
    let used: Vec<Path> = used_before.into_iter().chain(used_after).collect();
    for (((id, text, missing), b), a) in ITEMS.into_iter().zip(before.items()).zip(after.items()) {
        let known = b.is_some() && a.is_some();
        let [better, _] = change(b, a, 30.0, TABLE.worsened_by_percent);
        result.items.push(ItemResult {
            id: id.into(),
            text: text.into(),
            state: better,
            points: None,
            group: "better by at least 30 %".into(),
            used: vec![],
            missing: if known { vec![] } else { vec![missing] },
            would_change: None,
            certainty: TABLE.certainty,
        });
    }
    let mut highest = None;
    for &level in &TABLE.levels {
        let state = response(&before, &after, f64::from(level));
        let value = match state {
            State::Met => [Some(1.0), Some(1.0)],
            State::NotMet => [Some(0.0), Some(0.0)],
            State::Unknown => [Some(0.0), Some(1.0)],
        };
        result.measures.push(Measure {
            name: format!("pedcno{level}").into(),
            value,
            unit: "0 no, 1 yes",
            used: used.clone(),
        });
        if state == State::Met {
            highest = Some(level);
        }
    }
    let first = response(&before, &after, TABLE.levels.first().copied().map_or(30.0, f64::from));
    (result.classification, result.label) = match (highest, first) {
        (Some(level), _) => (Classification::Positive, format!("PedCNO{level} response").into()),
        (None, State::NotMet) => (Classification::Negative, "no PedCNO30 response".into()),
        (None, _) => (Classification::Undetermined, "too few items at both times".into()),
    };
    result
}
