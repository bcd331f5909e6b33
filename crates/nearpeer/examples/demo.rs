//! Matches the real answers of the Young People Survey, and compares with a greedy match in roster order.
//!
//! ```sh
//! cargo run --release --example demo -- tests/data/young-people-survey/responses.csv out/demo
//! ```

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use nearpeer::{Micropoints, Pair, Program, Table, Tables, answer};

/// The demo's programme; the command reads the same file.
const PROGRAMME: &str = include_str!("demo.toml");

/// The survey's first and last item of interest.
const ITEMS: (&str, &str) = ("Music", "Pets");

/// An item is an interest where it is scored this or more, of 5.
const INTERESTED: u8 = 4;

const MENTEE_AGES: std::ops::RangeInclusive<u8> = 15..=18;
const MENTOR_AGES: std::ops::RangeInclusive<u8> = 19..=22;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [responses, folder] = arguments.as_slice() else {
        return Err("usage: demo RESPONSES.csv FOLDER".into());
    };
    for line in run(responses, folder)? {
        println!("{line}");
    }
    Ok(())
}

/// Matches the survey and says what came of it.
fn run(responses: &Path, folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let people = [("mentees", MENTEE_AGES), ("mentors", MENTOR_AGES)];
    let [mentees, mentors] = people.map(|(name, ages)| {
        let path = folder.join(name).with_extension("csv");
        roster_table(responses, &path, ages).map(|()| path)
    });
    let (mentees, mentors) = (mentees?, mentors?);
    let tables = Tables::new(
        Table::read("mentees", &mentees)?,
        Table::read("mentors", &mentors)?,
    );
    let roster = tables.roster()?;
    let program = Program::from_toml(PROGRAMME)?;
    let found = program.solve(&roster)?;
    let files = answer::save(&found, folder)?;
    let greedy = program.greedy(&roster)?;

    let certificate = &found.certificate;
    let mut lines = vec![
        format!(
            "{} mentees aged 15 to 18, {} mentors aged 19 to 22 who take at most two, {} interests",
            found.mentees,
            found.mentors,
            roster.interests().len()
        ),
        row("greedy in roster order", &greedy, found.mentees),
        row("nearpeer", &found.pairs, found.mentees),
        format!(
            "status {}, gap {} micropoints: no match that covers as many has a higher total score",
            certificate.status.as_str(),
            certificate.gap
        ),
    ];
    lines.extend(files.iter().map(|file| format!("wrote {}", file.display())));
    lines.push(format!(
        "the same by the command: nearpeer match --program crates/nearpeer/examples/demo.toml --mentees {} \
         --mentors {} --out {}",
        mentees.display(),
        mentors.display(),
        folder.display()
    ));
    Ok(lines)
}

/// One way of matching: coverage, mean and total score.
fn row(name: &str, pairs: &[Pair], mentees: usize) -> String {
    let total: i64 = pairs.iter().map(|pair| pair.score.0).sum();
    let mut covered: Vec<&str> = pairs.iter().map(|pair| &*pair.mentee).collect();
    covered.sort_unstable();
    covered.dedup();
    let share = 100.0 * covered.len() as f64 / mentees as f64;
    format!(
        "{name:<24}coverage {} of {mentees} ({share:.1} %)   mean score {:.6}   total {}",
        covered.len(),
        total as f64 / 1e6 / pairs.len().max(1) as f64,
        Micropoints(total)
    )
}

/// Writes the answers of these ages as a table of mentees or mentors: the answer's number, the age in place of the
/// grade, and the items scored 4 or 5 as interests.
fn roster_table(
    responses: &Path,
    path: &Path,
    ages: std::ops::RangeInclusive<u8>,
) -> Result<(), Box<dyn Error>> {
    let mut answers = csv::Reader::from_path(responses)?;
    let header = answers.headers()?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|column| column == name);
        found.ok_or_else(|| format!("{} has no column {name}", responses.display()))
    };
    let (items, age) = (column(ITEMS.0)?..=column(ITEMS.1)?, column("Age")?);
    let mut table = csv::Writer::from_writer(File::create(path)?);
    table.write_record(["id", "grade", "interests"])?;
    for (number, answer) in (1..).zip(answers.records()) {
        let answer = answer?;
        let score = |column: usize| answer[column].parse::<u8>().ok();
        if !score(age).is_some_and(|age| ages.contains(&age)) {
            continue;
        }
        let liked = items
            .clone()
            .filter(|&item| score(item).is_some_and(|score| score >= INTERESTED));
        let interests: Vec<&str> = liked.map(|item| &header[item]).collect();
        table.write_record([
            &format!("answer-{number:04}"),
            &answer[age],
            &interests.join(";"),
        ])?;
    }
    table.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_survey_is_matched_to_a_proven_optimum_that_beats_greedy() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let responses = root.join("tests/data/young-people-survey/responses.csv");
        let lines = run(&responses, folder.path()).expect("the demo runs");
        let total = |line: &str| -> f64 {
            let last = line.split_whitespace().last();
            last.and_then(|total| total.parse().ok()).expect("a total")
        };
        assert!(
            lines[0].starts_with("216 mentees aged 15 to 18, 615 mentors"),
            "{}",
            lines[0]
        );
        assert!(lines[2].contains("coverage 216 of 216"), "{}", lines[2]);
        assert!(total(&lines[2]) > total(&lines[1]), "{lines:?}");
        assert!(
            lines[3].starts_with("status optimal, gap 0"),
            "{}",
            lines[3]
        );
        let readme = fs::read_to_string(root.join("README.md")).expect("the README");
        let shown = readme
            .lines()
            .skip_while(|line| !line.starts_with("216 mentees aged"));
        assert_eq!(shown.take(4).collect::<Vec<_>>(), lines[..4]);
    }
}
