//! A feasible answer from an unfinished one, when a limit comes.

use std::collections::HashSet;

use crate::program::{Chosen, Columns, IntegerProgram, SideRow};

/// Keeps what fits of the pairs `so_far`, then fills up from the columns, the most valuable first.
pub(super) fn feasible(
    program: &IntegerProgram,
    columns: &Columns,
    so_far: impl Iterator<Item = (u32, u32)>,
) -> Vec<Chosen> {
    let so_far: Vec<(u32, u32)> = so_far.collect();
    let mut all: Vec<(bool, i128, Chosen)> = Vec::new();
    for (mentee, columns) in (0u32..).zip(columns) {
        for &(mentor, score) in columns {
            let worth = program.weight(mentee, mentor, score)
                + program
                    .levels
                    .coverage(program.mentees[mentee as usize].tier);
            let kept =
                so_far.binary_search(&(mentee, mentor)).is_ok() || program.requires(mentee, mentor);
            all.push((
                kept,
                worth,
                Chosen {
                    mentee,
                    mentor,
                    score,
                },
            ));
        }
    }
    all.sort_unstable_by(|a, b| {
        let requires = |pair: &Chosen| program.requires(pair.mentee, pair.mentor);
        let first = requires(&b.2).cmp(&requires(&a.2)).then(b.0.cmp(&a.0));
        first.then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2))
    });
    let mut mentee_loads = vec![0u32; program.mentees.len()];
    let mut mentor_loads = vec![0u32; program.mentors.len()];
    let mut chosen: Vec<Chosen> = Vec::new();
    let mut side = SideRoom::new(program);
    for (_, worth, pair) in all {
        let (mentee, mentor) = (pair.mentee as usize, pair.mentor as usize);
        let covered = program.levels.coverage(program.mentees[mentee].tier);
        let worth = if mentee_loads[mentee] > 0 {
            worth - covered
        } else {
            worth
        };
        let room = mentee_loads[mentee] < program.mentees[mentee].max
            && mentor_loads[mentor] < program.mentors[mentor].max;
        let wanted = worth > 0
            || mentee_loads[mentee] < program.mentees[mentee].min
            || mentor_loads[mentor] < program.mentors[mentor].min;
        if room && wanted && side.has_room(pair.mentee, pair.mentor) {
            side.take(pair.mentee, pair.mentor);
            mentee_loads[mentee] += 1;
            mentor_loads[mentor] += 1;
            chosen.push(pair);
        }
    }
    fill_minima(
        program,
        &mut chosen,
        &mut mentee_loads,
        &mut mentor_loads,
        &mut side,
    );
    chosen.retain(|pair| {
        let mentor = pair.mentor as usize;
        mentor_loads[mentor] >= program.mentors[mentor].circle
    });
    chosen.sort_unstable();
    chosen
}

/// How many more pairs each side row has room for.
struct SideRoom<'a> {
    rows: &'a [SideRow],
    left: Vec<u32>,
}

impl<'a> SideRoom<'a> {
    fn new(program: &'a IntegerProgram) -> Self {
        Self {
            rows: &program.side,
            left: program.side.iter().map(|row| row.limit).collect(),
        }
    }

    fn has_room(&self, mentee: u32, mentor: u32) -> bool {
        let mut rows = self.rows.iter().zip(&self.left);
        rows.all(|(row, left)| *left > 0 || !row.has(mentee, mentor))
    }

    fn take(&mut self, mentee: u32, mentor: u32) {
        for (row, left) in self.rows.iter().zip(&mut self.left) {
            *left -= u32::from(row.has(mentee, mentor));
        }
    }
}

/// Gives mentees below their minimum any eligible mentors with room, those below their own minimum first.
fn fill_minima(
    program: &IntegerProgram,
    chosen: &mut Vec<Chosen>,
    mentee_loads: &mut [u32],
    mentor_loads: &mut [u32],
    side: &mut SideRoom,
) {
    let taken: HashSet<(u32, u32)> = chosen
        .iter()
        .map(|pair| (pair.mentee, pair.mentor))
        .collect();
    let mut row = Vec::new();
    for (ix, mentee) in program.mentees.iter().enumerate() {
        if mentee_loads[ix] >= mentee.min {
            continue;
        }
        program.pairs.row(ix, &mut row);
        row.retain(|(mentor, _)| {
            let has = mentor_loads[*mentor as usize];
            has < program.mentors[*mentor as usize].max && !taken.contains(&(ix as u32, *mentor))
        });
        row.sort_by_key(|(mentor, score)| {
            let short = mentor_loads[*mentor as usize] < program.mentors[*mentor as usize].min;
            (!short, std::cmp::Reverse(*score), *mentor)
        });
        let room = mentee.min.min(mentee.max) - mentee_loads[ix].min(mentee.max);
        let mut room = room;
        for &(mentor, score) in &row {
            if room == 0 || !side.has_room(ix as u32, mentor) {
                continue;
            }
            room -= 1;
            side.take(ix as u32, mentor);
            mentee_loads[ix] += 1;
            mentor_loads[mentor as usize] += 1;
            chosen.push(Chosen {
                mentee: ix as u32,
                mentor,
                score,
            });
        }
    }
}
