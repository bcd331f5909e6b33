//! What a programme's file says of cells of the tables: ids, sites and values. A whole number is as good as its digits
//! in quotation marks, since an id such as 1042 is a number in many a table.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// A cell's text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Text::deserialize(deserializer)?.0)
}

/// The texts of several cells.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let texts = Vec::<Text>::deserialize(deserializer)?;
    Ok(texts.into_iter().map(|text| text.0).collect())
}

/// The same where the key need not be there.
pub(crate) fn texts_if_given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    texts(deserializer).map(Some)
}

/// Two cells each, where the key need not be there.
pub(crate) fn pairs_if_given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<(String, String)>>, D::Error> {
    let pairs = Vec::<Pair>::deserialize(deserializer)?;
    Ok(Some(pairs.into_iter().map(|pair| pair.0).collect()))
}

struct Pair((String, String));

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A tuple would leave a third text unread.
        let texts = texts(deserializer)?;
        let [one, other] = <[String; 2]>::try_from(texts).map_err(|texts| {
            D::Error::custom(format!("two ids are needed, not {}", texts.len()))
        })?;
        Ok(Self((one, other)))
    }
}

struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, in quotation marks, or a whole number")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::programme::Program;

    const NUMBERS: &str = "
        [[families]]
        name = \"Rivera\"
        members = [1042, \"1043\"]
        all_or_none = true
        [[quotas]]
        name = \"either\"
        pairs = [[1042, 7], [\"1043\", 7]]
        at_most = 1
        [[quotas]]
        name = \"rooms\"
        mentee = { column = \"room\", value = 12 }
        at_most = 3
        [[balance]]
        column = \"lunch\"
        groups = [1]
        at_least = 0.5
        [[eligibility.rules]]
        name = \"bus\"
        column = \"bus\"
        require = \"one_of\"
        values = [3, 5]
        side = \"mentor\"
        [[eligibility.feeders]]
        from = 101
        to = \"102\"
    ";

    #[test]
    fn whole_numbers_are_their_digits() {
        let program = Program::from_toml(NUMBERS).expect("a programme");
        let quoted = ["1042", "7", "12", "3", "5", "101"];
        let quoted = quoted.iter().fold(NUMBERS.to_owned(), |text, number| {
            text.replace(&format!("[{number}"), &format!("[\"{number}\""))
                .replace(&format!(" {number}]"), &format!(" \"{number}\"]"))
        });
        let quoted = quoted
            .replace("value = 12 ", "value = \"12\" ")
            .replace("groups = [1]", "groups = [\"1\"]")
            .replace("from = 101", "from = \"101\"");
        assert_eq!(Program::from_toml(&quoted).expect("a programme"), program);
        let written = Program::from_toml(&program.to_toml());
        assert_eq!(written.expect("a programme"), program);
    }

    #[test]
    fn what_is_no_text_and_no_whole_number_is_refused_with_its_place() {
        let text = "[[families]]\nname = \"a\"\nmembers = [\"b\", 1.5]\nall_or_none = true";
        let error = Program::from_toml(text).expect_err("a float is no id");
        assert_eq!(
            error.to_string(),
            "programme key `families[1].members[2]`: text, in quotation marks, or a whole number is needed, not \
             floating point `1.5` (line 3)"
        );
    }
}
