//! The proof of a programme in which pairs have places, level by level and part by part.
//!
//! # Parts
//! The people are divided into parts that share no eligible pair, no place and no leader. The best match of
//! the whole has the best match of every part, level by level. Where constraints join people of several parts, their prices
//! are 0: a bound without the constraints is one with them.
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
//! If there are more capacities than are listed (200,000), a tree divides the staffings. A *crew* `c` are the leaders who
//! can hold at least so many pairs at a place; leader `l` can hold `C_l` at one time. At each
//! node there are at most so many of a crew or more, and a leaf names the prices that speak for all staffings below it. Of the
//! price `s_p` of a place a part `ρ_p` is paid for its room `R_p` (at most as many pairs as those who can be there may have),
//! parts `κ_pd` for its room rounded by `d`, and the rest `σ_p` for leaders. With `c_l = min(C_l, R_p)` a place holds no more than
//! `Σ_l c_l` over the leaders there and, where `R_p = q·d + r` with `0 < r < d`, no more than `R_p − r·(q + 1) + Σ_l c_l(d)` with
//! `c_l(d) = r·⌊c_l/d⌋ + min(r, c_l mod d)` (mixed-integer rounding: Nemhauser and Wolsey, *A recursive procedure to
//! generate all cuts for 0-1 mixed integer programs*, 1990). So for any integers `ν_c`, and crews of whom there are at least `a_c` and
//! at most `b_c`,
//!
//! ```text
//! Σ_places s_p·Q_p  ≤  Σ_places ( ρ_p·R_p + Σ_d κ_pd·(R_p − r·(q + 1)) )  +  Σ_{ν_c > 0} ν_c·b_c  +  Σ_{ν_c < 0} ν_c·a_c
//!                   +  Σ_leaders max_{choices of slots and places} Σ_p ( σ_p·c_l + Σ_d κ_pd·c_l(d) − Σ_{c of p with l} ν_c )
//! ```
//!
//! for all of them. The bound of the level is the greatest of its leaves' bounds. (To divide by whether one leader is at a
//! place would prove little where others can stand in.)

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

impl LevelProof {
    /// All prices.
    pub(crate) fn all_prices(&self) -> impl Iterator<Item = &LevelPrices> {
        let nodes = self.capacities.iter().flat_map(|tree| &tree.nodes);
        let leaves = nodes.filter_map(|node| match node {
            LevelNode::Leaf(prices) => Some(prices),
            _ => None,
        });
        self.prices.iter().chain(leaves)
    }

    /// Has prices of 0 for so many side rows, where there are none.
    #[cfg(feature = "highs")]
    pub(crate) fn without_rows(&mut self, rows: usize) {
        let nodes = self.capacities.iter_mut().flat_map(|tree| &mut tree.nodes);
        let leaves = nodes.filter_map(|node| match node {
            LevelNode::Leaf(prices) => Some(prices),
            _ => None,
        });
        for prices in self.prices.iter_mut().chain(leaves) {
            prices.side.resize(rows, 0);
        }
    }
}

/// A node of a tree over where leaders are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffNode {
    /// Of a crew there are at most so many leaders, or more.
    Crew {
        /// The place's number in the part.
        place: usize,
        /// How many pairs each of the crew can hold there, at least.
        pairs: u32,
        /// The most leaders of the crew that are there in the first of the two cases.
        most: u32,
        /// The node for staffings with no more of them.
        fewer: usize,
        /// The node for staffings with more of them.
        more: usize,
    },
    /// Prices that speak for every staffing below this node.
    Leaf {
        /// Their place among the level's prices.
        prices: usize,
        /// Prices of crews, `ν`; those that have none are 0.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        crews: Vec<CrewPrice>,
    },
}

/// The price of a leader of a crew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrewPrice {
    /// The place's number in the part.
    pub place: usize,
    /// How many pairs each of the crew can hold there, at least.
    pub pairs: u32,
    /// In units of `1 / denominator` of the level.
    pub price: i64,
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

/// What of a place's price is paid for the rounding of its room by a number of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundingPrice {
    /// The place's number in the part.
    pub place: usize,
    /// The divisor, `d`, of which the room is no multiple.
    pub by: u32,
    /// In units of `1 / denominator` of the level, 0 or more.
    pub price: i64,
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
    /// What of a place's price is paid for its room, `ρ`, 0 or more; none stands for 0. With `κ` it is no more than `s`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<i64>,
    /// What of a place's price is paid for roundings, `κ`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounded: Vec<RoundingPrice>,
    /// A price a side row, `r`, 0 or more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub side: Vec<i64>,
    /// A price a level before this one, `λ`, 0 or more: what one unit less of it would add.
    pub held: Vec<i64>,
}
