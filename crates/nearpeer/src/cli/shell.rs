//! `nearpeer completions` and `nearpeer man`

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man as Page;
use nearpeer::{Error, ErrorKind};

use super::arguments::Command;
use super::{Exit, Outcome, print};

/// For bash: nearpeer completions bash > ~/.local/share/bash-completion/completions/nearpeer
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// nearpeer man | man -l - shows it at once.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// A folder for nearpeer.1, nearpeer-match.1 and so on; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn completions(task: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(task.shell, &mut Command::command(), "nearpeer", &mut script);
    print::text(&script);
    Ok(Exit::Done)
}

pub(super) fn man(task: &Man) -> Outcome {
    let failed = |error: std::io::Error| {
        let to = task.out.as_ref();
        let to = to.map_or_else(String::new, |folder| format!(" to {}", folder.display()));
        let message = format!("the manual cannot be written{to}: {error}");
        Error::new(ErrorKind::Io, message)
    };
    match &task.out {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(failed)?;
            clap_mangen::generate_to(Command::command(), folder).map_err(failed)?;
        }
        None => {
            let mut page = Vec::new();
            Page::new(Command::command())
                .render(&mut page)
                .map_err(failed)?;
            print::text(&page);
        }
    }
    Ok(Exit::Done)
}
