//! Leaders in a linear program: how much each place holds, and where every leader is.
//!
//! ```text
//! h_p  ∈ [0, R_p]     what a place holds           h_p ≤ Σ_l min(C_l, R_p)·y_lp   for every place
//! y_lp ∈ [0, 1]       the leader is at the place   Σ_{p in slot} y_lp ≤ 1         for every slot of a leader
//!                                                  Σ_p y_lp ≤ slots of the week   for every leader
//! z_c  ≥ 0            leaders of a crew who are    a_c ≤ Σ_{l of c} y_lp + z_c ≤ b_c, where so many are decided
//!                     missing, at a high cost
//!                     what rounding says           h_p ≤ R_p − r·(q + 1) + Σ_l c_l(d)·y_lp, where R_p = q·d + r
//! ```

use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

use super::Staffing;

/// The variables of a staffing, which come before all others of a program.
pub(crate) struct Staff {
    /// What each place holds.
    pub(crate) held: Vec<Variable>,
    pub(crate) seats: Vec<Variable>,
}

impl Staff {
    /// Seats are taken whole or, unless `is_whole`, in part; then crews may be counted, and some of them be missing.
    pub(crate) fn new(
        staffing: &Staffing,
        variables: &mut ProblemVariables,
        is_whole: bool,
    ) -> Self {
        let rooms = staffing.room().iter();
        let held = rooms.map(|room| variables.add(variable().min(0).max(*room)));
        let held = held.collect();
        let seats = staffing.seats().iter();
        let seats = seats.map(|_| {
            variables.add(match is_whole {
                true => variable().binary(),
                false => variable().min(0).max(1),
            })
        });
        let seats = seats.collect();
        for of_crew in staffing.crews().values().filter(|_| !is_whole) {
            variables.add(variable().min(0).max(of_crew.len() as f64));
        }
        Self { held, seats }
    }

    /// A row a place, in which leaders hold what it holds, then the rows of the leaders and those of roundings; none if pairs
    /// need no leader.
    pub(crate) fn constraints(&self, staffing: &Staffing) -> Vec<Constraint> {
        let Some(teams) = &staffing.teams else {
            return Vec::new();
        };
        let mut places: Vec<Expression> = self.held.iter().map(|held| (*held).into()).collect();
        let mut rows = Vec::new();
        let mut seats = self.seats.iter();
        for of_team in staffing.seats().chunk_by(|a, b| a.team == b.team) {
            let mut of_week = Expression::default();
            for of_slot in of_team.chunk_by(|a, b| a.slot == b.slot) {
                let mut in_slot = Expression::default();
                for (seat, taken) in of_slot.iter().zip(seats.by_ref()) {
                    places[seat.place].add_mul(-f64::from(seat.pairs), *taken);
                    in_slot.add_mul(1, *taken);
                    of_week.add_mul(1, *taken);
                }
                if of_slot.len() > 1 {
                    rows.push(in_slot.leq(1));
                }
            }
            rows.push(of_week.leq(teams[of_team[0].team].most as f64));
        }
        let roundings = staffing.roundings().iter().map(|rounding| {
            let mut row = Expression::from(self.held[rounding.place]);
            for (seat, adds) in &rounding.adds {
                row.add_mul(-(*adds as f64), self.seats[*seat]);
            }
            row.leq(rounding.base as f64)
        });
        let places = places.into_iter().map(|place| place.leq(0));
        places.chain(rows).chain(roundings).collect()
    }
}
