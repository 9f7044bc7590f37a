//! CNO clinical disease activity score (Wu 2023): pain, patient global, clinically active lesions.

use super::{
    definition::Certainty,
    facts,
    result::{Classification, Instrument, ItemResult},
};
use crate::{
    place::SiteSet,
    record::Range,
    view::{Path, State, View},
};

/// Pain at a place above which it counts as clinically active, 0–10 (as in the digests of virtual children).
const PAINFUL_ABOVE: f64 = 3.0;

/// Components so far apart belong to one occasion, days.
const OCCASION_DAYS: f64 = 30.0;

/// Clinically active lesions at the newest examination: as counted by the physician, or the painful, tender, swollen or
/// warm places of an examination of the whole body.
pub(super) fn clinically_active_lesions(view: &View<'_>) -> Option<(Range, Path)> {
    if let Some((i, count)) = facts::newest_assessment(view, |a| a.clinically_active_lesions) {
        return Some((Range::exactly(f64::from(count)), Path::new("assessments", i)));
    }
    let (visit, day) = view.whole_body_examinations().last()?;
    let named: Vec<SiteSet> = view
        .findings()
        .iter()
        .filter(|f| f.day == Some(day) && f.present)
        .filter(|f| match f.term {
            "tenderness" | "swelling" | "warmth" => true,
            "pain" => view.record.findings[f.index].severity_0_10.is_none_or(|pain| pain > PAINFUL_ABOVE),
            _ => false,
        })
        .filter_map(|f| f.place.as_ref())
        .flat_map(|place| place.places().collect::<Vec<_>>())
        .collect();
    // Pain and tenderness at a place of the same name are one place.
    let mut places: Vec<SiteSet> = Vec::new();
    for place in named {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let low = crate::lesions::surely_different(&places) as f64;
    let exact = places.iter().all(|place| place.as_lesions().len() == 1);
    let high = if exact { low } else { (places.len() as f64).max(low) };
    Some((Range { low, high }, Path::new("visits", visit)))
}

/// The score on a view: the sum of its three components, of one occasion within the last 92 days. Arithmetic is recalled; whether the count is capped is not known.
pub fn score(view: &View<'_>) -> Instrument {
    let mut result =
        Instrument::named("cdas", "CNO clinical disease activity score (CDAS)", "2023", Certainty::R);
    result.source = "Wu EY et al., J Rheumatol 2023;50(10):1333-1340 (medRxiv 2022.10.03.22280351)".into();
    result.notes.push("Components are published; that they are added is recalled; scaling and a cap of the count were not found.".into());
    let view = &view.recent(super::activity::WINDOW_DAYS);
    // Components of one occasion: nothing older than 30 days before the newest of them.
    let days = view.record.assessments.iter().filter_map(|a| {
        let holds =
            a.pain_0_10.is_some() || a.patient_global_0_10.is_some() || a.clinically_active_lesions.is_some();
        view.day(a.when).filter(|_| holds && view.visible(a.when))
    });
    let examined = view.whole_body_examinations().map(|(_, day)| day);
    let newest = days.chain(examined).reduce(f64::max).unwrap_or(f64::INFINITY);
    let view = &View::between(view.record, newest - OCCASION_DAYS, view.at);
    let pain = facts::newest_assessment(view, |a| a.pain_0_10);
    let global = facts::newest_assessment(view, |a| a.patient_global_0_10);
    let scale =
        |value: Option<(usize, f64)>| value.map(|(i, v)| (Range::exactly(v), Path::new("assessments", i)));
    let parts = [
        ("pain", "pain, 0–10", scale(pain), 10.0, "pain of the last week"),
        (
            "patient_global",
            "global of patient or parent, 0–10",
            scale(global),
            10.0,
            "global of patient or parent",
        ),
        (
            "active_lesions",
            "clinically active lesions",
            clinically_active_lesions(view),
            f64::INFINITY,
            "clinically active lesions, or an examination of the whole body",
        ),
    ];
    let mut total = [0.0, 0.0];
    for (id, text, value, largest, missing) in parts {
        let (range, used) = match value {
            Some((range, path)) => (range, vec![path]),
            None => (Range { low: 0.0, high: largest }, vec![]),
        };
        let known = range.low == range.high;
        total = [total[0] + range.low, total[1] + range.high];
        result.items.push(ItemResult {
            id: id.into(),
            text: text.into(),
            state: if known { State::Met } else { State::Unknown },
            points: Some([range.low, range.high]),
            group: "component".into(),
            used,
            missing: if known { vec![] } else { vec![missing] },
            would_change: None,
            certainty: Certainty::P,
        });
    }
    if result.items.iter().all(|item| item.used.is_empty()) {
        result.classification = Classification::NotScored;
        result.reason = Some("pain, patient global and active lesions are all missing".into());
    } else {
        result.classification =
            if total[0] == total[1] { Classification::Measured } else { Classification::Undetermined };
        result.total = Some(total);
        result.label = "sum of three components".into();
    }
    result
}
