//! Criteria: a rule over items, in three values, exact also where an item stands in the rule more than once.

use super::{
    definition::{Definition, Rule},
    result::{Classification, Instrument, ItemResult},
};
use crate::view::{State, View};

/// Most unknown items whose every completion is tried; more are judged by the three-valued rule alone.
const TRIED: usize = 10;

/// Criteria on a view.
pub(super) fn evaluate(definition: &'static Definition, view: &View<'_>) -> Instrument {
    let mut result = Instrument::of(definition);
    items(definition, view, &mut result);
    let Some(rule) = &definition.rule else { return result };
    let mut states: Vec<State> = result.items.iter().map(|item| item.state).collect();
    let outcome = decide(definition, rule, &mut states);
    for i in 0..states.len() {
        if states[i] == State::Unknown {
            let mut with = |state| {
                states[i] = state;
                let class = classification(decide(definition, rule, &mut states));
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

/// The rule with unknown items: what every completion agrees on.
fn decide(definition: &Definition, rule: &Rule, states: &mut [State]) -> State {
    let known = apply(definition, rule, states);
    if known != State::Unknown || !repeats(rule) {
        return known;
    }
    let open: Vec<usize> = (0..states.len()).filter(|&i| states[i] == State::Unknown).collect();
    if open.len() > TRIED {
        return State::Unknown;
    }
    let mut seen = None;
    for completion in 0..1_u32 << open.len() {
        for (bit, &i) in open.iter().enumerate() {
            states[i] = if completion >> bit & 1 == 1 { State::Met } else { State::NotMet };
        }
        let outcome = apply(definition, rule, states);
        if seen.is_some_and(|seen| seen != outcome) {
            seen = None;
            break;
        }
        seen = Some(outcome);
    }
    for i in open {
        states[i] = State::Unknown;
    }
    seen.unwrap_or(State::Unknown)
}

/// Whether an item stands in the rule more than once: only then can the three-valued rule say less than is known.
fn repeats(rule: &Rule) -> bool {
    fn names<'r>(rule: &'r Rule, out: &mut Vec<&'r str>) {
        match rule {
            Rule::Any(rules) | Rule::All(rules) => rules.iter().for_each(|rule| names(rule, out)),
            Rule::Not(rule) => names(rule, out),
            Rule::Item(id) => out.push(id),
            Rule::Count { group, .. } => out.push(group),
        }
    }
    let mut all = Vec::new();
    names(rule, &mut all);
    let n = all.len();
    all.sort_unstable();
    all.dedup();
    all.len() < n
}

fn apply(definition: &Definition, rule: &Rule, states: &[State]) -> State {
    match rule {
        Rule::Any(rules) => {
            crate::view::count_at_least(rules.iter().map(|rule| apply(definition, rule, states)), 1)
        }
        Rule::All(rules) => {
            crate::view::count_at_least(rules.iter().map(|rule| apply(definition, rule, states)), rules.len())
        }
        Rule::Not(rule) => State::of(apply(definition, rule, states).known().map(|v| !v)),
        Rule::Item(id) => {
            definition.items.iter().position(|item| item.id == *id).map_or(State::Unknown, |i| states[i])
        }
        Rule::Count { group, at_least } => {
            let members = definition.items.iter().zip(states).filter(|(item, _)| item.group == *group);
            crate::view::count_at_least(members.map(|(_, state)| *state), *at_least)
        }
    }
}
