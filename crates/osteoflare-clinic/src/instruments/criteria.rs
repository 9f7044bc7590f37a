//! Criteria: a rule over items, in three values, exact also where an item stands in the rule more than once.

use super::{
    definition::Definition,
    result::{Classification, Instrument, ItemResult},
};
use crate::view::{State, View};

/// Criteria on a view.
pub(super) fn evaluate(definition: &'static Definition, view: &View<'_>) -> Instrument {
    let mut result = Instrument::of(definition);
    items(definition, view, &mut result);
    let Some(logic) = definition.logic() else { return result };
    let mut states: Vec<State> = result.items.iter().map(|item| item.state).collect();
    let outcome = logic.decide(&mut states);
    for i in 0..states.len() {
        if states[i] == State::Unknown {
            let mut with = |state| {
                states[i] = state;
                let class = classification(logic.decide(&mut states));
                states[i] = State::Unknown;
                class
            };
            result.items[i].would_change = Some([with(State::Met), with(State::NotMet)]);
        }
    }
    result.classification = classification(outcome);
    result.label = match outcome {
        State::Met => (&definition.positive).into(),
        State::NotMet => (&definition.negative).into(),
        State::Unknown => "the missing items decide".into(),
    };
    result
}

/// The items without the rule.
pub(super) fn items(definition: &'static Definition, view: &View<'_>, result: &mut Instrument) {
    for item in &definition.items {
        let answer = item.answer(view);
        result.items.push(ItemResult {
            id: (&item.id).into(),
            text: (&item.text).into(),
            state: answer.state,
            points: None,
            group: (&item.group).into(),
            used: answer.used,
            missing: answer.missing,
            would_change: None,
            certainty: item.certainty,
        });
    }
}

fn classification(state: State) -> Classification {
    match state {
        State::Met => Classification::Positive,
        State::NotMet => Classification::Negative,
        State::Unknown => Classification::Undetermined,
    }
}
