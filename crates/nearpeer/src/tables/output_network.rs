//! Who is paired with whom at one site, as a table to draw a picture of.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use nearpeer_core::error::nearest;
use nearpeer_core::roster::Code;
use nearpeer_core::{Error, Match, Micropoints, Roster};

use super::sheet::Sheet;

/// A mentee and, if there is one, a mentor; or a mentor of the site without a mentee.
struct Line {
    mentee: Option<usize>,
    mentor: Option<usize>,
    score: Option<Micropoints>,
}

/// The pairs with somebody at the site, and who of the site is in no pair: `mentee_id`, `mentee_row`, `mentor_id`,
/// `mentor_row` (rows of the tables, from 1) and `score` in points. Where there is nobody, or no score, is null.
/// Without a site it is everybody.
///
/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) for a site at which nobody is, naming the nearest, and where the roster is not that of the
/// match.
pub fn network_table(
    found: &Match,
    roster: &Roster,
    site: Option<&str>,
) -> Result<RecordBatch, Error> {
    let (mentees, mentors) = (roster.mentees(), roster.mentors());
    let code = site.map(|site| code(roster, site)).transpose()?;
    let mentee_here = |ix: usize| code.is_none_or(|code| mentees.site(ix) == Some(code));
    let mentor_here = |ix: usize| code.is_none_or(|code| mentors.site(ix) == Some(code));
    let mut lines = Vec::new();
    let mut paired = [BTreeSet::new(), BTreeSet::new()];
    for pair in &found.pairs {
        let ids = (mentees.find(&pair.mentee), mentors.find(&pair.mentor));
        let (Some(mentee), Some(mentor)) = ids else {
            return Err(Error::input("these are not the people of the match"));
        };
        paired[0].insert(mentee);
        paired[1].insert(mentor);
        if mentee_here(mentee) || mentor_here(mentor) {
            lines.push(Line {
                mentee: Some(mentee),
                mentor: Some(mentor),
                score: Some(pair.score),
            });
        }
    }
    let alone = |ix: &usize| !paired[0].contains(ix) && mentee_here(*ix);
    lines.extend((0..mentees.len()).filter(alone).map(|mentee| Line {
        mentee: Some(mentee),
        mentor: None,
        score: None,
    }));
    let alone = |ix: &usize| !paired[1].contains(ix) && mentor_here(*ix);
    lines.extend((0..mentors.len()).filter(alone).map(|mentor| Line {
        mentee: None,
        mentor: Some(mentor),
        score: None,
    }));
    Ok(Sheet::new(&lines)
        .text("mentee_id", |line| line.mentee.map(|ix| mentees.id(ix)))
        .count("mentee_row", |line| line.mentee.map(|ix| mentees.row(ix)))
        .text("mentor_id", |line| line.mentor.map(|ix| mentors.id(ix)))
        .count("mentor_row", |line| line.mentor.map(|ix| mentors.row(ix)))
        .points("score", |line| line.score)
        .table())
}

/// The site at which somebody is.
fn code(roster: &Roster, site: &str) -> Result<Code, Error> {
    roster.sites().code(site).ok_or_else(|| {
        let words = (0..roster.sites().len()).map(|code| roster.sites().word(code as Code));
        let near = nearest(site, words);
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
        Error::input(format!("nobody is at the site {site:?}{hint}"))
    })
}
