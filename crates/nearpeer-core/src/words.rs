//! Singular and plural, and what of a text is not printed as it is: the one place that knows them.

/// The form of a word that goes with a number.
///
/// ```
/// use nearpeer_core::words::form;
///
/// assert_eq!([0, 1, 2].map(|count| form(count, "has", "have")), ["have", "has", "have"]);
/// ```
#[must_use]
pub fn form<'w>(number: u64, one: &'w str, many: &'w str) -> &'w str {
    if number == 1 { one } else { many }
}

/// A number of things whose plural has an `s` or `es` at its end: `1 pair`, `2 pairs`, `2 matches`.
///
/// ```
/// use nearpeer_core::words::counted;
///
/// assert_eq!(counted(1, "mentee"), "1 mentee");
/// assert_eq!(counted(29, "match"), "29 matches");
/// ```
#[must_use]
pub fn counted(number: usize, thing: &str) -> String {
    format!("{number} {}", things(number, thing))
}

/// What goes with a number that stands elsewhere: `12 of 1 mentee`, `12 of 40 mentees`.
///
/// ```
/// use nearpeer_core::words::things;
///
/// assert_eq!(format!("{} of {} {}", 3, 4, things(4, "leader")), "3 of 4 leaders");
/// ```
#[must_use]
pub fn things(number: usize, thing: &str) -> String {
    let ending = match thing {
        _ if number == 1 => "",
        thing if thing.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{thing}{ending}")
}

/// Names in quotation marks, at most so many, and how many more there are: `"ana", "bo" and 3 more`.
///
/// ```
/// use nearpeer_core::words::quoted;
///
/// assert_eq!(quoted(&["ana", "bo"], 3), r#""ana", "bo""#);
/// assert_eq!(quoted(&["ana", "bo", "cy"], 2), r#""ana", "bo" and 1 more"#);
/// ```
#[must_use]
pub fn quoted<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let told = names.iter().take(most);
    let told: Vec<String> = told.map(|name| format!("{:?}", name.as_ref())).collect();
    match names.len().saturating_sub(most) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// A text in one line, in which control characters are shown and not sent.
///
/// ```
/// use nearpeer_core::words::printable;
///
/// assert_eq!(printable("a\u{1b}[31m\u{202e}é\n"), "a\\u{1b}[31m\\u{202e}é\\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if turns(character) {
            out.extend(character.escape_unicode());
        } else if character.is_control() {
            out.extend(character.escape_debug());
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a character turns the direction of the text after it around (Unicode Standard Annex 9), or breaks the line.
#[must_use]
pub fn turns(character: char) -> bool {
    matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
