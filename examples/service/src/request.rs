//! What a request says, and what an answer says.

use nearpeer::{Error, Grade, Match, Person, Program, Roster};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The body of `POST /match`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Everybody who is to have a mentor.
    pub mentees: Vec<Student>,
    /// Everybody who is a mentor.
    pub mentors: Vec<Student>,
    /// The keys of a programme's TOML file.
    #[serde(default)]
    pub programme: Option<Value>,
    /// Seconds; the service may allow less.
    #[serde(default)]
    pub time_limit: Option<f64>,
}

/// A mentee or a mentor.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Student {
    /// Unique among all.
    pub id: String,
    /// As rosters write it: `6`, `06`, `K`.
    pub grade: Option<Value>,
    /// The school.
    pub site: Option<String>,
    /// Words.
    pub interests: Option<Vec<String>>,
    /// How many pairs at most.
    pub load_max: Option<u32>,
}

impl Request {
    /// The settings.
    ///
    /// # Errors
    /// Names the key that is wrong.
    pub fn program(&self) -> Result<Program, Error> {
        match &self.programme {
            None => Ok(Program::default()),
            Some(settings) => {
                let table = toml::Table::try_from(settings)
                    .map_err(|error| Error::program("programme", error.to_string()))?;
                Program::from_table(table)
            }
        }
    }

    /// The people, in canonical order.
    ///
    /// # Errors
    /// Names table, row and column of what is wrong.
    pub fn roster(self) -> Result<Roster, Error> {
        let mut builder = Roster::builder();
        for (row, student) in (1..).zip(self.mentees) {
            builder = builder.mentee(student.person("mentees", row)?);
        }
        for (row, student) in (1..).zip(self.mentors) {
            builder = builder.mentor(student.person("mentors", row)?);
        }
        builder.build()
    }
}

impl Student {
    fn person(self, table: &str, row: usize) -> Result<Person, Error> {
        let mut person = Person::new(self.id);
        if let Some(cell) = self.grade {
            let grade: Option<Grade> = match &cell {
                Value::String(text) => text.parse().ok(),
                cell => cell.as_i64().and_then(Grade::new),
            };
            person = person.grade(grade.ok_or_else(|| {
                let error = Error::input("not a grade").with_value(&cell.to_string());
                error.in_table(table).in_row(row).in_column("grade")
            })?);
        }
        if let Some(site) = self.site {
            person = person.site(site);
        }
        if let Some(interests) = self.interests {
            person = person.interests(interests);
        }
        if let Some(load) = self.load_max {
            person = person.load_max(load);
        }
        Ok(person)
    }
}

/// The answer's body.
#[must_use]
pub fn answer(found: &Match) -> Value {
    let pairs: Vec<Value> = found
        .pairs
        .iter()
        .map(|pair| json!({ "mentee": pair.mentee, "mentor": pair.mentor, "score": pair.score }))
        .collect();
    let unmatched: Vec<Value> = found
        .unmatched
        .iter()
        .map(|person| json!({ "id": person.id, "reason": person.reason.code() }))
        .collect();
    json!({
        "status": found.certificate.status,
        "gap": found.certificate.gap,
        "covered": found.covered(),
        "pairs": pairs,
        "unmatched": unmatched,
    })
}
