//! The proof of a programme in which pairs have places, level by level and part by part.
//!
//! # Parts
//! The people are divided into parts that share no eligible pair, no place and no leader. The best match of
//! the whole has the best match of every part, level by level.
//!
//! # The bound of a level
//! Pairs meet at places `p`, each a site in a slot, and a *staffing* puts leaders at places. With its leaders and
//! rooms, place `p` holds `Q_p` pairs. Let the levels before level `g` have the values `V_h`. For any integers
//! `u`, `v` and any integers `s_p ≥ 0`, `r_k ≥ 0` and `λ_h ≥ 0` no match whose levels `h` are at least `V_h` has
//! more in level `g` than
//!
//! ```text
//! bound(Q) = Σ_mentees max_{0 ≤ d ≤ max_e} ( u_e·d + F_e(d) )
//!          + Σ_mentors max_{0 ≤ d ≤ max_m} ( v_m·d + F_m(d) )
//!          + Σ_places s_p·Q_p  +  Σ_{side rows} r_k·q_k  −  Σ_h λ_h·V_h
//!          + Σ_{eligible pairs} max( 0, max_{p of em} ( w_em − u_e − v_m − s_p − Σ_{k counts em} r_k ) )
//! ```
//!
//! with `F` and `w` as in the [certificate](crate::certificate), in which level `g` has the weight 1, a level `h`
//! before it the weight `λ_h`, and the others none. (Weak duality, for each staffing.) A pair that can meet
//! nowhere adds nothing. The term of required pairs is subtracted in the obligations' weight, as there.
//!
//! A side row is `Σ_pairs a_em(p) + Σ_{mentees with a pair} b_e + Σ_{mentors with a pair} c_m ≤ q`: a pair that it counts
//! `a` times has `a·r` taken off instead of `r`, and `F_e(d)` and `F_m(d)` have `b·r` and `c·r` taken off for `d ≥ 1`. A
//! row that promises, `≥ q`, has the signs turned round, and adds `q·max(0, r − λ)`, with `λ` the weight of the
//! obligations: what is missed of it counts as so many of those.
//!
//! Where the mentees of one mentor have something in common, a mentor is in one *mode*: for every place, if they meet at
//! one, and for every grade that there is among the part's mentees, ascending, the band of grades from there upwards
//! (last, if there are any, those without a grade). A mentor has a price `v` in each mode, the mentor's term is the
//! greatest over the modes, and a pair has the least of the prices of the modes that it is of taken off. A mentor who
//! takes none or at least `k` has no `d` between.
//!
//! A level has several such prices, and its bound is the largest over all staffings of the least bound that
//! they give. Where that is not enough for the capacities of a staffing, a tree that decides of pairs
//! whether they are *left out* or *chosen*, as in the certificate, and where they meet, and of people whether they take part and in
//! which mode, has prices for these capacities. Staffings whose capacities
//! are nowhere greater than another's are covered with it.
//!
//! # Many staffings
//! If there are more capacities than are listed (200,000), a tree divides the staffings: at each node a leader is
//! *at* a place or not, and a leaf names the prices that speak for all staffings below it. Of the price `s_p` of a
//! place a part `ρ_p` is paid for its room `R_p` (at most as many pairs as those who can be there may have) and
//! the rest for leaders. With `C_l` for what leader `l` can hold at one time,
//!
//! ```text
//! Σ_places s_p·Q_p  ≤  Σ_places ρ_p·R_p  +  Σ_leaders max_{choices of slots and places} Σ_p (s_p − ρ_p)·min(C_l, R_p)
//! ```
//!
//! for all of them, where the choices of a leader keep to what is decided on the way to the leaf. The bound of the
//! level is the greatest of its leaves' bounds.

use serde::{Deserialize, Serialize};

use super::Level;
use crate::units::{MenteeIx, MentorIx};

/// The proof of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartProof {
    /// The mentees of the part.
    pub mentees: Vec<MenteeIx>,
    /// The mentors of the part.
    pub mentors: Vec<MentorIx>,
    /// The places of the part, in the order of prices and capacities.
    pub places: Vec<MeetingPlace>,
    /// The levels in order, as far as they are proven.
    pub levels: Vec<LevelProof>,
}

/// A site and a slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingPlace {
    /// The site; empty where people have none.
    pub site: String,
    /// The slot.
    pub slot: String,
}

/// The proof of one level, given those before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelProof {
    /// Which level.
    pub level: Level,
    /// What one unit of the level counts in the prices.
    pub denominator: i64,
    /// Prices, each of which bounds the level for all staffings.
    pub prices: Vec<LevelPrices>,
    /// Proofs for single capacities, for which the prices are not enough.
    pub capacities: Vec<CapacityProof>,
    /// Which prices speak for which staffings, where those are too many to be listed: a tree; node 0 is the root, and
    /// children come after their parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staffings: Vec<StaffNode>,
}

/// A node of a tree over where leaders are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffNode {
    /// The leader is either elsewhere or at the place.
    Leader {
        /// The leader's id.
        leader: String,
        /// The place's number in the part.
        place: usize,
        /// The node for staffings without the leader there.
        elsewhere: usize,
        /// The node for staffings with the leader there.
        there: usize,
    },
    /// The place among the level's prices of those that speak for every staffing below this node.
    Leaf(usize),
}

/// The proof of a level for matches that keep within these capacities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityProof {
    /// Pairs a place.
    pub capacities: Vec<u32>,
    /// The tree; node 0 is the root, and children come after their parents.
    pub nodes: Vec<LevelNode>,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LevelNode {
    /// The pair, numbered within the part, is either not in the match or in it; with a place, at that place.
    Pair {
        /// The pair's mentee.
        mentee: MenteeIx,
        /// The pair's mentor.
        mentor: MentorIx,
        /// The place, by its number in the part; without it the pair is in the match wherever it meets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
        /// The node for matches without the pair.
        left_out: usize,
        /// The node for matches with the pair.
        chosen: usize,
    },
    /// The mentee, numbered within the part, has no mentor or at least one.
    Mentee {
        /// The mentee.
        mentee: MenteeIx,
        /// The node for matches in which the mentee has no mentor.
        left_out: usize,
        /// The node for matches in which the mentee has a mentor.
        chosen: usize,
    },
    /// The mentor, numbered within the part, has no mentee or at least one.
    Mentor {
        /// The mentor.
        mentor: MentorIx,
        /// The node for matches in which the mentor has no mentee.
        left_out: usize,
        /// The node for matches in which the mentor has a mentee.
        chosen: usize,
    },
    /// The mentor is in this mode, or not.
    Mode {
        /// The mentor.
        mentor: MentorIx,
        /// The mode, by its number.
        mode: u32,
        /// The node for matches in which the mentor is not in the mode.
        left_out: usize,
        /// The node for matches in which the mentor is in it, and has a mentee.
        chosen: usize,
    },
    /// Prices whose bound holds for every match below this node.
    Leaf(LevelPrices),
}

/// Integer prices in units of `1 / denominator` of the level, of a part's people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelPrices {
    /// A price a mentee of the part, `u`.
    pub mentees: Vec<i64>,
    /// A price a mentor of the part, `v`; where circles have modes, one a mentor and mode.
    pub mentors: Vec<i64>,
    /// A price a place, `s`, 0 or more: what room for one more pair would add.
    pub places: Vec<i64>,
    /// What of a place's price is paid for its room, `ρ`, from 0 to `s`; none stands for 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<i64>,
    /// A price a side row, `r`, 0 or more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side: Vec<i64>,
    /// A price a level before this one, `λ`, 0 or more: what one unit less of it would add.
    pub held: Vec<i64>,
}
