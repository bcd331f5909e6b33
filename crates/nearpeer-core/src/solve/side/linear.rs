//! Prices of several side rows from the linear program. They are hints: the bound is worked out from them in
//! integers.

use std::collections::HashSet;

use super::{Fixings, Point, Search, stored};
use crate::error::{Error, ErrorKind};
use crate::program::SIDE_UNIT;
use crate::program::linear::{LevelDuals, Linear};
use crate::progress::Phase;

/// Rounds of new columns.
const ROUNDS: usize = 30;

/// Looks for better prices at the root: solves the linear program on the network's columns, has the network
/// price all pairs at the prices found, adds the columns that it wants, and so on until it wants none.
pub(super) fn tighten(search: &mut Search, point: &mut Point) -> Result<(), Error> {
    match rounds(search, point) {
        // Where numbers are too large for floating point, the search does without.
        Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
        ended => ended,
    }
}

fn rounds(search: &mut Search, point: &mut Point) -> Result<(), Error> {
    let program = search.program;
    let columns = stored(program, &search.network);
    let mut known: HashSet<(u32, u32)> = HashSet::new();
    for (mentee, columns) in (0u32..).zip(&columns) {
        known.extend(columns.iter().map(|(mentor, _)| (mentee, *mentor)));
    }
    let mut linear = Linear::new(program, &columns, &search.best.chosen)?;
    for _ in 0..ROUNDS {
        if !search.is_open(point.bound) {
            break;
        }
        search.interrupt.enter(Phase::Linear);
        let duals = linear.solve(search.interrupt)?;
        let side = combined(&duals, program.side.len(), 4 * search.large);
        let there = search.ask(side, &Fixings::new())?;
        search.mix(&point.line, &there.line);
        search.keep(there.line.clone());
        if there.bound < point.bound {
            *point = there;
        }
        let mut new = Vec::new();
        for (mentee, columns) in (0u32..).zip(stored(program, &search.network)) {
            let columns = columns.into_iter();
            let columns = columns.filter(|(mentor, _)| known.insert((mentee, *mentor)));
            new.extend(columns.map(|(mentor, score)| (mentee, mentor, score)));
        }
        if new.is_empty() {
            break;
        }
        linear.add(&new)?;
    }
    Ok(())
}

/// The prices of the combined objective, in units of `1 / SIDE_UNIT`, from those of its levels.
///
/// A level's duals prove `value_g + Σ_h t_gh·value_h ≤ ...` for the levels `h` held before it. With factors
/// `λ_g` such that `λ_h = W_h − Σ_{g > h} λ_g·t_gh`, the sum of these inequalities bounds `Σ W_g·value_g`, and a
/// side row's price in it is `Σ λ_g·s_g`.
fn combined(duals: &[LevelDuals], rows: usize, most: i128) -> Vec<i128> {
    let unit = i128::from(SIDE_UNIT);
    // Prices of counts are fractions with small denominators, which this rounding restores.
    let whole = |price: f64| (price * SIDE_UNIT as f64).round() as i128;
    let mut left: Vec<i128> = duals.iter().map(|level| level.weight * unit).collect();
    let mut side = vec![0i128; rows];
    for (ix, level) in duals.iter().enumerate().rev() {
        let factor = left[ix].max(0);
        for (left, price) in left.iter_mut().zip(&level.held) {
            *left = left.saturating_sub(factor.saturating_mul(whole(*price)) / unit);
        }
        for (sum, price) in side.iter_mut().zip(&level.side) {
            *sum = sum.saturating_add(factor.saturating_mul(whole(*price)) / unit);
        }
    }
    side.into_iter().map(|price| price.clamp(0, most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Interrupt;
    use crate::matching::Options;
    use crate::pairs::RosterPairs;
    use crate::program::IntegerProgram;
    use crate::programme::{PairProperty, Program, Quota};
    use crate::roster::{Grade, Person, Role, Roster};

    /// A district in which sites lack mentors where they have mentees, and interests are many.
    fn district() -> Roster {
        let mut builder = Roster::builder();
        for ix in 0..90usize {
            let role = if ix < 60 { Role::Mentee } else { Role::Mentor };
            let grade = if ix < 60 { 6 + ix % 2 } else { 9 + ix % 3 };
            let site = if ix < 60 { ix * ix % 7 / 3 } else { ix % 3 };
            let words = (1..5).map(|step| format!("interest {}", ix * step * 31 % 17));
            let person = Person::new(format!("{}{ix}", role.as_str()))
                .grade(Grade::new(grade as i64).expect("a grade"))
                .site(format!("site {site}"))
                .with("club", format!("club {}", ix * 5 % 4).as_str())
                .priority(ix as u32 % 3)
                .interests(words);
            builder.push(role, person.load_max(1 + u32::from(role == Role::Mentor)));
        }
        builder.build().expect("a roster")
    }

    fn with_search<T>(quotas: Vec<Quota>, look: impl FnOnce(&mut Search) -> T) -> T {
        let roster = district();
        let mut settings = Program {
            quotas,
            ..Program::default()
        };
        settings.eligibility.site = false;
        let pairs = RosterPairs::compile(&roster, &settings).expect("rules");
        let program = IntegerProgram::of_roster(&pairs, &roster, &settings).expect("a program");
        let interrupt = Interrupt::new(&Options::default());
        look(&mut Search::new(&program, &interrupt))
    }

    fn bound(search: &Search, point: &Point) -> i128 {
        point.bound.div_euclid(search.unit)
    }

    /// The bound at prices of 0, and the one after `improve`.
    fn bounds(
        quota: &Quota,
        improve: impl FnOnce(&mut Search, &mut Point) -> Result<(), Error>,
    ) -> [i128; 2] {
        with_search(vec![quota.clone()], |search| {
            let none = Fixings::new();
            let mut point = search.ask(vec![0], &none).expect("a point");
            let before = bound(search, &point);
            improve(search, &mut point).expect("prices");
            [before, bound(search, &point)]
        })
    }

    #[test]
    fn one_row_has_the_price_that_cuts_find() {
        for at_most in [0, 1, 5, 12, 20] {
            let quota = Quota::at_most("buses", PairProperty::CrossSite, at_most);
            let by_cuts = bounds(&quota, |search, point| {
                search.polish(point, &Fixings::new())
            });
            let by_program = bounds(&quota, tighten);
            assert_eq!(by_cuts, by_program, "{at_most}");
            assert!(by_cuts[1] < by_cuts[0], "{at_most}");
        }
    }

    #[test]
    fn columns_that_come_later_are_worth_as_much_as_the_first() {
        let quotas = || {
            let club = PairProperty::Different("club".into());
            vec![
                Quota::at_most("buses", PairProperty::CrossSite, 9),
                Quota::at_most("clubs", club, 15),
            ]
        };
        let solved = |kept: usize| {
            with_search(quotas(), |search| {
                let none = Fixings::new();
                search.ask(vec![0, 0], &none).expect("a point");
                let mut columns = stored(search.program, &search.network);
                let mut later = Vec::new();
                for (mentee, columns) in (0u32..).zip(&mut columns) {
                    let cut = kept.min(columns.len());
                    let rest = columns.drain(cut..);
                    later.extend(rest.map(|(mentor, score)| (mentee, mentor, score)));
                }
                let mut linear = Linear::new(search.program, &columns, &[]).expect("a model");
                if !later.is_empty() {
                    linear.solve(search.interrupt).expect("duals");
                    linear.add(&later).expect("columns");
                }
                let duals = linear.solve(search.interrupt).expect("duals");
                let side = combined(&duals, 2, 4 * search.large);
                let point = search.ask(side, &none).expect("a point");
                (later.len(), bound(search, &point))
            })
        };
        let (none, whole) = solved(usize::MAX);
        let (later, in_two_parts) = solved(3);
        assert_eq!((none, whole), (0, in_two_parts));
        assert!(later > 100, "{later}");
    }
}
