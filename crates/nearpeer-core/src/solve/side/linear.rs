//! Prices of several side rows from the linear program. They are hints: the bound is worked out from them in
//! integers.

use std::collections::HashSet;

use super::node::{Decided, Point};
use super::{Search, stored};
use crate::certificate::Level;
use crate::error::{Error, ErrorKind};
use crate::program::SIDE_UNIT;
use crate::program::linear::{LevelDuals, Linear};
use crate::progress::Phase;

/// Rounds of new columns.
const ROUNDS: usize = 30;

/// How often the price of a level that is to be at least so great is doubled.
const DOUBLINGS: u32 = 8;

/// Beyond what floating point leaves of a whole number, and less than a fraction of a mentee.
const WHOLE: f64 = 1e-4;

/// Looks for better prices where no pair is decided: solves the linear program on the network's columns, has the network
/// price all pairs at the prices found, adds the columns that it wants, and so on until it wants none.
pub(super) fn tighten(
    search: &mut Search,
    point: &mut Point,
    decided: &Decided,
) -> Result<(), Error> {
    match rounds(search, point, decided) {
        // Where numbers are too large for floating point, the search does without.
        Err(error) if error.kind() == ErrorKind::Solver => Ok(()),
        ended => ended.map(|_| ()),
    }
}

/// The first level that counts covered mentees, is not decided, and of which the linear program has more than the incumbent,
/// by its place; the last level hides nothing. Prices become better on the way.
pub(super) fn open_level(
    search: &mut Search,
    point: &mut Point,
    decided: &Decided,
) -> Result<Option<usize>, Error> {
    let duals = match rounds(search, point, decided) {
        Err(error) if error.kind() == ErrorKind::Solver => return Ok(None),
        duals => duals?,
    };
    let program = search.program;
    let values = program.values(&search.best.chosen);
    if !program.levels.is_feasible(&values) || !search.is_open(point.bound) {
        return Ok(None);
    }
    let levels = program.levels.iter().zip(&values).zip(&duals).enumerate();
    let mut levels = levels.take(values.len() - 1);
    let open = levels.find(|(place, (((level, _), value), duals))| {
        let counts = matches!(
            level,
            Level::Priority(_) | Level::Transition | Level::Coverage
        );
        let is_decided = decided.levels.iter().any(|level| level.place == *place);
        counts && !is_decided && duals.value > **value as f64 + WHOLE
    });
    Ok(open.map(|(place, _)| place))
}

/// Gives the duals of the last linear program.
fn rounds(
    search: &mut Search,
    point: &mut Point,
    decided: &Decided,
) -> Result<Vec<LevelDuals>, Error> {
    let program = search.program;
    let columns = stored(program, &search.network);
    let mut known: HashSet<(u32, u32)> = HashSet::new();
    for (mentee, columns) in (0u32..).zip(&columns) {
        known.extend(columns.iter().map(|(mentor, _)| (mentee, *mentor)));
    }
    let mut most = vec![None; program.levels.iter().count()];
    for level in decided.levels.iter().filter(|level| !level.at_least) {
        most[level.place] = Some(level.value);
    }
    let mut linear = Linear::new(program, &columns, &search.best.chosen)?;
    let mut duals = Vec::new();
    for _ in 0..ROUNDS {
        if !search.is_open(point.bound) {
            break;
        }
        search.interrupt.enter(Phase::Linear);
        duals = linear.solve(&most, search.interrupt)?;
        follow(search, point, decided, &duals)?;
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
    Ok(duals)
}

/// Asks the network at the prices of a linear program. A level that is to be greater than the program allows has ever
/// higher prices, which all others follow, until the bound says that it cannot be.
fn follow(
    search: &mut Search,
    point: &mut Point,
    decided: &Decided,
    duals: &[LevelDuals],
) -> Result<(), Error> {
    let rises = match decided.levels.iter().any(|level| level.at_least) {
        true => 1..=DOUBLINGS,
        false => 0..=0,
    };
    for rise in rises {
        let side = search.program.side.len();
        let mut rows = combined(duals, side, decided, rise);
        for (row, price) in rows.iter_mut().enumerate() {
            *price = (*price).clamp(0, search.dearest(row, decided));
        }
        let there = search.ask(rows, decided)?;
        search.mix(&point.line, &there.line);
        search.keep(there.line.clone());
        let is_better = there.bound < point.bound;
        if is_better {
            *point = there;
        }
        if !search.is_open(point.bound) {
            break;
        }
    }
    Ok(())
}

/// The prices of the combined objective, in units of `1 / SIDE_UNIT`, from those of its levels: of the side rows, then of
/// the levels that are decided.
///
/// A level's duals prove `value_g + Σ_h t_gh·value_h ≤ ...` for the levels `h` held before it. With factors
/// `λ_g` such that `λ_h = W_h − Σ_{g > h} λ_g·t_gh`, the sum of these inequalities bounds `Σ W_g·value_g`, and a
/// side row's price in it is `Σ λ_g·s_g`; so is that of a level's greatest value. A level that is to be at least so great
/// weighs `2^rise` times as much, and what it weighs more is its price.
fn combined(duals: &[LevelDuals], rows: usize, decided: &Decided, rise: u32) -> Vec<i128> {
    let unit = i128::from(SIDE_UNIT);
    // Prices of counts are fractions with small denominators, which this rounding restores.
    let whole = |price: f64| (price * SIDE_UNIT as f64).round() as i128;
    let mut left: Vec<i128> = duals.iter().map(|level| level.weight * unit).collect();
    let mut of_levels = vec![0i128; decided.levels.len()];
    for (level, price) in decided.levels.iter().zip(&mut of_levels) {
        if level.at_least {
            *price = left[level.place].saturating_mul((1 << rise) - 1);
        }
    }
    for (level, price) in decided.levels.iter().zip(&of_levels) {
        left[level.place] = left[level.place].saturating_add(*price);
    }
    let mut side = vec![0i128; rows];
    for (ix, level) in duals.iter().enumerate().rev() {
        let factor = left[ix].max(0);
        for (left, price) in left.iter_mut().zip(&level.held) {
            *left = left.saturating_sub(factor.saturating_mul(whole(*price)) / unit);
        }
        let add = |sum: &mut i128, price: f64| {
            *sum = sum.saturating_add(factor.saturating_mul(whole(price)) / unit);
        };
        for (sum, price) in side.iter_mut().zip(&level.side) {
            add(sum, *price);
        }
        for (bounded, sum) in decided.levels.iter().zip(&mut of_levels) {
            if !bounded.at_least {
                add(sum, level.most[bounded.place]);
            }
        }
    }
    side.append(&mut of_levels);
    side
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
            let none = Decided::default();
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
                search.polish(point, &Decided::default())
            });
            let by_program = bounds(&quota, |search, point| {
                tighten(search, point, &Decided::default())
            });
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
                let none = Decided::default();
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
                    linear.solve(&[], search.interrupt).expect("duals");
                    linear.add(&later).expect("columns");
                }
                let duals = linear.solve(&[], search.interrupt).expect("duals");
                let side = combined(&duals, 2, &none, 0);
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
