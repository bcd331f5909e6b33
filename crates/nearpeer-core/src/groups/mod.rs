//! How groups of mentees fare in a match: coverage, mean score and worst-off, with small cells suppressed.

mod suppress;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Error, nearest};
use crate::matching::Match;
use crate::roster::{Cell, Field, People, Roster};
use crate::units::Micropoints;
use suppress::suppress;

/// How the groups of one column fare. [`Match::groups`] gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Groups {
    /// The column of the mentees.
    pub column: String,
    /// Cells of fewer people are suppressed.
    pub min_n: usize,
    /// The groups in the order of their values, then those without a value, then all together.
    pub rows: Vec<GroupOutcome>,
}

/// Who a row of [`Groups`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// The mentees with one value.
    Group,
    /// The mentees with an empty cell.
    Missing,
    /// All mentees.
    Total,
}

impl GroupKind {
    /// `group`, `missing`, `total`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Missing => "missing",
            Self::Total => "total",
        }
    }
}

/// How a group of mentees fares. What is suppressed is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupOutcome {
    /// Who the row is about.
    pub kind: GroupKind,
    /// The value, of a group.
    pub value: Option<String>,
    /// How many mentees there are.
    pub mentees: Option<usize>,
    /// How many of them have a mentor.
    pub covered: Option<usize>,
    /// The mean score of their pairs, rounded; `None` also where there are no pairs.
    pub mean_score: Option<Micropoints>,
    /// The lowest score of their pairs; `None` also where there are no pairs.
    pub worst_off: Option<Micropoints>,
    /// Whether numbers of mentees are suppressed; then scores are, too.
    pub suppressed: bool,
    /// Whether scores are suppressed.
    pub scores_suppressed: bool,
}

impl GroupOutcome {
    /// The share of the mentees who have a mentor, 0 to 1.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        Some(self.covered? as f64 / self.mentees.filter(|mentees| *mentees > 0)? as f64)
    }
}

/// What a group has, before anything is suppressed.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    mentees: usize,
    covered: usize,
    pairs: i64,
    score: i64,
    lowest: Option<i64>,
}

impl Tally {
    fn pair(&mut self, score: i64) {
        self.pairs += 1;
        self.score += score;
        self.lowest = Some(self.lowest.map_or(score, |lowest| lowest.min(score)));
    }

    fn add(&mut self, other: &Self) {
        self.mentees += other.mentees;
        self.covered += other.covered;
        self.pairs += other.pairs;
        self.score += other.score;
        self.lowest = self.lowest.into_iter().chain(other.lowest).min();
    }

    fn outcome(&self, kind: GroupKind, value: Option<String>, hidden: [bool; 2]) -> GroupOutcome {
        let [counts, scores] = hidden;
        let mean =
            (self.pairs > 0).then(|| (2 * self.score + self.pairs).div_euclid(2 * self.pairs));
        GroupOutcome {
            kind,
            value,
            mentees: (!counts).then_some(self.mentees),
            covered: (!counts).then_some(self.covered),
            mean_score: mean.filter(|_| !scores).map(Micropoints),
            worst_off: self.lowest.filter(|_| !scores).map(Micropoints),
            suppressed: counts,
            scores_suppressed: scores,
        }
    }
}

/// A value that sorts numbers as numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// An integer with the same order as a float, and how it is written.
    Number(i64, String),
    Text(String),
    Missing,
}

impl Value {
    fn number(number: f64) -> Self {
        let number = number + 0.0; // no negative zero
        let bits = number.to_bits() as i64;
        Self::Number(
            bits ^ (((bits >> 63) as u64) >> 1) as i64,
            number.to_string(),
        )
    }

    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Missing => Self::Missing,
            Cell::Number(number) => Self::number(*number),
            Cell::Text(text) => Self::Text(text.clone()),
        }
    }

    fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Missing, |text| Self::Text(text.to_owned()))
    }
}

impl Match {
    /// How the groups of mentees with equal cells in `column` fare: `site`, `grade`, `gender`, `priority`,
    /// `requires_language`, `requires_same_gender`, `consent`, or a column of one's own. `roster` is that which the match was
    /// made of.
    ///
    /// A group of fewer than `min_n` mentees is suppressed, and so are the scores of one with fewer than `min_n` matched
    /// mentees. What is suppressed cannot be had by subtraction from the total either: further groups are suppressed, the
    /// smallest first, until there are at least two, of at least `min_n` people together. Tables of several columns must
    /// not be held against each other: that is not looked after.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) where the mentees have no such column, where it holds lists, or where the
    /// match is not of that roster.
    pub fn groups(&self, roster: &Roster, column: &str, min_n: usize) -> Result<Groups, Error> {
        let people = roster.mentees();
        let value = reader(roster, column)?;
        let mut tallies = vec![Tally::default(); people.len()];
        for pair in &self.pairs {
            let ix = people.find(&pair.mentee).ok_or_else(|| {
                Error::input("the match is not of this roster").in_table(people.table())
            })?;
            tallies[ix].pair(pair.score.0);
        }
        let mut groups: BTreeMap<Value, Tally> = BTreeMap::new();
        let mut total = Tally::default();
        for (ix, tally) in tallies.iter_mut().enumerate() {
            (tally.mentees, tally.covered) = (1, usize::from(tally.pairs > 0));
            groups.entry(value(ix)).or_default().add(tally);
            total.add(tally);
        }
        let sizes: Vec<usize> = groups.values().map(|group| group.mentees).collect();
        let covered: Vec<usize> = groups.values().map(|group| group.covered).collect();
        let mut counts = vec![false; sizes.len()];
        let no_total = suppress(&sizes, &mut counts, min_n);
        // Scores of a group whose numbers are not told are not told either.
        let mut scores = counts.clone();
        let no_scores = suppress(&covered, &mut scores, min_n) || no_total;
        let rows = groups.into_iter().zip(counts.into_iter().zip(scores));
        let rows = rows.map(|((value, tally), (counts, scores))| {
            let (kind, value) = match value {
                Value::Missing => (GroupKind::Missing, None),
                Value::Number(_, text) | Value::Text(text) => (GroupKind::Group, Some(text)),
            };
            tally.outcome(kind, value, [counts, scores])
        });
        let total = total.outcome(GroupKind::Total, None, [no_total, no_scores]);
        Ok(Groups {
            column: column.to_owned(),
            min_n,
            rows: rows.chain([total]).collect(),
        })
    }
}

/// Checks that [`Match::groups`] can be by this column of the roster's mentees, before a long solve.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) where there is no such column, or it holds lists.
pub fn check_column(roster: &Roster, column: &str) -> Result<(), Error> {
    reader(roster, column).map(drop)
}

/// What reads a mentee's value in a column.
fn reader<'r>(roster: &'r Roster, column: &str) -> Result<Box<dyn Fn(usize) -> Value + 'r>, Error> {
    let people = roster.mentees();
    let fault = |message: String| {
        let error = Error::input(message).in_column(column);
        Err(error.in_table(people.table()))
    };
    let Some(field) = Field::from_name(column) else {
        let Some(cells) = people.extra(column) else {
            return fault(no_column(people, column));
        };
        return Ok(Box::new(|ix| Value::of(cells.cell(ix))));
    };
    if !people.has(field) {
        return fault(no_column(people, column));
    }
    let truth = |truth: Option<bool>| Value::text(truth.map(|yes| if yes { "yes" } else { "no" }));
    let read: Box<dyn Fn(usize) -> Value + 'r> = match field {
        Field::Site => {
            Box::new(|ix| Value::text(people.site(ix).map(|code| roster.sites().word(code))))
        }
        Field::Gender => {
            Box::new(|ix| Value::text(people.gender(ix).map(|code| roster.genders().word(code))))
        }
        Field::RequiresLanguage => Box::new(|ix| {
            let code = people.requires_language(ix);
            Value::text(code.map(|code| roster.languages().word(code)))
        }),
        Field::Grade => Box::new(|ix| match people.grade(ix) {
            Some(grade) => Value::Number(i64::from(grade.number()), grade.to_string()),
            None => Value::Missing,
        }),
        Field::Priority => Box::new(|ix| Value::number(f64::from(people.priority(ix)))),
        Field::RequiresSameGender => {
            Box::new(move |ix| truth(Some(people.requires_same_gender(ix))))
        }
        Field::Consent => Box::new(move |ix| truth(people.consent(ix))),
        _ => return fault("groups are by a column with one value a mentee".to_owned()),
    };
    Ok(read)
}

fn no_column(people: &People, column: &str) -> String {
    let fields = Field::ALL.iter().filter(|field| people.has(**field));
    let known = fields.map(|field| field.name()).chain(people.extra_names());
    let hint = nearest(column, known);
    let hint = hint.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!("there is no such column{hint}")
}

#[cfg(test)]
mod tests {
    use crate::roster::{Grade, Person};
    use crate::{GroupKind, Micropoints, Program, Roster};

    fn district() -> Roster {
        let grade = |number| Grade::new(number).expect("a grade");
        let mut builder = Roster::builder();
        for (club, size) in [("art", 3), ("band", 12), ("chess", 20)] {
            for ix in 0..size {
                let mentee = Person::new(format!("{club}{ix:02}")).grade(grade(6));
                builder = builder.mentee(mentee.with("club", club));
            }
        }
        builder = builder.mentee(Person::new("z").grade(grade(12)));
        builder
            .mentor(Person::new("m").grade(grade(9)).load_max(100))
            .build()
            .expect("a roster")
    }

    #[test]
    fn small_groups_hide_with_the_next_smallest() {
        let roster = district();
        let found = Program::default().solve(&roster).expect("a match");
        let groups = found.groups(&roster, "club", 10).expect("groups");
        let told: Vec<_> = groups
            .rows
            .iter()
            .map(|row| (row.kind, row.mentees, row.covered))
            .collect();
        // Three of art and one without a club are too few, together too, and take the band with them.
        assert_eq!(
            told,
            [
                (GroupKind::Group, None, None),
                (GroupKind::Group, None, None),
                (GroupKind::Group, Some(20), Some(20)),
                (GroupKind::Missing, None, None),
                (GroupKind::Total, Some(36), Some(35)),
            ]
        );
        let chess = &groups.rows[2];
        assert_eq!(chess.coverage(), Some(1.0));
        // Grade gap 3 is the best, and nobody has interests: 0.7 · 0.5 + 0.3 · 1.
        assert_eq!(chess.mean_score, chess.worst_off);
        assert!(chess.worst_off > Some(Micropoints(0)) && !chess.suppressed);
        let all = found.groups(&roster, "club", 0).expect("groups");
        assert!(all.rows.iter().all(|row| row.mentees.is_some()));
        assert_eq!(all.rows[3].coverage(), Some(0.0));
    }

    #[test]
    fn grades_stand_in_their_order() {
        let roster = district();
        let found = Program::default().solve(&roster).expect("a match");
        let groups = found.groups(&roster, "grade", 1).expect("groups");
        let values: Vec<_> = groups.rows.iter().map(|row| row.value.as_deref()).collect();
        assert_eq!(values, [Some("6"), Some("12"), None]);
    }

    #[test]
    fn a_column_that_cannot_be_is_named() {
        let roster = district();
        let message = |column| {
            super::check_column(&roster, column)
                .expect_err("no")
                .to_string()
        };
        assert_eq!(
            message("clubs"),
            "table mentees, column `clubs`: there is no such column; did you mean `club`?"
        );
        assert_eq!(
            message("interests"),
            "table mentees, column `interests`: there is no such column"
        );
    }
}
