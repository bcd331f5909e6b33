//! `nearpeer oneroster`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use nearpeer::oneroster::{self, Id, LeftOut, Rules, Students, grades};
use nearpeer::words::form;
use nearpeer::{Error, Grade};
use serde_json::json;

use super::arguments::Format;
use super::{Exit, Outcome, ctrl_c, overwrite, print};

/// Reads OneRoster 1.1 and 1.2 in CSV: manifest.csv, orgs.csv, users.csv, roles.csv (1.2), and enrollments.csv and
/// demographics.csv if they are there. Sites are the names of schools. Nobody's name is carried unless --names is given.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A folder or a zip archive.
    #[arg(value_name = "FOLDER_OR_ZIP")]
    package: PathBuf,
    /// The grades of the mentees: 6, or 6,7, or K-2.
    #[arg(long, value_name = "GRADES", allow_hyphen_values = true)]
    mentee_grades: String,
    /// The grades of the mentors.
    #[arg(long, value_name = "GRADES", allow_hyphen_values = true)]
    mentor_grades: String,
    /// Which column of users.csv is the id.
    #[arg(long, value_enum, default_value_t = IdColumn::SourcedId)]
    id: IdColumn,
    /// Carry names, as the column name.
    #[arg(long)]
    names: bool,
    /// Carry dates of birth, as the column birth_date.
    #[arg(long)]
    birth_dates: bool,
    /// Take students whose enabledUser is false, too.
    #[arg(long)]
    disabled: bool,
    /// How the tables are written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The folder for the two tables; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace tables that are there.
    #[arg(long)]
    force: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IdColumn {
    /// The id that OneRoster's files know people by.
    #[value(name = "sourcedId")]
    SourcedId,
    /// The student number.
    Identifier,
    /// The name for logging in.
    Username,
}

impl Arguments {
    fn rules(&self) -> Result<Rules, Error> {
        Ok(Rules {
            mentee_grades: side("--mentee-grades", &self.mentee_grades)?,
            mentor_grades: side("--mentor-grades", &self.mentor_grades)?,
            id: match self.id {
                IdColumn::SourcedId => Id::SourcedId,
                IdColumn::Identifier => Id::Identifier,
                IdColumn::Username => Id::Username,
            },
            names: self.names,
            birth_dates: self.birth_dates,
            disabled: self.disabled,
        })
    }
}

fn side(option: &str, text: &str) -> Result<Vec<Grade>, Error> {
    grades(text).map_err(|error| Error::input(format!("{option}: {}", error.message())))
}

pub(super) fn run(task: &Arguments) -> Outcome {
    ctrl_c::ends()?;
    let names = oneroster::files(task.format.into()).into_iter();
    overwrite::check_new(names.map(|name| task.out.join(name)), task.force)?;
    let students = oneroster::read(&task.package, &task.rules()?)?;
    let files = oneroster::save(&students, &task.out, task.format.into())?;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    if task.json {
        print::json(&object(&students, &files));
    } else {
        for line in lines(&students, &files) {
            print::line(&line);
        }
    }
    Ok(Exit::Done)
}

fn lines(students: &Students, files: &[String]) -> Vec<String> {
    let mut lines = vec![format!(
        "mentees: {}; mentors: {}",
        students.mentees.num_rows(),
        students.mentors.num_rows()
    )];
    let LeftOut {
        inactive,
        disabled,
        without_grade,
        other_grades,
    } = students.left_out;
    lines.push(format!(
        "students left out: {other_grades} in other grades, {without_grade} without a grade, {inactive} not active, \
         {disabled} with enabledUser false"
    ));
    if students.without_school > 0 {
        lines.push(format!(
            "note: {} of the mentees and mentors {} no school, so that no site is known",
            students.without_school,
            form(students.without_school as u64, "has", "have")
        ));
    }
    lines.push(format!("files: {}", files.join(", ")));
    lines
}

fn object(students: &Students, files: &[String]) -> serde_json::Value {
    json!({
        "status": "done",
        "mentees": students.mentees.num_rows(),
        "mentors": students.mentors.num_rows(),
        "left_out": {
            "inactive": students.left_out.inactive,
            "disabled": students.left_out.disabled,
            "without_grade": students.left_out.without_grade,
            "other_grades": students.left_out.other_grades,
        },
        "without_school": students.without_school,
        "files": files,
    })
}
