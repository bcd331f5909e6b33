//! Embeddings: a direction a person, given by any model as a list of numbers and kept as whole numbers.
//!
//! # The definition
//! Numbers `x` are divided by the largest of their magnitudes, then by the square root of the sum of their
//! squares, added up from the first to the last, and each is rounded to a whole multiple of 1/16,384, halves away
//! from zero. These are divisions, products, sums and square roots of IEEE 754 doubles, one at a time, which every
//! machine rounds alike. The cosine of two people is the product of their whole numbers over 2^28: within about
//! 0.00003 of the cosine of what was given. A list without numbers and one of nothing but zeros have no direction;
//! such a cell counts as missing.

use crate::error::Error;

/// The length of a direction, in the unit of its components: 2^14.
pub(crate) const LENGTH: i32 = 1 << 14;

/// The greatest number of dimensions: models give up to a few thousand.
pub const MAX_DIMENSIONS: usize = 65_536;

/// An embedding as a caller hands it over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Embedding {
    /// So many numbers, or none, without a direction.
    Nowhere(usize),
    Direction(Box<[i16]>),
    /// Not a finite number.
    Fault(f64),
}

impl Embedding {
    pub(crate) fn new(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        if let Some(fault) = numbers.iter().find(|number| !number.is_finite()) {
            return Self::Fault(*fault);
        }
        let largest = numbers.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        if largest == 0.0 {
            return Self::Nowhere(numbers.len());
        }
        for number in &mut numbers {
            *number /= largest;
        }
        let mut squares = 0.0;
        for number in &numbers {
            squares += number * number;
        }
        let length = squares.sqrt();
        let whole = |number: &f64| (number / length * f64::from(LENGTH)).round() as i16;
        Self::Direction(numbers.iter().map(whole).collect())
    }

    /// How many numbers were given, if they are all finite.
    ///
    /// # Errors
    /// For a number that is not, and for too many.
    pub(super) fn dimensions(&self) -> Result<usize, Error> {
        let dimensions = match self {
            Self::Fault(number) => {
                return Err(
                    Error::input("an embedding is finite numbers").with_value(&number.to_string())
                );
            }
            Self::Nowhere(dimensions) => *dimensions,
            Self::Direction(components) => components.len(),
        };
        if dimensions > MAX_DIMENSIONS {
            return Err(Error::input(format!(
                "an embedding of {dimensions} numbers; the most is {MAX_DIMENSIONS}"
            )));
        }
        Ok(dimensions)
    }
}

/// One direction a person, of one number of dimensions; none where it is not known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embeddings {
    dimensions: usize,
    known: Vec<bool>,
    /// `dimensions` a person.
    components: Vec<i16>,
}

impl Embeddings {
    pub(super) fn push(&mut self, embedding: Option<Embedding>) {
        let direction = match embedding {
            Some(Embedding::Direction(components)) => components,
            _ => return self.known.push(false),
        };
        self.dimensions = direction.len();
        let before = self.known.len() * self.dimensions;
        self.components.resize(before, 0);
        self.components.extend(direction);
        self.known.push(true);
    }

    /// Those of these people, in this order.
    pub(super) fn taken(&self, order: &[usize]) -> Self {
        let mut out = Self::default();
        for ix in order {
            out.push(self.get(*ix).map(|of| Embedding::Direction(of.into())));
        }
        out
    }

    /// The person's direction: its components in 1/16,384.
    #[inline]
    pub(crate) fn get(&self, ix: usize) -> Option<&[i16]> {
        let known = self.known.get(ix).copied().unwrap_or(false);
        known.then(|| &self.components[ix * self.dimensions..][..self.dimensions])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(numbers: &[f64]) -> Vec<i16> {
        match Embedding::new(numbers.iter().copied()) {
            Embedding::Direction(components) => components.into(),
            other => panic!("no direction: {other:?}"),
        }
    }

    #[test]
    fn a_direction_does_not_depend_on_its_length() {
        assert_eq!(components(&[3.0, -4.0]), [9830, -13107]);
        assert_eq!(components(&[3e300, -4e300]), [9830, -13107]);
        assert_eq!(components(&[3e-320, -4e-320]), [9830, -13107]);
        assert_eq!(components(&[0.0, -7.0]), [0, -16384]);
    }

    #[test]
    fn nothing_but_zeros_is_no_direction_and_infinity_is_a_fault() {
        assert_eq!(Embedding::new([0.0, -0.0]), Embedding::Nowhere(2));
        assert_eq!(Embedding::new([]), Embedding::Nowhere(0));
        assert!(Embedding::new([1.0, f64::NAN]).dimensions().is_err());
        assert!(Embedding::new([f64::INFINITY]).dimensions().is_err());
        let long = Embedding::new(vec![1.0; MAX_DIMENSIONS + 1]);
        assert!(long.dimensions().is_err());
    }

    #[test]
    fn who_has_none_is_skipped() {
        let mut embeddings = Embeddings::default();
        embeddings.push(None);
        embeddings.push(Some(Embedding::new([1.0, 0.0])));
        embeddings.push(Some(Embedding::Nowhere(2)));
        embeddings.push(Some(Embedding::new([0.0, -1.0])));
        assert_eq!(embeddings.get(0), None);
        assert_eq!(embeddings.get(1), Some(&[16384, 0][..]));
        assert_eq!(embeddings.get(2), None);
        assert_eq!(embeddings.get(3), Some(&[0, -16384][..]));
        assert_eq!(embeddings.get(4), None);
    }
}
