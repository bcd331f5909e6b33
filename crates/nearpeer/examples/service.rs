//! A service in small: one JSON request a line on standard input, one JSON answer a line on standard
//! output.
//!
//! ```text
//! {"mentees": [{"id": "ana", "grade": 6, "interests": ["chess"]}],
//!  "mentors": [{"id": "max", "grade": "09", "interests": ["chess"], "load_max": 2}],
//!  "programme": {"loads": {"mentor": {"max": 2}}}, "time_limit": 5}
//! ```

use std::io::{self, BufRead, Write};
use std::time::Duration;

use nearpeer::{
    Error, Grade, Match, Options, Person, Program, Role, Roster, RosterBuilder, programme,
};
use serde_json::{Value, json};

/// The longest that a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for request in io::stdin().lock().lines() {
        writeln!(out, "{}", handle(&request?))?;
        out.flush()?;
    }
    Ok(())
}

/// Answers one request; whatever is wrong with it is part of the answer.
fn handle(request: &str) -> String {
    answer(request)
        .unwrap_or_else(|error| json!({ "error": error.to_string() }))
        .to_string()
}

fn answer(request: &str) -> Result<Value, Error> {
    let request: Value = serde_json::from_str(request)
        .map_err(|error| Error::input(format!("the request is not JSON: {error}")))?;
    let program = match request.get("programme") {
        Some(settings) => Program::from_table(
            serde_json::from_value(settings.clone())
                .map_err(|error| Error::program("programme", error.to_string()))?,
        )?,
        None => Program::default(),
    };
    let time_limit = match request.get("time_limit") {
        Some(seconds) => programme::time_limit(seconds.as_f64().unwrap_or(f64::NAN))?,
        None => TIME_LIMIT,
    };
    let options = Options {
        time_limit: Some(time_limit.min(TIME_LIMIT)),
        ..Options::default()
    };
    let found = program.solve_with(&roster(&request)?, &options)?;
    Ok(written(&found))
}

fn roster(request: &Value) -> Result<Roster, Error> {
    let mut builder = Roster::builder();
    for role in [Role::Mentee, Role::Mentor] {
        let people = request.get(role.table()).and_then(Value::as_array);
        let people =
            people.ok_or_else(|| Error::input("a list is missing").in_table(role.table()))?;
        add(&mut builder, role, people)?;
    }
    builder.build()
}

fn add(builder: &mut RosterBuilder, role: Role, people: &[Value]) -> Result<(), Error> {
    for (row, json) in (1..).zip(people) {
        let person = person(json).map_err(|error| error.in_table(role.table()).in_row(row))?;
        builder.push(role, person);
    }
    Ok(())
}

fn person(json: &Value) -> Result<Person, Error> {
    let id = json["id"]
        .as_str()
        .ok_or_else(|| Error::input("an id is text").in_column("id"))?;
    let mut person = Person::new(id);
    let fault = |message: &str, column: &str, cell: &Value| {
        Error::input(message)
            .in_column(column)
            .with_value(&cell.to_string())
    };
    if let Some(cell) = json.get("grade") {
        let grade: Option<Grade> = match cell {
            Value::String(text) => text.parse().ok(),
            number => number.as_i64().and_then(Grade::new),
        };
        person = person.grade(grade.ok_or_else(|| fault("not a grade", "grade", cell))?);
    }
    if let Some(cell) = json.get("site") {
        let site = cell.as_str();
        person = person.site(site.ok_or_else(|| fault("a site is text", "site", cell))?);
    }
    if let Some(cell) = json.get("interests") {
        let items: Option<Vec<&str>> = cell
            .as_array()
            .and_then(|items| items.iter().map(Value::as_str).collect());
        let items = items.ok_or_else(|| fault("interests are texts", "interests", cell))?;
        person = person.interests(items);
    }
    if let Some(cell) = json.get("load_max") {
        let load = cell.as_u64().and_then(|load| u32::try_from(load).ok());
        person = person.load_max(load.ok_or_else(|| fault("not a load", "load_max", cell))?);
    }
    Ok(person)
}

fn written(found: &Match) -> Value {
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
        "pairs": pairs,
        "unmatched": unmatched,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_request_is_matched() {
        let answer = handle(
            r#"{"mentees": [{"id": "ana", "grade": 6, "interests": ["chess"]}],
                "mentors": [{"id": "max", "grade": "09", "interests": ["chess"]}]}"#,
        );
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["status"], "optimal", "{answer}");
        assert_eq!(answer["pairs"][0]["mentor"], "max", "{answer}");
    }

    #[test]
    fn a_bad_request_is_answered_too() {
        for (request, part) in [
            ("", "not JSON"),
            ("{}", "table mentees: a list is missing"),
            (
                r#"{"mentees": [{"id": 1}], "mentors": []}"#,
                "row 1, column `id`",
            ),
            (
                r#"{"programme": {"objectiv": []}}"#,
                "did you mean `objective`?",
            ),
            (r#"{"time_limit": 0}"#, "limits.time"),
            (r#"{"time_limit": "soon"}"#, "limits.time"),
        ] {
            let answer = handle(request);
            assert!(answer.contains(part), "{request}: {answer}");
        }
    }
}
