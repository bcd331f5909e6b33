//! The types that scores can have, and how each becomes a whole number of units.

use std::fmt::Debug;

use super::Unit;
use crate::error::Error;

/// Whole scores up to this can be added up exactly, and every one is a float.
const LARGEST_INTEGER: i64 = 1_000_000_000_000_000;

/// Float scores up to this have an exact number of micropoints.
const LARGEST_FLOAT: f64 = 1e9;

/// A type of score: the integers of 8 to 64 bits, which are used as they are, and `f32` and `f64`, which are
/// rounded to micropoints, halves away from zero. It cannot be implemented outside of this crate.
pub trait Number: Sealed {}

impl<T: Sealed> Number for T {}

/// A score that is a whole number of units.
pub trait Counted: Copy + Debug + Default + Send + Sync + 'static {
    /// The score in units.
    fn units(self) -> i64;

    /// The same or one unit beside it, in fewer steps.
    #[inline]
    fn near(self) -> i64 {
        self.units()
    }
}

/// What the core needs of a [`Number`]. The [units](Counted::units) of one that does not [fit](Self::fits) are
/// meaningless, but harmless.
pub trait Sealed: Counted + PartialOrd {
    /// What one unit counts.
    const UNIT: Unit;

    /// Whether the score can be counted.
    fn fits(self) -> bool;

    /// Whether it is a number at all.
    fn is_number(self) -> bool;

    /// The error of a score that does not fit.
    fn fault(self) -> Error;
}

macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Counted for $kind {
            #[inline]
            fn units(self) -> i64 {
                self as i64
            }
        }

        impl Sealed for $kind {
            const UNIT: Unit = Unit::One;

            #[inline]
            fn fits(self) -> bool {
                i128::from(self).unsigned_abs() <= u128::from(LARGEST_INTEGER.unsigned_abs())
            }

            #[inline]
            fn is_number(self) -> bool {
                true
            }

            fn fault(self) -> Error {
                let fault = Error::input(format!(
                    "a whole score is from -{LARGEST_INTEGER} to {LARGEST_INTEGER}"
                ));
                fault.with_value(&self.to_string())
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Adding 1.5 · 2^52 leaves no bits for a fraction: the sum is rounded, halves to even, and its last bits are the
/// integer. Exact up to 2^51, and micropoints are below 2^50.
const SHIFT: f64 = 6_755_399_441_055_744.0;

impl Counted for f64 {
    /// `(self * 1e6).round()`, in steps that the compiler turns into vector instructions.
    #[inline]
    fn units(self) -> i64 {
        let points = self * 1e6;
        // Exact. A half that went towards zero goes the other way.
        let left = points - ((points + SHIFT) - SHIFT);
        let up = i64::from((left == 0.5) & (points > 0.0));
        let down = i64::from((left == -0.5) & (points < 0.0));
        self.near().wrapping_add(up - down)
    }

    /// Halves go to even.
    #[inline]
    fn near(self) -> i64 {
        let shifted = self * 1e6 + SHIFT;
        (shifted.to_bits() as i64).wrapping_sub(SHIFT.to_bits() as i64)
    }
}

impl Sealed for f64 {
    const UNIT: Unit = Unit::Micropoint;

    #[inline]
    fn fits(self) -> bool {
        self.abs() <= LARGEST_FLOAT
    }

    #[inline]
    fn is_number(self) -> bool {
        !self.is_nan()
    }

    fn fault(self) -> Error {
        refused(format!("{self:?}"))
    }
}

impl Counted for f32 {
    #[inline]
    fn units(self) -> i64 {
        f64::from(self).units()
    }

    #[inline]
    fn near(self) -> i64 {
        f64::from(self).near()
    }
}

impl Sealed for f32 {
    const UNIT: Unit = Unit::Micropoint;

    #[inline]
    fn fits(self) -> bool {
        f64::from(self).fits()
    }

    #[inline]
    fn is_number(self) -> bool {
        !self.is_nan()
    }

    fn fault(self) -> Error {
        refused(format!("{self:?}"))
    }
}

/// The value is shown as most languages write it: `nan`, `1e+300`.
fn refused(value: String) -> Error {
    let shown = value.to_lowercase().replace('e', "e+");
    Error::input("a score is a finite number from -1e9 to 1e9").with_value(&shown)
}

/// The least and the greatest of some scores, in units.
pub(super) type Ends = (i64, i64);

/// The ends of a run of scores, `None` if there are none, or the place of one that cannot be counted.
pub(super) fn ends<T: Number>(values: &[T]) -> Result<Option<Ends>, usize> {
    /// Independent lanes, for vector instructions.
    const LANES: usize = 16;
    let Some(&first) = values.first() else {
        return Ok(None);
    };
    let (mut least, mut greatest) = ([first; LANES], [first; LANES]);
    let mut are_numbers = [true; LANES];
    let mut look = |values: &[T]| {
        let lanes = least.iter_mut().zip(&mut greatest).zip(&mut are_numbers);
        for (((least, greatest), are_numbers), &value) in lanes.zip(values) {
            *least = if value < *least { value } else { *least };
            *greatest = if value > *greatest { value } else { *greatest };
            *are_numbers &= value.is_number();
        }
    };
    let runs = values.chunks_exact(LANES);
    look(runs.remainder());
    runs.for_each(look);
    let fit = |values: &[T]| values.iter().all(|value| value.fits());
    if are_numbers.contains(&false) || !fit(&least) || !fit(&greatest) {
        let wrong = values.iter().position(|value| !value.fits());
        return Err(wrong.unwrap_or(0));
    }
    let least = least.map(T::units).into_iter().min();
    let greatest = greatest.map(T::units).into_iter().max();
    Ok(least.zip(greatest))
}

/// The ends of two parts together.
pub(super) fn wider(a: Option<Ends>, b: Option<Ends>) -> Option<Ends> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for half in [0.5, 1.5, 2.5, 1e6 + 0.5, 999_999_999_999_999.5] {
            // The quotient is a half again only where the product rounds to one; the definition decides.
            let value: f64 = half / 1e6;
            assert_eq!(value.units(), (value * 1e6).round() as i64, "{half}");
            assert_eq!((-value).units(), -value.units(), "{half}");
        }
        assert_eq!(0.000_000_5_f64.units(), 1);
        assert_eq!((-0.000_002_5_f64).units(), -3);
        assert_eq!((-0.0_f64).units(), 0);
        assert_eq!(1e9_f64.units(), 1_000_000_000_000_000);
    }

    #[test]
    fn values_are_shown_as_most_languages_write_them() {
        let shown = |value: f64| value.fault().place().value.clone();
        assert_eq!(shown(f64::NAN).as_deref(), Some("nan"));
        assert_eq!(shown(f64::NEG_INFINITY).as_deref(), Some("-inf"));
        assert_eq!(shown(1e300).as_deref(), Some("1e+300"));
        assert_eq!(shown(-1_000_000_100.0).as_deref(), Some("-1000000100.0"));
    }

    proptest! {
        #[test]
        fn floats_are_rounded_as_they_are_defined(
            value in prop_oneof![-1e9..1e9f64, -1.0..1.0f64, (-4_000_000_i32..4_000_000).prop_map(|n| f64::from(n) / 2e6)],
        ) {
            prop_assert_eq!(value.units(), (value * 1e6).round() as i64);
            prop_assert!(value.near().abs_diff(value.units()) <= 1);
        }

        #[test]
        fn ends_are_found_or_the_first_score_that_is_none(
            mut values in prop::collection::vec(-10.0..10.0, 1..60),
            wrong in prop::collection::vec((0..60usize, prop::sample::select(vec![f64::NAN, f64::INFINITY, -2e9])), 0..3),
        ) {
            for (at, value) in wrong {
                let at = at % values.len();
                values[at] = value;
            }
            let units = || values.iter().map(|value| value.units());
            let expected = match values.iter().position(|value| !value.fits()) {
                Some(place) => Err(place),
                None => Ok(units().min().zip(units().max())),
            };
            prop_assert_eq!(ends(&values), expected);
        }

        #[test]
        fn ends_of_small_integers(values in prop::collection::vec(any::<u8>(), 0..60)) {
            let units = || values.iter().map(|value| i64::from(*value));
            prop_assert_eq!(ends(&values), Ok(units().min().zip(units().max())));
        }
    }
}
