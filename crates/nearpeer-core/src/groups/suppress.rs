//! Which cells of a table with a total are not told, so that none of fewer people than allowed can be worked out.

/// Marks in `hidden`, which may have marks already, the cells that are not told, given how many people each is about;
/// and says whether the total is not told either.
///
/// A cell about nobody says nothing. All others of fewer than `least` people are hidden; then, as long as what the
/// hidden ones have together is one cell's, or that of fewer than `least` people, the smallest that is still told is
/// hidden as well.
pub(super) fn suppress(sizes: &[usize], hidden: &mut [bool], least: usize) -> bool {
    for (hidden, size) in hidden.iter_mut().zip(sizes) {
        *hidden |= (1..least).contains(size);
    }
    loop {
        let cells = hidden.iter().filter(|hidden| **hidden).count();
        let marked = sizes.iter().zip(&*hidden).filter(|(_, hidden)| **hidden);
        let together: usize = marked.map(|(size, _)| size).sum();
        if together == 0 || (cells >= 2 && together >= least) {
            return false;
        }
        let told = (0..sizes.len()).filter(|cell| !hidden[*cell] && sizes[*cell] > 0);
        match told.min_by_key(|cell| sizes[*cell]) {
            Some(cell) => hidden[cell] = true,
            // What is hidden is all that there is.
            None => return true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hidden(sizes: &[usize]) -> (Vec<bool>, bool) {
        let mut hidden = vec![false; sizes.len()];
        let total = suppress(sizes, &mut hidden, 10);
        (hidden, total)
    }

    #[test]
    fn a_small_cell_takes_the_next_smallest_with_it() {
        assert_eq!(hidden(&[30, 9, 40]), (vec![true, true, false], false));
        assert_eq!(hidden(&[30, 10, 40]), (vec![false; 3], false));
        // Two small ones of 7 people together are not enough.
        assert_eq!(
            hidden(&[30, 3, 40, 4]),
            (vec![true, true, false, true], false)
        );
        assert_eq!(hidden(&[30, 5, 5]), (vec![false, true, true], false));
        // A cell about nobody hides nothing.
        assert_eq!(
            hidden(&[30, 5, 0, 40]),
            (vec![true, true, false, false], false)
        );
    }

    #[test]
    fn a_total_of_too_few_is_not_told() {
        assert_eq!(hidden(&[9]), (vec![true], true));
        assert_eq!(hidden(&[4, 5]), (vec![true, true], true));
        assert_eq!(hidden(&[6, 7]), (vec![true, true], false));
        assert_eq!(hidden(&[]), (vec![], false));
        assert_eq!(hidden(&[0, 0]), (vec![false, false], false));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// From the total and the cells that are told, nothing follows of fewer than `least` people or of one hidden cell.
        #[test]
        fn subtraction_reveals_nothing(
            sizes in proptest::collection::vec(0usize..30, 0..8),
            least in 0usize..15,
            marked in 0usize..16,
        ) {
            // The scores' table starts with the cells that the counts' table hides.
            let mut hidden: Vec<bool> = (0..sizes.len()).map(|ix| ix == marked).collect();
            let no_total = suppress(&sizes, &mut hidden, least);
            for (size, hidden) in sizes.iter().zip(&hidden) {
                prop_assert!(*hidden || *size == 0 || *size >= least);
            }
            let all: usize = sizes.iter().sum();
            let told: usize = sizes.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(size, _)| size).sum();
            let difference = all - told;
            let cells = hidden.iter().filter(|hidden| **hidden).count();
            if no_total {
                prop_assert_eq!(told, 0);
            } else if difference > 0 {
                prop_assert!(difference >= least && cells >= 2, "{:?} {:?}", sizes, hidden);
            }
        }
    }
}
