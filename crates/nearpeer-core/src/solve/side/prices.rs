//! Better prices of the rows, one row at a time.

use super::Search;
use super::envelope::{Envelope, Piece};
use super::mixture;
use super::node::{Decided, Fixed, Line, Point};
use crate::error::Error;
use crate::program::{IntegerProgram, SideRow};

/// Matches whose lines are kept, the latest.
const MAX_LINES: usize = 64;

/// Prices of one row that are tried in a go: with more, lines that are dropped could come back for ever.
const MAX_STEPS: usize = MAX_LINES / 2;

impl Search<'_> {
    /// What the match of a line is worth to the network where these pairs are decided, without prices.
    pub(super) fn worth(&self, line: &Line, decided: &Decided) -> i128 {
        let mut worth = line.value * self.unit;
        for (&pair, decision) in &decided.pairs {
            if line.has(pair) {
                worth += match decision {
                    Fixed::LeftOut => -self.large,
                    Fixed::Chosen => self.large,
                };
            }
        }
        worth
    }

    /// Improves the rows' prices one at a time, until no row's price can be improved alone.
    pub(super) fn polish(&mut self, point: &mut Point, decided: &Decided) -> Result<(), Error> {
        loop {
            let before = point.bound;
            for row in 0..point.rows.len() {
                if !self.is_open(point.bound) {
                    return Ok(());
                }
                self.improve(row, point, decided)?;
            }
            if point.bound == before || point.rows.len() == 1 {
                return Ok(());
            }
        }
    }

    /// Moves one row's price to where the bound is least.
    fn improve(&mut self, row: usize, point: &mut Point, decided: &Decided) -> Result<(), Error> {
        self.keep(point.line.clone());
        if let Some(row) = self.program.side.get(row) {
            self.keep(without(self.program, row, &point.line));
        }
        let mut other = None;
        for _ in 0..MAX_STEPS {
            let envelope = self.envelope(row, &point.rows, decided);
            let (price, least) = envelope.lowest(self.dearest(row, decided));
            if price == point.rows[row] {
                break;
            }
            let mut rows = point.rows.clone();
            rows[row] = price;
            let there = self.ask(rows, decided)?;
            self.mix(&point.line, &there.line);
            if let Some(other) = &other {
                self.mix(other, &there.line);
            }
            let news = self.piece(&there.line, row, &there.rows, decided).at(price);
            if there.bound < point.bound {
                other = Some(std::mem::replace(point, there).line);
            } else {
                other = Some(there.line.clone());
                self.keep(there.line);
            }
            self.keep(point.line.clone());
            if news <= least || !self.is_open(point.bound) {
                break;
            }
        }
        Ok(())
    }

    /// Keeps a match's line, if it is a new one.
    pub(super) fn keep(&mut self, line: Line) {
        let known = |other: &Line| (other.value, &other.counts) == (line.value, &line.counts);
        if self
            .lines
            .iter()
            .any(|other| known(other) && other.chosen == line.chosen)
        {
            return;
        }
        if self.lines.len() == MAX_LINES {
            // The first is the empty match, which no row's price can touch.
            self.lines.remove(1);
        }
        self.lines.push(line);
    }

    pub(super) fn mix(&mut self, a: &Line, b: &Line) {
        for (under, over) in [(a, b), (b, a)] {
            if let Some(chosen) = mixture::within_limits(self.program, &under.chosen, &over.chosen)
            {
                self.best.offer(self.program, chosen);
            }
        }
    }

    /// The line of a match over the price of one row, at the other rows' prices.
    pub(super) fn piece(
        &self,
        line: &Line,
        row: usize,
        prices: &[i128],
        decided: &Decided,
    ) -> Piece {
        let mut worth = self.worth(line, decided);
        for (ix, price) in prices.iter().enumerate() {
            if ix != row {
                let room = self.room(line, ix, decided);
                worth = price.saturating_mul(room).saturating_add(worth);
            }
        }
        Piece {
            worth,
            room: self.room(line, row, decided),
        }
    }

    /// How much room a match leaves in a row.
    pub(super) fn room(&self, line: &Line, row: usize, decided: &Decided) -> i128 {
        match self.program.side.get(row) {
            Some(side) => i128::from(side.limit) - line.counts[row],
            None => decided.levels[row - self.program.side.len()].room(line),
        }
    }

    /// The greatest price of a row that is tried. Where mentees may have several mentors, no first one is worth less
    /// than nothing, or a second could be worth more.
    pub(super) fn dearest(&self, row: usize, decided: &Decided) -> i128 {
        let most = 4 * self.large;
        let level = row.checked_sub(self.program.side.len());
        let Some(bounded) = level.map(|ix| decided.levels[ix]) else {
            return most;
        };
        let several = self.program.mentees.iter().any(|mentee| mentee.max > 1);
        let mut weights = self.program.levels.iter().map(|(_, weight)| weight);
        match weights.nth(bounded.place) {
            Some(weight) if several && !bounded.at_least => weight * self.unit,
            _ => most,
        }
    }

    fn envelope(&self, row: usize, prices: &[i128], decided: &Decided) -> Envelope {
        let lines = self.lines.iter();
        Envelope(
            lines
                .map(|line| self.piece(line, row, prices, decided))
                .collect(),
        )
    }
}

/// The match without the pairs that the row counts.
fn without(program: &IntegerProgram, row: &SideRow, line: &Line) -> Line {
    let kept = line.chosen.iter().copied();
    let kept = kept.filter(|pair| !row.has(pair.mentee, pair.mentor));
    Line::new(program, kept.collect())
}
