//! The `nearpeer` command.

mod cli;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let command = cli::Command::parse();
    // A panic is a bug of ours, or of a decoder that met a damaged file; readers turn the latter into an
    // error. Neither is to be met with a stack trace.
    panic::set_hook(Box::new(|_| {}));
    panic::catch_unwind(AssertUnwindSafe(|| cli::run(&command)))
        .unwrap_or_else(|panic| cli::report_bug(&*panic))
}
