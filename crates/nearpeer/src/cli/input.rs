//! Which programme and tables a task reads.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use nearpeer::tables::with_way_out;
use nearpeer::{
    Error, PairTables, Program, Roster, StudentTables, Table, Tables, read_program,
    read_program_from,
};

/// The programme and its tables: CSV, Parquet or Arrow, by their endings.
#[derive(Debug, Args)]
pub(super) struct Input {
    /// The programme's settings in TOML, `-` for standard input; sensible settings unless given.
    #[arg(long, value_name = "P.toml")]
    program: Option<PathBuf>,
    /// The mentees, one a row.
    #[arg(long, value_name = "FILE", required_unless_present = "students")]
    mentees: Option<PathBuf>,
    /// The mentors, one a row.
    #[arg(long, value_name = "FILE", required_unless_present = "students")]
    mentors: Option<PathBuf>,
    /// For co-mentoring, in place of both: the students, one a row; unless settings are given, those of co-mentoring hold.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["mentees", "mentors", "leaders", "rooms"])]
    students: Option<PathBuf>,
    /// The adults who supervise meetings; every pair gets a slot, and a leader in it.
    #[arg(long, value_name = "FILE")]
    leaders: Option<PathBuf>,
    /// How many pairs there is room for at a site in a slot; every pair gets a slot.
    #[arg(long, value_name = "FILE")]
    rooms: Option<PathBuf>,
    /// Pairs that must not be matched.
    #[arg(long, value_name = "FILE")]
    blocked: Option<PathBuf>,
    /// Pairs that must be matched.
    #[arg(long, value_name = "FILE")]
    required: Option<PathBuf>,
    /// Pairs of an earlier match.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Your own scores of pairs, from 0 to 1.
    #[arg(long, value_name = "FILE")]
    pair_scores: Option<PathBuf>,
    /// What a column is called in the tables, and what it is, as in --column "Student No=id"; may be given several times.
    #[arg(long = "column", value_name = "OWN=NAME", value_parser = renaming)]
    columns: Vec<(String, String)>,
}

/// A column's own name and the one that it is read as; the latter has no `=`.
fn renaming(given: &str) -> Result<(String, String), String> {
    match given.rsplit_once('=') {
        Some((own, name)) if !own.trim().is_empty() && !name.trim().is_empty() => {
            Ok((own.trim().to_owned(), name.trim().to_owned()))
        }
        _ => Err("write it as OWN=NAME, such as \"Student No=id\"".to_owned()),
    }
}

/// A table that need not be given.
fn optional(name: &str, path: &Option<PathBuf>) -> Result<Option<Table>, Error> {
    path.as_deref()
        .map(|path| Table::read(name, path))
        .transpose()
}

impl Input {
    /// The files that are read, each with its option.
    pub(super) fn files(&self) -> Vec<(&'static str, &Path)> {
        let files = [
            ("--program", &self.program),
            ("--mentees", &self.mentees),
            ("--mentors", &self.mentors),
            ("--students", &self.students),
            ("--leaders", &self.leaders),
            ("--rooms", &self.rooms),
            ("--blocked", &self.blocked),
            ("--required", &self.required),
            ("--previous", &self.previous),
            ("--pair-scores", &self.pair_scores),
        ];
        let given = files.into_iter();
        given
            .filter_map(|(option, file)| Some((option, file.as_deref()?)))
            .filter(|(option, file)| *option != "--program" || *file != Path::new("-"))
            .collect()
    }

    /// Whether settings are given.
    pub(super) fn has_program(&self) -> bool {
        self.program.is_some()
    }

    pub(super) fn program(&self) -> Result<Program, Error> {
        match &self.program {
            Some(path) if path == Path::new("-") => read_program_from(io::stdin().lock()),
            Some(path) => read_program(path),
            None if self.students.is_some() => Ok(Program::co_mentoring()),
            None => Ok(Program::default()),
        }
    }

    /// For a task that has nothing to say of students yet.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](nearpeer::ErrorKind::Input) if a table of students is given.
    pub(super) fn refuse_students(&self, task: &str) -> Result<(), Error> {
        match self.is_of_students() {
            true => Err(Error::input(format!(
                "{task} is for mentees and mentors, not for --students"
            ))),
            false => Ok(()),
        }
    }

    /// Whether one table of students is given.
    pub(super) fn is_of_students(&self) -> bool {
        self.students.is_some()
    }

    /// The people and pairs of the files that are given.
    pub(super) fn roster(&self) -> Result<Roster, Error> {
        self.read().map_err(|error| {
            with_way_out(error, |column| {
                format!("add --column \"OWN NAME={column}\"")
            })
        })
    }

    /// What columns are called in the tables.
    ///
    /// # Errors
    /// For a name that is to be two things.
    fn names(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut names = BTreeMap::new();
        for (own, name) in &self.columns {
            let before = names.insert(own.clone(), name.clone());
            if let Some(other) = before.filter(|other| other != name) {
                let message = format!("--column reads it as {other:?} and as {name:?}");
                return Err(Error::input(message).in_column(own));
            }
        }
        Ok(names)
    }

    fn read(&self) -> Result<Roster, Error> {
        let names = self.names()?;
        // The parser asks for the files that there must be.
        let needed = |name: &str, path: &Option<PathBuf>| match path {
            Some(path) => Table::read(name, path),
            None => Err(Error::input(format!("--{name} is needed"))),
        };
        if self.students.is_some() {
            let mut tables = StudentTables {
                students: needed("students", &self.students)?,
                pairs: self.pairs()?,
            };
            tables.rename_columns(&names)?;
            return tables.roster();
        }
        let (mentees, mentors) = (
            needed("mentees", &self.mentees)?,
            needed("mentors", &self.mentors)?,
        );
        let pairs = self.pairs()?;
        let mut tables = Tables {
            mentees,
            mentors,
            leaders: optional("leaders", &self.leaders)?,
            rooms: optional("rooms", &self.rooms)?,
            required: pairs.required,
            blocked: pairs.blocked,
            previous: pairs.previous,
            pair_scores: pairs.pair_scores,
        };
        tables.rename_columns(&names)?;
        tables.roster()
    }

    fn pairs(&self) -> Result<PairTables, Error> {
        Ok(PairTables {
            required: optional("pairs_required", &self.required)?,
            blocked: optional("pairs_blocked", &self.blocked)?,
            previous: optional("pairs_previous", &self.previous)?,
            pair_scores: optional("pair_scores", &self.pair_scores)?,
        })
    }
}
