//! Rows of ours to columns: Arrow for programs, CSV for people.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Int64Builder, LargeListBuilder, LargeStringBuilder, RecordBatch,
    StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};
use nearpeer_core::synth::{Leader, Room, Student};

/// A cell on its way to a table; `None` is a missing one.
pub(crate) enum Cell<'a> {
    Text(Option<&'a str>),
    Whole(Option<i64>),
    Truth(Option<bool>),
    List(Option<&'a [&'a str]>),
}

/// What has a row in a table.
pub(crate) trait Record {
    /// The cell of the column of this name.
    fn cell(&self, column: &str) -> Cell<'_>;
}

impl Record for Student<'_> {
    fn cell(&self, column: &str) -> Cell<'_> {
        match column {
            "id" => Cell::Text(Some(&self.id)),
            "grade" => Cell::Whole(self.grade.map(|grade| grade.number().into())),
            "site" => Cell::Text(self.site),
            "interests" => Cell::List(self.interests.as_deref()),
            "languages" => Cell::List(self.languages.as_deref()),
            "slots" => Cell::List(self.slots.as_deref()),
            "gender" => Cell::Text(self.gender),
            "load_max" => Cell::Whole(self.load_max.map(i64::from)),
            "consent" => Cell::Truth(self.consent),
            "screened" => Cell::Truth(self.screened),
            "trained" => Cell::Truth(self.trained),
            "requires_language" => Cell::Text(self.requires_language),
            "requires_same_gender" => Cell::Truth(self.requires_same_gender),
            _ => unreachable!("the columns are those of a district"),
        }
    }
}

impl Record for Leader<'_> {
    fn cell(&self, column: &str) -> Cell<'_> {
        match column {
            "id" => Cell::Text(Some(&self.id)),
            "site" => Cell::Text(Some(self.site)),
            "slots" => Cell::List(Some(&self.slots)),
            "capacity" => Cell::Whole(Some(self.capacity.into())),
            "max_slots" => Cell::Whole(self.max_slots.map(i64::from)),
            _ => unreachable!("the columns are those of a leader"),
        }
    }
}

impl Record for Room<'_> {
    fn cell(&self, column: &str) -> Cell<'_> {
        match column {
            "site" => Cell::Text(Some(self.site)),
            "slot" => Cell::Text(Some(self.slot)),
            "capacity" => Cell::Whole(Some(self.capacity.into())),
            _ => unreachable!("the columns are those of a room"),
        }
    }
}

/// Columns that grow row by row.
pub(crate) struct Columns(Vec<Column>);

enum Column {
    Text(StringBuilder),
    Whole(Int64Builder),
    Truth(BooleanBuilder),
    /// A district's interests can be longer than 2 GiB.
    List(LargeListBuilder<LargeStringBuilder>),
}

impl Columns {
    /// The rows as a table.
    pub(crate) fn of<R: Record>(
        names: &[&'static str],
        rows: impl Iterator<Item = R>,
    ) -> RecordBatch {
        let schema = schema(names);
        let mut columns = Self(schema.fields().iter().map(|f| Column::new(f)).collect());
        for row in rows {
            for (name, column) in names.iter().zip(&mut columns.0) {
                column.push(row.cell(name));
            }
        }
        let arrays = columns.0.into_iter().map(Column::finish).collect();
        RecordBatch::try_new(schema.into(), arrays).expect("all columns have one cell a row")
    }
}

impl Column {
    fn new(field: &Field) -> Self {
        match field.data_type() {
            DataType::Int64 => Self::Whole(Int64Builder::new()),
            DataType::Boolean => Self::Truth(BooleanBuilder::new()),
            DataType::LargeList(_) => Self::List(LargeListBuilder::new(LargeStringBuilder::new())),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(column), Cell::Text(cell)) => column.append_option(cell),
            (Self::Whole(column), Cell::Whole(cell)) => column.append_option(cell),
            (Self::Truth(column), Cell::Truth(cell)) => column.append_option(cell),
            (Self::List(column), Cell::List(cell)) => {
                for item in cell.unwrap_or_default() {
                    column.values().append_value(item);
                }
                column.append(cell.is_some());
            }
            _ => unreachable!("a column of this name has cells of its kind"),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Whole(mut column) => Arc::new(column.finish()),
            Self::Truth(mut column) => Arc::new(column.finish()),
            Self::List(mut column) => Arc::new(column.finish()),
        }
    }
}

/// The types of columns by their names, which mean the same in every table.
pub(crate) fn schema(names: &[&str]) -> Schema {
    let fields = names.iter().map(|name| {
        let kind = match *name {
            "grade" | "load_max" | "capacity" | "max_slots" => DataType::Int64,
            "consent" | "screened" | "trained" | "requires_same_gender" => DataType::Boolean,
            "interests" | "languages" | "slots" => {
                DataType::LargeList(Field::new_list_field(DataType::LargeUtf8, true).into())
            }
            _ => DataType::Utf8,
        };
        Field::new(*name, kind, *name != "id")
    });
    Schema::new(fields.collect::<Vec<_>>())
}

/// Writes rows as CSV: a missing cell is empty, and a list has `;` between its items.
///
/// The words are our own, and none is a formula to a spreadsheet.
pub(crate) fn write_csv<R: Record>(
    names: &[&str],
    rows: impl Iterator<Item = R>,
    out: impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(names)?;
    let mut text = String::new();
    for row in rows {
        for name in names {
            text.clear();
            match row.cell(name) {
                Cell::Text(cell) => text.push_str(cell.unwrap_or_default()),
                Cell::Whole(Some(cell)) => text.push_str(&cell.to_string()),
                Cell::Truth(Some(cell)) => text.push_str(&cell.to_string()),
                Cell::List(Some(cell)) => {
                    for (position, item) in cell.iter().enumerate() {
                        text.push_str(if position > 0 { ";" } else { "" });
                        text.push_str(item);
                    }
                }
                Cell::Whole(None) | Cell::Truth(None) | Cell::List(None) => {}
            }
            csv.write_field(&text)?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}
