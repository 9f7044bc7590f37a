//! Random changes of inputs: of bytes, of words, and of the nodes of JSON documents.

use serde_json::{Value, json};

/// Words that formats trip over.
const WORDS: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e308",
    "-1e-308",
    "99999999999999999999",
    "0.1",
    "\"\"",
    "[]",
    "{}",
    "[[[[",
    "\"",
    ",",
    ";",
    "\n",
    "\r\n",
    "\t",
    "\u{feff}",
    "\\u0000",
    "\\ud800",
    "\u{202e}",
    "é",
    "2021-02-29",
    "2020-02-30",
    "0000-00-00",
    "9999-12-31",
    "P9Y",
    "P",
    "NaN",
    "inf",
    "..",
    "1..",
    "..2",
    "tibia",
    "left",
    "L",
    "B",
    "crp",
    "mg/dl",
    "urn:uuid:",
    "Patient/",
    "Patient",
    "Bundle",
    "Observation",
    "resourceType",
    "reference",
    "subject",
    "extension",
    "path",
    "value",
    "valueCode",
    "absent",
    "/lesions/0/place",
    "/a/99999999999",
    "sections",
    "files",
    "..\\..",
    "/etc/passwd",
    "imaging",
    "patient",
    "section",
    "entry",
    "within",
    "osteoflare_record",
    "age_years",
    "when",
    "[1, 2]",
    "[null, null]",
    "[2, 1]",
];

/// A stream of random changes (splitmix64).
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// A stream of a seed.
    pub fn new(seed: u64) -> Mutator {
        Mutator { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    /// Changes an input once, perhaps with a piece of another.
    pub fn change(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        // Documents are changed as documents more often than not: broken syntax is refused at the door.
        if self.below(3) > 0
            && let Ok(mut value) = serde_json::from_slice::<Value>(input)
        {
            let donor = serde_json::from_slice::<Value>(other).unwrap_or(Value::Null);
            self.change_node(&mut value, &donor);
            if let Ok(bytes) = serde_json::to_vec(&value) {
                *input = bytes;
                return;
            }
        }
        let at = self.below(input.len() + 1);
        let end = (at + 1 + self.below(16)).min(input.len());
        match self.below(8) {
            0 if at < input.len() => input[at] = self.next() as u8,
            1 if at < input.len() => input[at] ^= 1 << self.below(8),
            2 if at < end => {
                input.drain(at..end);
            }
            3 if at < end => {
                let piece = input[at..end].to_vec();
                input.splice(at..at, piece);
            }
            4 => self.splice_other(input, other, at),
            5 => self.swap_lines(input),
            _ => {
                let word = self.word();
                let end = if self.below(2) == 0 { at } else { end.max(at) };
                input.splice(at..end, word.bytes());
            }
        }
    }

    fn splice_other(&mut self, input: &mut Vec<u8>, other: &[u8], at: usize) {
        let from = self.below(other.len() + 1);
        let to = (from + self.below(200)).min(other.len());
        input.splice(at..at, other[from..to].iter().copied());
    }

    fn swap_lines(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = input.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(3) {
            0 => lines.swap(a, b),
            1 => {
                let line = lines[a].clone();
                lines.insert(b, line);
            }
            _ => {
                lines.remove(a);
            }
        }
        *input = lines.join(&b'\n');
    }

    fn change_node(&mut self, root: &mut Value, donor: &Value) {
        let donor = self.pick(donor).clone();
        let nodes = count(root);
        let target = self.below(nodes);
        let mut left = target;
        let Some(node) = find(root, &mut left) else { return };
        match self.below(7) {
            0 => *node = donor,
            1 => *node = serde_json::from_str(self.word()).unwrap_or_else(|_| json!(self.word())),
            2 => *node = json!(self.word()),
            3 => match node {
                Value::Object(map) if !map.is_empty() => {
                    let key = map.keys().nth(self.below(map.len())).cloned().unwrap_or_default();
                    map.remove(&key);
                }
                Value::Array(list) if !list.is_empty() => {
                    list.remove(self.below(list.len()));
                }
                Value::String(text) => text.push_str(self.word()),
                Value::Number(_) => *node = json!(self.next() as i32),
                _ => *node = json!([node.clone()]),
            },
            4 => match node {
                Value::Object(map) => {
                    map.insert(self.word().to_owned(), donor);
                }
                Value::Array(list) => list.push(donor),
                _ => *node = json!([donor]),
            },
            5 => match node {
                Value::Array(list) if !list.is_empty() => {
                    let copy = list[self.below(list.len())].clone();
                    list.push(copy);
                }
                Value::Object(map) if !map.is_empty() => {
                    let key = map.keys().nth(self.below(map.len())).cloned().unwrap_or_default();
                    if let Some(value) = map.remove(&key) {
                        map.insert(format!("{key}{}", self.word()), value);
                    }
                }
                _ => *node = Value::Null,
            },
            _ => {
                for _ in 0..self.below(70) {
                    *node = json!([node.take()]);
                }
            }
        }
    }

    fn pick<'v>(&mut self, value: &'v Value) -> &'v Value {
        let mut node = value;
        for _ in 0..self.below(6) {
            node = match node {
                Value::Object(map) if !map.is_empty() => {
                    map.values().nth(self.below(map.len())).unwrap_or(&Value::Null)
                }
                Value::Array(list) if !list.is_empty() => &list[self.below(list.len())],
                other => return other,
            };
        }
        node
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(map) => map.values().map(count).sum(),
        Value::Array(list) => list.iter().map(count).sum(),
        _ => 0,
    }
}

/// The node of a number, counted in depth-first order.
fn find<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Object(map) => map.values_mut().find_map(|value| find(value, left)),
        Value::Array(list) => list.iter_mut().find_map(|value| find(value, left)),
        _ => None,
    }
}
