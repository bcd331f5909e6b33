//! `nearpeer init`

use std::path::{Path, PathBuf};

use clap::Args;
use nearpeer::words::{counted, form};
use nearpeer::{Error, Program, starter};

use super::input::Input;
use super::{Exit, Outcome, ctrl_c, overwrite, print};

/// Rules and criteria are those that the tables have columns for; what else could be of use is there as a comment. Without
/// --out the programme is printed, so that `nearpeer match --program -` can read it.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The TOML file to write, which must not be there yet unless --force is given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long, requires = "out")]
    force: bool,
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
    ctrl_c::ends()?;
    overwrite::check(
        [("--out", file.as_path())],
        &task.input.files(),
        Path::new(""),
    )?;
    overwrite::check_new([file.clone()], task.force)?;
    match task.force {
        true => starter::save(&settings, file)?,
        false => starter::save_new(&settings, file)?,
    };
    print::line(&format!("programme: {}", file.display()));
    if !task.input.is_of_students() {
        let checked = program.check(&roster)?;
        print::line(&format!(
            "eligible: {}; {} of {} {} somebody",
            counted(checked.eligible_pairs as usize, "pair"),
            checked.mentees_with_candidates,
            counted(checked.mentees, "mentee"),
            form(checked.mentees_with_candidates as u64, "has", "have")
        ));
    }
    Ok(Exit::Done)
}
