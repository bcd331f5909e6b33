//! Random numbers that are the same on every machine: ChaCha8 and whole numbers.
//!
//! Every student has a stream of numbers of their own, so nobody's draw depends on who else is drawn, on the
//! order, or on the number of threads.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// What `chance` counts in.
pub(super) const MILLION: u32 = 1_000_000;

/// Whose stream of numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Mentee,
    Mentor,
    Leader,
    /// The rooms of a site.
    Rooms,
}

/// The numbers of one person or site.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The numbers of the person at `position`, the same for the same seed. The seed is the cipher's key,
    /// little end first, followed by zeros.
    pub(super) fn new(seed: u64, stream: Stream, position: u32) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut cipher = ChaCha8Rng::from_seed(key);
        cipher.set_stream((stream as u64) << 32 | u64::from(position));
        Self(cipher)
    }

    /// The next 32 bits.
    pub(super) fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number below `limit`, each as likely as the next to within `limit` in 2^32.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(limit)) >> 32) as u32
    }

    /// Yes, `millionths` times in a million.
    pub(super) fn chance(&mut self, millionths: u32) -> bool {
        self.below(MILLION) < millionths
    }

    /// A number in the range, both ends included.
    pub(super) fn within(&mut self, (lowest, highest): (u32, u32)) -> u32 {
        lowest + self.below(highest - lowest + 1)
    }

    /// One of the choices, as often as its weight says.
    pub(super) fn choose<T: Copy>(&mut self, choices: &[(T, u32)]) -> T {
        let mut left = self.below(choices.iter().map(|(_, weight)| weight).sum());
        for &(choice, weight) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        unreachable!("a number below the sum of the weights falls to one of them")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first test vector for 8 rounds and a key of zeros, in ECRYPT's set for ChaCha (Strombergson,
    /// 'Test vectors for the stream cipher ChaCha', TC1): the key stream starts 3e00ef2f 895f40d6.
    #[test]
    fn the_numbers_are_those_of_chacha8() {
        let mut dice = Dice::new(0, Stream::Mentee, 0);
        let start = [dice.bits(), dice.bits()].map(u32::to_le_bytes);
        assert_eq!(start, [[0x3e, 0x00, 0xef, 0x2f], [0x89, 0x5f, 0x40, 0xd6]]);
    }

    #[test]
    fn people_and_seeds_have_numbers_of_their_own() {
        let first = |seed, stream, position| Dice::new(seed, stream, position).bits();
        let mut all = vec![first(1, Stream::Mentee, 0)];
        all.push(first(2, Stream::Mentee, 0));
        all.push(first(1, Stream::Mentor, 0));
        all.push(first(1, Stream::Mentee, 1));
        all.push(first(1 << 40, Stream::Mentee, 0));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn choices_come_as_often_as_their_weights_say() {
        let mut dice = Dice::new(3, Stream::Leader, 0);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            counts[dice.choose(&[(0, 70), (1, 0), (2, 30)])] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((6_800..7_200).contains(&counts[0]), "{counts:?}");
        assert!((0..1_000).all(|_| (4..=6).contains(&dice.within((4, 6)))));
    }
}
