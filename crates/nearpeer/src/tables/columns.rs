//! Columns under other names: what a district's export calls `student_no` is nearpeer's `id`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field as ArrowField, Schema};
use nearpeer_core::{Error, Field};

use super::cells::nearest_column;
use super::{StudentTables, Table, Tables, pairs};

const LEADERS: [&str; 5] = ["id", "site", "slots", "capacity", "max_slots"];
const ROOMS: [&str; 3] = ["site", "slot", "capacity"];
const SCORES: [&str; 2] = ["value", "score"];

/// A table, and the columns that are read of it; of people every column is.
struct Read<'a> {
    table: &'a mut Table,
    columns: Option<Vec<&'static str>>,
}

impl<'a> Read<'a> {
    fn people(table: &'a mut Table) -> Self {
        Self {
            table,
            columns: None,
        }
    }

    fn some(table: Option<&'a mut Table>, columns: Vec<&'static str>) -> Option<Self> {
        table.map(|table| Self {
            table,
            columns: Some(columns),
        })
    }

    /// Whether the table is read for a column of nearpeer's name `to`.
    fn has_use_of(&self, to: &str) -> bool {
        let columns = self.columns.as_ref();
        columns.is_none_or(|columns| columns.contains(&to.trim()))
    }
}

impl Tables {
    /// Reads columns under other names: `names` has for a column of the tables the name that nearpeer knows it by.
    /// An entry is for the tables that are read for such a column, and several may mean the same in different tables.
    /// No data is copied, and errors go on to name columns as the tables do.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// # use std::path::Path;
    /// use nearpeer::{Table, Tables};
    /// # let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/small");
    ///
    /// let mentees = Table::read("mentees", &dir.join("mentees.csv"))?;
    /// let mentors = Table::read("mentors", &dir.join("mentors.csv"))?;
    /// let mut tables = Tables::new(mentees, mentors);
    /// let names = BTreeMap::from([("school".to_owned(), "site".to_owned())]);
    /// let error = tables.rename_columns(&names).expect_err("no table has a column `school`");
    /// assert_eq!(error.place().column.as_deref(), Some("school"));
    /// # Ok::<(), nearpeer::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the column: where no table has it, with the nearest that one has, and where a table has
    /// one of the new name already.
    pub fn rename_columns(&mut self, names: &BTreeMap<String, String>) -> Result<(), Error> {
        let people = [&mut self.mentees, &mut self.mentors];
        let mut read: Vec<Read<'_>> = people.into_iter().map(Read::people).collect();
        read.extend(Read::some(self.leaders.as_mut(), LEADERS.to_vec()));
        read.extend(Read::some(self.rooms.as_mut(), ROOMS.to_vec()));
        let pairs = [
            &mut self.required,
            &mut self.blocked,
            &mut self.previous,
            &mut self.pair_scores,
        ];
        read.extend(of_pairs(pairs, pairs::OF_SIDES));
        rename(read, names)
    }
}

impl StudentTables {
    /// Reads columns under other names, as [`Tables::rename_columns`] does.
    ///
    /// # Errors
    /// As there.
    pub fn rename_columns(&mut self, names: &BTreeMap<String, String>) -> Result<(), Error> {
        let mut read = vec![Read::people(&mut self.students)];
        let pairs = [
            &mut self.pairs.required,
            &mut self.pairs.blocked,
            &mut self.pairs.previous,
            &mut self.pairs.pair_scores,
        ];
        read.extend(of_pairs(pairs, pairs::OF_STUDENTS));
        rename(read, names)
    }
}

/// The tables of pairs that there are, the last of which is that of scores.
fn of_pairs<'a>(
    [required, blocked, previous, scores]: [&'a mut Option<Table>; 4],
    ids: pairs::Ids,
) -> impl Iterator<Item = Read<'a>> {
    let named = [required, blocked, previous].map(|table| (table, ids.to_vec()));
    let scored = (scores, [&ids[..], &SCORES].concat());
    let tables = named.into_iter().chain([scored]);
    tables.filter_map(|(table, columns)| Read::some(table.as_mut(), columns))
}

fn rename(mut read: Vec<Read<'_>>, names: &BTreeMap<String, String>) -> Result<(), Error> {
    for (from, to) in names {
        if to.trim().is_empty() {
            return Err(Error::input("the column's new name is empty").in_column(from));
        }
        let read = read.iter().filter(|read| read.has_use_of(to));
        let present: BTreeSet<&str> = read.flat_map(|read| read.table.columns()).collect();
        if !present.contains(from.trim()) {
            return Err(missing(from, to, &present));
        }
    }
    for read in &mut read {
        let names = names.iter().filter(|(_, to)| read.has_use_of(to));
        let names = names.map(|(from, to)| (from.trim(), to.trim())).collect();
        read.table.rename(&names)?;
    }
    Ok(())
}

fn missing(from: &str, to: &str, present: &BTreeSet<&str>) -> Error {
    let is_ours = Field::from_name(from.trim()).is_some()
        || [&LEADERS[..], &ROOMS, &SCORES, &pairs::OF_SIDES]
            .iter()
            .any(|names| names.contains(&from.trim()));
    let hint = match nearest_column(from, present.iter().copied()) {
        _ if is_ours && present.contains(to.trim()) => {
            format!(", but one has {to:?}: the table's own name comes first, then nearpeer's")
        }
        Some(near) => format!("; the nearest is {near:?}"),
        None => String::new(),
    };
    Error::input(format!("no table has this column{hint}")).in_column(from)
}

impl Table {
    /// The names of the columns.
    fn columns(&self) -> impl Iterator<Item = &str> {
        let schema = self.batches.first().map(RecordBatch::schema_ref);
        let fields = schema.into_iter().flat_map(|schema| schema.fields());
        fields.map(|field| field.name().trim())
    }

    fn rename(&mut self, names: &BTreeMap<&str, &str>) -> Result<(), Error> {
        let kept: BTreeSet<&str> = self
            .columns()
            .filter(|name| !names.contains_key(name))
            .collect();
        let mut renamed = BTreeMap::<String, String>::new();
        for column in self.columns() {
            let Some(name) = names.get(column) else {
                continue;
            };
            let before = renamed.insert((*name).to_owned(), column.to_owned());
            let kept = kept.get(name).map(|name| (*name).to_owned());
            if let Some(other) = before.or(kept) {
                let message = format!("this column is to be read as {name:?}, and so is {other:?}");
                return Err(Error::input(message).in_table(&self.name).in_column(column));
            }
        }
        for batch in &mut self.batches {
            *batch = with_names(batch, names)?;
        }
        self.renamed = renamed;
        Ok(())
    }

    /// An error that names a column as the table does.
    pub(super) fn in_own_words(&self, error: Error) -> Error {
        let place = error.place();
        let column = place
            .column
            .as_deref()
            .filter(|_| place.table.as_ref() == Some(&self.name));
        match column.and_then(|column| self.renamed.get(column)).cloned() {
            Some(own) => error.in_column(own),
            None => error,
        }
    }
}

/// The same columns under other names.
fn with_names(batch: &RecordBatch, names: &BTreeMap<&str, &str>) -> Result<RecordBatch, Error> {
    let fields =
        batch
            .schema_ref()
            .fields()
            .iter()
            .map(|field| match names.get(field.name().trim()) {
                Some(name) => Arc::new(ArrowField::clone(field).with_name(*name)),
                None => field.clone(),
            });
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema.into(), batch.columns().to_vec(), &rows)
        .map_err(|error| Error::input(error.to_string()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, StringArray};

    use super::*;

    fn table(name: &str, columns: &[&str]) -> Table {
        let cells: ArrayRef = Arc::new(StringArray::from(vec![name; 1]));
        let columns = columns.iter().map(|column| (*column, cells.clone()));
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one row");
        Table::new(name, vec![batch])
    }

    fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(from, to): &(&str, &str)| ((*from).to_owned(), (*to).to_owned());
        pairs.iter().map(own).collect()
    }

    fn columns(table: &Table) -> Vec<&str> {
        table.columns().collect()
    }

    #[test]
    fn an_entry_is_for_the_tables_that_are_read_for_such_a_column() {
        let mut tables = Tables::new(
            table("mentees", &["mentee_id", "year"]),
            table("mentors", &[" mentor_id ", "year"]),
        );
        tables.blocked = Some(table("pairs_blocked", &["mentee_id", "mentor_id"]));
        tables.leaders = Some(table("leaders", &["staff_no", "slots", "year"]));
        let given = names(&[
            ("mentee_id", "id"),
            ("mentor_id", "id"),
            ("staff_no", "id"),
            ("year", "grade"),
        ]);
        tables
            .rename_columns(&given)
            .expect("every entry has a column");
        assert_eq!(columns(&tables.mentees), ["id", "grade"]);
        assert_eq!(columns(&tables.mentors), ["id", "grade"]);
        let blocked = tables.blocked.as_ref().expect("there is one");
        assert_eq!(columns(blocked), ["mentee_id", "mentor_id"]);
        let leaders = tables.leaders.as_ref().expect("there is one");
        assert_eq!(columns(leaders), ["id", "slots", "year"]);
    }

    #[test]
    fn names_can_be_exchanged_but_not_doubled() {
        let mut people = table("mentees", &["id", "student_no", "site"]);
        let error = people.rename(&BTreeMap::from([("student_no", "id")]));
        let error = error.expect_err("there is an id already");
        assert_eq!(
            error.to_string(),
            "table mentees, column `student_no`: this column is to be read as \"id\", and so is \"id\""
        );
        let twice = BTreeMap::from([("student_no", "key"), ("site", "key")]);
        assert!(people.rename(&twice).is_err());
        let exchange = BTreeMap::from([("student_no", "id"), ("id", "row")]);
        people.rename(&exchange).expect("both have a name");
        assert_eq!(columns(&people), ["row", "id", "site"]);
    }

    #[test]
    fn a_column_that_is_not_there_is_met_with_the_nearest() {
        let fault = |given: &[(&str, &str)]| {
            let mut tables = Tables::new(
                table("mentees", &["student_no", "grade"]),
                table("mentors", &["student_no", "grade"]),
            );
            let error = tables.rename_columns(&names(given));
            error.expect_err("no table has it").to_string()
        };
        assert_eq!(
            fault(&[("student_nr", "id")]),
            "column `student_nr`: no table has this column; the nearest is \"student_no\""
        );
        assert_eq!(
            fault(&[("id", "student_no")]),
            "column `id`: no table has this column, but one has \"student_no\": the table's own name \
             comes first, then nearpeer's"
        );
        assert!(fault(&[("grade", " ")]).contains("empty"));
    }

    #[test]
    fn errors_name_columns_as_the_table_does() {
        let people = ["student_no", "year"];
        let mut tables = Tables::new(table("mentees", &people), table("mentors", &people));
        let given = names(&[("student_no", "id"), ("year", "grade")]);
        tables.rename_columns(&given).expect("both are there");
        let error = tables.roster().expect_err("a grade is a number");
        assert_eq!(error.place().column.as_deref(), Some("year"));
        assert_eq!(error.place().table.as_deref(), Some("mentees"));
    }
}
