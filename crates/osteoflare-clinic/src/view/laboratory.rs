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
    /// The count of all cells, where the number is a share of it.
    whole: Option<Path>,
}

impl SeenResult {
    fn used(&self) -> impl Iterator<Item = Path> {
        std::iter::once(self.path).chain(self.whole)
    }

    /// The limit that the laboratory gave.
    fn own_limit(&self, level: Level) -> Option<f64> {
        self.reference[if level == Level::Low { 0 } else { 1 }]
    }

    fn says(&self, yes: bool) -> Answer {
        Answer { state: State::of(Some(yes)), used: self.used().collect(), missing: vec![] }
    }
}

/// Cells that are given as a share of the leukocytes: the share, the count, and what makes the count of share and
/// leukocytes.
const SHARES_OF_LEUKOCYTES: [(&str, &str, f64); 2] =
    [("neutrophil_pct", "neutrophils", 0.01), ("band_pct", "bands", 10.0)];

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
    counts_of_shares(&mut results);
    results
}

/// Adds the counts that shares of the leukocytes of the same day make, where the laboratory gave no count itself.
fn counts_of_shares(results: &mut Vec<SeenResult>) {
    let mut counts = Vec::new();
    for share in results.iter().filter(|r| r.range != Range::UNKNOWN && r.analyte.unit == "%") {
        let row = SHARES_OF_LEUKOCYTES.iter().find(|(name, ..)| share.analyte.name == *name);
        let Some((_, name, factor)) = row else { continue };
        let same_day = |r: &&SeenResult| r.day == share.day && r.range != Range::UNKNOWN;
        if results.iter().filter(same_day).any(|r| r.analyte.name == *name) {
            continue;
        }
        let whole = results.iter().filter(same_day).find(|r| r.analyte.name == "leukocytes" && r.measured);
        if let (Some(whole), Some(analyte)) = (whole, vocabulary::analyte(name)) {
            let range = Range {
                low: share.range.low * whole.range.low * factor,
                // No leukocytes of any share are none, however open the other bound is.
                high: match share.range.high * whole.range.high * factor {
                    high if high.is_nan() => 0.0,
                    high => high,
                },
            };
            let reference = [None, None];
            counts.push(SeenResult { analyte, range, reference, whole: Some(whole.path), ..share.clone() });
        }
    }
    results.extend(counts);
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
    SeenResult {
        analyte,
        range,
        reference,
        words: entry.qualitative,
        measured: value.is_some(),
        day,
        path,
        whole: None,
    }
}

/// What words say about the number: `normal` bounds it by the limits of normal, the largest customary ones if the
/// laboratory gave none; `elevated` only by the limit that the laboratory gave, and in any case it is not low.
fn in_words(analyte: &Analyte, words: Option<Qualitative>, [low, high]: [Option<f64>; 2]) -> Range {
    use Qualitative as Q;
    let customary = |limit: Option<f64>| limit.map(f64::next_down);
    match words {
        Some(Q::Normal) => Range {
            low: low.or(analyte.normal_low).unwrap_or(0.0),
            high: high.or(customary(analyte.normal_high)).unwrap_or(f64::INFINITY),
        },
        Some(Q::Elevated | Q::MildlyElevated | Q::ModeratelyElevated | Q::StronglyElevated) => {
            Range { low: high.map(f64::next_up).or(analyte.normal_low).unwrap_or(0.0), high: f64::INFINITY }
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
            number.used.extend(result.used());
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

    /// Every value of an analyte ever measured, as `(day, bounds, path)`.
    pub fn values(&self, analyte: &'static str) -> impl Iterator<Item = (Option<f64>, Range, Path)> + '_ {
        self.results_of(analyte).filter(|r| r.measured).map(|r| (r.day, r.range, r.path))
    }

    /// Whether a value of an analyte, as far as its bounds decide, was ever what is asked.
    pub fn was_ever_measured(
        &self,
        analyte: &'static str,
        decision: impl Fn(Range) -> Option<bool>,
    ) -> Answer {
        each(self.results_of(analyte).filter(|r| r.measured).map(|result| match decision(result.range) {
            Some(yes) => result.says(yes),
            None => Answer { used: result.used().collect(), ..Answer::unknown(&[]) },
        }))
    }

    /// Whether an analyte was ever above so many times its upper limit of normal.
    pub fn was_ever_above_times(&self, analyte: &'static str, times: f64) -> Answer {
        each(self.results_of(analyte).filter(|r| r.measured).map(|result| {
            let high = self.limits(result, Level::High);
            let state = high.and_then(|[_, highest]| result.range.above(times * highest));
            Answer { state: State::of(state), used: result.used().collect(), missing: vec![] }
        }))
    }

    /// Whether a result was ever written down in a word, where there is no number.
    pub fn ever_in_words(&self, analyte: &'static str, word: Qualitative) -> Answer {
        let said = self.results_of(analyte).filter(|r| r.words == Some(word) && !r.measured);
        each(said.map(|result| result.says(true)))
    }

    /// Whether anything was ever written down of an analyte.
    pub fn is_reported(&self, analyte: &'static str) -> bool {
        self.results_of(analyte).next().is_some()
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
            return result.says(answer);
        }
        let own = result.own_limit(level);
        let Some([lowest, highest]) = self.limits(result, level) else {
            if let Some(answer) = words {
                return result.says(answer);
            }
            return Answer { used: result.used().collect(), ..Answer::unknown(&[]) };
        };
        let customary = own.is_none() && highest > 0.0;
        let beyond = match level {
            // Customary limits belong to the abnormal, a laboratory's own to the normal, and none is never too many.
            Level::High if customary && result.range.low >= highest => Some(true),
            Level::High if customary && result.range.high >= lowest => None,
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
        Answer { state: State::of(state), used: result.used().collect(), missing: vec![] }
    }

    /// The lowest and the highest that a limit of normal may be: the laboratory's own, or the customary one for age and sex.
    fn limits(&self, result: &SeenResult, level: Level) -> Option<[f64; 2]> {
        result.own_limit(level).map(|limit| [limit, limit]).or_else(|| {
            let age = self.age_at_moment().range;
            let age = [age.low.max(0.0), age.high];
            let name = result.analyte.name.as_str();
            let customary = vocabulary::blood_limits(name, age, self.record.patient.sex);
            match (customary, level) {
                (Some([low, _]), Level::Low) => Some(low),
                (Some([_, high]), Level::High) => Some(high),
                (None, Level::Low) => result.analyte.normal_low.map(|limit| [limit, limit]),
                (None, Level::High) => result.analyte.normal_high.map(|limit| [limit, limit]),
            }
        })
    }
}
