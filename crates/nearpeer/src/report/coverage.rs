//! Who has a mentor, by school and grade.

use nearpeer_core::Field;

use super::Outcome;
use super::page::{Block, Cell, Chart, Section, Table, number, percent, text};
use super::tally::{Coverage, Tally};
use super::words::{clean, count, share};

/// The most rows of a table of schools; what has more is no list of schools, and a redacted report has none of it.
pub(super) const MOST_SITES: usize = 500;

/// What stands for a number that is not printed.
pub(super) const WITHHELD: &str = "withheld";

pub(super) fn section(outcome: &Outcome<'_>, tally: &Tally<'_>, redacted: bool) -> Section {
    let mentees = outcome.roster.mentees();
    let withheld = redacted.then(|| tally.withheld());
    let is_hidden = |people: bool, table: usize, row: usize| {
        withheld.as_ref().is_some_and(|withheld| {
            let which = if people {
                &withheld.people
            } else {
                &withheld.covered
            };
            which[table][row]
        })
    };
    let lines = |table: usize, names: Vec<String>, counts: Vec<Coverage>| -> Vec<Line> {
        let rows = names.into_iter().zip(counts).enumerate();
        let line = |(row, (name, coverage))| Line {
            name,
            coverage,
            people: !is_hidden(true, table, row),
            covered: !is_hidden(false, table, row),
        };
        rows.map(line).collect()
    };
    let mut blocks = Vec::new();
    if mentees.has(Field::Grade) {
        let names = tally.by_grade.keys().map(|grade| match grade {
            Some(grade) => grade.to_string(),
            None => "none".to_owned(),
        });
        let lines = lines(
            1,
            names.collect(),
            tally.by_grade.values().copied().collect(),
        );
        blocks.extend(chart(&lines).map(Block::Chart));
        blocks.push(Block::Table(table("by-grade", "grade", "Grade", &lines)));
    }
    if mentees.has(Field::Site) {
        let names = tally.by_site.keys().map(|site| site_name(site));
        let mut lines = lines(
            0,
            names.collect(),
            tally.by_site.values().copied().collect(),
        );
        let more = lines.len().saturating_sub(MOST_SITES);
        if more == 0 || !redacted {
            lines.truncate(MOST_SITES);
            blocks.push(Block::Table(table("by-school", "school", "School", &lines)));
        }
        blocks.extend(not_shown(more));
    }
    if redacted {
        blocks.push(Block::Text(
            "So that nobody can be recognised, numbers from 1 to 9 are withheld, and so are as many others \
             as it takes that they cannot be worked out."
                .to_owned(),
        ));
    }
    if blocks.is_empty() {
        blocks.push(Block::Text(
            "The table of mentees has neither a school nor a grade to break the numbers down by."
                .to_owned(),
        ));
    }
    Section::new("coverage", "Who has a mentor", blocks)
}

/// That there are more schools than a table shows.
pub(super) fn not_shown(more: usize) -> Option<Block> {
    let more = match more {
        0 => return None,
        1 => "1 more school is not shown.".to_owned(),
        _ => format!("{} more schools are not shown.", count(more as u64)),
    };
    Some(Block::Text(more))
}

/// A school as it is shown.
pub(super) fn site_name(site: &str) -> String {
    match site {
        "" => "not given".to_owned(),
        site => clean(site),
    }
}

/// A row with what of it is printed.
struct Line {
    name: String,
    coverage: Coverage,
    people: bool,
    covered: bool,
}

fn table(id: &str, by: &str, heading: &str, lines: &[Line]) -> Table {
    let rows = lines.iter().map(|line| {
        let shown = |is: bool, text: String| if is { text } else { WITHHELD.to_owned() };
        let Coverage { mentees, matched } = line.coverage;
        let thousandths = (matched * 1000).checked_div(mentees);
        vec![
            line.name.clone().into(),
            shown(line.people, count(mentees)).into(),
            shown(line.covered, count(matched)).into(),
            shown(line.covered, count(line.coverage.unmatched())).into(),
            Cell {
                text: shown(line.covered, share(matched, mentees)),
                bar: thousandths.filter(|_| line.covered).map(percent),
            },
        ]
    });
    Table {
        id: id.to_owned(),
        caption: format!("Mentees by {by}"),
        columns: vec![
            text(heading),
            number("Mentees"),
            number("With a mentor"),
            number("Without"),
            number("Share"),
        ],
        rows: rows.collect(),
    }
}

/// Mentees by grade as bars; none where a number of them is not printed.
fn chart(lines: &[Line]) -> Option<Chart> {
    if lines.len() < 2 || lines.iter().any(|line| !line.covered) {
        return None;
    }
    let most = lines.iter().map(|line| line.coverage.mentees).max()?.max(1);
    let lowest = lines
        .iter()
        .filter(|line| line.coverage.mentees > 0)
        .min_by_key(|line| line.coverage.matched * 1000 / line.coverage.mentees)?;
    let description = format!(
        "A bar for each of {} grades; its first part are the mentees with a mentor. The lowest share is in grade {}: \
         {}. The table below has the numbers.",
        lines.len(),
        lowest.name,
        share(lowest.coverage.matched, lowest.coverage.mentees)
    );
    let mut chart = Chart::new("chart-grades", "Mentees by grade", description);
    chart.parts = vec!["with a mentor", "without"];
    for line in lines {
        let Coverage { mentees, matched } = line.coverage;
        let parts = [matched, mentees - matched].map(|part| part * 1000 / most);
        chart.push(line.name.clone(), share(matched, mentees), parts);
    }
    Some(chart)
}
