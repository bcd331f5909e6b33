//! Which numbers a report for sharing withholds.
//!
//! A count of 1 to 9 people could tell something of one of them, so it is withheld; a count of nobody tells nothing of
//! anybody. But sums are printed, too, and a single number that is missing from a sum can be worked out
//! (complementary disclosure). Here it is up to two tables of the same people, by school and by grade, and their total.
//!
//! Let schools and grades be the nodes of a graph with an edge where a school has people of a grade, and take its
//! connected parts. All that can be worked out from printed rows is that in each part the schools and the
//! grades add up to the same, and that the parts add up to the total. So a withheld number cannot be worked out
//! if its part withholds another one of the same table. Where a part has no other, all of it is withheld and it is taken
//! together with a second part, of which a school and a grade are withheld in turn. The sum of what one table of a part
//! withholds *can* be worked out, so that must not be small, either.

use std::collections::BTreeSet;

use petgraph::unionfind::UnionFind;

/// Fewer people than this are few.
pub(super) const FEW: u64 = 10;

/// Whether a number is withheld for itself.
pub(super) fn is_few(number: u64) -> bool {
    (1..FEW).contains(&number)
}

/// A number of people in a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The connected part of the tables that it belongs to.
    pub(super) part: usize,
    /// Which of the tables it stands in.
    pub(super) table: usize,
    pub(super) people: u64,
}

/// Withholds the rows with few people, and as many more as it takes. Some may be withheld already.
pub(super) fn withhold(rows: &[Row], withheld: &mut [bool]) {
    let mut rows = rows.to_vec();
    for (row, hidden) in rows.iter().zip(&mut *withheld) {
        *hidden |= is_few(row.people);
    }
    while let Some((part, table)) = unsafe_group(&rows, withheld) {
        let shown = (0..rows.len()).filter(|ix| {
            let row = rows[*ix];
            !withheld[*ix] && row.people > 0 && (row.part, row.table) == (part, table)
        });
        if let Some(smallest) = shown.min_by_key(|ix| rows[*ix].people) {
            withheld[smallest] = true;
            continue;
        }
        for (row, hidden) in rows.iter().zip(&mut *withheld) {
            *hidden |= row.part == part && row.people > 0;
        }
        let others = rows.iter().filter(|row| row.part != part && row.people > 0);
        let Some(other) = others.min_by_key(|row| row.people).map(|row| row.part) else {
            return;
        };
        for row in &mut rows {
            if row.part == other {
                row.part = part;
            }
        }
    }
}

/// A part and table of which something small can be worked out.
fn unsafe_group(rows: &[Row], withheld: &[bool]) -> Option<(usize, usize)> {
    let groups: BTreeSet<(usize, usize)> = rows.iter().map(|row| (row.part, row.table)).collect();
    groups.into_iter().find(|group| {
        let inside = rows.iter().zip(withheld);
        let inside: Vec<u64> = inside
            .filter(|(row, hidden)| **hidden && (row.part, row.table) == *group)
            .map(|(row, _)| row.people)
            .filter(|people| *people > 0)
            .collect();
        let secret = inside.iter().any(|people| is_few(*people));
        secret && (inside.len() < 2 || is_few(inside.iter().sum()))
    })
}

/// The connected parts of a graph between schools and grades, by the edges that it has: the part of each node, of which
/// the schools come first.
pub(super) fn parts(
    schools: usize,
    grades: usize,
    edges: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<usize> {
    let mut parts = UnionFind::new(schools + grades);
    for (school, grade) in edges {
        parts.union(school, schools + grade);
    }
    parts.into_labeling()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_one_table(people: &[u64]) -> Vec<bool> {
        let rows: Vec<Row> = people
            .iter()
            .map(|&people| Row {
                part: 0,
                table: 0,
                people,
            })
            .collect();
        let mut withheld = vec![false; rows.len()];
        withhold(&rows, &mut withheld);
        withheld
    }

    #[test]
    fn few_are_withheld_with_the_smallest_other_number() {
        assert_eq!(of_one_table(&[10, 0, 50]), [false; 3]);
        assert_eq!(of_one_table(&[40, 3, 30]), [false, true, true]);
        // Two are not enough if their sum is small.
        assert_eq!(of_one_table(&[4, 3, 30, 90]), [true, true, true, false]);
        assert_eq!(of_one_table(&[9, 9, 30]), [true, true, false]);
        assert_eq!(of_one_table(&[3]), [true]);
    }

    /// Whether `wanted` is a sum of multiples of the vectors, all modulo a large prime.
    fn is_in_span(vectors: &[Vec<i128>], wanted: &[i128]) -> bool {
        const PRIME: i128 = (1 << 61) - 1;
        let rank = |vectors: &[Vec<i128>]| {
            let mut rows = vectors.to_vec();
            let mut rank = 0;
            for column in 0..wanted.len() {
                let Some(pivot) = (rank..rows.len()).find(|row| rows[*row][column] != 0) else {
                    continue;
                };
                rows.swap(rank, pivot);
                let top = rows[rank].clone();
                for row in &mut rows[rank + 1..] {
                    let (own, theirs) = (row[column], top[column]);
                    for (cell, above) in row.iter_mut().zip(&top) {
                        *cell = (*cell * theirs - above * own).rem_euclid(PRIME);
                    }
                }
                rank += 1;
            }
            rank
        };
        let mut with = vectors.to_vec();
        with.push(wanted.to_vec());
        rank(vectors) == rank(&with)
    }

    proptest! {
        #[test]
        fn no_small_number_follows_from_printed_ones(
            cells in proptest::collection::vec(prop_oneof![2 => Just(0u64), 2 => 1u64..8, 2 => 8u64..60], 20),
            grades in 1usize..5,
        ) {
            let schools = cells.len() / grades;
            let cells = &cells[..schools * grades];
            let edges = (0..cells.len()).filter(|ix| cells[*ix] > 0);
            let parts = parts(schools, grades, edges.map(|ix| (ix / grades, ix % grades)));
            let members = |row: usize| -> Vec<i128> {
                let belongs = |ix: usize| match row.checked_sub(schools) {
                    None => ix / grades == row,
                    Some(grade) => ix % grades == grade,
                };
                // Who knows that there is nobody in a cell knows it anyhow.
                (0..cells.len()).map(|ix| i128::from(belongs(ix) && cells[ix] > 0)).collect()
            };
            let rows: Vec<Row> = (0..schools + grades)
                .map(|row| Row {
                    part: parts[row],
                    table: usize::from(row >= schools),
                    people: members(row).iter().zip(cells).map(|(is, people)| *is as u64 * people).sum(),
                })
                .collect();
            let total: u64 = cells.iter().sum();
            prop_assume!(!is_few(total));
            let mut withheld = vec![false; rows.len()];
            withhold(&rows, &mut withheld);
            let printed = (0..rows.len()).filter(|row| !withheld[*row]).map(members);
            let everybody = cells.iter().map(|people| i128::from(*people > 0)).collect();
            let printed: Vec<Vec<i128>> = printed.chain([everybody]).collect();
            for row in (0..rows.len()).filter(|row| is_few(rows[*row].people)) {
                prop_assert!(withheld[row]);
                prop_assert!(!is_in_span(&printed, &members(row)), "row {row} of {rows:?}: {withheld:?}");
            }
        }
    }
}
