//! Running the built command in a folder of its own.

pub(crate) mod bad;
pub(crate) mod oneroster;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) const MENTEES: &str =
    "id,grade,site,interests\nana,6,East,chess;art\nbo,7,East,football\n";
pub(crate) const MENTORS: &str =
    "id,grade,site,interests,load_max\nmax,9,East,football;chess,1\nzoe,10,East,art,1\n";

/// A folder with input files, which is removed at the end.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// With a good `mentees.csv` and `mentors.csv`.
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        folder.put("mentees.csv", MENTEES);
        folder.put("mentors.csv", MENTORS);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("the file can be written");
        path
    }

    pub(crate) fn get(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("the file can be read")
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// The names in a sub-folder, sorted; none if it is not there.
    pub(crate) fn names(&self, sub: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path().join(sub))
            .map(|entries| {
                entries
                    .flatten()
                    .map(|entry| entry.file_name().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        names.sort();
        names
    }

    /// Runs `nearpeer` here, with words that are split at spaces.
    pub(crate) fn run(&self, words: &str) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_nearpeer"))
            .args(words.split_whitespace())
            .current_dir(self.path())
            .output()
            .expect("the command runs");
        Run::new(&output)
    }

    /// The same with something on standard input.
    pub(crate) fn run_with(&self, words: &str, input: &[u8]) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nearpeer"))
            .args(words.split_whitespace())
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        // A command that refuses its input early closes the pipe.
        let _ = child.stdin.take().expect("a pipe").write_all(input);
        Run::new(&child.wait_with_output().expect("the command ends"))
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
