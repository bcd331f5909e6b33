//! Why two people are a pair, or are not.

use std::fmt;

use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::matching::Match;
use crate::programme::{GradeGap, Program};
use crate::roster::{Field, People, Role, Roster};
use crate::units::Micropoints;
use crate::words::printable;

use super::cost::Cost;
use super::forced;
use super::person::Rival;
use super::question::{Question, had_by};

/// Why there is no cost where a limit cut the question.
const LIMIT: &str = "a limit was reached before it was proven";

/// What a rule says of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCheck {
    /// The rule's code; `missing:` and a criterion's name where that asks for data which is missing.
    pub code: String,
    /// Whether the pair passes.
    pub passes: bool,
    /// What the rule compared, in words; empty for rules of one's own.
    pub detail: String,
}

/// Why two people are a pair, or are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairExplanation {
    /// The mentee's id.
    pub mentee: String,
    /// The mentor's id.
    pub mentor: String,
    /// Whether the match has the pair.
    pub chosen: bool,
    /// Every rule that is on.
    pub rules: Vec<RuleCheck>,
    /// The score, if the pair is eligible.
    pub score: Option<Micropoints>,
    /// What each criterion gives, before weighting.
    pub by_criterion: Vec<Micropoints>,
    /// The names of the criteria.
    pub criteria: Vec<String>,
    /// Whom the mentee has.
    pub mentee_has: Vec<Rival>,
    /// Whom the mentor has.
    pub mentor_has: Vec<Rival>,
    /// How much more the pair would score than the worst of the mentee's (than 0 where there is a free place); below
    /// 0 where it would score less.
    pub mentee_regret: Option<Micropoints>,
    /// The same for the mentor.
    pub mentor_regret: Option<Micropoints>,
    /// What the programme would lose with the pair, if it is eligible and not chosen.
    pub cost: Option<Cost>,
    /// Why there is no cost, if there is none.
    pub no_cost: Option<&'static str>,
    /// Whether that is a limit, which came before the cost was known; all else is known.
    pub is_cut: bool,
}

impl PairExplanation {
    /// Whether every rule lets the two be paired.
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        self.rules.iter().all(|rule| rule.passes)
    }
}

pub(super) fn explain(
    question: &Question,
    found: &Match,
    one: &str,
    other: &str,
    interrupt: &Interrupt,
) -> Result<PairExplanation, Error> {
    let (first, second) = (question.find(one)?, question.find(other)?);
    let (mentee, mentor) = match (first, second) {
        ((Role::Mentee, mentee), (Role::Mentor, mentor))
        | ((Role::Mentor, mentor), (Role::Mentee, mentee)) => (mentee, mentor),
        ((role, _), _) => {
            let side = role.table();
            let message = format!("both are {side}; a pair is a mentee and a mentor");
            return Err(Error::input(message).in_column("id").with_value(other));
        }
    };
    let roster = question.roster;
    let ids = (roster.mentees().id(mentee), roster.mentors().id(mentor));
    let rules = rules(question, mentee, mentor);
    let eligible = rules.iter().all(|rule| rule.passes);
    let has = |role: Role, id: &str| had_by(found, role).remove(id).unwrap_or_default();
    let (mentee_has, mentor_has) = (has(Role::Mentee, ids.0), has(Role::Mentor, ids.1));
    let chosen = mentee_has.iter().any(|partner| partner.id == ids.1);
    let score = question.pairs.scoring.score(mentee, mentor);
    let score = score.filter(|_| eligible);
    let regret = |role: Role, ix: usize, has: &[Rival]| {
        let worst = has.iter().map(|partner| partner.score.0).min();
        let worst = worst.filter(|_| has.len() as u32 >= question.load_max(role, ix));
        Some(Micropoints(
            score.filter(|_| !chosen)?.0 - worst.unwrap_or(0),
        ))
    };
    let (cost, no_cost) = if chosen {
        (None, Some("the match has the pair"))
    } else if !eligible {
        (None, Some("the two may not be paired"))
    } else if question.settings.stability.is_some() {
        (
            None,
            Some("a stable match is no optimum that it could cost"),
        )
    } else {
        let pair = (mentee as u32, mentor as u32);
        let cost = forced::ask(question, (Role::Mentee, mentee), interrupt, |forced| {
            let with = forced.with(pair)?;
            Ok(with.map(|values| Cost::between(forced.base(), &values)))
        });
        match cost {
            Ok(Some(cost)) => (Some(cost), None),
            Ok(None) => (None, Some("no match with the pair keeps every obligation")),
            Err(error) if error.kind() == ErrorKind::Limit => (None, Some(LIMIT)),
            Err(error) => return Err(error),
        }
    };
    Ok(PairExplanation {
        mentee: ids.0.to_owned(),
        mentor: ids.1.to_owned(),
        chosen,
        score,
        by_criterion: question.pairs.scoring.by_criterion(mentee, mentor),
        criteria: question.pairs.scoring.names().map(str::to_owned).collect(),
        mentee_regret: regret(Role::Mentee, mentee, &mentee_has),
        mentor_regret: regret(Role::Mentor, mentor, &mentor_has),
        mentee_has,
        mentor_has,
        rules,
        cost,
        is_cut: no_cost == Some(LIMIT),
        no_cost,
    })
}

/// What every rule that is on, and every criterion that asks for data, says of a pair.
fn rules(question: &Question, mentee: usize, mentor: usize) -> Vec<RuleCheck> {
    let pairs = &question.pairs;
    let fails: Vec<usize> = pairs.eligibility.fails(mentee, mentor).collect();
    let rules = pairs.eligibility.codes().enumerate();
    let rules = rules.map(|(ix, code)| RuleCheck {
        code: code.to_owned(),
        passes: !fails.contains(&ix),
        detail: detail(code, question.roster, question.settings, mentee, mentor),
    });
    let names: Vec<&str> = pairs.scoring.names().collect();
    let lacks = pairs.scoring.lacks(mentee, mentor);
    let lacks = lacks.map(|ix| RuleCheck {
        code: format!("missing:{}", names[ix]),
        passes: false,
        detail: "data is missing that this criterion needs".to_owned(),
    });
    rules.chain(lacks).collect()
}

/// What a rule compares, in words.
fn detail(code: &str, roster: &Roster, settings: &Program, mentee: usize, mentor: usize) -> String {
    let (young, old) = (roster.mentees(), roster.mentors());
    let word = |known: Option<String>| known.unwrap_or_else(|| "not given".to_owned());
    let flag = |people: &People, ix: usize, field: Field, value: Option<bool>| {
        let value = word(value.map(|value| value.to_string()));
        format!(
            "{} {}: {} is {value}",
            people.role().as_str(),
            people.id(ix),
            field.name()
        )
    };
    match code {
        "screening" => flag(old, mentor, Field::Screened, old.screened(mentor)),
        "training" => flag(old, mentor, Field::Trained, old.trained(mentor)),
        "consent" => {
            let sides = [(young, mentee), (old, mentor)].into_iter();
            let sides = sides.filter(|(people, _)| people.has(Field::Consent));
            let said =
                sides.map(|(people, ix)| flag(people, ix, Field::Consent, people.consent(ix)));
            said.collect::<Vec<_>>().join("; ")
        }
        "grade_gap" => {
            let (a, b) = (young.grade(mentee), old.grade(mentor));
            let grade = |grade: Option<crate::roster::Grade>| word(grade.map(|g| g.to_string()));
            let asked = match settings.eligibility.grade_gap {
                GradeGap::Between { min, max: None } => format!("at least {min}"),
                GradeGap::Between {
                    min,
                    max: Some(max),
                } => format!("{min} to {max}"),
                GradeGap::Off => String::new(),
            };
            let gap = a.zip(b).map(|(a, b)| b.number() - a.number());
            let gap = gap.map_or_else(String::new, |gap| format!(", a gap of {gap}"));
            format!(
                "grades {} and {}{gap}; {asked} is asked",
                grade(a),
                grade(b)
            )
        }
        "site" => {
            let name = |people: &People, ix: usize| {
                word(
                    people
                        .site(ix)
                        .map(|site| roster.sites().word(site).to_owned()),
                )
            };
            format!(
                "mentee at {}, mentor at {}",
                name(young, mentee),
                name(old, mentor)
            )
        }
        "slot" => {
            let (a, b) = (young.slots(mentee), old.slots(mentor));
            let both = a.unwrap_or_default().iter();
            let both = both.filter(|slot| b.unwrap_or_default().contains(slot));
            let both: Vec<&str> = both.map(|slot| roster.slots().word(*slot)).collect();
            match both.is_empty() {
                true => "no slot in common".to_owned(),
                false => format!("both free: {}", both.join(", ")),
            }
        }
        _ => String::new(),
    }
}

/// In words, a line a fact.
impl fmt::Display for PairExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.chosen {
            "a pair of the match"
        } else if self.is_eligible() {
            "may be paired, and are not"
        } else {
            "may not be paired"
        };
        write!(
            f,
            "mentee {} and mentor {}: {state}",
            printable(&self.mentee),
            printable(&self.mentor)
        )?;
        for rule in &self.rules {
            let verdict = if rule.passes { "passes" } else { "fails" };
            write!(f, "\n  {} {verdict}", rule.code)?;
            if !rule.detail.is_empty() {
                write!(f, " ({})", printable(&rule.detail))?;
            }
        }
        if let Some(score) = self.score {
            let criteria = self.criteria.iter().zip(&self.by_criterion);
            let criteria: Vec<String> = criteria
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            write!(f, "\nscore: {score}")?;
            if !criteria.is_empty() {
                write!(f, " ({})", criteria.join(", "))?;
            }
        }
        for (who, has, regret) in [
            ("mentee", &self.mentee_has, self.mentee_regret),
            ("mentor", &self.mentor_has, self.mentor_regret),
        ] {
            let names = has.iter();
            let names: Vec<String> = names
                .map(|rival| format!("{} ({})", printable(&rival.id), rival.score))
                .collect();
            let names = match names.is_empty() {
                true => "nobody".to_owned(),
                false => names.join(", "),
            };
            write!(f, "\nthe {who} has {names}")?;
            if let Some(regret) = regret {
                write!(f, "; regret {regret}")?;
            }
        }
        match (&self.cost, self.no_cost) {
            (Some(cost), _) => write!(f, "\nthe pair would cost the programme {cost}"),
            (None, Some(why)) if !self.chosen => write!(f, "\nno cost: {why}"),
            _ => Ok(()),
        }
    }
}
