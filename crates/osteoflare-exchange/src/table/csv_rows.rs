//! Rows of a delimited text file, one by one, in bounded memory.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::fault::Fault;
use crate::problem::{Place, Problems};

/// Most bytes of one row: a quotation mark that is never closed makes a row of the rest of the file.
const LONGEST_ROW: u64 = 4 << 20;

/// Refuses to give more than [`LONGEST_ROW`] until it is told that a row has ended, and notices a quotation mark that is
/// still open at the end.
struct Bounded<R> {
    stream: R,
    since_row: Arc<AtomicU64>,
    quotes: Quotes,
    /// Line of the mark that is open at the end; 0 if there is none, or the end is not reached.
    unclosed: Arc<AtomicU64>,
    /// Bytes that were read.
    length: Arc<AtomicU64>,
}

/// Where in a cell the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Plain,
    Quoted,
    /// Behind a mark that closes a cell or is the first of two that mean one.
    Mark,
}

/// Follows the quotation marks of a table.
struct Quotes {
    delimiter: u8,
    within: Within,
    line: u64,
    opened: u64,
}

impl Quotes {
    fn follow(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.within = match (self.within, byte) {
                (Within::Start, b'"') => {
                    self.opened = self.line;
                    Within::Quoted
                }
                (Within::Quoted, b'"') => Within::Mark,
                (Within::Quoted, _) | (Within::Mark, b'"') => Within::Quoted,
                (_, b'\n' | b'\r') => Within::Start,
                (_, byte) if byte == self.delimiter => Within::Start,
                _ => Within::Plain,
            };
            self.line += u64::from(byte == b'\n');
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.load(Ordering::Relaxed) > LONGEST_ROW {
            return Err(io::Error::other("a row is longer than 4 MiB; is a quotation mark not closed?"));
        }
        let read = self.stream.read(buffer)?;
        self.since_row.fetch_add(read as u64, Ordering::Relaxed);
        self.length.fetch_add(read as u64, Ordering::Relaxed);
        self.quotes.follow(&buffer[..read]);
        if read == 0 && !buffer.is_empty() && self.quotes.within == Within::Quoted {
            self.unclosed.store(self.quotes.opened, Ordering::Relaxed);
        }
        Ok(read)
    }
}

/// Reader of rows.
pub(crate) struct CsvRows {
    reader: csv::Reader<Bounded<Box<dyn BufRead + Send>>>,
    since_row: Arc<AtomicU64>,
    unclosed: Arc<AtomicU64>,
    length: Arc<AtomicU64>,
    /// What divides the cells.
    pub delimiter: u8,
    /// Names in the first row.
    pub header: Vec<String>,
    record: csv::StringRecord,
    broken: bool,
}

/// One row with its line.
pub(crate) struct Row<'a> {
    pub line: u64,
    pub cells: &'a csv::StringRecord,
}

impl CsvRows {
    /// Reads the header.
    ///
    /// # Errors
    /// If there is none, or it is no text.
    pub fn new(mut stream: Box<dyn BufRead + Send>) -> Result<CsvRows, Problems> {
        let delimiter = delimiter(&mut stream).map_err(|error| unreadable(1, &error.to_string()))?;
        let since_row = Arc::new(AtomicU64::new(0));
        let (unclosed, length) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let bounded = Bounded {
            stream,
            since_row: Arc::clone(&since_row),
            quotes: Quotes { delimiter, within: Within::Start, line: 1, opened: 1 },
            unclosed: Arc::clone(&unclosed),
            length: Arc::clone(&length),
        };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(true).from_reader(bounded);
        let header: Vec<String> = match reader.headers() {
            Ok(header) => {
                header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect()
            }
            Err(error) => return Err(fault(&error, 1)),
        };
        if header.iter().all(String::is_empty) {
            return Err(Problems::one(
                Place::line(1),
                Fault::Syntax { format: "CSV", reason: "there is no header".to_owned() },
            ));
        }
        Ok(CsvRows {
            reader,
            since_row,
            unclosed,
            length,
            delimiter,
            header,
            record: csv::StringRecord::new(),
            broken: false,
        })
    }

    /// A cell of the row that was read last, even if the row has too many or too few.
    pub fn last_cell(&self, k: usize) -> Option<&str> {
        self.record.get(k).map(str::trim)
    }

    /// The next row. After an unreadable row the next one is given; after a fault of the stream there is none.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, Problems>> {
        if self.broken {
            return None;
        }
        let line = self.reader.position().line();
        self.since_row.store(0, Ordering::Relaxed);
        let read = self.reader.read_record(&mut self.record);
        // The row with the open mark is the last one: it holds the rest of the file.
        let open = self.unclosed.load(Ordering::Relaxed);
        let first = self.record.position().map_or(line, csv::Position::line);
        let ends = self.reader.position().byte() >= self.length.load(Ordering::Relaxed);
        if open > 0 && first <= open && ends && !matches!(read, Ok(false)) {
            self.broken = true;
            return Some(Err(not_closed(open)));
        }
        match read {
            Ok(false) => None,
            Ok(true) => {
                let line = self.record.position().map_or(line, csv::Position::line);
                Some(Ok(Row { line, cells: &self.record }))
            }
            Err(error) => {
                self.broken = error.is_io_error();
                let line = error.position().map_or(line, csv::Position::line);
                Some(Err(fault(&error, line)))
            }
        }
    }
}

fn not_closed(line: u64) -> Problems {
    let reason = "a quotation mark that is opened in this line is not closed".to_owned();
    Problems::one(Place::line(line), Fault::Syntax { format: "CSV", reason })
}

/// Comma, semicolon or tab, whichever is most in the first line.
fn delimiter(stream: &mut dyn BufRead) -> io::Result<u8> {
    let start = stream.fill_buf()?;
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or(start);
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    Ok([b',', b';', b'\t'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b','))
}

fn unreadable(line: u64, reason: &str) -> Problems {
    Problems::one(Place::line(line), Fault::Unreadable { reason: reason.to_owned() })
}

fn fault(error: &csv::Error, line: u64) -> Problems {
    let reason = match error.kind() {
        csv::ErrorKind::Io(error) => return unreadable(line, &error.to_string()),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells, the header {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => {
            "the text is not UTF-8 (perhaps Windows-1252); save it in UTF-8".to_owned()
        }
        _ => "the row cannot be read".to_owned(),
    };
    Problems::one(Place::line(line), Fault::Syntax { format: "CSV", reason })
}
