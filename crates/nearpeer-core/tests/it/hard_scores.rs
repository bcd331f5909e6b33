//! Scores that are hard for augmenting paths: long ties, and everybody wanting the same.

use nearpeer_core::{Assign, Assignment, LoadRange, Options, Scores, assign, verify_assignment};

/// The best assignment, proven again by the checker; the same on one thread and on several.
fn solved(rows: usize, columns: usize, load: u32, score: impl Fn(usize, usize) -> i64) -> i64 {
    let values: Vec<i64> = (0..rows * columns)
        .map(|cell| score(cell / columns, cell % columns))
        .collect();
    let scores = Scores::dense_integers(rows, columns, &values).expect("scores");
    let task = Assign {
        column_loads: vec![LoadRange { low: 0, high: load }; columns],
        ..Assign::default()
    };
    let answers: Vec<Assignment> = [1, 3]
        .into_iter()
        .map(|threads| {
            let options = Options {
                threads: Some(threads),
                ..Options::default()
            };
            assign(&scores, &task, &options).expect("an assignment")
        })
        .collect();
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].gap, 0);
    verify_assignment(&scores, &task, &answers[0]).expect("a proof");
    answers[0].objective
}

#[test]
fn outer_products_pair_equal_ranks() {
    let best: i64 = (1..=300).map(|rank| rank * rank).sum();
    let product = |row, column| (row as i64 + 1) * (column as i64 + 1);
    assert_eq!(solved(300, 300, 1, product), best);
    // Ties of ten, and fewer places than rows.
    let tied = |row, column| (row as i64 / 10 + 1) * (column as i64 + 1);
    let top: i64 = (0..60)
        .map(|place| (29 - place / 10) + 1)
        .zip((0..60).map(|place| 30 - place / 2))
        .map(|(row, column)| row * column)
        .sum();
    assert_eq!(solved(300, 30, 2, tied), top);
}

#[test]
fn equal_scores_fill_every_place() {
    for (rows, columns, load) in [(400, 200, 2), (400, 150, 2), (100, 200, 2), (90, 3, 30)] {
        let places = rows.min(columns * load as usize) as i64;
        assert_eq!(
            solved(rows, columns, load, |_, _| 500_000),
            500_000 * places
        );
        assert_eq!(solved(rows, columns, load, |_, _| 1), places);
        assert_eq!(solved(rows, columns, load, |_, _| -1), 0);
    }
}

#[test]
fn places_on_a_line_of_ties_are_taken_in_order() {
    // Rows and columns stand at the same places, ten at each.
    let near = |row: usize, column: usize| 100 - (row as i64 / 10 - column as i64 / 10).abs();
    assert_eq!(solved(300, 300, 1, near), 30_000);
}
