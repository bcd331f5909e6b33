//! Mixtures of two matches.

use std::collections::{BTreeMap, HashMap};

use crate::program::{Chosen, IntegerProgram};

/// The match that has `over` in as many independent parts as the side rows have room for, those first that
/// use up the most, and `under` elsewhere. `None` where even `under` breaks a limit.
///
/// The pairs in which the two differ fall into parts that share nobody, so a person has the load of either
/// match, and loads are kept.
pub(super) fn within_limits(
    program: &IntegerProgram,
    under: &[Chosen],
    over: &[Chosen],
) -> Option<Vec<Chosen>> {
    let rows = &program.side;
    let mut room: Vec<i64> = rows
        .iter()
        .map(|row| i64::from(row.limit) - i64::from(row.count(under)))
        .collect();
    if room.iter().any(|room| *room < 0) {
        return None;
    }
    let mut parts: Vec<Part> = parts(program, under, over)
        .into_values()
        .map(|pairs| {
            let uses = rows.iter().map(|row| {
                let counted = pairs.iter();
                let counted = counted.filter(|(pair, _)| row.has(pair.mentee, pair.mentor));
                counted.map(|(_, added)| if *added { 1 } else { -1 }).sum()
            });
            Part {
                uses: uses.collect(),
                pairs,
            }
        })
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.uses.iter().sum::<i64>()));
    let mut mixed: Vec<Chosen> = under.to_vec();
    for Part { uses, pairs } in parts {
        let fits = uses.iter().zip(&room).all(|(uses, room)| uses <= room);
        if !fits || uses.iter().sum::<i64>() <= 0 {
            continue;
        }
        for (room, uses) in room.iter_mut().zip(&uses) {
            *room -= uses;
        }
        for (pair, added) in pairs {
            if added {
                mixed.push(pair);
            } else {
                mixed.retain(|other| *other != pair);
            }
        }
    }
    mixed.sort_unstable();
    Some(mixed)
}

/// An independent part of the difference between two matches.
struct Part {
    /// How many more pairs each side row counts with it.
    uses: Vec<i64>,
    /// The pairs, and whether they are added or taken away.
    pairs: Vec<(Chosen, bool)>,
}

/// The pairs in which the two matches differ, by the part they belong to, and whether they are of `over`.
fn parts(
    program: &IntegerProgram,
    under: &[Chosen],
    over: &[Chosen],
) -> BTreeMap<usize, Vec<(Chosen, bool)>> {
    let mut of: HashMap<(u32, u32), i8> = HashMap::new();
    for pair in under {
        *of.entry((pair.mentee, pair.mentor)).or_default() -= 1;
    }
    for pair in over {
        *of.entry((pair.mentee, pair.mentor)).or_default() += 1;
    }
    let sides = under
        .iter()
        .map(|pair| (pair, false))
        .chain(over.iter().map(|pair| (pair, true)));
    let differ: Vec<(Chosen, bool)> = sides
        .filter(|(pair, _)| of[&(pair.mentee, pair.mentor)] != 0)
        .map(|(pair, added)| (*pair, added))
        .collect();
    let mentees = program.mentees.len();
    let mut union = Union((0..mentees + program.mentors.len()).collect());
    for (pair, _) in &differ {
        union.join(pair.mentee as usize, mentees + pair.mentor as usize);
    }
    let mut parts: BTreeMap<usize, Vec<(Chosen, bool)>> = BTreeMap::new();
    for (pair, added) in differ {
        let part = union.root(pair.mentee as usize);
        parts.entry(part).or_default().push((pair, added));
    }
    parts
}

/// Disjoint sets.
struct Union(Vec<usize>);

impl Union {
    fn root(&mut self, mut ix: usize) -> usize {
        while self.0[ix] != ix {
            self.0[ix] = self.0[self.0[ix]];
            ix = self.0[ix];
        }
        ix
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
