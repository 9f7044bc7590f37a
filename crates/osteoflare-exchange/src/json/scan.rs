//! Takes a document in, within bounds.

use std::io::{BufRead, ErrorKind};

use crate::fault::Fault;
use crate::problem::{Place, Problems};

/// Bounds of one document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Most bytes.
    pub bytes: u64,
    /// Most levels of nesting.
    pub depth: usize,
    /// Most values: what a tree in memory costs is counted in values, not in bytes.
    pub values: u64,
}

/// Bounds of documents: far above any record, far below what hurts a small machine (about 150 MB of tree).
pub(crate) const LIMITS: Limits = Limits { bytes: 64 << 20, depth: 64, values: 1_000_000 };

impl Default for Limits {
    fn default() -> Limits {
        LIMITS
    }
}

/// The text of one document.
pub(crate) struct Scanned {
    pub text: String,
    /// Line of the file at which it begins.
    pub first_line: u64,
}

/// Reads one document: the whole stream, or, if `lines`, the next line that is not blank. `line` is the line at which
/// the stream stands; it is moved on.
///
/// # Errors
/// A document beyond the limits, text that is not UTF-8, or a stream that fails. After an error in a line of many, the
/// stream stands behind that line.
pub(crate) fn read_document(
    stream: &mut dyn BufRead,
    lines: bool,
    limits: Limits,
    line: &mut u64,
) -> Result<Option<Scanned>, Problems> {
    loop {
        let mut scanner = Scanner::new(limits, *line);
        let end = match scanner.take(stream, lines) {
            Ok(end) => end,
            Err(fault) => {
                let place = Place { column: Some(scanner.column), ..Place::line(scanner.line) };
                *line = scanner.line;
                if lines && !matches!(fault, Fault::Unreadable { .. }) {
                    skip_line(stream, line)?;
                }
                return Err(Problems::one(place, fault));
            }
        };
        let first_line = *line;
        *line = scanner.line;
        let blank = scanner.bytes.iter().all(u8::is_ascii_whitespace);
        if blank && (end || !lines) {
            if !lines && first_line == 1 {
                return Err(Problems::one(
                    Place::line(first_line),
                    Fault::Syntax { format: "JSON", reason: "the file is empty".into() },
                ));
            }
            return Ok(None);
        }
        if blank {
            continue;
        }
        let mut bytes = scanner.bytes;
        // A mark of byte order that some editors put in front.
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        return match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Scanned { text, first_line })),
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let breaks = valid.iter().filter(|&&byte| byte == b'\n').count() as u64;
                Err(Problems::one(
                    Place::line(first_line + breaks),
                    Fault::Syntax { format: "JSON", reason: "the text is not UTF-8".into() },
                ))
            }
        };
    }
}

/// Moves behind the end of the line, in constant memory.
fn skip_line(stream: &mut dyn BufRead, line: &mut u64) -> Result<(), Problems> {
    loop {
        let (used, found) = match stream.fill_buf() {
            Ok([]) => return Ok(()),
            Ok(buffer) => match buffer.iter().position(|&byte| byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), false),
            },
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Problems::one(
                    Place::line(*line),
                    Fault::Unreadable { reason: error.to_string() },
                ));
            }
        };
        stream.consume(used);
        if found {
            *line += 1;
            return Ok(());
        }
    }
}

struct Scanner {
    limits: Limits,
    bytes: Vec<u8>,
    line: u64,
    column: u64,
    depth: usize,
    values: u64,
    in_text: bool,
    escaped: bool,
}

impl Scanner {
    fn new(limits: Limits, line: u64) -> Scanner {
        Scanner {
            limits,
            bytes: Vec::new(),
            line,
            column: 1,
            depth: 0,
            values: 0,
            in_text: false,
            escaped: false,
        }
    }

    /// Takes bytes until the end of the stream or of the line; says whether the stream has ended.
    fn take(&mut self, stream: &mut dyn BufRead, lines: bool) -> Result<bool, Fault> {
        loop {
            let buffer = match stream.fill_buf() {
                Ok([]) => return Ok(true),
                Ok(buffer) => buffer,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Fault::Unreadable { reason: error.to_string() }),
            };
            let mut used = 0;
            let mut outcome = None;
            for &byte in buffer {
                if lines && byte == b'\n' {
                    used += 1;
                    self.line += 1;
                    outcome = Some(Ok(false));
                    break;
                }
                if let Err(fault) = self.look(byte) {
                    outcome = Some(Err(fault));
                    break;
                }
                used += 1;
            }
            self.bytes.extend_from_slice(&buffer[..used]);
            stream.consume(used);
            if let Some(outcome) = outcome {
                return outcome;
            }
            if self.bytes.len() as u64 > self.limits.bytes {
                return Err(Fault::TooLarge { limit: self.limits.bytes >> 20, unit: "MiB in one document" });
            }
        }
    }

    fn look(&mut self, byte: u8) -> Result<(), Fault> {
        match byte {
            b'\n' => {
                self.line += 1;
                self.column = 1;
                return Ok(());
            }
            // Continuation bytes of a character are no columns of their own.
            0x80..=0xbf => return Ok(()),
            _ => {}
        }
        self.column += 1;
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return Ok(());
        }
        match byte {
            b'"' => self.in_text = true,
            b'[' | b'{' => {
                self.depth += 1;
                self.values += 1;
                if self.depth > self.limits.depth {
                    return Err(Fault::TooDeep { limit: self.limits.depth });
                }
            }
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            b',' | b':' => self.values += 1,
            _ => {}
        }
        if self.values > self.limits.values {
            return Err(Fault::TooLarge { limit: self.limits.values, unit: "values in one document" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    fn all(text: &[u8], lines: bool, limits: Limits) -> Vec<Result<(String, u64), String>> {
        let mut stream = BufReader::with_capacity(7, text);
        let mut line = 1;
        let mut out = Vec::new();
        loop {
            match read_document(&mut stream, lines, limits, &mut line) {
                Ok(None) => return out,
                Ok(Some(scanned)) => out.push(Ok((scanned.text.trim_end().to_owned(), scanned.first_line))),
                Err(problems) => out.push(Err(problems.to_string())),
            }
            if !lines {
                return out;
            }
        }
    }

    #[test]
    fn lines_are_documents_and_blank_lines_are_none() {
        let read = all(b"{\"a\":1}\n\n  \n[2]", true, LIMITS);
        assert_eq!(read, [Ok(("{\"a\":1}".into(), 1)), Ok(("[2]".into(), 4))]);
    }

    #[test]
    fn a_line_that_is_too_deep_does_not_stop_the_next() {
        let limits = Limits { depth: 2, ..LIMITS };
        let read = all(b"[[[[[1]]]]]\n[2]\n", true, limits);
        assert_eq!(read[0], Err("line 1, column 4: nested deeper than 2 levels".into()));
        assert_eq!(read[1], Ok(("[2]".into(), 2)));
    }

    #[test]
    fn brackets_in_text_are_no_nesting() {
        let limits = Limits { depth: 1, ..LIMITS };
        assert_eq!(all(br#"["[[[\"[["]"#, false, limits).len(), 1);
        assert!(all(br#"["[[[\"[["]"#, false, limits)[0].is_ok());
    }

    #[test]
    fn a_hundred_megabytes_of_nesting_are_refused_at_once() {
        let mut stream = BufReader::new(std::io::repeat(b'[').take(100 << 20));
        let mut line = 1;
        let problems = read_document(&mut stream, false, LIMITS, &mut line).err().unwrap();
        assert_eq!(problems.to_string(), "line 1, column 66: nested deeper than 64 levels");
    }

    #[test]
    fn endless_text_and_endless_lists_are_refused() {
        let mut line = 1;
        let small = Limits { bytes: 1 << 20, depth: 64, values: 1000 };
        let mut text = BufReader::new(b"\"".chain(std::io::repeat(b'x')));
        let problems = read_document(&mut text, false, small, &mut line).err().unwrap();
        assert!(problems.to_string().contains("more than 1 MiB"), "{problems}");
        let mut list = BufReader::new(b"[".chain(std::io::repeat(b',')));
        let problems = read_document(&mut list, false, small, &mut line).err().unwrap();
        assert!(problems.to_string().contains("more than 1000 values"), "{problems}");
    }

    #[test]
    fn what_is_not_utf8_or_empty_is_said() {
        assert!(
            all(b"{\"a\":\n\"\xff\"}", false, LIMITS)[0]
                .as_ref()
                .unwrap_err()
                .starts_with("line 2: not JSON")
        );
        assert!(all(b"  ", false, LIMITS)[0].as_ref().unwrap_err().contains("empty"));
    }
}
