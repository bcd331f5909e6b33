//! A table of what things cost, for advice.

use std::collections::BTreeMap;

use nearpeer_core::{Cell, Error};

use super::{Table, cells, read_as};

/// Reads what one unit of each kind of advice costs: the columns `kind` (`training`, `mentor`, `room`, ...) and `cost`, in any
/// currency.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming row, column and value: a missing column, a kind that stands twice, or a
/// cost that is no number.
pub fn read_costs(table: &Table) -> Result<BTreeMap<String, f64>, Error> {
    let mut costs = BTreeMap::new();
    let mut row = 0;
    for batch in &table.batches {
        let in_table = |error: Error| error.in_table(table.name());
        cells::check_names(batch).map_err(in_table)?;
        let [kinds, amounts] = ["kind", "cost"].map(|name| cells::need(batch, name));
        let (kinds, amounts) = (kinds.map_err(in_table)?, amounts.map_err(in_table)?);
        for position in 0..batch.num_rows() {
            row += 1;
            let fault = |column: &str, error: Error| in_table(error).in_row(row).in_column(column);
            let kind = kinds.get(position).and_then(|value| read_as::word(&value));
            let Some(kind) = kind.map_err(|error| fault("kind", error))? else {
                let error = Error::input("every cost needs a kind");
                return Err(fault("kind", error).with_value(""));
            };
            let amount = amounts.get(position);
            let amount = amount.and_then(|value| {
                let shown = value.shown().into_owned();
                match read_as::extra(&value, true)? {
                    Cell::Number(amount) => Ok(amount),
                    _ => Err(Error::input("a cost is a number, 0 or more").with_value(&shown)),
                }
            });
            let amount = amount.map_err(|error| fault("cost", error))?;
            if costs.insert(kind.clone(), amount).is_some() {
                let error = Error::input("the kind stands in the table before");
                return Err(fault("kind", error).with_value(&kind));
            }
        }
    }
    Ok(costs)
}
