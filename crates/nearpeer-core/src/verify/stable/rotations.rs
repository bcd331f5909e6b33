//! All rotations, by turning every one that comes up, and which must come before which, by holding one back.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::super::fault;
use super::super::options::go_on;
use super::lists::{Listed, Lists};
use crate::certificate::Flow;
use crate::error::Error;
use crate::interrupt::StopFlag;

/// A mentee, and the mentor whom they move to.
type Step = (u32, u32);

/// The way from the best match for mentees to the best for mentors.
pub(super) struct Turning<'l> {
    lists: &'l Lists,
    first: Vec<Option<u32>>,
    /// Those who end up elsewhere.
    moving: Vec<u32>,
}

impl<'l> Turning<'l> {
    pub(super) fn new(lists: &'l Lists, first: Vec<Option<u32>>, last: Vec<Option<u32>>) -> Self {
        let moving = (0..first.len()).filter(|ix| first[*ix] != last[*ix]);
        let moving = moving.map(|ix| ix as u32).collect();
        Self {
            lists,
            first,
            moving,
        }
    }

    /// What no stable match has more of than, in micropoints, by these payments.
    pub(super) fn bound(&self, flows: &[Flow], stop: &StopFlag) -> Result<i128, Error> {
        // Every rotation with its gain, by any of its steps.
        let mut gains: Vec<i128> = Vec::new();
        let mut of_step: BTreeMap<Step, usize> = BTreeMap::new();
        self.turn(None, stop, &mut |steps, gain| {
            of_step.extend(steps.iter().map(|step| (*step, gains.len())));
            gains.push(gain);
        })?;
        let named = |step: Step| {
            let found = of_step.get(&step).copied();
            found.ok_or_else(|| fault("a payment names a rotation that does not come up"))
        };
        let mut payers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut held_back: BTreeMap<usize, Step> = BTreeMap::new();
        let mut worth = gains.clone();
        for flow in flows {
            let (payer, paid) = (named(flow.payer)?, named(flow.paid)?);
            if flow.amount < 0 {
                return Err(fault("a payment is negative"));
            }
            worth[payer] -= i128::from(flow.amount);
            worth[paid] += i128::from(flow.amount);
            payers.entry(paid).or_default().push(payer);
            held_back.insert(paid, flow.paid);
        }
        let come_after = |(paid, payers): (&usize, &Vec<usize>)| {
            let mut came = false;
            self.turn(held_back.get(paid).copied(), stop, &mut |steps, _| {
                came |= payers.contains(&of_step[&steps[0]]);
            })?;
            if came {
                return Err(fault(
                    "a payment is to a rotation that need not come before",
                ));
            }
            Ok(())
        };
        payers.par_iter().try_for_each(come_after)?;
        let pairs = self.first.iter().zip(&self.lists.of_mentee);
        let start: i128 = pairs
            .filter_map(|(mentor, list)| {
                let chosen = list.iter().find(|listed| Some(listed.who) == *mentor)?;
                Some(i128::from(chosen.score))
            })
            .sum();
        Ok(start + worth.iter().map(|worth| (*worth).max(0)).sum::<i128>())
    }

    /// Turns every rotation that comes up, but the one that has the step `held_back`; tells each with its gain.
    fn turn(
        &self,
        held_back: Option<Step>,
        stop: &StopFlag,
        tell: &mut dyn FnMut(&[Step], i128),
    ) -> Result<(), Error> {
        let lists = &self.lists.of_mentee;
        let place = |mentee: usize, mentor: u32| {
            let mut list = lists[mentee].iter();
            list.position(|listed| listed.who == mentor).unwrap_or(0)
        };
        // Where each mentee is on their list, and who is with each mentor.
        let mut at: Vec<Option<usize>> = (0..lists.len())
            .map(|mentee| self.first[mentee].map(|mentor| place(mentee, mentor)))
            .collect();
        let mut with: Vec<Vec<u32>> = vec![Vec::new(); self.lists.room.len()];
        for (mentee, mentor) in (0u32..).zip(&self.first) {
            if let Some(mentor) = mentor {
                with[*mentor as usize].push(mentee);
            }
        }
        loop {
            go_on(stop)?;
            // Where each moving mentee would move to, and who would have to go.
            let next = |mentee: u32| -> Option<(usize, u32)> {
                let from = at[mentee as usize]?;
                let list = &lists[mentee as usize];
                (from + 1..list.len()).find_map(|to| {
                    let mentor = list[to].who as usize;
                    if with[mentor].len() < self.lists.room[mentor] {
                        return None;
                    }
                    let listed = |other: u32| -> Option<&Listed> {
                        lists[other as usize].get(at[other as usize]?)
                    };
                    let worst = with[mentor]
                        .iter()
                        .filter_map(|other| Some((listed(*other)?.returned, *other)))
                        .max()?;
                    (list[to].returned < worst.0).then_some((to, worst.1))
                })
            };
            let would: BTreeMap<u32, (usize, u32)> = self
                .moving
                .iter()
                .filter_map(|mentee| Some((*mentee, next(*mentee)?)))
                .collect();
            let mut turned = false;
            for cycle in cycles(&would) {
                let step = |mentee: &u32| (*mentee, lists[*mentee as usize][would[mentee].0].who);
                let steps: Vec<Step> = cycle.iter().map(step).collect();
                if held_back.is_some_and(|held| steps.contains(&held)) {
                    continue;
                }
                turned = true;
                let mut gain = 0;
                for &(mentee, mentor) in &steps {
                    let (list, to) = (&lists[mentee as usize], would[&mentee].0);
                    if let Some(from) = at[mentee as usize].replace(to) {
                        gain += i128::from(list[to].score) - i128::from(list[from].score);
                        with[list[from].who as usize].retain(|other| *other != mentee);
                    }
                    with[mentor as usize].push(mentee);
                }
                tell(&steps, gain);
            }
            if !turned {
                return Ok(());
            }
        }
    }
}

/// The cycles of who would put whom out.
fn cycles(would: &BTreeMap<u32, (usize, u32)>) -> Vec<Vec<u32>> {
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    let mut cycles = Vec::new();
    for start in would.keys() {
        let mut path = Vec::new();
        let mut mentee = *start;
        while would.contains_key(&mentee) && !seen.contains_key(&mentee) {
            seen.insert(mentee, *start);
            path.push(mentee);
            mentee = would[&mentee].1;
        }
        if seen.get(&mentee) == Some(start)
            && let Some(begin) = path.iter().position(|other| *other == mentee)
        {
            cycles.push(path.split_off(begin));
        }
    }
    cycles
}
