//! An assessment in lines to read.

use nearpeer_core::words::{counted, form};
use nearpeer_core::{Assessment, Role, RuleCount, Staff, Supply};

/// How many rows of a table the page shows: those that matter the most.
const SHOWN: usize = 10;

/// The assessment in lines to read: who is eligible, what each rule costs, who is short of mentors, supply and demand, and
/// leaders. Long tables are cut to the rows that matter the most.
///
/// ```
/// use nearpeer::{Person, Program, Roster, assessment};
///
/// let roster = Roster::builder()
///     .mentee(Person::new("ana"))
///     .mentee(Person::new("bo"))
///     .mentor(Person::new("max"))
///     .build()?;
/// let page = assessment::page(&Program::default().assess(&roster)?);
/// assert_eq!(page[3], "coverage: at most 1 of 2 mentees (50.0 %), as far as loads are concerned");
/// # Ok::<(), nearpeer::Error>(())
/// ```
#[must_use]
pub fn page(assessment: &Assessment) -> Vec<String> {
    let mut lines = summary(assessment);
    lines.extend(rules(&assessment.rules));
    lines.extend(bottlenecks(assessment));
    for by in ["site", "grade", "slot", "language"] {
        let rows = assessment.supply.iter().filter(|row| row.by == by);
        lines.extend(supply(by, rows.collect()));
    }
    lines.extend(staff(&assessment.staff));
    lines.extend(assessment.notes.iter().map(|note| format!("note: {note}")));
    lines
}

fn summary(assessment: &Assessment) -> Vec<String> {
    let people = |role: Role, count: usize, other: &str| {
        let without = assessment.without_candidates(role);
        format!(
            "{}: {count}; {} with an eligible {other}, {without} without",
            role.table(),
            count - without
        )
    };
    let share = 100.0 * assessment.coverage as f64 / assessment.mentees.max(1) as f64;
    vec![
        people(Role::Mentee, assessment.mentees, "mentor"),
        people(Role::Mentor, assessment.mentors, "mentee"),
        format!("eligible pairs: {}", assessment.eligible_pairs),
        format!(
            "coverage: at most {} of {} ({share:.1} %), as far as loads are concerned",
            assessment.coverage,
            counted(assessment.mentees, "mentee")
        ),
    ]
}

fn rules(rules: &[RuleCount]) -> Vec<String> {
    let mut on: Vec<&RuleCount> = rules.iter().filter(|rule| rule.on).collect();
    on.sort_by_key(|rule| {
        let people = rule.mentees_alone + rule.mentors_alone;
        std::cmp::Reverse((people, rule.pairs_alone, rule.pairs_removed))
    });
    let rows = on.into_iter().map(|rule| {
        vec![
            rule.rule.clone(),
            rule.pairs_removed.to_string(),
            rule.pairs_alone.to_string(),
            rule.mentees_alone.to_string(),
            rule.mentors_alone.to_string(),
        ]
    });
    let header = [
        "rule",
        "pairs removed",
        "by it alone",
        "mentees without anybody by it alone",
        "mentors",
    ];
    let mut lines = table(&header, rows.collect());
    let off = rules.iter().filter(|rule| !rule.on);
    let off: Vec<String> = off
        .map(|rule| match &rule.why_off {
            Some(why) => format!("{} ({why})", rule.rule),
            None => rule.rule.clone(),
        })
        .collect();
    if !off.is_empty() {
        lines.push(format!("rules off: {}", off.join(", ")));
    }
    lines
}

fn bottlenecks(assessment: &Assessment) -> Vec<String> {
    let all = &assessment.bottlenecks;
    let left = assessment.mentees - assessment.coverage;
    let mut lines = vec![
        String::new(),
        match all.len() {
            0 => "bottlenecks: none; as far as loads are concerned, everybody can be matched"
                .to_owned(),
            count => {
                format!(
                    "bottlenecks: {count}; at least {} will be left, by {} alone",
                    counted(left, "mentee"),
                    form(count as u64, "it", "them")
                )
            }
        },
    ];
    let shown = all.iter().take(SHOWN);
    lines.extend(shown.map(|set| format!("  {}: {}", set.number, set.sentence())));
    lines.extend(more(all.len()));
    lines
}

fn supply(by: &str, mut rows: Vec<&Supply>) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let lack = |row: &Supply| (row.mentees as u64).saturating_sub(row.room_in_reach);
    let count = rows.len();
    if count > SHOWN {
        // What falls the furthest short, in the order of the table.
        let mut places: Vec<usize> = (0..count).collect();
        places.sort_by_key(|place| {
            (
                std::cmp::Reverse((lack(rows[*place]), rows[*place].mentees)),
                *place,
            )
        });
        places.truncate(SHOWN);
        places.sort_unstable();
        rows = places.into_iter().map(|place| rows[place]).collect();
    }
    let cells = rows.into_iter().map(|row| {
        vec![
            row.value.clone().unwrap_or_else(|| "(none)".to_owned()),
            row.mentees.to_string(),
            row.mentees_served.to_string(),
            row.mentors.to_string(),
            row.mentors_ready.to_string(),
            row.room.to_string(),
            row.mentors_in_reach.to_string(),
            row.room_in_reach.to_string(),
        ]
    });
    let header = [
        by,
        "mentees",
        "with a mentor",
        "mentors",
        "ready",
        "room",
        "in reach",
        "room in reach",
    ];
    let mut lines = table(&header, cells.collect());
    lines.extend(more(count));
    lines
}

fn staff(rows: &[Staff]) -> Vec<String> {
    let weeks: Vec<&Staff> = rows.iter().filter(|row| row.slot.is_none()).collect();
    if weeks.is_empty() {
        return Vec::new();
    }
    let mut short: Vec<&Staff> = weeks.clone();
    short.sort_by_key(|row| std::cmp::Reverse((row.short, row.mentees)));
    short.truncate(SHOWN);
    let cells = short.into_iter().map(|row| {
        let number =
            |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
        vec![
            row.site.clone(),
            row.mentees.to_string(),
            number(row.room),
            row.leaders.to_string(),
            row.leaders_needed.to_string(),
            row.capacity.to_string(),
            row.short.to_string(),
        ]
    });
    let header = [
        "site, whole week",
        "mentees",
        "room",
        "leaders",
        "needed",
        "places",
        "short",
    ];
    let mut lines = table(&header, cells.collect());
    lines.extend(more(weeks.len()));
    lines
}

fn more(count: usize) -> Option<String> {
    (count > SHOWN).then(|| format!("  and {} more", count - SHOWN))
}

/// Columns under a heading, the first to the left and the numbers to the right; an empty line before.
fn table(header: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let all: Vec<&Vec<String>> = [&header].into_iter().chain(&rows).collect();
    let width = |column: usize| {
        let widths = all.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |row: &&Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells
            .collect::<Vec<String>>()
            .join("  ")
            .trim_end()
            .to_owned()
    };
    let lines = all.iter().map(line);
    [String::new()].into_iter().chain(lines).collect()
}
