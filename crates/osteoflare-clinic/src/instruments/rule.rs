//! The rule of criteria, made ready: items by number instead of by name, and which of them stand in it more than once.

use super::definition::{Definition, Rule};
use crate::view::{State, count_at_least};

/// Most unknown items that stand in a rule more than once whose every completion is tried.
const TRIED: usize = 12;

/// A rule over the items of its definition.
#[derive(Clone, Debug)]
pub(super) struct Logic {
    root: Node,
    /// Items that stand in the rule more than once: only for them can the three-valued rule say less than is known.
    repeated: Vec<usize>,
}

#[derive(Clone, Debug)]
enum Node {
    AtLeast(Vec<Node>, usize),
    Not(Box<Node>),
    Item(usize),
    /// So many of these items.
    Count(Vec<usize>, usize),
    /// An item that the definition lacks; tests of the library see to it that there is none.
    Nothing,
}

impl Logic {
    /// The rule of a definition.
    pub(super) fn of(definition: &Definition, rule: &Rule) -> Self {
        let mut times = vec![0; definition.items.len()];
        let root = node(definition, rule, &mut times);
        Self { root, repeated: (0..times.len()).filter(|&i| times[i] > 1).collect() }
    }

    /// The rule with unknown items: what every completion agrees on. The states are the same afterwards.
    pub(super) fn decide(&self, states: &mut [State]) -> State {
        let known = self.root.apply(states);
        if known != State::Unknown {
            return known;
        }
        let open: Vec<usize> =
            self.repeated.iter().copied().filter(|&i| states[i] == State::Unknown).collect();
        if open.is_empty() || open.len() > TRIED {
            return State::Unknown;
        }
        // With these given, every other unknown item stands in the rule once, and the three-valued rule is exact.
        let mut seen = None;
        for completion in 0..1_u32 << open.len() {
            for (bit, &i) in open.iter().enumerate() {
                states[i] = if completion >> bit & 1 == 1 { State::Met } else { State::NotMet };
            }
            let outcome = self.root.apply(states);
            if outcome == State::Unknown || seen.is_some_and(|seen| seen != outcome) {
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
}

fn node(definition: &Definition, rule: &Rule, times: &mut [usize]) -> Node {
    let mut each = |rules: &[Rule]| rules.iter().map(|rule| node(definition, rule, times)).collect();
    match rule {
        Rule::Any(rules) => Node::AtLeast(each(rules), 1),
        Rule::All(rules) => Node::AtLeast(each(rules), rules.len()),
        Rule::Not(rule) => Node::Not(Box::new(node(definition, rule, times))),
        Rule::Item(id) => match definition.items.iter().position(|item| item.id == *id) {
            Some(i) => {
                times[i] += 1;
                Node::Item(i)
            }
            None => Node::Nothing,
        },
        Rule::Count { group, at_least } => {
            let members: Vec<usize> =
                (0..definition.items.len()).filter(|&i| definition.items[i].group == *group).collect();
            members.iter().for_each(|&i| times[i] += 1);
            Node::Count(members, *at_least)
        }
    }
}

impl Node {
    /// In three values; exact where no unknown item stands in the rule more than once.
    fn apply(&self, states: &[State]) -> State {
        match self {
            Self::AtLeast(nodes, n) => count_at_least(nodes.iter().map(|node| node.apply(states)), *n),
            Self::Not(node) => State::of(node.apply(states).known().map(|v| !v)),
            Self::Item(i) => states[*i],
            Self::Count(members, n) => count_at_least(members.iter().map(|&i| states[i]), *n),
            Self::Nothing => State::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::library;
    use super::*;

    /// What every completion of every unknown item agrees on, the long way.
    fn tried(logic: &Logic, states: &[State]) -> State {
        let open: Vec<usize> = (0..states.len()).filter(|&i| states[i] == State::Unknown).collect();
        let mut outcomes = (0..1_u32 << open.len()).map(|completion| {
            let mut states = states.to_vec();
            for (bit, &i) in open.iter().enumerate() {
                states[i] = if completion >> bit & 1 == 1 { State::Met } else { State::NotMet };
            }
            logic.root.apply(&states)
        });
        let first = outcomes.next().expect("an outcome");
        if outcomes.all(|outcome| outcome == first) { first } else { State::Unknown }
    }

    #[test]
    fn a_rule_says_what_all_completions_agree_on() {
        // A simple generator of numbers: which states come is not what is tested.
        let mut seed = 1_u64;
        let mut repeated = 0;
        for definition in library::definitions() {
            let Some(rule) = &definition.rule else { continue };
            let logic = Logic::of(definition, rule);
            repeated += logic.repeated.len();
            for _ in 0..200 {
                let mut open = 0;
                let states: Vec<State> = (0..definition.items.len())
                    .map(|_| {
                        seed = seed
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        let state = [State::Met, State::NotMet, State::Unknown, State::Unknown]
                            [(seed >> 62) as usize];
                        open += usize::from(state == State::Unknown);
                        if open > 10 && state == State::Unknown { State::NotMet } else { state }
                    })
                    .collect();
                let mut left = states.clone();
                assert_eq!(logic.decide(&mut left), tried(&logic, &states), "{}: {states:?}", definition.id);
                assert_eq!(left, states);
            }
        }
        assert!(repeated > 0, "no rule names an item twice");
    }
}
