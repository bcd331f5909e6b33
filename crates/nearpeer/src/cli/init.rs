//! `nearpeer init`

use std::fs::OpenOptions;
use std::io::{ErrorKind as IoKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use nearpeer::{Error, ErrorKind, Program, starter};

use super::input::Input;
use super::{Exit, Outcome, print};

/// Rules and criteria are those that the tables have columns for; what else could be of use is there as a comment. Without
/// --out the programme is printed, so that `nearpeer match --program -` can read it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The TOML file to write, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(task: &Arguments) -> Outcome {
    if task.input.has_program() {
        return Err(Error::input(
            "--program has no place here: init makes a programme",
        ));
    }
    let roster = task.input.roster()?;
    let settings = starter::programme(&roster);
    let program = Program::from_toml(&settings)?;
    let Some(file) = &task.out else {
        print::text(settings.as_bytes());
        return Ok(Exit::Done);
    };
    // What somebody has worked on is not to be lost.
    write_new(file, &settings)?;
    print::line(&format!("programme: {}", file.display()));
    if !task.input.is_of_students() {
        let checked = program.check(&roster)?;
        print::line(&format!(
            "eligible: {} pairs; {} of {} mentees have somebody",
            checked.eligible_pairs, checked.mentees_with_candidates, checked.mentees
        ));
    }
    Ok(Exit::Done)
}

/// # Errors
/// [`ErrorKind::Io`] for a file that is there, or cannot be written.
fn write_new(file: &Path, settings: &str) -> Result<(), Error> {
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut out| out.write_all(settings.as_bytes()));
    written.map_err(|error| {
        let what = match error.kind() {
            IoKind::AlreadyExists => "it is there already; name another file".to_owned(),
            _ => error.to_string(),
        };
        let message = format!("the output {file:?} cannot be written: {what}");
        Error::new(ErrorKind::Io, message)
    })
}
