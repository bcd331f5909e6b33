//! Bids: a quick way to place most mentees before any search. A mentee bids for the mentor it likes best, up to
//! what makes it like the second best as much; a mentor whose places are taken lets go of the mentee who
//! stands to lose the least, who then bids in turn. Every step keeps the network's conditions. Source: Bertsekas,
//! *The auction algorithm* (1988), with bids of exactly the difference, as in the row reduction of Jonker and
//! Volgenant, *A shortest augmenting path algorithm* (1987).

use super::{Has, Network, Weight};

/// Bids in one chain of mentees who make way for each other. Longer ones are left to a search.
const LONGEST_CHAIN: usize = 100;

/// What came of one bid.
enum Outcome {
    /// The mentee has a place, or is better off without.
    Settled,
    /// This mentee made way.
    Displaced(usize),
    /// Prices rose, and the mentee may bid again.
    Again,
    /// Two mentors are liked equally, and neither has a place.
    Tied,
}

impl<W: Weight> Network<W> {
    /// Places `mentee` by bids, and whoever makes way; gives the one who is left over.
    pub(super) fn bid(&mut self, mut mentee: usize) -> Option<usize> {
        for _ in 0..LONGEST_CHAIN {
            if !self.bids(mentee) {
                return Some(mentee);
            }
            match self.bid_once(mentee) {
                Outcome::Settled => return None,
                Outcome::Displaced(other) => mentee = other,
                Outcome::Again => {}
                Outcome::Tied => return Some(mentee),
            }
        }
        Some(mentee)
    }

    /// Mentees who may have several mentors have one price for all of them, which a bid cannot lower.
    fn bids(&self, mentee: usize) -> bool {
        self.held[mentee].load.is_single()
    }

    /// The best two offers (value, mentor) of a mentee, but for that of the mentor `without`.
    fn offers(&self, mentee: usize, without: usize) -> [Option<(W, usize)>; 2] {
        let mut best = [None; 2];
        for &column in &self.columns[mentee] {
            let mentor = column.mentor();
            if mentor == without {
                continue;
            }
            let offer = Some((column.weight - self.prices[self.mentees + mentor], mentor));
            if best[0].is_none_or(|first| offer > Some(first)) {
                best = [offer, best[0]];
            } else if best[1].is_none_or(|second| offer > Some(second)) {
                best[1] = offer;
            }
        }
        best
    }

    /// By how much the mentor's price can rise until `mentee` is as well off elsewhere.
    fn patience(&self, mentee: usize, mentor: usize) -> W {
        if !self.bids(mentee) {
            return self.profit(mentee, mentor);
        }
        self.value(mentee, mentor) - self.fallback(mentee, self.offers(mentee, mentor)[0])
    }

    /// What a column is worth at the mentor's price.
    fn value(&self, mentee: usize, mentor: usize) -> W {
        self.columns[mentee][self.place_of(mentee, mentor)].weight
            - self.prices[self.mentees + mentor]
    }

    /// What a mentee has with this offer, or without a mentor.
    fn fallback(&self, mentee: usize, offer: Option<(W, usize)>) -> W {
        let alone = self.held[mentee]
            .load
            .step(1)
            .map_or(W::zero(), |value| -value);
        offer.map_or(alone, |(value, _)| value.max(alone))
    }

    fn bid_once(&mut self, mentee: usize) -> Outcome {
        let [first, second] = self.offers(mentee, usize::MAX);
        let alone = self.fallback(mentee, None);
        let Some((value, mentor)) = first.filter(|(value, _)| *value > alone) else {
            self.prices[mentee] = alone;
            return Outcome::Settled;
        };
        self.prices[mentee] = value;
        let node = self.mentees + mentor;
        let room = self.wants(node).map(|gain| (-gain).max(W::zero()));
        if room.is_some_and(|rise| rise.is_zero()) {
            self.attach(mentee, mentor);
            return Outcome::Settled;
        }
        let most = value - self.fallback(mentee, second);
        // Who is the first to leave as the price rises, and when the next one would.
        let (mut leaves, mut next) = (None, room);
        for place in 0..self.chosen[mentor].len() {
            let other = self.chosen[mentor][place].mentee as usize;
            let patience = self.patience(other, mentor);
            match leaves {
                Some((least, _)) if patience >= least => {
                    next = Some(next.map_or(patience, |next: W| next.min(patience)));
                }
                _ => {
                    if let Some((least, _)) = leaves {
                        next = Some(next.map_or(least, |next: W| next.min(least)));
                    }
                    leaves = Some((patience, other));
                }
            }
        }
        if let Some(rise) = room
            && rise <= most
            && leaves.is_none_or(|(patience, _)| rise <= patience)
        {
            self.raise(mentor, rise);
            self.prices[mentee] = value - rise;
            self.attach(mentee, mentor);
            return Outcome::Settled;
        }
        match leaves {
            Some((patience, other)) if patience < most => {
                // The one who leaves falls back on what is as good for it, then the price rises for the others.
                if self.bids(other) {
                    self.prices[other] = self.value(other, mentor) - patience;
                }
                self.detach(other, mentor);
                let rise = next.map_or(most, |next| next.min(most));
                self.raise(mentor, rise);
                self.prices[mentee] = value - rise;
                self.attach(mentee, mentor);
                Outcome::Displaced(other)
            }
            _ if most > W::zero() => {
                self.raise(mentor, most);
                self.prices[mentee] = value - most;
                Outcome::Again
            }
            _ => Outcome::Tied,
        }
    }

    /// Raises a mentor's price, and lowers those of its mentees to what their pairs still are worth.
    fn raise(&mut self, mentor: usize, rise: W) {
        let node = self.mentees + mentor;
        self.prices[node] = self.prices[node] + rise;
        for place in 0..self.chosen[mentor].len() {
            let Has { weight, mentee } = self.chosen[mentor][place];
            let value = weight - self.prices[node];
            let price = &mut self.prices[mentee as usize];
            *price = value.min(*price);
        }
    }
}
