//! Activity: active and inactive disease, globals.

use super::{
    definition::Certainty,
    facts, library,
    result::{Classification, Instrument, Measure},
};
use crate::view::{Path, State, View};

/// Physician global from which a course counts as severe, 0–10 (Reiser 2023, Arthritis Res Ther 25:228).
const SEVERE_FROM: f64 = 4.0;

/// What is older than this at the moment says nothing of activity now, days.
pub const WINDOW_DAYS: f64 = 92.0;

/// Active disease as in the CARRA treatment plans, by the last 92 days.
pub fn active_disease(view: &View<'_>) -> Instrument {
    library::active_disease(&view.recent(WINDOW_DAYS))
}

/// Clinically inactive disease, and whether MRI is silent too, by the last 92 days.
///
/// *Clinically* inactive leaves MRI aside: it is a measure of its own, for MRI is done less often than examinations.
pub fn inactive_disease(view: &View<'_>) -> Instrument {
    let mut result = library::inactive_disease(&view.recent(WINDOW_DAYS));
    let clinical = result.items.iter().filter(|item| item.id != "no_oedema").map(|item| item.state);
    let clinical = clinical.fold(State::Met, |all, state| match (all, state) {
        (State::NotMet, _) | (_, State::NotMet) => State::NotMet,
        (State::Unknown, _) | (_, State::Unknown) => State::Unknown,
        _ => State::Met,
    });
    let value = match clinical {
        State::Met => [Some(1.0), Some(1.0)],
        State::NotMet => [Some(0.0), Some(0.0)],
        State::Unknown => [Some(0.0), Some(1.0)],
    };
    result.measures.push(Measure {
        name: "clinically_inactive".into(),
        value,
        unit: "0 no, 1 yes",
        used: vec![],
    });
    if clinical == State::Met && result.classification == Classification::Undetermined {
        result.label = "clinically inactive; MRI decides the rest".into();
    }
    result
}

/// Physician and patient globals and pain, and whether the course counts as severe.
pub fn globals(view: &View<'_>) -> Instrument {
    let mut result = Instrument::named("globals", "Physician and patient globals", "2023", Certainty::P);
    result.source = "severe course: physician global of at least 4, Reiser C et al., Arthritis Res Ther 2023;25:228, doi 10.1186/s13075-023-03195-4".into();
    let physician = facts::newest_assessment(view, |a| a.physician_global_0_10);
    let measures = [
        ("physician_global", physician),
        ("patient_global", facts::newest_assessment(view, |a| a.patient_global_0_10)),
        ("pain", facts::newest_assessment(view, |a| a.pain_0_10)),
    ];
    for (name, value) in measures {
        if let Some((i, value)) = value {
            result.measures.push(Measure {
                name: name.into(),
                value: [Some(value), Some(value)],
                unit: "0–10",
                used: vec![Path::new("assessments", i)],
            });
        }
    }
    match physician {
        Some((_, value)) => {
            result.classification = Classification::Measured;
            result.label =
                if value >= SEVERE_FROM { "severe course".into() } else { "not a severe course".into() };
        }
        None if result.measures.is_empty() => {
            result.classification = Classification::NotScored;
            result.reason = Some("no global and no pain scale among the assessments".into());
        }
        None => {
            result.classification = Classification::Measured;
            result.label = "physician global missing".into();
        }
    }
    result
}
