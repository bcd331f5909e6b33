//! What a cell means: an id, a grade, a whole number, a yes or no, a list, a score.

use nearpeer_core::{Cell, Error, Grade};

use super::MAX_LIST_ITEMS;
use super::cells::Value;

/// 2^53: up to here a float holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn fault(value: &Value<'_>, message: impl Into<String>) -> Error {
    Error::input(message).with_value(&value.shown())
}

/// A float without a fraction, as a whole number.
fn integral(number: f64) -> Option<i128> {
    // Exact by the check.
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i128)
}

/// An id: text without the whitespace around it, or a whole number; empty where it is missing.
pub(super) fn id(value: &Value<'_>) -> Result<String, Error> {
    match value {
        Value::Missing => Ok(String::new()),
        Value::Text(text) if text.contains('\0') => {
            Err(fault(value, "an id holds no NUL character"))
        }
        Value::Text(text) => Ok(text.trim().to_owned()),
        Value::Whole(number) => Ok(number.to_string()),
        Value::Float(number) if number.is_nan() => Ok(String::new()),
        Value::Float(number) => integral(*number)
            .map(|number| number.to_string())
            .ok_or_else(|| fault(value, "an id is text or a whole number")),
        Value::Truth(_) | Value::List(_) => Err(fault(value, "an id is text or a whole number")),
    }
}

/// A word, such as a site.
pub(super) fn word(value: &Value<'_>) -> Result<Option<String>, Error> {
    match value {
        Value::Missing => Ok(None),
        Value::Float(number) if number.is_nan() => Ok(None),
        Value::Float(number) => Ok(Some(
            integral(*number).map_or_else(|| number.to_string(), |number| number.to_string()),
        )),
        Value::List(_) => Err(fault(value, "a single word is expected here, not a list")),
        value => Ok(Some(value.shown().into_owned())),
    }
}

/// A school grade.
pub(super) fn grade(value: &Value<'_>) -> Result<Option<Grade>, Error> {
    const MESSAGE: &str =
        "not a grade: expected PK, K, KG or a number from -1 to 99, such as 6, 06, 6th or Grade 6";
    let number = match value {
        Value::Missing => return Ok(None),
        Value::Float(number) if number.is_nan() => return Ok(None),
        Value::Text(text) => {
            return text.parse().map(Some).map_err(|_| fault(value, MESSAGE));
        }
        Value::Whole(number) => Some(*number),
        Value::Float(number) => integral(*number),
        Value::Truth(_) | Value::List(_) => None,
    };
    number
        .and_then(|number| i64::try_from(number).ok())
        .and_then(Grade::new)
        .map(Some)
        .ok_or_else(|| fault(value, MESSAGE))
}

/// A whole number from 0 to `most`, of pairs or of a tier.
pub(super) fn count(value: &Value<'_>, what: &str, most: u32) -> Result<Option<u32>, Error> {
    let number = match value {
        Value::Missing => return Ok(None),
        Value::Float(number) if number.is_nan() => return Ok(None),
        Value::Text(text) => {
            let text = text.trim();
            text.parse::<i128>()
                .ok()
                .or_else(|| text.parse::<f64>().ok().and_then(integral))
        }
        Value::Whole(number) => Some(*number),
        Value::Float(number) => integral(*number),
        Value::Truth(_) | Value::List(_) => None,
    };
    number
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number <= most)
        .map(Some)
        .ok_or_else(|| fault(value, format!("{what} is a whole number from 0 to {most}")))
}

/// Yes or no.
pub(super) fn flag(value: &Value<'_>) -> Result<Option<bool>, Error> {
    let truth = match value {
        Value::Missing => return Ok(None),
        Value::Float(number) if number.is_nan() => return Ok(None),
        Value::Truth(truth) => Some(*truth),
        Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        Value::Whole(1) => Some(true),
        Value::Whole(0) => Some(false),
        Value::Float(1.0) => Some(true),
        Value::Float(0.0) => Some(false),
        Value::Whole(_) | Value::Float(_) | Value::List(_) => None,
    };
    truth
        .map(Some)
        .ok_or_else(|| fault(value, "expected true or false, yes or no, y or n, 1 or 0"))
}

/// A list, or text with `;` between the items.
pub(super) fn list(value: Value<'_>) -> Result<Option<Vec<String>>, Error> {
    let text = match value {
        Value::Missing => return Ok(None),
        Value::List(items) => return Ok(Some(items)),
        Value::Text(text) => text,
        value => return Ok(word(&value)?.map(|item| vec![item])),
    };
    let count = text.bytes().filter(|byte| *byte == b';').count() + 1;
    if count > MAX_LIST_ITEMS {
        return Err(fault(
            &Value::Text(text),
            format!("a list of {count} items; the most is {MAX_LIST_ITEMS}"),
        ));
    }
    Ok(Some(
        text.split(';').map(|item| item.trim().to_owned()).collect(),
    ))
}

/// A caller's own score of a pair.
pub(super) fn score(value: &Value<'_>) -> Result<f64, Error> {
    let number = match value {
        Value::Text(text) => text.trim().parse().ok(),
        // Exact for the only whole scores there are, 0 and 1.
        Value::Whole(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Missing | Value::Truth(_) | Value::List(_) => None,
    };
    number
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| fault(value, "a pair score is a number from 0 to 1"))
}

/// A cell of a column that nearpeer gives no meaning to.
pub(super) fn extra(value: &Value<'_>, numeric: bool) -> Result<Cell, Error> {
    let number = match value {
        Value::Missing => return Ok(Cell::Missing),
        Value::Text(text) if numeric => text.trim().parse().unwrap_or(f64::INFINITY),
        Value::Text(text) => return Ok(Cell::Text(text.trim().to_owned())),
        Value::Whole(number) => *number as f64,
        Value::Float(number) if number.is_nan() => return Ok(Cell::Missing),
        Value::Float(number) => *number,
        Value::Truth(_) | Value::List(_) => return Ok(Cell::Text(value.shown().into_owned())),
    };
    if number.is_finite() {
        Ok(Cell::Number(number))
    } else {
        Err(fault(value, "not a finite number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_come_as_text_integers_and_floats() {
        for value in [
            Value::Text(" 3 "),
            Value::Text("3.0"),
            Value::Whole(3),
            Value::Float(3.0),
        ] {
            assert_eq!(count(&value, "a load", 10).ok(), Some(Some(3)), "{value:?}");
        }
        for value in [Value::Missing, Value::Float(f64::NAN)] {
            assert_eq!(count(&value, "a load", 10).ok(), Some(None), "{value:?}");
        }
        for value in [
            Value::Text("-1"),
            Value::Text("1.5"),
            Value::Text("NaN"),
            Value::Text("1e300"),
            Value::Text("two"),
            Value::Whole(-1),
            Value::Whole(11),
            Value::Float(1.5),
            Value::Float(f64::INFINITY),
            Value::Float(1e18),
            Value::Truth(true),
        ] {
            assert!(count(&value, "a load", 10).is_err(), "{value:?}");
        }
    }

    #[test]
    fn yes_and_no_are_read_in_every_usual_form() {
        for text in ["true", "TRUE", "Yes", "y", "1"] {
            assert_eq!(flag(&Value::Text(text)).ok(), Some(Some(true)), "{text}");
        }
        for text in ["false", "False", "no", "N", "0"] {
            assert_eq!(flag(&Value::Text(text)).ok(), Some(Some(false)), "{text}");
        }
        assert!(flag(&Value::Text("maybe")).is_err());
        assert!(flag(&Value::Whole(2)).is_err());
    }

    #[test]
    fn ids_are_text_or_whole_numbers() {
        assert_eq!(id(&Value::Text(" 007 ")).ok().as_deref(), Some("007"));
        assert_eq!(id(&Value::Float(17.0)).ok().as_deref(), Some("17"));
        assert_eq!(id(&Value::Whole(-5)).ok().as_deref(), Some("-5"));
        assert!(id(&Value::Float(0.5)).is_err());
        assert!(id(&Value::Truth(true)).is_err());
    }
}
