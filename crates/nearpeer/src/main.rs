//! The `nearpeer` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    nearpeer::cli::main(std::env::args_os()).into()
}
