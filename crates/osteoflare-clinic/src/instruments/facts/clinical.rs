//! Symptoms, signs, blood and treatments.

use crate::{
    record::{CoursePattern, Qualitative, Range, Response},
    view::{Answer, Level, Number, Path, State, View, all, any, not},
    vocabulary,
};

/// Fever begins above this, °C.
const FEVER_ABOVE_C: f64 = 38.0;
/// Pain above this counts as pain, 0–10 (assumed: 1 of 10 is what healthy children tell too).
const PAIN_ABOVE: f64 = 1.0;
/// CRP above which a rise is no longer mild to moderate, mg/l (assumed; the criteria of 2007 give no number).
const CRP_MODERATE_MG_L: f64 = 100.0;
/// A month of antibiotics, days: courses are prescribed in weeks, and four of them are a month (assumed).
const MONTH_OF_ANTIBIOTICS_DAYS: f64 = 28.0;
/// ESR above which a rise is no longer mild to moderate, mm/h (assumed).
const ESR_MODERATE_MM_H: f64 = 100.0;

/// Fever by the newest statements: told, or measured above 38.0 °C.
pub(crate) fn fever(view: &View<'_>) -> Answer {
    let told = view.now("fever");
    let measured = view
        .value("body_temperature", "body temperature")
        .decide(|range| range.above(FEVER_ABOVE_C), "body temperature");
    let no_symptoms = match view.now("systemic_symptoms") {
        answer if answer.state == State::NotMet => answer,
        _ => Answer::unknown(&[]),
    };
    let told = if told.state == State::Unknown { no_symptoms } else { told };
    // One of the two is enough to deny fever: either was looked at for this purpose.
    match (told.state, measured.state) {
        (State::Met, _) => told,
        (_, State::Met) => measured,
        (State::NotMet, _) => told,
        _ => measured,
    }
}

pub(super) fn normal_temperature(view: &View<'_>) -> Answer {
    not(fever(view))
}

pub(super) fn normal_blood_count(view: &View<'_>) -> Answer {
    let whole = view.is_normal("blood_count");
    let abnormal_film = match view.is_normal("differential") {
        answer if answer.state == State::NotMet => answer,
        _ => match view.is("blasts", Level::High) {
            answer if answer.state == State::Met => not(answer),
            _ => Answer { state: State::Met, used: vec![], missing: vec![] },
        },
    };
    let counted = all([
        view.is_normal("haemoglobin").asking("haemoglobin"),
        view.is_normal("leukocytes").asking("leukocytes"),
        view.is_normal("platelets").asking("platelets"),
        abnormal_film,
    ]);
    // A count that is called normal is not, if a number of it says otherwise.
    match (whole.state, counted.state) {
        (State::NotMet, _) => whole,
        (_, State::NotMet) => counted,
        (State::Met, _) => whole,
        (State::Unknown, _) => counted,
    }
}

pub(super) fn normal_count_good_state(view: &View<'_>) -> Answer {
    all([normal_blood_count(view), view.now("good_general_condition").asking("general condition")])
}

pub(super) fn markers_mildly_raised(view: &View<'_>) -> Answer {
    let mild = |analyte: &'static str, limit: f64| {
        let words = view.in_words(analyte, &[Qualitative::MildlyElevated, Qualitative::ModeratelyElevated]);
        if words.state == State::Met {
            return words;
        }
        if view.in_words(analyte, &[Qualitative::StronglyElevated]).state == State::Met {
            return not(view.in_words(analyte, &[Qualitative::StronglyElevated]));
        }
        let value = view.value(analyte, "CRP and ESR");
        all([
            view.is(analyte, Level::High),
            value.decide(|range| range.above(limit).map(|v| !v), "CRP and ESR"),
        ])
    };
    all([mild("crp", CRP_MODERATE_MG_L).asking("CRP"), mild("esr", ESR_MODERATE_MM_H).asking("ESR")])
}

pub(super) fn bone_pain(view: &View<'_>) -> Answer {
    let words = ["pain", "night_pain", "back_pain", "neck_pain", "tenderness"];
    let told = any(words.map(|word| view.ever(word)));
    if told.state == State::Met {
        return told;
    }
    let scale = view
        .record
        .assessments
        .iter()
        .enumerate()
        .filter(|(_, a)| view.visible(a.when))
        .find(|(_, a)| a.pain_0_10.is_some_and(|pain| pain > 0.0));
    match scale {
        Some((i, _)) => Answer::yes(Path::new("assessments", i)),
        None => view.ever("pain"),
    }
}

/// Pain now, by the newest of what was told and marked on the scale; of one day, what says pain counts.
pub(super) fn pain_now(view: &View<'_>) -> Answer {
    let told = view.findings().iter().filter_map(|f| {
        let pain = matches!(f.term, "pain" | "night_pain" | "back_pain" | "neck_pain");
        // That the back does not hurt does not deny other pain.
        if !pain || (!f.present && f.term != "pain") {
            return None;
        }
        let severity = view.record.findings[f.index].severity_0_10;
        let hurts = f.present && severity.is_none_or(|severity| severity > PAIN_ABOVE);
        Some((f.day, hurts, Path::new("findings", f.index)))
    });
    let scales = view.record.assessments.iter().enumerate().filter(|(_, a)| view.visible(a.when)).filter_map(
        |(i, a)| Some((view.day(a.when), a.pain_0_10? > PAIN_ABOVE, Path::new("assessments", i))),
    );
    let all: Vec<(Option<f64>, bool, Path)> = told.chain(scales).collect();
    let newest = all.iter().filter_map(|(day, ..)| *day).reduce(f64::max);
    let of_newest = || all.iter().filter(|(day, ..)| *day == newest || day.is_none());
    match of_newest().find(|(_, hurts, _)| *hurts).or_else(|| of_newest().next()) {
        Some(&(_, true, path)) => Answer::yes(path),
        Some(&(_, false, path)) => Answer::no(path),
        None => Answer::unknown(&[]),
    }
}

/// The newest assessment that holds a value: number and value.
pub(crate) fn newest_assessment<'v, T>(
    view: &'v View<'_>,
    get: impl Fn(&'v crate::record::Assessment) -> Option<T>,
) -> Option<(usize, T)> {
    view.record
        .assessments
        .iter()
        .enumerate()
        .filter(|(_, a)| view.visible(a.when))
        .filter_map(|(i, a)| Some((i, view.day(a.when).unwrap_or(f64::NEG_INFINITY), get(a)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(i, _, value)| (i, value))
}

/// A sign by the newest statements; absent if the newest examination of the whole body, not older than they are, did not
/// find it.
fn sign_now(view: &View<'_>, term: &'static str) -> Answer {
    let examined = view.whole_body_examinations().last();
    let at_examination = |day: f64| {
        view.findings()
            .iter()
            .filter(|f| f.term == term && f.day == Some(day))
            .map(|f| (f.index, f.present))
            .max_by_key(|(_, present)| *present)
    };
    match examined {
        Some((i, day)) => match at_examination(day) {
            Some((index, true)) => Answer::yes(Path::new("findings", index)),
            _ => Answer::no(Path::new("visits", i)),
        },
        None => match view.now(term) {
            told if told.state != State::Unknown => told,
            open => match view.now("unremarkable_examination") {
                Answer { state: State::Met, used, .. } => {
                    Answer { state: State::NotMet, used, missing: vec![] }
                }
                _ => open,
            },
        },
    }
}

pub(super) fn tender_or_warm_now(view: &View<'_>) -> Answer {
    any([sign_now(view, "tenderness"), sign_now(view, "warmth")])
}

pub(super) fn no_active_site_now(view: &View<'_>) -> Answer {
    not(any([sign_now(view, "tenderness"), sign_now(view, "swelling"), sign_now(view, "warmth")]))
}

pub(super) fn no_systemic_inflammation(view: &View<'_>) -> Answer {
    // A low-grade fever is no significant feature; whether it was low must be said.
    let fever = fever(view);
    if fever.state == State::Met {
        let mild = fever.used.iter().all(|path| {
            path.list() == "findings"
                && path.index().is_some_and(|i| {
                    view.record.findings[i].degree.as_ref().is_some_and(|degree| {
                        matches!(
                            vocabulary::normalised(degree.as_str()).as_str(),
                            "mild" | "low_grade" | "low" | "subfebrile" | "low_grade_evening"
                        )
                    })
                })
        });
        return if mild { Answer { state: State::Unknown, ..fever } } else { not(fever) };
    }
    not(any([
        fever,
        match view.now("systemic_symptoms") {
            answer if answer.state == State::Met => answer,
            _ => Answer { state: State::NotMet, used: vec![], missing: vec![] },
        },
    ]))
}

pub(super) fn no_local_infection(view: &View<'_>) -> Answer {
    let summary = view.ever_sign("local_signs_of_infection");
    let signs = any([view.ever("abscess"), view.ever("draining_sinus")]);
    let image = view.described(|_, class| class == "infection", &[]);
    if signs.state == State::Met {
        return not(signs);
    }
    if image.state == State::Met {
        return not(image);
    }
    let single =
        any([view.ever_sign("abscess"), view.ever_sign("draining_sinus"), view.ever_sign("redness")]);
    match summary.state {
        State::Unknown => match single.state {
            State::NotMet => not(single),
            State::Met => {
                Answer { used: single.used, ..Answer::unknown(&["whether the redness is of infection"]) }
            }
            State::Unknown => Answer { missing: vec![], ..Answer::unknown(&[]) },
        },
        _ => not(summary),
    }
}

/// How long the illness has lasted at the moment, days: to the end of the record if everything is looked at.
pub(super) fn observed_days(view: &View<'_>) -> Number {
    let duration = view.symptom_duration_days();
    if view.at.is_finite() {
        return duration;
    }
    let last = view.record.last_day().unwrap_or(0.0).max(0.0);
    if duration.used.is_empty() && last == 0.0 {
        return Number::unknown(&["how long the illness has lasted"]);
    }
    let before = if duration.range.low.is_finite() { duration.range.low } else { 0.0 };
    let range = Range { low: before + last, high: duration.range.high + last };
    let mut used = duration.used;
    if view.record.followed_until.is_some() {
        used.push(Path::field("followed_until"));
    }
    Number { range, used, missing: vec![] }
}

pub(super) fn relapsing_over_6_months(view: &View<'_>) -> Answer {
    use CoursePattern as P;
    let long = observed_days(view).decide(|range| range.above(183.0), "how long the illness has lasted");
    let course = match view.record.history.course {
        Some(P::RelapsingRemitting | P::MigratingRelapsing) => Answer::yes(Path::field("history.course")),
        Some(P::SingleEpisode | P::Progressive | P::Continuous) => Answer::no(Path::field("history.course")),
        Some(P::Intermittent | P::Migrating) | None => {
            Answer::unknown(&["whether there were exacerbations and remissions"])
        }
    };
    all([long, course])
}

/// Treatments of a class up to the moment, with their numbers.
fn treatments<'v>(
    view: &'v View<'_>,
    class: &'static str,
) -> impl Iterator<Item = (usize, &'v crate::record::Treatment)> + 'v {
    view.record
        .treatments
        .iter()
        .enumerate()
        .filter(move |(_, t)| view.visible(t.start))
        .filter(move |(_, t)| vocabulary::drug(t.drug.as_str()).is_some_and(|drug| drug.class == class))
}

/// How long a treatment had been given at the moment, days.
fn given_days(view: &View<'_>, treatment: &crate::record::Treatment) -> Option<Range> {
    let stated = treatment.duration_days;
    // A duration that is open above lasted until the moment at most.
    if let Some(days) = stated.filter(|days| days.high.is_finite()) {
        return Some(days);
    }
    let elapsed = || {
        let start = view.day(treatment.start)?;
        let end = view.record.followed_until.and_then(|when| view.record.day(&when));
        let stop = view.day(treatment.stop).or(end).map(|stop| stop.min(view.at));
        let stop = stop.or(view.at.is_finite().then_some(view.at))?;
        Some((stop - start).max(0.0))
    };
    match (stated, elapsed()) {
        (None, elapsed) => elapsed.map(Range::exactly),
        (Some(days), Some(most)) => Some(Range { low: days.low.min(most), high: most }),
        (open, None) => open,
    }
}

/// Whether drugs of a class were given for so many days, one course after another; a gap of a week does not end it.
fn for_days(view: &View<'_>, class: &'static str, days: f64) -> Answer {
    const GAP_DAYS: f64 = 7.0;
    let answer = any(treatments(view, class).map(|(i, treatment)| {
        let path = Path::new("treatments", i);
        match given_days(view, treatment).map(|range| range.at_least(days)) {
            Some(Some(true)) => Answer::yes(path),
            Some(Some(false)) => Answer::no(path),
            _ => Answer { used: vec![path], ..Answer::unknown(&["how long it was given"]) },
        }
    }));
    if answer.state == State::Met {
        return answer;
    }
    let mut dated = Vec::new();
    let (mut sum, mut undated) = (0.0, false);
    for (i, treatment) in treatments(view, class) {
        let Some(range) = given_days(view, treatment) else { continue };
        sum += range.high;
        match view.day(treatment.start) {
            Some(start) => dated.push((start, start + range.low, i)),
            None => undated = true,
        }
    }
    dated.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut begin, mut end) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for &(start, stop, _) in &dated {
        if start > end + GAP_DAYS {
            begin = start;
        }
        end = end.max(stop);
        if end - begin >= days {
            let used = dated.iter().map(|(.., i)| Path::new("treatments", *i)).collect();
            return Answer { state: State::Met, used, missing: vec![] };
        }
    }
    if answer.state == State::NotMet && undated && sum >= days {
        // Courses without dates may have followed each other.
        return Answer { used: answer.used, ..Answer::unknown(&["when the courses began"]) };
    }
    answer
}

pub(super) fn nsaid_4_weeks(view: &View<'_>) -> Answer {
    for_days(view, "nsaid", 28.0)
}

pub(super) fn antibiotics_failed_a_month(view: &View<'_>) -> Answer {
    let failed = any(treatments(view, "antibiotic").map(|(i, treatment)| {
        let path = Path::new("treatments", i);
        match treatment.response {
            Some(Response::None | Response::Worse) => Answer::yes(path),
            Some(_) => Answer::no(path),
            None => Answer { used: vec![path], ..Answer::unknown(&["effect of antibiotics"]) },
        }
    }));
    all([for_days(view, "antibiotic", MONTH_OF_ANTIBIOTICS_DAYS), failed])
}

pub(super) fn sustained_antibiotic_response(view: &View<'_>) -> Answer {
    any(treatments(view, "antibiotic").map(|(i, treatment)| {
        let path = Path::new("treatments", i);
        match (treatment.response, treatment.alone) {
            (Some(Response::CompleteSustained), Some(true)) => Answer::yes(path),
            (Some(Response::None | Response::Worse | Response::Partial | Response::Transient), _)
            | (Some(Response::CompleteSustained), Some(false)) => Answer::no(path),
            _ => Answer {
                used: vec![path],
                ..Answer::unknown(&["whether the effect of antibiotics alone lasted"])
            },
        }
    }))
}

pub(super) fn active_disease(view: &View<'_>) -> Answer {
    let view = &view.recent(super::super::activity::WINDOW_DAYS);
    any([all([pain_now(view), tender_or_warm_now(view)]), super::oedema_now(view)])
}
