//! Quotas that have no room left.

use std::collections::BTreeSet;

use crate::program::{Chosen, IntegerProgram, SideRow};

/// The quotas that have no room left.
pub(super) struct FullQuotas<'p>(Vec<&'p SideRow>);

impl<'p> FullQuotas<'p> {
    pub(super) fn new(program: &'p IntegerProgram, chosen: &[Chosen]) -> Self {
        let rows = program.side.iter();
        Self(rows.filter(|row| row.count(chosen) >= row.limit).collect())
    }

    /// The names of the quotas that forbid one or another of these pairs; `None` unless there are pairs, and each is
    /// forbidden.
    pub(super) fn forbid(
        &self,
        pairs: impl IntoIterator<Item = (u32, u32)>,
    ) -> Option<Vec<String>> {
        if self.0.is_empty() {
            return None;
        }
        let mut forbid = BTreeSet::new();
        for (mentee, mentor) in pairs {
            let quotas = self.0.iter().enumerate();
            let mut of_pair = quotas.filter(|(_, row)| row.has(mentee, mentor)).peekable();
            of_pair.peek()?;
            forbid.extend(of_pair.map(|(ix, _)| ix));
        }
        let names = forbid.iter().map(|ix| self.0[*ix].name.clone());
        (!forbid.is_empty()).then(|| names.collect())
    }
}
