//! The command: `match` and its sisters over files, a file each.
//!
//! It is in the library, so that the Python package has the same command as Cargo installs.

mod arguments;
mod assess;
mod bar;
mod check;
mod ctrl_c;
mod groups;
mod init;
mod input;
mod match_;
mod oneroster;
mod overwrite;
mod print;
mod report;
mod shell;
mod summary;
mod synth;
mod verify;
mod whatif;

use std::any::Any;
use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};

use clap::Parser;
use nearpeer::{Error, ErrorKind};

use arguments::{Command, Task};

/// How the command ended, as a shell sees it.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
enum Exit {
    Done = 0,
    Fault = 2,
    Infeasible = 3,
    Limit = 4,
    /// As a shell has it for a process that Ctrl-C ended.
    Interrupted = 130,
}

/// Runs the command with these arguments, of which the first is its own name, and gives the exit status.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let command = match Command::try_parse_from(arguments) {
        Ok(command) => command,
        Err(said) => return print::usage(&said) as u8,
    };
    // A panic is a bug of ours, or of a decoder that met a damaged file; readers turn the latter into an
    // error. Neither is to be met with a stack trace.
    panic::set_hook(Box::new(|_| {}));
    let exit = panic::catch_unwind(AssertUnwindSafe(|| run(&command)))
        .unwrap_or_else(|panic| report_bug(&*panic));
    exit as u8
}

fn run(command: &Command) -> Exit {
    let (outcome, json) = match &command.task {
        Task::Match(task) => (match_::run(task), task.prints_json()),
        Task::Assess(task) => (assess::run(task), task.json),
        Task::Check(task) => (check::run(task), task.json),
        Task::Verify(task) => (verify::run(task), task.json),
        Task::Explain(task) => (whatif::explain(task), task.about.json),
        Task::Alternatives(task) => (whatif::alternatives(task), task.about.json),
        Task::Advise(task) => (whatif::advise(task), task.about.json),
        Task::Report(task) => (report::run(task), false),
        Task::Init(task) => (init::run(task), false),
        Task::Oneroster(task) => (oneroster::run(task), task.json),
        Task::Synth(task) => (synth::run(task), task.json),
        Task::Completions(task) => (shell::completions(task), false),
        Task::Man(task) => (shell::man(task), false),
    };
    let exit = outcome.unwrap_or_else(|error| {
        if json {
            print::json(&summary::failure(&error));
        }
        print::fault(&error);
        match error.kind() {
            ErrorKind::Infeasible => Exit::Infeasible,
            ErrorKind::Limit => Exit::Limit,
            ErrorKind::Interrupted => Exit::Interrupted,
            _ => Exit::Fault,
        }
    });
    if let Err(error) = print::all() {
        print::fault(&error);
        return Exit::Fault;
    }
    exit
}

/// What the user sees of a bug in nearpeer.
fn report_bug(panic: &(dyn Any + Send)) -> Exit {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no more is known");
    print::fault(&Error::new(
        ErrorKind::Solver,
        format!("this is a bug in nearpeer, please report it: {said}"),
    ));
    Exit::Fault
}

type Outcome = Result<Exit, Error>;
