//! Putting one side in canonical order, and the checks of its people.

use std::collections::{BTreeSet, HashMap};

use super::builder::{MAX_LOAD, MAX_PEOPLE, Side};
use super::columns::Words;
use super::index::Index;
use super::people::ExtraColumn;
use super::{Field, People, Person, Role};
use crate::error::Error;

/// The highest priority tier.
const MAX_PRIORITY: u32 = 1_000;

/// One side in canonical order, with the row that each person came from.
#[derive(Clone)]
pub(super) struct Sorted {
    role: Role,
    table: &'static str,
    pub(super) people: Vec<(u32, Person)>,
    present: BTreeSet<Field>,
    extra: BTreeSet<String>,
}

impl Sorted {
    pub(super) fn new(role: Role, table: &'static str, side: Side) -> Result<Self, Error> {
        if side.people.is_empty() {
            return Err(Error::input("the table has no rows").in_table(table));
        }
        if side.people.len() > MAX_PEOPLE {
            return Err(Error::input(format!("more than {MAX_PEOPLE} rows")).in_table(table));
        }
        let mut people: Vec<(u32, Person)> = (1u32..).zip(side.people).collect();
        people.sort_by(|a, b| a.1.id.cmp(&b.1.id).then(a.0.cmp(&b.0)));
        if let Some((row, person)) = people
            .iter()
            .find(|(_, person)| person.id.trim().is_empty())
        {
            return Err(Error::input("every person needs an id")
                .in_table(table)
                .in_row(*row as usize)
                .in_column("id")
                .with_value(&person.id));
        }
        if let Some(twice) = people.windows(2).find(|w| w[0].1.id == w[1].1.id) {
            return Err(
                Error::input(format!("the id was used before, in row {}", twice[0].0))
                    .in_table(table)
                    .in_row(twice[1].0 as usize)
                    .in_column("id")
                    .with_value(&twice[1].1.id),
            );
        }
        let mut present = side.declared;
        let mut extra = side.declared_extra;
        for (row, person) in &people {
            check_loads(person).map_err(|error| error.in_table(table).in_row(*row as usize))?;
            person.fields(&mut present);
            extra.extend(person.extra.iter().map(|(name, _)| name.clone()));
        }
        Ok(Self {
            role,
            table,
            people,
            present,
            extra,
        })
    }

    /// The same people of the same table as the mentors of each other.
    pub(super) fn as_other_side(&self) -> Self {
        Self {
            role: Role::Mentor,
            ..self.clone()
        }
    }

    pub(super) fn columns(self, words: &mut Words, index: &Index) -> Result<People, Error> {
        let role = self.role;
        let mut out = People::none(role, self.people.len(), self.present);
        out.table = self.table;
        for name in self.extra {
            out.extra.insert(name, ExtraColumn::default());
        }
        for (row, person) in self.people {
            let wishes = person
                .preferences
                .as_deref()
                .map(|ids| index.wishes(role, &person.id, ids))
                .transpose()
                .map_err(|error| error.in_table(self.table).in_row(row as usize))?;
            out.push(row, person, wishes, words);
        }
        Ok(out)
    }
}

impl Person {
    /// Adds the fields that this person has a value for.
    fn fields(&self, present: &mut BTreeSet<Field>) {
        present.insert(Field::Id);
        let known = [
            (Field::Grade, self.grade.is_some()),
            (Field::Site, self.site.is_some()),
            (Field::Interests, self.interests.is_some()),
            (Field::Goals, self.goals.is_some()),
            (Field::Strengths, self.strengths.is_some()),
            (Field::Languages, self.languages.is_some()),
            (Field::Slots, self.slots.is_some()),
            (Field::Gender, self.gender.is_some()),
            (Field::LoadMin, self.load_min.is_some()),
            (Field::LoadMax, self.load_max.is_some()),
            (Field::Consent, self.consent.is_some()),
            (Field::Screened, self.screened.is_some()),
            (Field::Trained, self.trained.is_some()),
            (Field::RequiresLanguage, self.requires_language.is_some()),
            (
                Field::RequiresSameGender,
                self.requires_same_gender.is_some(),
            ),
            (Field::Priority, self.priority.is_some()),
            (Field::Preferences, self.preferences.is_some()),
            (Field::Embedding, self.embedding.is_some()),
        ];
        present.extend(
            known
                .iter()
                .filter(|(_, is_known)| *is_known)
                .map(|(field, _)| field),
        );
    }
}

fn check_loads(person: &Person) -> Result<(), Error> {
    for (field, load) in [
        (Field::LoadMin, person.load_min),
        (Field::LoadMax, person.load_max),
    ] {
        if let Some(load) = load.filter(|load| *load > MAX_LOAD) {
            return Err(
                Error::input(format!("a load is a whole number from 0 to {MAX_LOAD}"))
                    .in_column(field.name())
                    .with_value(&load.to_string()),
            );
        }
    }
    if let (Some(min), Some(max)) = (person.load_min, person.load_max)
        && min > max
    {
        return Err(
            Error::input(format!("load_min is above load_max, which is {max}"))
                .in_column("load_min")
                .with_value(&min.to_string()),
        );
    }
    if let Some(tier) = person.priority.filter(|tier| *tier > MAX_PRIORITY) {
        return Err(Error::input(format!(
            "a priority is a whole number from 0 to {MAX_PRIORITY}"
        ))
        .in_column("priority")
        .with_value(&tier.to_string()));
    }
    Ok(())
}

/// Every embedding is of as many numbers as the first.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming table, row and column.
pub(super) fn embeddings_are_alike(sides: [&Sorted; 2]) -> Result<(), Error> {
    let mut first: Option<(usize, &str, u32)> = None;
    for side in sides {
        let table = side.table;
        let mut given: Vec<_> = side
            .people
            .iter()
            .filter_map(|(row, person)| Some((*row, person.embedding.as_ref()?)))
            .collect();
        given.sort_by_key(|(row, _)| *row);
        for (row, embedding) in given {
            let place = |error: Error| {
                let error = error.in_table(table).in_row(row as usize);
                error.in_column(Field::Embedding.name())
            };
            let dimensions = embedding.dimensions().map_err(place)?;
            if dimensions == 0 {
                continue;
            }
            let (needed, other, other_row) = *first.get_or_insert((dimensions, table, row));
            if dimensions != needed {
                return Err(place(Error::input(format!(
                    "an embedding of {dimensions} numbers, but the one in row {other_row} of {other} has {needed}"
                ))));
            }
        }
    }
    Ok(())
}

pub(super) fn no_id_on_both_sides(mentees: &Sorted, mentors: &Sorted) -> Result<(), Error> {
    let mentee_ids: HashMap<&str, u32> = mentees
        .people
        .iter()
        .map(|(row, person)| (person.id.as_str(), *row))
        .collect();
    for (row, mentor) in &mentors.people {
        if let Some(mentee_row) = mentee_ids.get(mentor.id.as_str()) {
            return Err(
                Error::input(format!("the id is also a mentee's, in row {mentee_row}"))
                    .in_table("mentors")
                    .in_row(*row as usize)
                    .in_column("id")
                    .with_value(&mentor.id),
            );
        }
    }
    Ok(())
}
