//! Cosines of embeddings, by the widest instructions that the processor has.

use multiversion::multiversion;

use super::Fraction;
use crate::roster::LENGTH;

/// (1 + cosine) / 2 is so many of these: 2 · 2^28.
const WHOLE: u32 = 29;

/// (1 + cosine) / 2 of two directions, in 2^-29; rounding can make a cosine a little more than 1.
#[inline]
pub(super) fn nearness(a: &[i16], b: &[i16]) -> u64 {
    let shifted = i64::from(LENGTH) * i64::from(LENGTH) + i64::from(product(a, b));
    shifted.clamp(0, 1 << WHOLE) as u64
}

/// The nearness of a cosine, rounded up.
#[inline]
pub(super) fn at_most(cosine: f32) -> u64 {
    let nearness = (1.0 + cosine.clamp(-1.0, 1.0)) * (1u64 << (WHOLE - 1)) as f32;
    nearness.ceil() as u64
}

/// That nearness as a fraction.
pub(super) fn fraction(nearness: u64) -> Fraction {
    Fraction::new(nearness.into(), 1 << WHOLE)
}

/// `round(weight · nearness)`, halves up: what [`Fraction::of`] gives, without a division.
#[inline]
pub(super) fn points(nearness: u64, weight: u64) -> u64 {
    let product = u128::from(weight) * u128::from(nearness);
    ((product + (1 << (WHOLE - 1))) >> WHOLE) as u64
}

/// The sum of products. It fits: by Cauchy and Schwarz no partial sum is above the product of the lengths, and a
/// length is at most 2^14 and half the root of the number of dimensions (2^7).
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn product(a: &[i16], b: &[i16]) -> i32 {
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b));
    products.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_any_length_are_exact() {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 20) as i16 - 2048
        };
        for length in [0, 1, 7, 16, 33, 384] {
            let a: Vec<i16> = (0..length).map(|_| next() / 16).collect();
            let b: Vec<i16> = (0..length).map(|_| next() / 16).collect();
            let plain: i64 = a
                .iter()
                .zip(&b)
                .map(|(a, b)| i64::from(*a) * i64::from(*b))
                .sum();
            assert_eq!(i64::from(product(&a, &b)), plain);
        }
        // The greatest product there is: 65,536 dimensions of 64, each rounded up to 64.5 at most.
        let most = vec![65i16; crate::roster::MAX_DIMENSIONS];
        assert_eq!(product(&most, &most), 65 * 65 * 65_536);
    }

    #[test]
    fn points_are_the_rounded_fraction() {
        for weight in [0, 1, 999, 333_333_333_000, 1_000_000_000_000] {
            for nearness in [0, 1, (1 << 28) - 1, 1 << 28, 123_456_789, 1 << 29] {
                let rounded = fraction(nearness).of(weight);
                assert_eq!(points(nearness, weight), rounded, "{weight} {nearness}");
            }
        }
    }

    #[test]
    fn alike_is_one_and_opposite_is_nothing() {
        let (east, west, north) = ([16384, 0], [-16384, 0], [0, 16384]);
        assert_eq!(
            fraction(nearness(&east, &east)),
            Fraction::new(1 << 29, 1 << 29)
        );
        assert_eq!(nearness(&east, &west), 0);
        assert_eq!(nearness(&east, &north), 1 << 28);
    }
}
