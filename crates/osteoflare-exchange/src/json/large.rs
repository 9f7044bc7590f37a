//! Numbers that are too large for any computer: one such number must not hide what else is wrong.

use serde_json::Value;

use super::locate;
use crate::fault::Fault;
use crate::problem::{JsonPath, MOST_PROBLEMS, Place, Problems};

/// Puts `null` in place of every number that is out of range, and blanks behind, so that nothing moves. Gives the lines and
/// characters, from 1, at which they stood.
pub(super) fn take_out(text: &mut String) -> Vec<(u64, u64)> {
    let mut places = Vec::new();
    while places.len() < MOST_PROBLEMS {
        let Err(error) = serde_json::from_str::<Value>(text) else { break };
        if !error.to_string().starts_with("number out of range") {
            break;
        }
        let Some((start, end)) = number_at(text, error.line(), error.column()) else { break };
        let before = &text[..start];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() as u64;
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() as u64;
        places.push((line + 1, column + 1));
        text.replace_range(start..end, &format!("{:<width$}", "null", width = end - start));
    }
    places
}

/// Bytes of the number at a line and a byte of it, from 1.
fn number_at(text: &str, line: usize, column: usize) -> Option<(usize, usize)> {
    let start_of_line = match line.checked_sub(2) {
        None => 0,
        Some(k) => text.match_indices('\n').nth(k)?.0 + 1,
    };
    let bytes = text.as_bytes();
    let part = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'))
    };
    // The parser stops in the number or behind it.
    let at = [1, 2]
        .into_iter()
        .filter_map(|back| (start_of_line + column).checked_sub(back))
        .find(|&at| part(at))?;
    let mut start = at;
    while start > 0 && part(start - 1) {
        start -= 1;
    }
    let end = (at..bytes.len()).find(|&end| !part(end)).unwrap_or(bytes.len());
    // Shorter ones are in range.
    (end - start >= "null".len()).then_some((start, end))
}

/// The problems of numbers that were taken out, with their paths.
pub(super) fn problems(value: &Value, places: &[(u64, u64)], text: &str) -> Problems {
    let mut problems = Problems::new();
    if !places.is_empty() {
        look(value, JsonPath::default(), &mut |path| {
            if locate::position(text, &path, 1).is_some_and(|place| places.contains(&place)) {
                let found = "a number out of range".to_owned();
                let fault = Fault::Kind { found, expected: "a number below 1e308".to_owned() };
                problems.add(Place::path(path), fault);
            }
        });
    }
    problems
}

/// Every null of a document.
fn look(value: &Value, path: JsonPath, found: &mut impl FnMut(JsonPath)) {
    match value {
        Value::Null => found(path),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(k, value)| look(value, path.index(k), found))
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| look(value, path.key(key), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_found_and_nothing_moves() {
        let mut text = "{\"a\":\n [1e999, 2, -1.5E+400],\"b\":\"1e999\"}".to_owned();
        assert_eq!(take_out(&mut text), [(2, 3), (2, 13)]);
        assert_eq!(text, "{\"a\":\n [null , 2, null     ],\"b\":\"1e999\"}");
        let value = serde_json::from_str(&text).unwrap();
        let found = problems(&value, &[(2, 3), (2, 13)], &text).to_string();
        assert!(
            found.starts_with("$.a[0]: found a number out of range") && found.contains("$.a[2]"),
            "{found}"
        );
        let mut broken = "{\"a\": 1e999".to_owned();
        assert_eq!(take_out(&mut broken).len(), 1);
    }
}
