//! Co-mentoring: students of the same age in pairs, out of one table, and in triads where somebody would be left.
//!
//! # The problem
//! Every student is in at most one group. A pair is two students who may be paired; its score is the weighted
//! score of their criteria, each of which says the same in either order. A triad is three students who may all be paired
//! with each other; its score is half the sum of their three pairs' scores, rounded down, so that every student
//! counts alike: with half the mean of her scores with her partners. The levels are maximised in order: priority tiers
//! and coverage as the objective has them, then the fewest triads, then the total score.
//!
//! # The method
//! Without triads this is a maximum-weight matching in a general graph, solved by column generation: the best matching of
//! candidate pairs with its duals (`blossom`), then a streamed pass over all pairs for those that are worth more
//! than the duals (`students`), until there are none. Triads come on top, part by part: a tree over triads that could
//! be better than the best groups so far, each of whose nodes is a matching again (`part`, `triangles`). The form of the
//! proof is in [`certificate`](crate::certificate), the checker in [`verify_co_match`](crate::verify_co_match).

mod answer;
mod blossom;
mod explain;
mod levels;
mod part;
#[cfg(test)]
mod properties;
mod solve;
mod students;
mod triangles;

pub(crate) use answer::students_of;
pub use answer::{CoMatch, CoReason, Group, LeftOut, Tie};
