//! What may stand on the command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use nearpeer::synth::Plan;
use nearpeer::{Error, OnStop, Options, Scorer, VerifyOptions, district, programme, report};

use super::input::Input;
use super::{init, oneroster, overwrite, shell};

/// The most threads that the solver takes (see `nearpeer::Options::threads`).
const MAX_THREADS: u64 = 1024;

/// Match students with peer mentors, to a proven optimum.
///
/// Exit status: 0 done, 2 bad input or usage, 3 no match satisfies every constraint, 4 a limit was reached
/// (the best match so far was written with its gap; nothing where none was found yet), 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "nearpeer", version)]
pub(super) struct Command {
    #[command(subcommand)]
    pub(super) task: Task,
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Match, and write pairs.csv, unmatched.csv and certificate.json to a folder.
    Match(Match),
    /// Say what people need and what there is, before any matching.
    Assess(Assess),
    /// Check the programme and the tables without solving.
    Check(Check),
    /// Prove an answer again from the tables and its certificate.
    Verify(Verify),
    /// Say why somebody has whom they have, or why two people are no pair.
    Explain(Explain),
    /// List the next partners for somebody, with what each costs the programme.
    Alternatives(Alternatives),
    /// Say what would add matches: training, rules, mentors, rooms, each proven by solving again.
    Advise(Advise),
    /// Make the printed page of an answer that match wrote.
    Report(Report),
    /// Look at the tables, and write a programme with comments to begin with.
    Init(init::Arguments),
    /// Make mentees and mentors out of a OneRoster package, by their grades, and write both tables to a folder.
    Oneroster(oneroster::Arguments),
    /// Make up a district, and write mentees, mentors, leaders, rooms and programme.toml to a folder.
    Synth(Synth),
    /// Print what makes a shell complete the words of this command.
    Completions(shell::Completions),
    /// Print the manual page, or write it and those of all tasks to a folder.
    Man(shell::Man),
}

#[derive(Debug, Args)]
pub(super) struct Match {
    #[command(flatten)]
    pub(super) input: Input,
    /// The folder for the answer; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Also write blocking.csv: the pairs who would rather have each other than whom they have.
    #[arg(long)]
    pub(super) blocking: bool,
    /// Also write pairs.parquet and unmatched.parquet, with typed columns.
    #[arg(long)]
    pub(super) parquet: bool,
    /// Also write groups.csv: coverage and scores of the mentees by this column; may be given several times.
    #[arg(long, value_name = "COLUMN")]
    pub(super) groups: Vec<String>,
    /// In groups.csv, cells of fewer people are suppressed.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "groups")]
    pub(super) min_n: usize,
    /// Print the summary as JSON; with a file, write the whole result there as one JSON document instead.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    json: Option<Option<PathBuf>>,
    /// Also make the printed page of the answer, an HTML file.
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// In the report, at most so many pieces of advice, each proven by solving again; with --names id.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "report")]
    pub(super) advice: usize,
    #[command(flatten)]
    pub(super) page: Page,
    /// Threads to use; all cores unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_THREADS))]
    threads: Option<usize>,
    /// Seconds after which the best match so far is taken.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    time_limit: Option<f64>,
    /// Mebibytes of memory after which the best match so far is taken.
    #[arg(long, value_name = "MIB", value_parser = value_parser!(u32).range(1..))]
    memory_limit: Option<u32>,
    /// A gap of the total score that is good enough, in micropoints (millionths of a point).
    #[arg(long, value_name = "MICROPOINTS")]
    gap: Option<u64>,
    /// On Ctrl-C write the best match so far, with exit status 4; a second one ends at once.
    #[arg(long)]
    keep_on_interrupt: bool,
    /// Show no progress bar. Without a terminal there is none anyhow.
    #[arg(long)]
    pub(super) no_progress: bool,
}

/// A question about a match.
#[derive(Debug, Args)]
#[command(mut_arg("students", |arg| arg.hide(true)))]
pub(super) struct About {
    #[command(flatten)]
    pub(super) input: Input,
    /// The folder with the match, which is verified; matched anew unless given.
    #[arg(long = "match", value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
    /// Threads to use; all cores unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_THREADS))]
    threads: Option<usize>,
    /// Seconds that the question may take, and the match if it is made anew.
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    time_limit: Option<f64>,
    /// Print the answer as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A mentee or a mentor.
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// Somebody on the other side: why the two are no pair.
    #[arg(value_name = "ID2")]
    pub(super) other: Option<String>,
    #[command(flatten)]
    pub(super) about: About,
}

#[derive(Debug, Args)]
pub(super) struct Alternatives {
    /// A mentee or a mentor.
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// How many partners.
    #[arg(short = 'n', long = "count", value_name = "N", default_value_t = 5, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) n: usize,
    #[command(flatten)]
    pub(super) about: About,
}

#[derive(Debug, Args)]
pub(super) struct Advise {
    /// How many pieces of advice.
    #[arg(short = 'n', long = "count", value_name = "N", default_value_t = 10, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) n: usize,
    /// What one unit costs: a table of kind (training, mentor, room, ...) and cost.
    #[arg(long, value_name = "FILE")]
    pub(super) costs: Option<PathBuf>,
    #[command(flatten)]
    pub(super) about: About,
}

#[derive(Debug, Args)]
#[command(mut_arg("students", |arg| arg.hide(true)))]
pub(super) struct Assess {
    #[command(flatten)]
    pub(super) input: Input,
    /// A folder for the tables; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Threads to use; all cores unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_THREADS))]
    pub(super) threads: Option<usize>,
    /// Print everything as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[command(mut_arg("students", |arg| arg.hide(true)))]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) input: Input,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    pub(super) input: Input,
    /// The folder with the answer: pairs.csv and certificate.json.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Score every eligible pair by the checker's plain scorer, which shares nothing with the solver: slower.
    #[arg(long)]
    reference: bool,
    /// Threads to use; all cores unless given.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=MAX_THREADS))]
    threads: Option<usize>,
    /// Print the result as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Report {
    #[command(flatten)]
    pub(super) input: Input,
    /// The folder with the answer: pairs.csv, unmatched.csv and certificate.json.
    #[arg(long = "match", value_name = "DIR")]
    pub(super) answer: PathBuf,
    /// The HTML file to write.
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) page: Page,
}

/// How a report is made.
#[derive(Debug, Args)]
pub(super) struct Page {
    /// In the report, name people by this column of the tables, `id` or another; then it has rosters, too.
    #[arg(long, value_name = "COLUMN", conflicts_with = "redacted")]
    names: Option<String>,
    /// Make the report for sharing: without anybody's name, and without small numbers.
    #[arg(long)]
    redacted: bool,
    /// The heading of the report.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Print the roster of this school only, with --names; can be given several times.
    #[arg(long = "site", value_name = "SCHOOL", requires = "names")]
    sites: Vec<String>,
}

impl Page {
    pub(super) fn settings(&self) -> report::Settings {
        report::Settings {
            names: self.names.clone(),
            redacted: self.redacted,
            title: self.title.clone(),
            sites: self.sites.clone(),
            ..report::Settings::default()
        }
    }

    /// Whether people are named by their ids.
    fn names_ids(&self) -> bool {
        self.names.as_deref() == Some("id")
    }

    /// Whether anything is said of how a report is made.
    fn is_asked_for(&self) -> bool {
        self.redacted || self.names.is_some() || self.title.is_some() || !self.sites.is_empty()
    }
}

/// The same plan gives the same bytes on every machine. Without sites (--sites 0) there are only grades and
/// interests, and every mentor may have every mentee.
#[derive(Debug, Args)]
pub(super) struct Synth {
    /// Mentees and mentors together.
    #[arg(long, value_name = "N", default_value_t = Plan::default().students)]
    students: usize,
    /// Schools; 0 for a district without.
    #[arg(long, value_name = "N", default_value_t = Plan::default().sites)]
    sites: usize,
    /// Another seed gives other students.
    #[arg(long, value_name = "N", default_value_t = Plan::default().seed)]
    seed: u64,
    /// How many mentees, whatever --students says.
    #[arg(long, value_name = "N")]
    mentees: Option<usize>,
    /// How many mentors, whatever --students says.
    #[arg(long, value_name = "N")]
    mentors: Option<usize>,
    /// The share of mentors among the students; a third unless given.
    #[arg(long, value_name = "SHARE")]
    mentor_share: Option<f64>,
    /// The share of missing cells.
    #[arg(long, value_name = "SHARE", default_value_t = Plan::default().missing)]
    missing: f64,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The folder for the files; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Replace files that are there.
    #[arg(long)]
    pub(super) force: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Csv,
    Parquet,
}

impl From<Format> for district::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Parquet => Self::Parquet,
        }
    }
}

impl Synth {
    pub(super) fn plan(&self) -> Plan {
        Plan {
            students: self.students,
            sites: self.sites,
            seed: self.seed,
            mentees: self.mentees,
            mentors: self.mentors,
            mentor_share: self.mentor_share.unwrap_or(Plan::default().mentor_share),
            missing: self.missing,
        }
    }

    pub(super) fn format(&self) -> district::Format {
        self.format.into()
    }
}

impl Verify {
    pub(super) fn options(&self) -> VerifyOptions {
        VerifyOptions {
            threads: self.threads,
            scorer: if self.reference {
                Scorer::Reference
            } else {
                Scorer::Compiled
            },
            ..VerifyOptions::default()
        }
    }
}

/// # Errors
/// For a time limit that is none.
fn time_limit(given: Option<f64>) -> Result<Option<Duration>, Error> {
    let limit = given.map(|seconds| {
        programme::time_limit(seconds)
            .map_err(|error| Error::input(format!("--time-limit {seconds}: {}", error.message())))
    });
    limit.transpose()
}

impl Match {
    /// Whether the summary is to be JSON.
    pub(super) fn prints_json(&self) -> bool {
        self.json == Some(None)
    }

    /// Where the whole result is to be written as JSON.
    pub(super) fn document(&self) -> Option<&Path> {
        self.json.as_ref()?.as_deref()
    }

    /// # Errors
    /// [`ErrorKind::Input`](nearpeer::ErrorKind::Input) for what is said of a report or document that there will not be.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.report.is_none() && self.page.is_asked_for() {
            let message = "--names, --redacted, --title and --site are for --report FILE";
            return Err(Error::input(message));
        }
        if self.advice > 0 && !self.page.names_ids() {
            let message = "--advice names people by their ids, so it needs --names id";
            return Err(Error::input(message));
        }
        if self.input.is_of_students() {
            let refused = [
                ("--advice", self.advice > 0),
                ("--blocking", self.blocking),
                ("--groups", !self.groups.is_empty()),
                ("--site", !self.page.sites.is_empty()),
            ];
            if let Some((option, _)) = refused.into_iter().find(|(_, given)| *given) {
                let message = format!("{option} is for mentees and mentors, not for --students");
                return Err(Error::input(message));
            }
        }
        overwrite::check_folder(&nearpeer::answer::FILES, &self.input.files(), &self.out)?;
        let report = self.report.iter().map(|file| ("--report", file.as_path()));
        let document = self.document().map(|file| ("--json", file));
        overwrite::check(report.chain(document), &self.input.files(), &self.out)
    }
}

impl Report {
    /// # Errors
    /// [`ErrorKind::Input`](nearpeer::ErrorKind::Input) for a page that would replace what it is made from.
    pub(super) fn check(&self) -> Result<(), Error> {
        overwrite::check([("--out", &*self.out)], &self.input.files(), &self.answer)
    }
}

impl About {
    pub(super) fn options(&self) -> Result<Options, Error> {
        Ok(Options {
            threads: self.threads,
            time_limit: time_limit(self.time_limit)?,
            ..Options::default()
        })
    }
}

impl Match {
    pub(super) fn options(&self) -> Result<Options, Error> {
        Ok(Options {
            threads: self.threads,
            time_limit: time_limit(self.time_limit)?,
            memory_limit: self
                .memory_limit
                .map(|mebibytes| u64::from(mebibytes) << 20),
            gap: self.gap,
            on_stop: if self.keep_on_interrupt {
                OnStop::Keep
            } else {
                OnStop::Error
            },
            ..Options::default()
        })
    }
}
