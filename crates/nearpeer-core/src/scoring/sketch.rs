//! Cheap bounds of cosines: no two directions are nearer than their shadows on a few axes and what is left allow.
//!
//! With a direction's shadow `p` on orthonormal axes and the length `r` of what is left, `a·b ≤ p_a·p_b + r_a·r_b`
//! (Cauchy and Schwarz). The axes are about those along which people differ the most: real embeddings have few
//! such. A bound only decides which pairs need no closer look, so it need not be the same everywhere, only high enough;
//! `SLACK` is many times what floats can be off by.

use rayon::prelude::*;

use crate::roster::{LENGTH, People, Roster};

/// Shadows of fewer dimensions than this save nothing.
const FEWEST: usize = if cfg!(test) { 2 } else { 64 };

/// How many axes there are.
const AXES: usize = 16;

/// People whom the axes are made from.
const SAMPLE: usize = 512;

/// Rounds of the power method an axis.
const ROUNDS: usize = 2;

/// Above all rounding of 32-bit floats.
const SLACK: f32 = 1e-4;

/// The shadow on each axis, and the length of what is left; nothing where there is no embedding.
#[derive(Debug, Clone, Copy, Default)]
struct Shadow {
    along: [f32; AXES],
    left: f32,
}

/// Everybody's shadow.
#[derive(Debug)]
pub(super) struct Sketch {
    mentees: Vec<Shadow>,
    mentors: Vec<Shadow>,
}

impl Sketch {
    /// `None` where there are too few dimensions for it to save anything.
    pub(super) fn new(roster: &Roster) -> Option<Self> {
        let sides = [roster.mentees(), roster.mentors()];
        let everybody: usize = sides.iter().map(|side| side.len()).sum();
        let known = sides.iter().flat_map(|side| each(side));
        let sample: Vec<Vec<f64>> = known
            .step_by(everybody.div_ceil(SAMPLE).max(1))
            .map(direction)
            .collect();
        if sample.first()?.len() < FEWEST {
            return None;
        }
        let axes = axes(sample);
        let shadows = |people: &People| {
            let of = |ix| {
                people
                    .embedding(ix)
                    .map_or_else(Shadow::default, |own| shadow(&axes, own))
            };
            (0..people.len()).into_par_iter().map(of).collect()
        };
        Some(Self {
            mentees: shadows(sides[0]),
            mentors: shadows(sides[1]),
        })
    }

    /// No less than the cosine of the two, if both have embeddings.
    #[inline]
    pub(super) fn most(&self, mentee: usize, mentor: usize) -> f32 {
        let (a, b) = (&self.mentees[mentee], &self.mentors[mentor]);
        let mut sum = [0.0; AXES];
        for (sum, (a, b)) in sum.iter_mut().zip(a.along.iter().zip(&b.along)) {
            *sum = a * b;
        }
        sum.iter().sum::<f32>() + a.left * b.left + SLACK
    }
}

fn each(people: &People) -> impl Iterator<Item = &[i16]> {
    (0..people.len()).filter_map(|ix| people.embedding(ix))
}

fn direction(components: &[i16]) -> Vec<f64> {
    let length = f64::from(LENGTH);
    components.iter().map(|x| f64::from(*x) / length).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Takes off what `vector` has along the axis.
fn take_off(vector: &mut [f64], axis: &[f64]) {
    let along = product(vector, axis);
    for (x, axis) in vector.iter_mut().zip(axis) {
        *x -= along * axis;
    }
}

/// Orthonormal axes, the first along which the sample has the most, by the power method; fewer where the sample has
/// nothing left.
fn axes(mut sample: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut axes: Vec<Vec<f64>> = Vec::new();
    while axes.len() < AXES {
        let longest = sample
            .iter()
            .max_by(|a, b| product(a, a).total_cmp(&product(b, b)));
        let Some(mut axis) = longest.cloned() else {
            break;
        };
        for round in 0..=ROUNDS {
            if round > 0 {
                let mut next = vec![0.0; axis.len()];
                for one in &sample {
                    let along = product(one, &axis);
                    for (next, x) in next.iter_mut().zip(one) {
                        *next += along * x;
                    }
                }
                axis = next;
            }
            for other in &axes {
                take_off(&mut axis, other);
            }
            let length = product(&axis, &axis).sqrt();
            if length < 1e-6 {
                return axes;
            }
            for x in &mut axis {
                *x /= length;
            }
        }
        for one in &mut sample {
            take_off(one, &axis);
        }
        axes.push(axis);
    }
    axes
}

fn shadow(axes: &[Vec<f64>], own: &[i16]) -> Shadow {
    let own = direction(own);
    let mut shadow = Shadow::default();
    let mut left = product(&own, &own);
    for (shadow, axis) in shadow.along.iter_mut().zip(axes) {
        let along = product(&own, axis);
        left -= along * along;
        *shadow = along as f32;
    }
    shadow.left = left.max(0.0).sqrt() as f32;
    shadow
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::roster::Person;

    fn largest_excess(young: &[Vec<i8>], old: &[Vec<i8>]) -> (f32, f32) {
        let numbers = |x: &Vec<i8>| x.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>();
        let mut builder = Roster::builder();
        for (ix, x) in young.iter().enumerate() {
            builder = builder.mentee(Person::new(format!("e{ix}")).embedding(numbers(x)));
        }
        for (ix, x) in old.iter().enumerate() {
            builder = builder.mentor(Person::new(format!("m{ix}")).embedding(numbers(x)));
        }
        let roster = builder.build().expect("a roster");
        let Some(sketch) = Sketch::new(&roster) else {
            return (0.0, 0.0);
        };
        let mut excess = (f32::INFINITY, 0.0f32);
        for mentee in 0..young.len() {
            for mentor in 0..old.len() {
                let known = (
                    roster.mentees().embedding(mentee),
                    roster.mentors().embedding(mentor),
                );
                if let (Some(a), Some(b)) = known {
                    let exact = product(&direction(a), &direction(b)) as f32;
                    let over = sketch.most(mentee, mentor) - exact;
                    excess = (excess.0.min(over), excess.1.max(over));
                }
            }
        }
        excess
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

        #[test]
        fn no_cosine_is_above_its_bound(
            young in vec(vec(-3i8..4, 24), 1..12), old in vec(vec(-3i8..4, 24), 1..12),
        ) {
            prop_assert!(largest_excess(&young, &old).0 >= 0.0);
        }

        #[test]
        fn on_few_axes_the_bound_is_the_cosine(
            young in vec(vec(-3i8..4, 5), 1..12), old in vec(vec(-3i8..4, 5), 1..12),
        ) {
            // All dimensions are axes, as far as anybody has anything along them.
            prop_assert!(largest_excess(&young, &old).1 <= 0.01);
        }
    }
}
