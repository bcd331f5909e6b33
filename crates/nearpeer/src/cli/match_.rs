//! `nearpeer match`

use std::path::PathBuf;

use nearpeer::answer::Extras;
use nearpeer::document::{CoDocument, Document};
use nearpeer::groups::check_column;
use nearpeer::{
    AdviseOptions, Error, ErrorKind, Groups, Match, Options, Roster, Status, answer, report,
};

use super::bar::Bar;
use super::summary::{self, Summary};
use super::{Exit, Outcome, arguments, ctrl_c, groups, print};

pub(super) fn run(task: &arguments::Match) -> Outcome {
    task.check()?;
    let mut options = task.options()?;
    ctrl_c::raises(&options.stop)?;
    let program = task.input.program()?;
    let roster = task.input.roster()?;
    answer::check_folder(&task.out)?;
    for column in &task.groups {
        check_column(&roster, column)?;
    }
    let page = task.page.settings();
    page.check(&roster)?;
    for file in task.report.as_deref().into_iter().chain(task.document()) {
        answer::check_file(file)?;
    }
    if options.stop.is_raised() {
        // There is no match yet that could be kept.
        return Err(nothing_written(Error::new(
            ErrorKind::Interrupted,
            "stopped",
        )));
    }
    let bar = Bar::new(!task.no_progress);
    options.progress = bar.watcher();
    if task.input.is_of_students() {
        let found = program.co_match_with(&roster, &options);
        drop(bar);
        let found = found.map_err(nothing_written)?;
        let extras = Extras {
            parquet: task.parquet,
            ..Extras::default()
        };
        let mut files = answer::save_co_match_with(&found, &extras, &task.out)?;
        if let Some(path) = &task.report {
            let outcome = report::CoOutcome::of_match(&found, &roster)?;
            files.push(report::save_groups(&outcome, &page, path)?);
        }
        if let Some(path) = task.document() {
            files.push(CoDocument::from(&found).save(path)?);
        }
        groups::report(task.prints_json(), &found, &files);
        return Ok(exit(found.certificate.status));
    }
    let found = program.solve_with(&roster, &options);
    drop(bar);
    let found = found.map_err(nothing_written)?;
    let blocking = task
        .blocking
        .then(|| {
            // What was found is to be written, so limits no longer apply.
            let options = Options {
                threads: options.threads,
                ..Options::default()
            };
            found.blocking_pairs(&roster, &program, &options)
        })
        .transpose()?;
    let extras = Extras {
        blocking: blocking.as_deref(),
        groups: &grouped(task, &found, &roster)?,
        parquet: task.parquet,
    };
    let mut files = answer::save_with(&found, &extras, &task.out)?;
    if let Some(path) = &task.report {
        let advise = AdviseOptions {
            n: task.advice,
            ..AdviseOptions::default()
        };
        let answering = Options {
            threads: options.threads,
            ..Options::default()
        };
        let advice = match task.advice {
            0 => Vec::new(),
            _ => found.advise(&roster, &program, &advise, &answering)?.advice,
        };
        let page = page.clone().with_bottlenecks(&program, &roster)?;
        let page = page.with_advice(&advice);
        let outcome = report::Outcome::of_match(&found, &roster, &program)?;
        files.push(report::save(&outcome, &page, path)?);
    }
    if let Some(path) = task.document() {
        files.push(Document::from(&found).save(path)?);
    }
    say(
        task.prints_json(),
        &found,
        blocking.map(|pairs| pairs.len()),
        &files,
    );
    Ok(exit(found.certificate.status))
}

/// How the groups fare that were asked for.
fn grouped(task: &arguments::Match, found: &Match, roster: &Roster) -> Result<Vec<Groups>, Error> {
    let columns = task.groups.iter();
    columns
        .map(|column| found.groups(roster, column, task.min_n))
        .collect()
}

fn exit(status: Status) -> Exit {
    match status {
        Status::Infeasible => Exit::Infeasible,
        Status::LimitReached => Exit::Limit,
        _ => Exit::Done,
    }
}

/// A limit that came before any match leaves no answer, unlike one that came later; so does Ctrl-C.
fn nothing_written(error: Error) -> Error {
    match error.kind() {
        kind @ (ErrorKind::Limit | ErrorKind::Interrupted) => {
            Error::new(kind, format!("{}; nothing was written", error.message()))
        }
        _ => error,
    }
}

fn say(json: bool, found: &Match, blocking: Option<usize>, files: &[PathBuf]) {
    let summary = Summary::new(found, blocking, files);
    if json {
        print::json(&summary::object(&summary));
    } else {
        for line in summary.lines() {
            print::line(&line);
        }
    }
}
