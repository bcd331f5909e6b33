//! The certificate: integer duals from which anybody can re-prove that no match is better.
//!
//! # The statement
//! A match `x` chooses eligible pairs. Its levels have values `val_0, val_1, ...` that are maximised in
//! order: minus the missed obligations (minimum loads and required pairs), the coverage of each priority
//! tier, of the transition grades, of all mentees, the total score. Level `g` has an integer weight `W_g` greater than
//! all that the levels below it can add up to, so maximising `Σ_g W_g·val_g` maximises them in order. One
//! inequality `Σ_g W_g·val_g ≤ bound` then bounds every level in turn: a level's value is at most
//! the bound less what the levels above have, less the least the levels below can be, divided by `W_g`
//! and rounded down.
//!
//! # The bound
//! Mentee `e` has a price `u_e` and mentor `m` a price `v_m`. For *any* integers in those places weak
//! (Lagrangian) duality gives
//!
//! ```text
//! bound = Σ_mentees max_{0 ≤ d ≤ max_e} ( u_e·d + F_e(d) )
//!       + Σ_mentors max_{0 ≤ d ≤ max_m} ( v_m·d + F_m(d) )
//!       + Σ_{side rows} s_k·q_k
//!       + Σ_{eligible pairs} max( 0, w_em − u_e − v_m − Σ_{k counts em} s_k )
//!       − W_obligations · (number of required pairs)
//!
//! F(d) = − W_obligations · max(0, min − d)  +  [d ≥ 1] · (weights of the coverage levels that count e)
//! w_em = score_em  +  W_obligations · [the pair is required]
//! ```
//!
//! (for a mentor the coverage term is absent). Obligations are elastic in this form, so every programme
//! has a match; one that keeps all of them exists exactly if the first level can be 0, and the same
//! inequality proves the contrary.
//!
//! # Side rows
//! A side row says that at most `q_k` of the chosen pairs are among those that it counts: a programme's
//! quotas, in their order. Its price `s_k` may be any integer that is not negative.
//!
//! With side rows the best prices may leave a gap. The proof then is a tree: a branch splits on a pair
//! being *left out* or *chosen*. In a leaf, a pair that is left out adds nothing to the bound, and one that is
//! chosen adds all that it is worth above the prices, be that positive or negative.
//!
//! Prices are for the combined objective, so where they leave half a mentee of coverage open, no decision on pairs helps to
//! bound the score. A branch then splits on a level that counts covered mentees: it is at most `c`, or at least `c + 1`. In a
//! leaf such a decision has a price `t ≥ 0` like a side row: where the level is at most `c`, `t` is taken off the weight of
//! covering a mentee whom it counts, and `t·c` added to the bound; where it is at least `c + 1`, `t` is added to the weight,
//! and `t·(c + 1)` taken off the bound.
//!
//! # Fairness
//! How a lowest score is proven is said at [`Fairness`].
//!
//! # None or at least k
//! A mentor's load of the kind 'none or at least k' is not convex. The proof then is a tree, too: a branch
//! splits on such a mentor being *closed* (`max_m = 0`) or *open* (`min_m = k`), and each leaf has prices
//! of its own. Where a mentor is neither on the way to a leaf, its terms are replaced by the value of its
//! best circle, in which its own price cancels:
//!
//! ```text
//! max( 0, max_{k ≤ |S| ≤ max_m} Σ_{e ∈ S} (w_em − u_e) )
//! ```
//!
//! The bound is that of the largest leaf. Prices are integers in units of `1 / denominator`, and the bound
//! is rounded down, for the values of levels are integers.
//!
//! # Co-mentoring
//! Between students of one table there are no two sides, and prices of persons alone leave a gap: an odd cycle can
//! be half chosen. An *odd set* `B` of students holds at most `(|B| − 1)/2` pairs, and has a price `z_B ≥ 0` for that
//! (Edmonds 1965). With a price `u_i ≥ 0` a student, and `c_i` for what covering student `i` weighs, any
//! matching is worth at most
//!
//! ```text
//! D = Σ_i u_i + Σ_B z_B·(|B| − 1)/2 + Σ_{eligible pairs} max( 0, w_ij − u_i − u_j − Σ_{B ∋ i,j} z_B )
//! w_ij = score_ij + c_i + c_j
//! ```
//!
//! A triad is three students who may be paired with each other; its score is half the sum of the three, rounded
//! down. It takes `⌊|t ∩ B| / 2⌋` of the room of an odd set `B`, so with `k` triads among groups no match is worth more
//! than
//!
//! ```text
//! D + k·( max_t r_t − W_triads )
//! r_t = score_t + Σ_{i ∈ t} c_i − Σ_{i ∈ t} u_i − Σ_{B: |t ∩ B| ≥ 2} z_B
//! ```
//!
//! The students fall into *parts* between which nobody may be paired. A part's bound is worked out for each number of
//! triads (a [`Case`]), by a tree: a branch splits on a triad being a group or not. Below `chosen` its students are
//! out, and its worth is added; below `left_out` it is none of those that `max_t` is taken of; in a leaf `k` is what
//! is left of the number, and if it is above 0 and there is no such triad, nothing lies below the leaf. A case *or
//! more* speaks of every greater number, too: its bound is the greatest of theirs. For a number without a
//! case there is a plain bound: everybody is covered, but for one if the number and the part are not both
//! even or both odd, and every pair has the greatest score. The total is the greatest sum of the parts' bounds
//! with no more triads than the programme allows, and the worth of required pairs, whose students are in no
//! part.
//!
//! Sources: Edmonds, *Maximum matching and a polyhedron with 0,1-vertices* (1965) for odd sets; Schrijver, *Combinatorial Optimization* (2003), ch. 17 and 21 for the network; Geoffrion,
//! *Lagrangean relaxation for integer programming* (1974) for the rest.

mod fairness;
pub mod stages;

use serde::{Deserialize, Serialize};

pub use fairness::{Fairness, Order, Proof, ScorePrice, Without};

use crate::programme::StabilityMode;
use crate::units::{MenteeIx, MentorIx, Micropoints};
use crate::verify::ClaimedPair;

/// The version of the certificate's layout.
pub const FORMAT: u32 = 1;

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// Every level is proven: no match is better.
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
    /// Minus the number of places by which minimum loads and required pairs are missed: 0 in every match.
    Obligations,
    /// The number of mentees of this priority tier who have a mentor.
    Priority(u32),
    /// The number of mentees in a transition grade who have a mentor.
    Transition,
    /// The number of mentees who have a mentor.
    Coverage,
    /// The lowest score among the chosen pairs, in micropoints; the greatest that a score can be where there are none.
    WorstOff,
    /// How many of the chosen pairs, from the lowest score upwards, are proven to be as high as they can be.
    Leximin,
    /// In co-mentoring, minus the number of groups of three.
    Triads,
    /// The total score of the chosen pairs, in micropoints.
    Score,
    /// Minus the number of blocking pairs, where a programme asks for the fewest.
    BlockingPairs,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Obligations => f.write_str("obligations"),
            Self::Priority(tier) => write!(f, "priority {tier}"),
            Self::Transition => f.write_str("transition"),
            Self::Coverage => f.write_str("coverage"),
            Self::WorstOff => f.write_str("worst_off"),
            Self::Leximin => f.write_str("leximin"),
            Self::Triads => f.write_str("triads"),
            Self::Score => f.write_str("score"),
            Self::BlockingPairs => f.write_str("blocking pairs"),
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
    /// The match's value in that level: micropoints for scores, a count otherwise.
    pub objective: i64,
    /// No match that is as good in the levels above has a greater value.
    pub bound: i64,
    /// `bound − objective`; 0 exactly when the match is proven optimal.
    pub gap: i64,
    /// Every level in order, with its weight and values.
    pub levels: Vec<LevelValue>,
    /// The ids of the mentees, in the order of the prices.
    pub mentees: Vec<String>,
    /// The ids of the mentors, in the order of the prices.
    pub mentors: Vec<String>,
    /// What one unit of the combined objective counts in the prices; 1 where the prices are whole.
    pub denominator: i64,
    /// The proof tree; node 0 is the root, and children come after their parents. None where `parts` are the proof. With a
    /// level of fairness it is that of the programme without it, which proves the levels above. A stable
    /// match has none.
    pub nodes: Vec<ProofNode>,
    /// The proofs of a level of fairness, if the programme has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fairness: Option<Fairness>,
    /// The proof of a programme in which pairs have places; see [`stages`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<stages::PartProof>,
    /// The match that is best without the programme's `balance`, which says what balance costs; absent without one, and
    /// where a limit came before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unbalanced: Option<Box<Unbalanced>>,
    /// What is proven instead of prices where a programme asks for a stable match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<StableProof>,
    /// In co-mentoring the ids of the students, to whose order the parts refer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub students: Vec<String>,
    /// In co-mentoring, in place of `nodes`: the proof of each part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Part>,
}

/// The proof of a stable match, beside that no pair blocks it: that it is the one that the mode asks for.
///
/// Matches that are best for one side need none, for there is one, and deferred acceptance finds it. For the best
/// score, every stable match is a set of *rotations* that holds with each all that must come before it; its score is that
/// of the best match for mentees and the gains `g` of its rotations. With payments `f ≥ 0` from rotations to such as
/// must come before them,
///
/// ```text
/// Σ_{ρ in the set} g_ρ  ≤  Σ_{all ρ} max( 0, g_ρ + Σ payments to ρ − Σ payments by ρ )
/// ```
///
/// for who pays is in the set only with whom it pays. Sources: see `docs/stability.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StableProof {
    /// Which stable match it is.
    pub mode: StabilityMode,
    /// The payments, for the best score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
}

/// A payment from one rotation to another that must come before it. A rotation is named by a mentee and the mentor to
/// whom it moves the mentee, both by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Who pays: a mentee and the mentor moved to.
    pub payer: (u32, u32),
    /// Who is paid.
    pub paid: (u32, u32),
    /// Micropoints.
    pub amount: i64,
}

/// The best match of a programme without its balance, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unbalanced {
    /// The pairs.
    pub pairs: Vec<ClaimedPair>,
    /// Their proof, for the programme without `balance`.
    pub certificate: Certificate,
}

impl Unbalanced {
    /// How many mentees have a mentor.
    #[must_use]
    pub fn covered(&self) -> usize {
        let mentees = self.pairs.iter().map(|pair| &*pair.mentee);
        mentees.collect::<std::collections::BTreeSet<&str>>().len()
    }

    /// The total score.
    #[must_use]
    pub fn total_score(&self) -> Micropoints {
        Micropoints(self.pairs.iter().map(|pair| pair.score.0).sum())
    }
}

/// Students who can only be paired with each other, and the proof of their best groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The students, as positions in [`Certificate::students`], ascending.
    pub students: Vec<u32>,
    /// Proofs by the number of triads, each number at most once. What is not listed has the plain bound.
    pub cases: Vec<Case>,
}

/// The proof of a part's best groups with a given number of triads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// How many triads.
    pub triads: u32,
    /// Whether the proof is for that many or more. It has one leaf then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_more: bool,
    /// The proof tree; node 0 is the root, and children come after their parents.
    pub nodes: Vec<GroupNode>,
}

/// A node of the proof tree of a [`Case`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GroupNode {
    /// The three are either a group (`chosen`) or not (`left_out`).
    Triad {
        /// The three, as positions in [`Part::students`], ascending.
        students: [u32; 3],
        /// The node for matches without this group.
        left_out: usize,
        /// The node for matches with it.
        chosen: usize,
    },
    /// Prices whose bound holds for every match below this node.
    Leaf(GroupPrices),
}

/// Prices of students and odd sets, in units of `1 / denominator` of the combined objective; none is negative.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPrices {
    /// A price a student of the part, `u`; those in chosen triads have 0.
    #[serde(with = "decimals")]
    pub students: Vec<i128>,
    /// Odd sets, the inner before the outer; no two overlap unless one is in the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub odd_sets: Vec<OddSet>,
}

/// An odd set `B` with its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OddSet {
    /// Students who are in none of `sets`, as positions in [`Part::students`].
    pub students: Vec<u32>,
    /// Smaller sets that are part of this, as positions in the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<u32>,
    /// `z`: what could be gained if one more pair had room in the set.
    #[serde(with = "decimal")]
    pub price: i128,
}

/// What a match has in one level, and the most that any match as good in the levels above can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelValue {
    /// Which level.
    pub level: Level,
    /// Its weight in the combined objective; 0 for a level of fairness, which has proofs of its own.
    #[serde(with = "decimal")]
    pub weight: i128,
    /// The match's value.
    pub objective: i64,
    /// The proven bound of the value.
    pub bound: i64,
}

/// A node of the proof tree.
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
    /// The pair is either not in the match (`left_out`) or in it (`chosen`).
    Pair {
        /// The pair's mentee.
        mentee: MenteeIx,
        /// The pair's mentor.
        mentor: MentorIx,
        /// The node for matches without the pair.
        left_out: usize,
        /// The node for matches with the pair.
        chosen: usize,
    },
    /// A level that counts covered mentees has either so many of them `at_most` (`below`), or more (`above`).
    Level {
        /// Which level: a priority tier, the transition grades or the coverage.
        level: Level,
        /// The greatest value below `below`.
        at_most: i64,
        /// The node for matches with that value or less.
        below: usize,
        /// The node for matches with more.
        above: usize,
    },
    /// Prices whose bound holds for every match below this node.
    Leaf(Prices),
}

/// Integer dual prices in units of `1 / denominator` of the combined objective. They may be negative: a
/// person who must have a partner, or counts for coverage, is worth paying for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// A price a mentee, `u`.
    #[serde(with = "decimals")]
    pub mentees: Vec<i128>,
    /// A price a mentor, `v`: what one more place with this mentor would add.
    #[serde(with = "decimals")]
    pub mentors: Vec<i128>,
    /// A price a side row, `s`, 0 or more: what one more pair that the row counts would add.
    #[serde(with = "decimals", default, skip_serializing_if = "Vec::is_empty")]
    pub side: Vec<i128>,
    /// A price, 0 or more, of each decision on a level on the way to this leaf, in their order: what it would add if the
    /// level were decided one unit less strictly.
    #[serde(with = "decimals", default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<i128>,
}

/// Integers beyond 2^53 lose digits in many JSON readers, so they are written as decimal text.
mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &i128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<i128, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| D::Error::custom(format!("not a whole number: {text:?}")))
    }
}

/// A list of [`decimal`]s.
mod decimals {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Decimal(#[serde(with = "super::decimal")] i128);

    pub(super) fn serialize<S: Serializer>(
        values: &[i128],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| Decimal(*value)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<i128>, D::Error> {
        let values = Vec::<Decimal>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|value| value.0).collect())
    }
}
