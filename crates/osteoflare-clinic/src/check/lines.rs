//! Where in a JSON text a field stands.

/// Line, from 1, on which the value at a path such as `laboratory[2].unit` begins; that of the nearest field around it
/// if the field itself is missing. `None` if the text is not JSON.
pub fn line_of(text: &str, path: &str) -> Option<usize> {
    let wanted = steps(path);
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, best: (0, 0) };
    scanner.value(&wanted, 0, true)?;
    Some(1 + text.as_bytes()[..scanner.best.1].iter().filter(|&&b| b == b'\n').count())
}

enum Step {
    Field(String),
    Item(usize),
}

fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, items) = part.split_once('[').map_or((part, ""), |(name, items)| (name, items));
        if !name.is_empty() {
            steps.push(Step::Field(name.to_owned()));
        }
        for item in items.split('[') {
            if let Ok(number) = item.trim_end_matches(']').parse() {
                steps.push(Step::Item(number));
            }
        }
    }
    steps
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Deepest step reached, and where its value begins.
    best: (usize, usize),
}

impl Scanner<'_> {
    fn space(&mut self) -> Option<u8> {
        while self.bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn string(&mut self) -> Option<&[u8]> {
        let start = self.at + 1;
        let mut at = start;
        while *self.bytes.get(at)? != b'"' {
            at += if self.bytes[at] == b'\\' { 2 } else { 1 };
        }
        self.at = at + 1;
        Some(&self.bytes[start..at])
    }

    fn value(&mut self, wanted: &[Step], depth: usize, on_path: bool) -> Option<()> {
        let first = self.space()?;
        if on_path && depth >= self.best.0 {
            self.best = (depth, self.at);
        }
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => {
                self.at += 1;
                let mut number = 0;
                loop {
                    match self.space()? {
                        b'}' | b']' => break,
                        b',' => self.at += 1,
                        _ => {
                            let step = on_path.then(|| wanted.get(depth)).flatten();
                            let inside = if first == b'{' {
                                let name = self.string()?;
                                let inside =
                                    matches!(step, Some(Step::Field(field)) if field.as_bytes() == name);
                                self.space()?;
                                self.at += 1;
                                inside
                            } else {
                                let inside = matches!(step, Some(Step::Item(item)) if *item == number);
                                number += 1;
                                inside
                            };
                            self.value(wanted, depth + 1, inside)?;
                        }
                    }
                }
                self.at += 1;
            }
            _ => {
                while self.bytes.get(self.at).is_some_and(|b| !matches!(b, b',' | b'}' | b']')) {
                    self.at += 1;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn lines_of_fields() {
        let text = "{\n \"a\": 1,\n \"list\": [\n  {\"x\": \"},{\"},\n  {\"x\": 2,\n   \"y\": 3}\n ]\n}";
        assert_eq!(line_of(text, "a"), Some(2));
        assert_eq!(line_of(text, "list[1].y"), Some(6));
        assert_eq!(line_of(text, "list[1].missing"), Some(5));
        assert_eq!(line_of(text, ""), Some(1));
    }
}
