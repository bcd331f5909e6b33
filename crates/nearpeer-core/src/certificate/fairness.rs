//! The proofs of the levels of fairness.

use serde::{Deserialize, Serialize};

use super::{Prices, ProofNode};
use crate::units::{MenteeIx, MentorIx};

/// The proofs of a programme that has the level `worst_off` or `leximin`.
///
/// # The lowest score
/// Let `v` be the values of the levels above, which [`nodes`](super::Certificate::nodes) prove over all pairs, and `b`
/// the bound of the lowest score. `beyond` is a proof by the same formula, of the levels above alone and over the pairs
/// that score **more** than `b`: its bound is less than `Σ W_g·v_g`. So no match of such pairs only is as
/// good in the levels above, and every match that is has a pair of score `b` or less.
///
/// # The score
/// `within` is a proof of all levels over the pairs that score `floor` or more, `floor` being no more than the match's
/// lowest score.
///
/// # The whole order
/// `order` proves the level `leximin`. It has prices not of one number but of one a score: in the place of an
/// integer there stands a vector `(a; b_0, b_1, ...)`, compared from the left, with `a` for the levels above
/// and `b_s` for the score `s`. A pair of score `s` has the weight `(W_obligations · [required]; 0, ..., −1 at s,
/// 0, ...)`, so a greater sum is a better value of the levels above and, where those are equal, fewer pairs of
/// the lowest score, then of the next, and so on. Nothing in weak duality but sums and comparisons is used, so the
/// bound holds as it does for integers:
///
/// ```text
/// bound = Σ_mentees max_{0 ≤ d ≤ max_e} ( u_e·d + F_e(d) ) + Σ_mentors max_{0 ≤ d ≤ max_m} ( v_m·d + F_m(d) )
///       + Σ_{eligible pairs that score floor or more} max( 0, w_em − u_e − v_m )
///       − (W_obligations · (number of required pairs); 0, 0, ...)
/// ```
///
/// It is the match's own vector, number by number. That settles the total score, too.
///
/// Sources: Gross, *The bottleneck assignment problem* (1959); Burkard and Rendl, *Lexicographic bottleneck problems*
/// (1991); Isermann, *Linear lexicographic optimization* (1982); see `docs/fairness.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fairness {
    /// What `within` and `order` are about: the pairs that score so much or more.
    pub floor: i64,
    /// That no match of pairs beyond the lowest score's bound is as good in the levels above; absent where the bound
    /// is the greatest score there can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<Proof>,
    /// The bound of the total score; absent where scores do not count, or `order` settles it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Proof>,
    /// The proof of every score from the lowest upwards; absent but for `leximin`, and there if a limit came before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The match that would have been best without the level; absent where scores do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<Without>,
}

/// A proof tree as a [`Certificate`](super::Certificate) has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What one unit of the combined objective counts in the prices.
    pub denominator: i64,
    /// The proof tree; node 0 is the root.
    pub nodes: Vec<ProofNode>,
}

/// Prices that are vectors: an integer for the levels above, and one for some of the scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The numbers for the levels above.
    pub above: Prices,
    /// By mentee: the numbers that are not 0, by score, ascending.
    pub mentees: Vec<Vec<ScorePrice>>,
    /// By mentor: the same.
    pub mentors: Vec<Vec<ScorePrice>>,
}

/// A score in micropoints, and the number of a price for it.
pub type ScorePrice = (i64, i64);

/// The best match of the same programme without its level of fairness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Without {
    /// Its total score in micropoints. It is as good in the levels above.
    pub score: i64,
    /// No match that is as good in the levels above has a greater total score.
    pub bound: i64,
    /// Its pairs, ascending.
    pub pairs: Vec<(MenteeIx, MentorIx)>,
}
