//! Reading a file of any size: piece by piece, each cut where a record ends, so that lines are counted exactly.

use std::io::Read;

use crate::cli::Failure;

/// Bytes that are read at once.
const PIECE: usize = 4 * 1024 * 1024;
/// No record is longer: a file that has none for so long lacks a quote.
const RECORD_MAX: usize = 16 * PIECE;

/// A record of a file: the line it begins at (the header is line 1) and its fields.
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: csv::ByteRecord,
}

/// A file while it is being read.
pub(super) struct Pieces<R> {
    source: R,
    /// What was read behind the last piece's end.
    rest: Vec<u8>,
    /// Lines before the next piece.
    lines: u64,
    at_start: bool,
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, rest: Vec::new(), lines: 0, at_start: true }
    }

    /// The records of the next piece and how many bytes it has; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(Vec<Record>, u64)>, Failure> {
        let mut piece = std::mem::take(&mut self.rest);
        let mut ends = Ends::default();
        loop {
            let read = (&mut self.source).take(PIECE as u64).read_to_end(&mut piece)?;
            if self.at_start {
                self.at_start = false;
                if piece.starts_with(b"\xef\xbb\xbf") {
                    piece.drain(..3);
                }
            }
            ends.scan(&piece);
            if read == 0 || ends.last.is_some() {
                // At the end of the file the last record needs no line end.
                if read == 0 {
                    ends.last = None;
                }
                break;
            }
            if piece.len() > RECORD_MAX {
                return Err(
                    format!("line {}: a record without an end; is a quote missing?", self.lines + 1).into()
                );
            }
        }
        if piece.is_empty() {
            return Ok(None);
        }
        if let Some(end) = ends.last {
            self.rest = piece.split_off(end);
        }
        let records = self.records(&piece)?;
        self.lines += newlines(&piece);
        Ok(Some((records, piece.len() as u64)))
    }

    fn records(&self, piece: &[u8]) -> Result<Vec<Record>, Failure> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(piece);
        let mut records = Vec::new();
        let mut fields = csv::ByteRecord::new();
        let (mut counted, mut lines) = (0, self.lines + 1);
        while reader.read_byte_record(&mut fields)? {
            let from = fields.position().map_or(0, csv::Position::byte);
            let mut from = usize::try_from(from)?.min(piece.len());
            // The reader's own place stands before blank lines that it skips.
            from += piece[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            lines += newlines(&piece[counted..from]);
            counted = from;
            records.push(Record { line: lines, fields: fields.clone() });
        }
        Ok(records)
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').count() as u64 - 1
}

/// Where in a field the reader is, as CSV knows fields.
#[derive(Clone, Copy, Default)]
enum Within {
    #[default]
    Start,
    Bare,
    Quotes,
    /// Behind a quote in quotes: the end of the field, or half of a quote that is part of it.
    Quote,
}

/// The end of the last whole record of a piece that grows.
#[derive(Default)]
struct Ends {
    within: Within,
    scanned: usize,
    last: Option<usize>,
}

impl Ends {
    fn scan(&mut self, bytes: &[u8]) {
        for (place, byte) in bytes.iter().enumerate().skip(self.scanned) {
            self.within = match (self.within, byte) {
                (Within::Quotes, b'"') => Within::Quote,
                (Within::Start | Within::Quote, b'"') | (Within::Quotes, _) => Within::Quotes,
                (_, b'\n') => {
                    self.last = Some(place + 1);
                    Within::Start
                }
                (_, b',' | b'\r') => Within::Start,
                (Within::Start | Within::Bare | Within::Quote, _) => Within::Bare,
            };
        }
        self.scanned = bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = buffer.len().min(3).min(self.0.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn all(bytes: &[u8]) -> Vec<(u64, String)> {
        let mut pieces = Pieces::new(Slow(bytes));
        let mut found = Vec::new();
        while let Some((records, _)) = pieces.next().unwrap() {
            for record in records {
                found.push((record.line, String::from_utf8_lossy(&record.fields[0]).into_owned()));
            }
        }
        found
    }

    #[test]
    fn lines_are_counted_through_blank_lines_quotes_and_both_line_ends() {
        let text = "\u{feff}id,a\r\n\r\n1,\"two\nlines\"\n\n2,x\r\n\"3\",y";
        let expected = [(1, "id"), (3, "1"), (6, "2"), (7, "3")];
        assert_eq!(all(text.as_bytes()), expected.map(|(line, text)| (line, text.to_owned())));
        assert!(all(b"").is_empty());
    }

    #[test]
    fn an_inch_mark_opens_no_quotes() {
        let text = "id,a\n1,5/8\" x 2\n2,\"a \"\"b\"\" , c\"\n3,x";
        let expected = [(1, "id"), (2, "1"), (3, "2"), (4, "3")];
        assert_eq!(all(text.as_bytes()), expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_quote_that_never_ends_is_told() {
        let text = format!("id,a\n1,\"{}", "x\n".repeat(RECORD_MAX));
        let mut pieces = Pieces::new(text.as_bytes());
        let said = loop {
            match pieces.next() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended"),
                Err(error) => break error.to_string(),
            }
        };
        assert!(said.starts_with("line 2:"), "{said}");
    }

    #[test]
    fn a_file_of_several_pieces_keeps_its_lines() {
        let row = format!("7,\"{}\n\"\n", "x".repeat(1_000));
        let text = row.repeat(2 * PIECE / row.len());
        let found = all(text.as_bytes());
        assert_eq!(found.len(), 2 * PIECE / row.len());
        assert!(found.iter().enumerate().all(|(at, (line, id))| *line == 2 * at as u64 + 1 && id == "7"));
    }
}
