//! Scores: points are added; what is unknown widens the total.

use super::{
    definition::{BandClass, Definition},
    result::{Classification, Instrument, ItemResult},
};
use crate::view::{State, View};

/// A score on a view.
pub(super) fn evaluate(definition: &'static Definition, view: &View<'_>) -> Instrument {
    let mut result = Instrument::of(definition);
    let mut total = [0.0, 0.0];
    for item in &definition.items {
        let answer = item.answer(view);
        let points = match answer.state {
            State::Met => [item.points, item.points],
            State::NotMet => [0.0, 0.0],
            State::Unknown => [item.points.min(0.0), item.points.max(0.0)],
        };
        total = [total[0] + points[0], total[1] + points[1]];
        result.items.push(ItemResult {
            id: (&item.id).into(),
            text: (&item.text).into(),
            state: answer.state,
            points: Some(points),
            group: (&item.group).into(),
            used: answer.used,
            missing: answer.missing,
            would_change: None,
            certainty: item.certainty,
        });
    }
    for item in &mut result.items {
        if let (State::Unknown, Some([low, high])) = (item.state, item.points) {
            let with = [total[0] - low + high, total[1]];
            let without = [total[0], total[1] - high + low];
            item.would_change = Some([classify(definition, with).0, classify(definition, without).0]);
        }
    }
    let (classification, label) = classify(definition, total);
    result.classification = classification;
    result.label = label.into();
    result.total = Some(total);
    if let Some(applies) = &definition.applies {
        let within = applies.answer(view).state;
        result.within_population = Some(within);
        match within {
            State::NotMet => {
                result.notes.push(format!("Made for patients {}: this one is not.", applies.text).into())
            }
            State::Unknown => {
                result
                    .notes
                    .push(format!("Made for patients {}: not known of this one.", applies.text).into());
            }
            State::Met => {}
        }
    }
    result
}

fn classify(definition: &'static Definition, total: [f64; 2]) -> (Classification, &'static str) {
    let band = |points: f64| definition.bands.iter().rev().find(|band| points >= band.from);
    match (band(total[0]), band(total[1])) {
        (Some(low), Some(high)) if std::ptr::eq(low, high) => {
            let class = match low.class {
                BandClass::Positive => Classification::Positive,
                BandClass::Negative => Classification::Negative,
                BandClass::Unclear => Classification::Unclear,
            };
            (class, &low.label)
        }
        _ => (Classification::Undetermined, "the missing items decide"),
    }
}
