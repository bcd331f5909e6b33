//! CSV (RFC 4180, in UTF-8) to columns of text. Fields are parsed one at a time, so that a broken file is
//! refused with its row and column before it takes memory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringBuilder, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema};
use csv_core::ReadFieldResult;
use nearpeer_core::Error;

use super::MAX_CELL_BYTES;
use super::file::unreadable;

/// More columns than this are a broken file.
const MAX_COLUMNS: usize = 10_000;

/// The whole file as one batch of text columns; an empty cell is null. Columns without a name are left
/// out, and so are rows of empty cells at the end.
pub(super) fn read(file: File) -> Result<Vec<RecordBatch>, Error> {
    read_columns(file, |_| true, |_| Ok(())).map(|batch| vec![batch])
}

/// The same for the columns that are wanted by their names; cells of the others are not kept. `row_at` is told the line on
/// which each row starts, counted from 1, before anything of the row is checked.
///
/// # Errors
/// For text that is no CSV, naming the row, and what `row_at` gives.
pub(crate) fn read_columns(
    input: impl Read,
    mut wanted: impl FnMut(&str) -> bool,
    mut row_at: impl FnMut(u64) -> Result<(), Error>,
) -> Result<RecordBatch, Error> {
    let mut fields = Fields::new(BufReader::with_capacity(1 << 16, input));
    let header = header(&mut fields)?;
    let mut builders: Vec<Option<LargeStringBuilder>> = header
        .iter()
        .map(|name| (!name.is_empty() && wanted(name)).then(LargeStringBuilder::new))
        .collect();
    // Spreadsheets leave rows of empty cells at the end. One before a filled row stays, for row numbers.
    let (mut filled, mut rows) = (0, 0);
    for row in 1.. {
        match record(&mut fields, &header, row, &mut builders, &mut row_at)? {
            Record::End => break,
            Record::Empty => {}
            Record::Filled => filled = row,
        }
        rows = row;
    }
    let columns = header.iter().zip(builders).filter_map(|(name, builder)| {
        let array: ArrayRef = Arc::new(builder?.finish());
        Some((Field::new(name, DataType::LargeUtf8, true), array))
    });
    let (schema, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    let count = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(schema)), arrays, &count)
        .map(|batch| batch.slice(0, filled))
        .map_err(|error| Error::input(format!("the columns do not fit together: {error}")))
}

fn header<R: Read>(fields: &mut Fields<R>) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    loop {
        let column = names.len() + 1;
        let fault =
            |message: String| Error::input(format!("in the header, column {column}: {message}"));
        let Some(field) = fields.next().map_err(|trouble| trouble.error(&fault))? else {
            break;
        };
        let name = std::str::from_utf8(field.bytes)
            .map_err(|_| fault(NOT_UTF8.to_owned()))?
            .trim()
            .to_owned();
        let last = field.ends_record;
        if !name.is_empty() && !seen.insert(name.clone()) {
            return Err(Error::input("the header names this column twice").in_column(name));
        }
        if column > MAX_COLUMNS {
            return Err(Error::input(format!("more than {MAX_COLUMNS} columns")));
        }
        names.push(name);
        if last {
            break;
        }
    }
    if names.iter().all(String::is_empty) {
        return Err(Error::input("the file has no header row"));
    }
    Ok(names)
}

const NOT_UTF8: &str = "the text is not UTF-8; save the file as CSV in UTF-8";

/// What the next record was.
enum Record {
    End,
    /// All cells are blank.
    Empty,
    Filled,
}

/// Appends the next record, if there is one.
fn record<R: Read>(
    fields: &mut Fields<R>,
    header: &[String],
    row: usize,
    builders: &mut [Option<LargeStringBuilder>],
    row_at: &mut impl FnMut(u64) -> Result<(), Error>,
) -> Result<Record, Error> {
    let width = header.len();
    let mut kind = Record::Empty;
    for column in 0.. {
        let name = header.get(column).map_or("", String::as_str);
        let fault = |message: String| Error::input(message).in_row(row).in_column(name);
        let field = match fields.next().map_err(|trouble| trouble.error(&fault))? {
            Some(field) => field,
            None if column == 0 => return Ok(Record::End),
            None => return Err(ragged(row, column, width)),
        };
        if column == 0 {
            row_at(field.first_line())?;
        }
        let Some(builder) = builders.get_mut(column) else {
            let hint = match header {
                [only] => separator_hint(only),
                _ => String::new(),
            };
            return Err(Error::input(format!(
                "the row has more than the {width} cells of the header{hint}"
            ))
            .in_row(row));
        };
        let text = std::str::from_utf8(field.bytes).map_err(|_| {
            fault(NOT_UTF8.to_owned()).with_value(&String::from_utf8_lossy(field.bytes))
        })?;
        if text.contains('\0') {
            return Err(fault("a NUL character; the file is not CSV".to_owned()));
        }
        if !text.trim().is_empty() {
            kind = Record::Filled;
        }
        if let Some(builder) = builder {
            builder.append_option(Some(text).filter(|text| !text.is_empty()));
        }
        if field.ends_record {
            return if column + 1 == width {
                Ok(kind)
            } else {
                Err(ragged(row, column + 1, width))
            };
        }
    }
    Ok(kind)
}

/// What to say where a table's only column has a name that looks like several.
pub(super) fn separator_hint(only: &str) -> String {
    let separator = match only {
        name if name.contains(';') => "';'",
        name if name.contains('\t') => "tabs",
        _ => return String::new(),
    };
    format!("; the file seems to be separated by {separator}: save it with commas")
}

fn ragged(row: usize, cells: usize, width: usize) -> Error {
    Error::input(format!("cells in the row: {cells}; in the header: {width}")).in_row(row)
}

/// A parsed field, and whether its record ends with it.
struct Parsed<'a> {
    bytes: &'a [u8],
    ends_record: bool,
    /// The line on which it ends.
    last_line: u64,
}

impl Parsed<'_> {
    /// The line on which it starts, counted from 1.
    fn first_line(&self) -> u64 {
        let breaks = self.bytes.iter().filter(|byte| **byte == b'\n').count();
        self.last_line - breaks as u64
    }
}

/// What is wrong with a field as such.
enum Fault {
    TooLong,
    Unclosed,
    Unreadable(Error),
}

impl Fault {
    fn error(self, place: &dyn Fn(String) -> Error) -> Error {
        match self {
            Self::TooLong => place(format!(
                "the cell is longer than {MAX_CELL_BYTES} bytes (or a quotation mark is not closed)"
            )),
            Self::Unclosed => place("a quotation mark is not closed".to_owned()),
            Self::Unreadable(error) => error,
        }
    }
}

/// The fields of a CSV, one after the other.
struct Fields<R> {
    parser: csv_core::Reader,
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    field: Vec<u8>,
    /// How far the end of the input has been told to the parser: not at all, a line's end, all.
    ending: u8,
}

impl<R: Read> Fields<R> {
    fn new(input: R) -> Self {
        Self {
            parser: csv_core::Reader::new(),
            input,
            buffer: vec![0; 1 << 16],
            start: 0,
            end: 0,
            field: vec![0; 1 << 10],
            ending: 0,
        }
    }

    /// The next field; `None` at the end.
    fn next(&mut self) -> Result<Option<Parsed<'_>>, Fault> {
        let mut length = 0;
        loop {
            if self.start == self.end {
                self.refill()?;
            }
            let (result, read, written) = self.parser.read_field(
                &self.buffer[self.start..self.end],
                &mut self.field[length..],
            );
            self.start += read;
            length += written;
            let ends_record = match result {
                ReadFieldResult::InputEmpty => {
                    // The line's end that `refill` adds is text only inside of quotation marks.
                    if self.ending == 1 && written > 0 {
                        return Err(Fault::Unclosed);
                    }
                    continue;
                }
                ReadFieldResult::OutputFull => {
                    if self.field.len() > MAX_CELL_BYTES {
                        return Err(Fault::TooLong);
                    }
                    self.field.resize(self.field.len() * 2, 0);
                    continue;
                }
                ReadFieldResult::Field { record_end } => record_end,
                ReadFieldResult::End => return Ok(None),
            };
            if length > MAX_CELL_BYTES {
                return Err(Fault::TooLong);
            }
            // The parser has counted the line's end already, if that came after the field.
            let at_end = ends_record && self.buffer[..self.start].ends_with(b"\n");
            return Ok(Some(Parsed {
                bytes: &self.field[..length],
                ends_record,
                last_line: self.parser.line() - u64::from(at_end),
            }));
        }
    }

    /// Reads on; at the end of the input it adds one line's end, and then nothing.
    fn refill(&mut self) -> Result<(), Fault> {
        self.start = 0;
        self.end = 0;
        if self.ending == 0 {
            self.end = self
                .input
                .read(&mut self.buffer)
                .map_err(|error| Fault::Unreadable(unreadable(&error)))?;
            if self.end > 0 {
                return Ok(());
            }
        }
        self.ending += 1;
        if self.ending == 1 {
            self.buffer[0] = b'\n';
            self.end = 1;
        }
        self.ending = self.ending.min(2);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn all(text: &[u8]) -> Result<Vec<Vec<String>>, &'static str> {
        let mut fields = Fields::new(Cursor::new(text.to_vec()));
        let mut records = vec![Vec::new()];
        loop {
            match fields.next() {
                Ok(None) => break,
                Ok(Some(field)) => {
                    let text = String::from_utf8_lossy(field.bytes).into_owned();
                    records.last_mut().expect("one is there").push(text);
                    if field.ends_record {
                        records.push(Vec::new());
                    }
                }
                Err(Fault::TooLong) => return Err("too long"),
                Err(Fault::Unclosed) => return Err("unclosed"),
                Err(Fault::Unreadable(_)) => return Err("unreadable"),
            }
        }
        records.retain(|record| !record.is_empty());
        Ok(records)
    }

    #[test]
    fn marks_at_the_start_and_all_line_ends_are_accepted() {
        let rows = vec![
            vec!["a".to_owned(), "b".to_owned()],
            vec!["1".to_owned(), String::new()],
        ];
        for text in [
            "a,b\n1,\n",
            "a,b\n1,",
            "\u{feff}a,b\r\n1,\r\n",
            "a,b\r\n\r\n\"1\",\"\"",
            "a,b\r1,",
        ] {
            assert_eq!(all(text.as_bytes()).as_ref(), Ok(&rows), "{text:?}");
        }
    }

    #[test]
    fn the_line_of_every_row_is_known() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4", vec![2, 3]),
            ("a,b\r\n1,2\r\n\r\n3,4\r\n", vec![2, 4]),
            ("\n\na,b\n\"x\ny\",\"\n\"\n3,4\n", vec![4, 7]),
            ("a\n1\n\n2\r\n\"3\n\"\n4", vec![2, 4, 5, 7]),
        ] {
            let mut lines = Vec::new();
            let row_at = |line| {
                lines.push(line);
                Ok(())
            };
            let batch = read_columns(Cursor::new(text), |name| name == "b", row_at);
            assert!(
                batch.is_ok_and(|batch| batch.num_columns() <= 1),
                "{text:?}"
            );
            assert_eq!(lines, expected, "{text:?}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_an_error_even_in_the_last_column() {
        assert_eq!(all(b"a,b\n1,\"x\n2,y\n"), Err("unclosed"));
        assert_eq!(all(b"a,b\n1,\"x"), Err("unclosed"));
        assert!(all(b"a,b\n1,\"x\"").is_ok());
        assert!(all(b"a,b\n1,5\" tall").is_ok());
    }

    #[test]
    fn a_field_over_the_limit_stops_the_reading() {
        let mut text = b"a\n".to_vec();
        text.extend(std::iter::repeat_n(b'x', MAX_CELL_BYTES));
        assert!(all(&text).is_ok());
        text.push(b'x');
        assert_eq!(all(&text), Err("too long"));
    }
}
