//! What is decided of how many leaders are where, and what places can hold at most by rounding.

use std::collections::BTreeMap;

use super::staffing::Seat;

/// The leaders who can hold at least so many pairs at a place. Those of one place are within one another, and how many
/// there are of each says what the place can hold, whoever they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Crew {
    pub(crate) place: usize,
    pub(crate) pairs: u32,
}

/// What a place can hold by mixed-integer rounding (Nemhauser and Wolsey, *A recursive procedure to generate all cuts for 0-1
/// mixed integer programs*, 1990): with room `R = q·d + r`, and `0 < r < d`, no more than `R − r·(q + 1)` and
/// `r·⌊C/d⌋ + min(r, C mod d)` for every leader who is there and can hold `C`. So half a leader is worth less than half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rounding {
    pub(crate) place: usize,
    /// The divisor, `d`.
    pub(crate) by: u32,
    /// What it comes to without any leader, at 0 or below.
    pub(crate) base: i64,
    /// What each seat adds, by its number.
    pub(crate) adds: Vec<(usize, i64)>,
}

/// By crew, what one leader more or fewer would add; above 0 where there are as many as there may be.
pub(crate) type CrewPrices = BTreeMap<Crew, i64>;

/// What is decided of where leaders are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staffed {
    /// By the number of a seat, whether it is taken.
    pub(crate) seats: BTreeMap<usize, bool>,
    /// How many leaders of a crew there are, at least and at most.
    pub(crate) crews: BTreeMap<Crew, (u32, u32)>,
}

impl Staffed {
    /// At most so many of a crew, or more.
    pub(crate) fn counted(&self, crew: Crew, most: u32, is_more: bool) -> Self {
        let mut counted = self.clone();
        let (least, greatest) = counted.crews.entry(crew).or_insert((0, u32::MAX));
        match is_more {
            true => *least = (*least).max(most.saturating_add(1)),
            false => *greatest = (*greatest).min(most),
        }
        counted
    }

    /// The prices that are of what is decided.
    pub(crate) fn paid(&self, prices: &CrewPrices) -> CrewPrices {
        let prices = prices.iter();
        let paid = prices.filter(|(crew, price)| self.paid_for(**crew, **price).is_some());
        paid.map(|(crew, price)| (*crew, *price)).collect()
    }

    /// How many leaders a price of a crew is paid for: as many as there may be or, below 0, as there must be; `None` where nothing
    /// is decided that the price could be of.
    pub(crate) fn paid_for(&self, crew: Crew, price: i64) -> Option<u32> {
        let (least, most) = *self.crews.get(&crew)?;
        match price.signum() {
            1 => Some(most).filter(|most| *most < u32::MAX),
            -1 => Some(least).filter(|least| *least > 0),
            _ => None,
        }
    }

    /// How many there may be of a crew that has so many seats.
    pub(crate) fn range(&self, crew: Crew, seats: u32) -> (u32, u32) {
        let (least, most) = self.crews.get(&crew).copied().unwrap_or((0, seats));
        (least, most.min(seats))
    }
}

/// The crews of all seats.
pub(super) fn crews(seats: &[Seat]) -> BTreeMap<Crew, Vec<usize>> {
    let all = seats.iter().map(|seat| Crew {
        place: seat.place,
        pairs: seat.pairs,
    });
    let mut crews: BTreeMap<Crew, Vec<usize>> = all.map(|crew| (crew, Vec::new())).collect();
    for (number, seat) in seats.iter().enumerate() {
        let of_place = Crew {
            place: seat.place,
            pairs: 0,
        };
        let greatest = Crew {
            pairs: seat.pairs,
            ..of_place
        };
        for (_, of_crew) in crews.range_mut(of_place..=greatest) {
            of_crew.push(number);
        }
    }
    crews
}
