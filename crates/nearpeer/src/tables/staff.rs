//! Tables of leaders and of rooms, row by row.

use arrow::array::RecordBatch;
use nearpeer_core::roster::{MAX_CAPACITY, MAX_LOAD};
use nearpeer_core::{Error, Field, Leader, Room, RosterBuilder};

use super::cells::{self, Cells, Value};
use super::{Table, read_as};

/// A column named as nearly as this is a slip: `max_slot` is 0.89 near to `max_slots`.
const SLIP: f64 = 0.8;

/// Adds every leader of the table to the roster. `has_sites`: people have a column of sites.
pub(super) fn leaders(
    builder: &mut RosterBuilder,
    table: &Table,
    has_sites: bool,
) -> Result<(), Error> {
    builder.declare_leaders();
    rows(
        table,
        |batch| {
            Ok((
                Column::need(batch, "id")?,
                Column::site(batch, has_sites)?,
                Column::need(batch, "slots")?,
                Column::need(batch, "capacity")?,
                Column::find(batch, "max_slots")?,
            ))
        },
        |(id, sites, slots, capacity, max_slots), position| {
            let mut leader = Leader::new(id.read(position, |value| read_as::id(&value))?)
                .slots(slots.read(position, read_as::list)?.unwrap_or_default());
            if let Some(sites) = sites {
                leader = leader.sites(sites.read(position, read_as::list)?.unwrap_or_default());
            }
            if let Some(pairs) = capacity.read(position, pairs)? {
                leader = leader.capacity(pairs);
            }
            if let Some(column) = max_slots
                && let Some(most) = column.read(position, |value| {
                    read_as::count(&value, "a number of slots", MAX_LOAD)
                })?
            {
                leader = leader.max_slots(most);
            }
            builder.push_leader(leader);
            Ok(())
        },
    )
}

/// Adds every room of the table to the roster. `has_sites`: people have a column of sites.
pub(super) fn rooms(
    builder: &mut RosterBuilder,
    table: &Table,
    has_sites: bool,
) -> Result<(), Error> {
    builder.declare_rooms();
    rows(
        table,
        |batch| {
            Ok((
                Column::site(batch, has_sites)?,
                Column::need(batch, "slot")?,
                Column::need(batch, "capacity")?,
            ))
        },
        |(site, slot, capacity), position| {
            let word = |value: Value<'_>| read_as::word(&value);
            let mut room = Room::new(slot.read(position, word)?.unwrap_or_default());
            if let Some(column) = site
                && let Some(site) = column.read(position, word)?
            {
                room = room.site(site);
            }
            if let Some(pairs) = capacity.read(position, pairs)? {
                room = room.capacity(pairs);
            }
            builder.push_room(room);
            Ok(())
        },
    )
}

fn pairs(value: Value<'_>) -> Result<Option<u32>, Error> {
    read_as::count(&value, "a capacity, in pairs at one time,", MAX_CAPACITY)
}

/// Hands on the columns of each batch, and each row's position in them.
fn rows<C>(
    table: &Table,
    columns: impl Fn(&RecordBatch) -> Result<C, Error>,
    mut each: impl FnMut(&C, usize) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut row = 0;
    for batch in &table.batches {
        let columns = cells::check_names(batch).and_then(|()| columns(batch));
        let columns = columns.map_err(|error| error.in_table(table.name()))?;
        for position in 0..batch.num_rows() {
            row += 1;
            each(&columns, position).map_err(|error| error.in_table(table.name()).in_row(row))?;
        }
    }
    Ok(())
}

/// The cells of a column in one batch, with its name.
struct Column {
    name: &'static str,
    cells: Cells,
}

impl Column {
    fn need(batch: &RecordBatch, name: &'static str) -> Result<Self, Error> {
        let cells = cells::need(batch, name)?;
        Ok(Self { name, cells })
    }

    /// A column that need not be there, and is not there under nearly this name either.
    fn find(batch: &RecordBatch, name: &'static str) -> Result<Option<Self>, Error> {
        if let Some(cells) = cells::find(batch, name) {
            return Ok(Some(Self {
                name,
                cells: cells?,
            }));
        }
        let schema = batch.schema_ref();
        let slip = schema.fields().iter().find(|field| {
            let lower = field.name().trim().to_lowercase().replace([' ', '-'], "_");
            strsim::normalized_damerau_levenshtein(&lower, name) >= SLIP
        });
        match slip {
            Some(field) => Err(
                Error::input(format!("unknown column; did you mean `{name}`?"))
                    .in_column(field.name()),
            ),
            None => Ok(None),
        }
    }

    /// The column of sites, which must be there where people have one.
    fn site(batch: &RecordBatch, has_sites: bool) -> Result<Option<Self>, Error> {
        let name = Field::Site.name();
        if has_sites {
            Self::need(batch, name).map(Some)
        } else {
            let cells = cells::find(batch, name).transpose()?;
            Ok(cells.map(|cells| Self { name, cells }))
        }
    }

    /// What the cell at this position means.
    fn read<T>(
        &self,
        position: usize,
        read: impl FnOnce(Value<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.cells
            .get(position)
            .and_then(read)
            .map_err(|error| error.in_column(self.name))
    }
}
