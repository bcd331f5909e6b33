//! The certificate: integer duals from which anybody can re-prove the bound on every objective level.
//!
//! A match `x` chooses eligible pairs. Person `p` has a dual price (`u` for mentees, `v` for mentors),
//! and every objective level `g` above the one in question has a multiplier `λ_g ≥ 0` for the promise
//! that its value is not given up again. For *any* integers in those places, weak (Lagrangian) duality
//! bounds the level's value over all matches that keep the promises:
//!
//! ```text
//! bound = Σ_mentees max_{d ∈ D_e} (u_e·d + gain_e·[d ≥ 1])
//!       + Σ_mentors max_{d ∈ D_m}  v_m·d
//!       + Σ_{eligible pairs} max(0, w_em − u_e − v_m)          (a required pair: w_em − u_e − v_m itself)
//!       − Σ_g λ_g·value_g
//! ```
//!
//! where `D` is the set of loads a person may have, `w` the score (0 in a coverage level) and `gain_e`
//! the sum of the multipliers of the coverage levels that count mentee `e` (plus 1 in such a level
//! itself). Loads of the kind 'none or at least k' are not convex. A proof therefore is a tree: a branch
//! splits on such a mentor being *closed* (load 0) or *open* (load k or more), and each leaf has duals of
//! its own. Where a mentor is neither closed nor open on the way to a leaf, its terms are replaced by the
//! exact value of its best circle, in which its own price cancels:
//!
//! ```text
//! max(0, max_{k ≤ |S| ≤ max} Σ_{e ∈ S} (w_em − u_e))
//! ```
//!
//! The bound of a level is the largest of its leaves. Duals are stored as integers in units of
//! `1 / denominator`; the bound is rounded down, for objectives are integers.
//!
//! Source: Schrijver, *Combinatorial Optimization* (2003), ch. 17 and 21 for the network; Geoffrion,
//! *Lagrangean relaxation for integer programming* (1974) for the rest.

use serde::{Deserialize, Serialize};

use crate::units::MentorIx;

/// The version of the certificate's layout.
pub const FORMAT: u32 = 1;

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Every level is proven: no match is better, and the checker has confirmed it.
    Optimal,
    /// No match satisfies every hard constraint, and the certificate proves it.
    Infeasible,
    /// A limit was reached: the match is feasible, and no better than `gap` from the bound.
    LimitReached,
}

impl Status {
    /// The status as it is written in files: `optimal`, `infeasible`, `limit_reached`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Infeasible => "infeasible",
            Self::LimitReached => "limit_reached",
        }
    }
}

/// One level of the lexicographic objective. Values are maximised in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// Minus the number of places by which minimum loads and required pairs are missed; it is 0 in every
    /// match, and appears in a certificate only to prove that there is none.
    Obligations,
    /// The number of mentees of this priority tier who have a mentor.
    Priority(u32),
    /// The number of mentees who have a mentor.
    Coverage,
    /// The total score of the chosen pairs, in micropoints.
    Score,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Obligations => f.write_str("obligations"),
            Self::Priority(tier) => write!(f, "priority {tier}"),
            Self::Coverage => f.write_str("coverage"),
            Self::Score => f.write_str("score"),
        }
    }
}

/// The proof that comes with every result. See the [module](self) for the mathematics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The layout's version, [`FORMAT`].
    pub format: u32,
    /// How the solve ended.
    pub status: Status,
    /// The level that `objective`, `bound` and `gap` speak of: the first that is not proven, else the last.
    pub level: Level,
    /// The match's value in that level: micropoints for the score, a count otherwise.
    pub objective: i64,
    /// No match that is as good in the levels above has a greater value.
    pub bound: i64,
    /// `bound − objective`; 0 exactly when the match is proven optimal.
    pub gap: i64,
    /// The ids of the mentees, in the order of the duals.
    pub mentees: Vec<String>,
    /// The ids of the mentors, in the order of the duals.
    pub mentors: Vec<String>,
    /// A proof a level, in the order of the objective.
    pub levels: Vec<LevelProof>,
}

/// The proof of one level: `objective ≤ every match's value there ≤ bound`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelProof {
    /// The level that is proven.
    pub level: Level,
    /// The match's value in it.
    pub objective: i64,
    /// The largest bound of the leaves.
    pub bound: i64,
    /// `bound − objective`.
    pub gap: i64,
    /// The tree; node 0 is the root, and children come after their parents.
    pub nodes: Vec<ProofNode>,
}

/// A node of a proof tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProofNode {
    /// The mentor has either no mentees (`closed`) or at least the minimum (`open`).
    Branch {
        /// Whose load is decided.
        mentor: MentorIx,
        /// The node for 'no mentees'.
        closed: usize,
        /// The node for 'the minimum or more'.
        open: usize,
    },
    /// Duals whose bound holds for every match below this node.
    Leaf(Duals),
}

/// Integer dual prices in units of `1 / denominator` of the level's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duals {
    /// What one unit of the level's value counts in these integers; 1 unless the relaxation is fractional.
    pub denominator: i64,
    /// A price a mentee: what one more place for this mentee's load would cost or bring.
    pub mentees: Vec<i64>,
    /// A price a mentor: the shadow price of one more place with this mentor.
    pub mentors: Vec<i64>,
    /// A multiplier for each earlier level, in their order; never negative.
    pub multipliers: Vec<i64>,
}
