//! Laboratory results and vital signs in canonical units, and what they say about normal and abnormal.

use super::{Answer, Number, Path, RECENT_DAYS, State, View, all, any, each, not};
use crate::{
    record::{Comparator, LabResult, Qualitative, Range},
    units,
    vocabulary::{self, Analyte},
};

/// One result, understood.
#[derive(Clone, Debug)]
pub(super) struct SeenResult {
    analyte: &'static Analyte,
    range: Range,
    reference: [Option<f64>; 2],
    words: Option<Qualitative>,
    /// Whether there is a number.
    measured: bool,
    day: Option<f64>,
    path: Path,
}

/// Where a value lies against its limits of normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Below the lower limit.
    Low,
    /// Above the upper limit.
    High,
}

/// Every result up to the moment.
pub(super) fn read(view: &View<'_>) -> Vec<SeenResult> {
    let lists = [("laboratory", &view.record.laboratory), ("vital_signs", &view.record.vital_signs)];
    let mut results = Vec::new();
    for (list, entries) in lists {
        for (i, entry) in entries.iter().enumerate() {
            if !view.visible(entry.when) {
                continue;
            }
            if let Some(analyte) = vocabulary::analyte(entry.analyte.as_str()) {
                results.push(understood(analyte, entry, view.day(entry.when), Path::new(list, i)));
            }
        }
    }
    results
}

fn understood(analyte: &'static Analyte, entry: &LabResult, day: Option<f64>, path: Path) -> SeenResult {
    let convert = |value: Option<f64>| {
        let unit = entry.unit.as_deref()?;
        units::canonical(analyte, value?, unit).ok()
    };
    let reference = match entry.reference {
        Some(range) => [convert(range.low), convert(range.high)],
        None => [None, None],
    };
    let value = convert(entry.value);
    let range = match (value, entry.comparator) {
        (Some(v), None) => Range::exactly(v),
        (Some(v), Some(Comparator::Less)) => Range { low: 0.0, high: v.next_down() },
        (Some(v), Some(Comparator::AtMost)) => Range { low: 0.0, high: v },
        (Some(v), Some(Comparator::AtLeast)) => Range { low: v, high: f64::INFINITY },
        (Some(v), Some(Comparator::Greater)) => Range { low: v.next_up(), high: f64::INFINITY },
        (None, _) => in_words(analyte, entry.qualitative, reference),
    };
    SeenResult { analyte, range, reference, words: entry.qualitative, measured: value.is_some(), day, path }
}

/// What words say about the number: `normal` bounds it by the limits of normal, the largest customary ones if the
/// laboratory gave none; `elevated` only by the limit that the laboratory gave.
fn in_words(analyte: &Analyte, words: Option<Qualitative>, [low, high]: [Option<f64>; 2]) -> Range {
    use Qualitative as Q;
    let customary = |limit: Option<f64>| limit.map(f64::next_down);
    match words {
        Some(Q::Normal) => Range {
            low: low.or(analyte.normal_low).unwrap_or(0.0),
            high: high.or(customary(analyte.normal_high)).unwrap_or(f64::INFINITY),
        },
        Some(Q::Elevated | Q::MildlyElevated | Q::ModeratelyElevated | Q::StronglyElevated) => {
            Range { low: high.map_or(0.0, f64::next_up), high: f64::INFINITY }
        }
        Some(Q::Low | Q::MildlyLow) => Range { low: 0.0, high: low.map_or(f64::INFINITY, f64::next_down) },
        _ => Range::UNKNOWN,
    }
}

/// Panels that an analyte is a part of.
fn panels_of(analyte: &str) -> &'static [&'static str] {
    match analyte {
        "haemoglobin" | "leukocytes" | "platelets" => &["blood_count", "all_tests"],
        "crp" | "esr" => &["inflammatory_markers", "all_tests"],
        "blood_count" | "inflammatory_markers" | "differential" => &["all_tests"],
        _ => &[],
    }
}

impl View<'_> {
    fn results_of<'v>(&'v self, analyte: &'v str) -> impl Iterator<Item = &'v SeenResult> + 'v {
        self.results.iter().filter(move |result| result.analyte.name == analyte)
    }

    /// The newest results of an analyte: all of the last 30 days before the newest, and those without a time. A panel that
    /// was called normal later than that replaces them.
    fn newest<'v>(&'v self, analyte: &'v str) -> impl Iterator<Item = &'v SeenResult> + 'v {
        let days = |analyte: &'v str| self.results_of(analyte).filter_map(|r| r.day);
        let panels = panels_of(analyte).iter().filter_map(|&panel| {
            let normal = self.results_of(panel).filter(|r| r.words == Some(Qualitative::Normal));
            normal.filter_map(|r| r.day).reduce(f64::max)
        });
        let newest = days(analyte).chain(panels).fold(f64::NEG_INFINITY, f64::max);
        self.results_of(analyte).filter(move |r| r.day.is_none_or(|day| day >= newest - RECENT_DAYS))
    }

    /// The newest value of an analyte in its canonical unit. Several results of the same days bound it together: a
    /// decision is made only if all of them agree.
    pub fn value(&self, analyte: &'static str, missing: &'static str) -> Number {
        let mut number: Option<Number> = None;
        for result in self.newest(analyte) {
            if result.range == Range::UNKNOWN {
                continue;
            }
            let number = number.get_or_insert(Number { range: result.range, used: vec![], missing: vec![] });
            number.range = Range {
                low: number.range.low.min(result.range.low),
                high: number.range.high.max(result.range.high),
            };
            number.used.push(result.path);
        }
        match number {
            Some(number) => number,
            None => {
                let panel = self.panel_normal(analyte);
                match (panel.state, vocabulary::analyte(analyte)) {
                    (State::Met, Some(entry)) => Number {
                        range: in_words(entry, Some(Qualitative::Normal), [None, None]),
                        used: panel.used,
                        missing: vec![],
                    },
                    _ => Number::unknown(&[missing]),
                }
            }
        }
    }

    /// Every value of an analyte ever measured, exact ones only, as `(day, value, path)`.
    pub fn values(&self, analyte: &'static str) -> Vec<(Option<f64>, f64, Path)> {
        self.results_of(analyte)
            .filter(|r| r.range.low == r.range.high)
            .map(|r| (r.day, r.range.low, r.path))
            .collect()
    }

    /// Whether the newest results of an analyte are below or above its limits of normal; open if they disagree.
    pub fn is(&self, analyte: &'static str, level: Level) -> Answer {
        let answers: Vec<Answer> =
            self.newest(analyte).map(|result| self.against_limits(result, level)).collect();
        if answers.iter().any(|a| a.state == State::Met) && answers.iter().any(|a| a.state == State::NotMet) {
            let used = answers.into_iter().flat_map(|answer| answer.used).collect();
            return Answer { used, ..Answer::unknown(&["one result: those of the same weeks disagree"]) };
        }
        match any(answers) {
            answer if answer.state != State::Unknown => answer,
            open => match self.panel_normal(analyte) {
                Answer { state: State::Met, used, .. } => {
                    Answer { state: State::NotMet, used, missing: vec![] }
                }
                _ => open,
            },
        }
    }

    /// Whether an analyte was ever below or above its limits of normal.
    pub fn was_ever(&self, analyte: &'static str, level: Level) -> Answer {
        each(self.results_of(analyte).map(|result| self.against_limits(result, level)))
    }

    /// Whether the newest result of an analyte is normal.
    pub fn is_normal(&self, analyte: &'static str) -> Answer {
        // A result that is only called abnormal denies normality without a direction.
        let abnormal = self.newest(analyte).find(|r| r.words == Some(Qualitative::Abnormal));
        if let Some(result) = abnormal {
            return Answer::no(result.path);
        }
        all([not(self.is(analyte, Level::Low)), not(self.is(analyte, Level::High))])
    }

    /// Whether the newest result is written down in these words.
    pub fn in_words(&self, analyte: &'static str, words: &[Qualitative]) -> Answer {
        match self.newest(analyte).find(|r| r.words.is_some_and(|w| words.contains(&w))) {
            Some(result) => Answer::yes(result.path),
            None => Answer::unknown(&[]),
        }
    }

    /// A panel that is said to be normal, of which the analyte is a part.
    fn panel_normal(&self, analyte: &str) -> Answer {
        for panel in panels_of(analyte) {
            if let Some(result) = self.newest(panel).find(|r| r.words == Some(Qualitative::Normal)) {
                return Answer::yes(result.path);
            }
        }
        Answer::unknown(&[])
    }

    fn against_limits(&self, result: &SeenResult, level: Level) -> Answer {
        use Qualitative as Q;
        let words = match (result.words, level) {
            (Some(Q::Normal), _) => Some(false),
            (Some(Q::Elevated | Q::MildlyElevated | Q::ModeratelyElevated | Q::StronglyElevated), level) => {
                Some(level == Level::High)
            }
            (Some(Q::Low | Q::MildlyLow | Q::Undetectable), level) => Some(level == Level::Low),
            (Some(Q::Positive), Level::High) => Some(true),
            (Some(Q::Negative), Level::High) => Some(false),
            _ => None,
        };
        if let Some(answer) = words
            && !result.measured
        {
            return if answer { Answer::yes(result.path) } else { Answer::no(result.path) };
        }
        let name = result.analyte.name.as_str();
        let own = result.reference[if level == Level::Low { 0 } else { 1 }];
        // Customary limits come as bounds where age or sex is not known.
        let limits = own.map(|limit| [limit, limit]).or_else(|| {
            let age = self.age_at_moment().range;
            let age = [age.low.max(0.0), age.high];
            let customary = vocabulary::blood_limits(name, age, self.record.patient.sex);
            match (customary, level) {
                (Some([low, _]), Level::Low) => Some(low),
                (Some([_, high]), Level::High) => Some(high),
                (None, Level::Low) => result.analyte.normal_low.map(|limit| [limit, limit]),
                (None, Level::High) => result.analyte.normal_high.map(|limit| [limit, limit]),
            }
        });
        let Some([lowest, highest]) = limits else {
            if let Some(answer) = words {
                return if answer { Answer::yes(result.path) } else { Answer::no(result.path) };
            }
            return Answer { used: vec![result.path], ..Answer::unknown(&[]) };
        };
        let beyond = match level {
            // Customary limits belong to the abnormal, a laboratory's own to the normal.
            Level::High if own.is_none() && result.range.low >= highest => Some(true),
            Level::High if own.is_none() && result.range.high >= lowest => None,
            Level::Low if result.range.high < lowest => Some(true),
            Level::Low if result.range.low >= highest => Some(false),
            Level::High if result.range.low > highest => Some(true),
            Level::High if result.range.high <= lowest => Some(false),
            _ => None,
        };
        // The laboratory's own limits decide; where words and customary limits disagree, nobody knows.
        let state = match (beyond, words) {
            (Some(number), Some(word)) if number != word && own.is_none() => None,
            (number, word) => number.or(word),
        };
        Answer { state: State::of(state), used: vec![result.path], missing: vec![] }
    }
}
