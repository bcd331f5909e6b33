//! Grades as a rule names them: `6`, `6,7`, `6-8`, `K-2`.

use nearpeer_core::{Error, Grade};

/// The grades that a text names, in order and each once: single ones and ranges, with commas between them.
///
/// ```
/// let grades = nearpeer::oneroster::grades("PK-1, 06")?;
/// assert_eq!(grades.iter().map(|grade| grade.number()).collect::<Vec<_>>(), [-1, 0, 1, 6]);
/// # Ok::<(), nearpeer::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) for what is no grade, a range that runs backwards, and none at all.
pub fn grades(text: &str) -> Result<Vec<Grade>, Error> {
    let mut grades = Vec::new();
    for part in text.split(',') {
        let (from, to) = range(part).ok_or_else(|| {
            Error::input(format!(
                "{:?} is not a grade or a range of grades, such as 6, K or 6-8",
                part.trim()
            ))
        })?;
        if from > to {
            return Err(Error::input(format!(
                "the grades {from}-{to} run backwards"
            )));
        }
        let numbers = from.number()..=to.number();
        grades.extend(numbers.filter_map(|number| Grade::new(number.into())));
    }
    grades.sort_unstable();
    grades.dedup();
    Ok(grades)
}

/// The first and the last grade.
fn range(text: &str) -> Option<(Grade, Grade)> {
    if let Ok(grade) = text.parse() {
        return Some((grade, grade));
    }
    // A minus can be part of a grade, too: Pre-K, -1.
    text.match_indices('-').find_map(|(at, _)| {
        let (from, to) = (text[..at].parse().ok()?, text[at + 1..].parse().ok()?);
        Some((from, to))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_grades_and_ranges() {
        for (text, expected) in [
            ("6", vec![6]),
            ("06", vec![6]),
            ("8, 6,7,6", vec![6, 7, 8]),
            ("6-8", vec![6, 7, 8]),
            ("PK-1", vec![-1, 0, 1]),
            ("Pre-K - K", vec![-1, 0]),
            ("-1-0", vec![-1, 0]),
            ("9-9", vec![9]),
        ] {
            let numbers: Vec<i32> = grades(text)
                .expect("grades")
                .iter()
                .map(|grade| grade.number())
                .collect();
            assert_eq!(numbers, expected, "{text}");
        }
        for text in ["", "six", "6,", "8-6", "6-8-9", "6..8", "100", "-"] {
            assert!(grades(text).is_err(), "{text}");
        }
    }
}
