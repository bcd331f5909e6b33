//! `nearpeer match`

use std::path::PathBuf;

use nearpeer::{Match, Status, answer};

use super::arguments;
use super::summary::{self, Summary};
use super::{Exit, Outcome, print};

pub(super) fn run(task: &arguments::Match) -> Outcome {
    let options = task.options()?;
    let program = task.input.program()?;
    let roster = task.input.tables()?.roster()?;
    answer::check_folder(&task.out)?;
    let found = program.solve_with(&roster, &options)?;
    let files = answer::save(&found, &task.out)?;
    report(task.json, &found, &files);
    Ok(match found.certificate.status {
        Status::Infeasible => Exit::Infeasible,
        Status::LimitReached => Exit::Limit,
        _ => Exit::Done,
    })
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
