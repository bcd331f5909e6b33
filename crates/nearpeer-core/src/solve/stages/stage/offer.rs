//! Matches that come up on the way, and the integer program that looks for better ones.

use std::collections::HashMap;

use super::super::chosen_of;
use super::super::decided::Decided;
use super::super::price::View;
use super::{Evaluated, Incumbent, LOOK_COLUMNS, MODEL_COLUMNS, SEAT_COLUMNS, Stage};
use crate::error::{Error, ErrorKind};
use crate::program::Chosen;
use crate::program::master::{Placed, Task, WithSeats, choose, choose_with_seats, tie};
use crate::progress::Phase;

impl Stage<'_> {
    /// Offers the columns that are chosen, if they are chosen whole.
    pub(super) fn offer_whole(&mut self, chosen: &[f64]) {
        const NEAR: f64 = 1e-6;
        if chosen.iter().any(|part| *part > NEAR && *part < 1.0 - NEAR) {
            return;
        }
        let columns = self.master.columns().iter().zip(chosen);
        let pairs = columns.filter(|(_, part)| **part > 0.5);
        let pairs: Vec<Placed> = pairs.map(|(pair, _)| *pair).collect();
        self.offer(pairs);
    }

    /// Keeps a match, if it is better than the best so far and within every limit.
    fn offer(&mut self, mut pairs: Vec<Placed>) {
        pairs.sort_unstable();
        let program = &self.part.program;
        let chosen = chosen_of(&pairs);
        let twice = chosen
            .windows(2)
            .any(|two| (two[0].mentee, two[0].mentor) == (two[1].mentee, two[1].mentor));
        let is_allowed = program.allows(&chosen)
            && self.keeps_places(&pairs, &chosen)
            && self.keeps_modes(&pairs);
        if twice || !is_allowed || !self.candidates.hold(&self.part.counts(&pairs)) {
            return;
        }
        let values = program.values(&chosen);
        let held = self.held.iter().zip(&values);
        if held.into_iter().any(|((_, least), value)| value < least) {
            return;
        }
        if values > self.best.values {
            *self.best = Incumbent { pairs, values };
        }
    }

    /// Whether pairs keep within the limits that depend on where they meet.
    fn keeps_places(&self, pairs: &[Placed], chosen: &[Chosen]) -> bool {
        let program = &self.part.program;
        let mut rows = program.rows.iter().filter(|row| row.by_place).peekable();
        if rows.peek().is_none() {
            return true;
        }
        let [mentees, mentors] = program.loads(chosen);
        rows.all(|row| {
            let placed = pairs.iter();
            let placed = placed.map(|pair| (pair.mentee, pair.mentor, pair.spot));
            row.total(placed, [&mentees, &mentors]) <= row.limit
        })
    }

    /// Whether all pairs of every mentor are of one mode.
    fn keeps_modes(&self, pairs: &[Placed]) -> bool {
        if self.part.modes.count() == 1 {
            return true;
        }
        let mut shared: HashMap<u32, Vec<u32>> = HashMap::new();
        for pair in pairs {
            let own = self
                .part
                .modes
                .of_pair(pair.mentee as usize, pair.place as usize);
            let own: Vec<u32> = own.collect();
            let modes = shared.entry(pair.mentor).or_insert_with(|| own.clone());
            modes.retain(|mode| own.contains(mode));
        }
        shared.values().all(|modes| !modes.is_empty())
    }

    /// Looks for the best match within these capacities by the integer program on the pairs that can be in a better
    /// one than the best so far.
    pub(super) fn choose(&mut self, capacities: &[u32]) -> Result<(), Error> {
        self.choose_within(capacities, MODEL_COLUMNS)
    }

    pub(super) fn choose_within(&mut self, capacities: &[u32], most: usize) -> Result<(), Error> {
        let none = Decided::default();
        let cuts = self.cuts.iter();
        let Some(cut) = cuts.min_by_key(|cut| cut.bound(capacities)) else {
            return Ok(());
        };
        if !self.is_open(cut.bound(capacities)) {
            return Ok(());
        }
        let gap = cut.bound(capacities) - i128::from(self.value()) * self.unit();
        let view = View::new(self.part, self.level, &self.held, &cut.prices, &none);
        let columns = view.within(gap, most, self.interrupt)?;
        let columns = columns.unwrap_or_else(|| self.master.columns().to_vec());
        if columns.len() > most {
            return Ok(());
        }
        self.choose_among(capacities, &columns)
    }

    /// Looks for a match within these capacities: among the columns that the linear program chooses parts of, and then
    /// as [`choose`](Self::choose).
    pub(in crate::solve::stages) fn choose_of(
        &mut self,
        capacities: &[u32],
        chosen: &[f64],
    ) -> Result<(), Error> {
        let columns = self.master.columns().iter().zip(chosen);
        let columns = columns.filter(|(_, part)| **part > 1e-9);
        let columns: Vec<Placed> = columns.map(|(pair, _)| *pair).collect();
        self.choose_among(capacities, &columns)?;
        self.choose_within(capacities, LOOK_COLUMNS)
    }

    /// Looks for a match by the integer program that has seats, too, on the pairs that can be in a better match than the best so
    /// far, or on those that are known if that is too many.
    pub(in crate::solve::stages) fn choose_with_seats(
        &mut self,
        root: &Evaluated,
        nodes: i32,
    ) -> Result<(), Error> {
        let none = Decided::default();
        let gap = self.gap(root.bound);
        let view = View::new(self.part, self.level, &self.held, &root.prices, &none);
        let near = view.within(gap, SEAT_COLUMNS, self.interrupt)?;
        let known = self.master.columns();
        let columns = match near {
            Some(near) => near,
            None if known.len() <= SEAT_COLUMNS => known.to_vec(),
            None => return Ok(()),
        };
        self.interrupt.enter(Phase::Linear);
        // All together less than one mentee, so that none is left for a better score.
        let task = self.task(tie(&self.part.program, self.level) / (1.0 + self.greatest as f64));
        let staffing = &self.part.meetings.staffing;
        let found = choose_with_seats(
            &self.part.program,
            &task,
            &self.part.modes,
            staffing,
            &columns,
            nodes,
            self.interrupt,
        );
        match found {
            Ok(Some(WithSeats { chosen, seats })) => {
                let seats = seats.iter().map(|taken| f64::from(u8::from(*taken)));
                let placed = staffing.nearest(&seats.collect::<Vec<f64>>());
                self.candidates.add(staffing.held(&placed), placed);
                let pairs = columns.iter().zip(chosen).filter(|(_, chosen)| *chosen);
                self.offer(pairs.map(|(pair, _)| *pair).collect());
                Ok(())
            }
            Ok(None) => self.interrupt.check(),
            // Only a start.
            Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What is asked of an integer program, in which nothing held may be missed.
    fn task(&self, tie: f64) -> Task {
        Task {
            level: self.level,
            held: self.held.clone(),
            penalty: self.most_penalty,
            missing: self.most_penalty,
            tie,
        }
    }

    fn choose_among(&mut self, capacities: &[u32], columns: &[Placed]) -> Result<(), Error> {
        self.interrupt.enter(Phase::Linear);
        let task = self.task(0.0);
        match choose(
            &self.part.program,
            &task,
            &self.part.modes,
            capacities,
            columns,
            self.interrupt,
        ) {
            Ok(chosen) => {
                let pairs = columns.iter().zip(chosen).filter(|(_, chosen)| *chosen);
                self.offer(pairs.map(|(pair, _)| *pair).collect());
                Ok(())
            }
            // Only a start: the tree finds the optimum without it.
            Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
            Err(error) => Err(error),
        }
    }
}
