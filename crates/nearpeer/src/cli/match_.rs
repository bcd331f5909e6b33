//! `nearpeer match`

use std::path::PathBuf;

use nearpeer::{Error, ErrorKind, Match, Status, answer};

use super::arguments;
use super::summary::{self, Summary};
use super::{Exit, Outcome, print};

pub(super) fn run(task: &arguments::Match) -> Outcome {
    let options = task.options()?;
    let program = task.input.program()?;
    let roster = task.input.tables()?.roster()?;
    answer::check_folder(&task.out)?;
    let found = program
        .solve_with(&roster, &options)
        .map_err(say_if_no_match)?;
    let files = answer::save(&found, &task.out)?;
    report(task.json, &found, &files);
    Ok(match found.certificate.status {
        Status::Infeasible => Exit::Infeasible,
        Status::LimitReached => Exit::Limit,
        _ => Exit::Done,
    })
}

/// A limit that came before any match leaves no answer, unlike one that came later.
fn say_if_no_match(error: Error) -> Error {
    if error.kind() != ErrorKind::Limit {
        return error;
    }
    Error::new(
        ErrorKind::Limit,
        format!("{}; nothing was written", error.message()),
    )
}

fn report(json: bool, found: &Match, files: &[PathBuf]) {
    let summary = Summary::new(found, files);
    if json {
        print::json(&summary::object(&summary));
    } else {
        for line in summary.lines() {
            print::line(&line);
        }
    }
}
