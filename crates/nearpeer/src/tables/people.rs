//! A table of mentees or mentors, row by row.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use nearpeer_core::roster::MAX_LOAD;
use nearpeer_core::{Error, Field, Person, Role, RosterBuilder};

use super::cells::{self, Cells, Value};
use super::vectors::Vectors;
use super::{Table, extra, read_as};

/// The highest priority tier.
const MAX_PRIORITY: u32 = 1_000;

/// Adds everybody of the table to the roster. `numeric` are the further columns whose text is numbers.
pub(super) fn read(
    builder: &mut RosterBuilder,
    role: Role,
    table: &Table,
    numeric: &BTreeSet<String>,
) -> Result<(), Error> {
    let mut row = 0;
    for batch in &table.batches {
        let columns = Columns::new(batch, numeric).map_err(|error| error.in_table(table.name()))?;
        for (field, _) in &columns.known {
            builder.declare(role, *field);
        }
        if columns.embedding.is_some() {
            builder.declare(role, Field::Embedding);
        }
        for column in &columns.extra {
            builder.declare_extra(role, column.name);
        }
        for position in 0..batch.num_rows() {
            row += 1;
            let person = columns
                .person(position)
                .map_err(|error| error.in_table(table.name()).in_row(row))?;
            builder.push(role, person);
        }
    }
    Ok(())
}

/// The columns of one batch.
struct Columns<'a> {
    id: Cells,
    known: Vec<(Field, Cells)>,
    embedding: Option<Vectors>,
    extra: Vec<Extra<'a>>,
}

struct Extra<'a> {
    name: &'a str,
    cells: Cells,
    numeric: bool,
}

impl<'a> Columns<'a> {
    fn new(batch: &'a RecordBatch, numeric: &BTreeSet<String>) -> Result<Self, Error> {
        cells::check_names(batch)?;
        let mut known = Vec::new();
        let apart = [Field::Id, Field::Embedding];
        for field in Field::ALL.iter().filter(|field| !apart.contains(field)) {
            if let Some(cells) = cells::find(batch, field.name()) {
                known.push((*field, cells?));
            }
        }
        let mut extra = Vec::new();
        for name in extra::names(batch) {
            if let Some(cells) = cells::find(batch, name) {
                extra.push(Extra {
                    name,
                    cells: cells?,
                    numeric: numeric.contains(name),
                });
            }
        }
        let embedding = cells::column(batch, Field::Embedding.name())
            .map(|column| Vectors::new(Field::Embedding.name(), column));
        Ok(Self {
            id: cells::need(batch, Field::Id.name())?,
            known,
            embedding: embedding.transpose()?,
            extra,
        })
    }

    fn person(&self, position: usize) -> Result<Person, Error> {
        let id = self
            .id
            .get(position)
            .and_then(|value| read_as::id(&value))
            .map_err(|error| error.in_column(Field::Id.name()))?;
        let mut person = Person::new(id);
        for (field, cells) in &self.known {
            person = cells
                .get(position)
                .and_then(|value| with_field(person, *field, value))
                .map_err(|error| error.in_column(field.name()))?;
        }
        if let Some(embedding) = &self.embedding
            && let Some(numbers) = embedding
                .get(position)
                .map_err(|error| error.in_column(Field::Embedding.name()))?
        {
            person = person.embedding(numbers);
        }
        for column in &self.extra {
            let cell = column
                .cells
                .get(position)
                .and_then(|value| read_as::extra(&value, column.numeric))
                .map_err(|error| error.in_column(column.name))?;
            person = person.with(column.name, cell);
        }
        Ok(person)
    }
}

/// The person with one more thing known, unless the cell is empty.
fn with_field(person: Person, field: Field, value: Value<'_>) -> Result<Person, Error> {
    macro_rules! set {
        ($setter:ident, $cell:expr) => {
            match $cell {
                Some(known) => person.$setter(known),
                None => person,
            }
        };
    }
    Ok(match field {
        Field::Grade => set!(grade, read_as::grade(&value)?),
        Field::Site => set!(site, read_as::word(&value)?),
        Field::Interests => set!(interests, read_as::list(value)?),
        Field::Goals => set!(goals, read_as::list(value)?),
        Field::Strengths => set!(strengths, read_as::list(value)?),
        Field::Languages => set!(languages, read_as::list(value)?),
        Field::Slots => set!(slots, read_as::list(value)?),
        Field::Gender => set!(gender, read_as::word(&value)?),
        Field::LoadMin => set!(load_min, read_as::count(&value, "a load", MAX_LOAD)?),
        Field::LoadMax => set!(load_max, read_as::count(&value, "a load", MAX_LOAD)?),
        Field::Consent => set!(consent, read_as::flag(&value)?),
        Field::Screened => set!(screened, read_as::flag(&value)?),
        Field::Trained => set!(trained, read_as::flag(&value)?),
        Field::RequiresLanguage => set!(requires_language, read_as::word(&value)?),
        Field::RequiresSameGender => set!(requires_same_gender, read_as::flag(&value)?),
        Field::Priority => set!(
            priority,
            read_as::count(&value, "a priority", MAX_PRIORITY)?
        ),
        Field::Preferences => set!(preferences, read_as::list(value)?),
        // `Id` and `Embedding` are read apart; a field that is new to the core has no form in tables yet.
        _ => person,
    })
}
