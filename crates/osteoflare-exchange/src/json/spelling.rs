//! Other spellings of own JSON that mean one thing only.

use serde_json::Value;

/// Answers to the CHAQ by their points.
const ANSWERS: [&str; 4] = ["without_difficulty", "some_difficulty", "much_difficulty", "unable"];

/// What is expected where an answer to the CHAQ is something else.
pub(super) const ANSWER: &str =
    "0 to 3, or one of without_difficulty, some_difficulty, much_difficulty, unable, not_applicable";

/// Puts sides and answers to the CHAQ into the words of the record.
pub(super) fn unify(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), &mut *value) {
                    ("side", Value::String(text)) => {
                        if let Some(word) = side(text) {
                            word.clone_into(text);
                        }
                    }
                    ("items", Value::Object(items)) => items.values_mut().for_each(answer),
                    _ => unify(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(unify),
        _ => {}
    }
}

fn side(text: &str) -> Option<&'static str> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "l" | "left" => "L",
        "r" | "right" => "R",
        "b" | "both" | "bilateral" => "B",
        "m" | "midline" => "M",
        _ => return None,
    })
}

fn answer(value: &mut Value) {
    let Some(points) = value.as_f64().filter(|points| points.fract() == 0.0 && *points >= 0.0) else {
        return;
    };
    if let Some(word) = ANSWERS.get(points as usize) {
        *value = (*word).into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sides_and_answers_have_one_spelling() {
        let mut value = json!({
            "findings": [{"place": {"side": "Left"}}, {"place": {"side": "bilateral"}}, {"place": {"side": "Q"}}],
            "assessments": [{"chaq": {"items": {"run": 2, "eat": 0.0, "rise": 4, "grip": "unable"}}}]
        });
        unify(&mut value);
        assert_eq!(value["findings"][0]["place"]["side"], "L");
        assert_eq!(value["findings"][1]["place"]["side"], "B");
        assert_eq!(value["findings"][2]["place"]["side"], "Q");
        assert_eq!(
            value["assessments"][0]["chaq"]["items"],
            json!({"run": "much_difficulty", "eat": "without_difficulty", "rise": 4, "grip": "unable"})
        );
    }
}
