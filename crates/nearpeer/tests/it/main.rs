//! Tests of the command and of what it reads and writes, in one binary: each that is linked takes seconds.

mod bad_files;
mod bad_input;
mod bad_usage;
mod command_assess;
mod command_columns;
mod command_match;
mod command_shell;
mod conflicts;
mod init;
mod limits;
mod oneroster;
mod oneroster_faults;
mod report;
mod report_students;
mod support;
mod synth;
mod whatif;
