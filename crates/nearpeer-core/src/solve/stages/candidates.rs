//! The capacities that a solve looks at: all that there are, or those of staffings that promise the most.

use crate::program::Staffing;

/// Capacities, and where leaders are for them.
pub(super) struct Candidates {
    /// Whether these are all.
    pub(super) are_all: bool,
    pub(super) capacities: Vec<Box<[u32]>>,
    /// By capacities, the places of every leader; none where that is worked out afterwards.
    placed: Vec<Vec<Vec<usize>>>,
}

impl Candidates {
    pub(super) fn new(staffing: &Staffing) -> Self {
        Self {
            are_all: staffing.listed().is_some(),
            capacities: staffing.listed().unwrap_or_default().to_vec(),
            placed: Vec::new(),
        }
    }

    /// Adds the capacities of a staffing; `None` if they are there already.
    pub(super) fn add(&mut self, capacities: Box<[u32]>, placed: Vec<Vec<usize>>) -> Option<usize> {
        if self.capacities.contains(&capacities) {
            return None;
        }
        self.capacities.push(capacities);
        self.placed.push(placed);
        Some(self.capacities.len() - 1)
    }

    /// Whether some of the capacities hold so many pairs a place.
    pub(super) fn hold(&self, counts: &[u32]) -> bool {
        self.holding(counts).is_some()
    }

    fn holding(&self, counts: &[u32]) -> Option<usize> {
        let mut all = self.capacities.iter();
        all.position(|all| counts.iter().zip(all).all(|(count, most)| count <= most))
    }

    /// Where every leader is, so that places hold so many pairs.
    pub(super) fn placed(&self, staffing: &Staffing, counts: &[u32]) -> Vec<Vec<usize>> {
        let known = self.holding(counts).and_then(|ix| self.placed.get(ix));
        match known {
            Some(placed) => placed.clone(),
            None => staffing
                .place_leaders(counts, usize::MAX)
                .unwrap_or_default(),
        }
    }
}
