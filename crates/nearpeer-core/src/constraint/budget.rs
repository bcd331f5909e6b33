//! Budgets: what pairs and people cost, altogether, is at most so much.

use serde::{Deserialize, Serialize};

use super::row::{common_step, multiple_below};
use super::standing::{Counted, Measure};
use super::words::{in_thousandths, thousandths};
use super::{Constraint, Has, PairProperty, Row, Rule};
use crate::eligibility::{missing_column, not_a_field};
use crate::error::Error;
use crate::programme::Program;
use crate::roster::{Cell, Role, Roster};

/// A limit on what a match costs: bus seats, stipends. A hard constraint.
///
/// A cost counts once a pair (`pair`), or once a person who is in a pair (`mentee`, `mentor`: a column of the table,
/// which must have a number for everybody). With `mentor_has` or `cross_site` the cost a pair is of those pairs alone.
/// Costs are rounded to thousandths.
///
/// ```toml
/// [[budgets]]
/// name = "bus seats"
/// cross_site = true           # only pairs whose mentor comes from another site
/// pair = 1
/// at_most = 40
///
/// [[budgets]]
/// name = "stipends"
/// mentor = "stipend"          # the mentor's column: what the mentor gets who has a mentee at all
/// at_most = 2500.0
/// ```
///
/// ```
/// use nearpeer_core::{Budget, Program};
///
/// let mut program = Program::default();
/// program.budgets.push(Budget::new("stipends", 2500.0).mentor("stipend"));
/// assert_eq!(Program::from_toml(&program.to_toml())?, program);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The name in reasons and messages.
    pub name: String,
    /// What may be spent.
    pub at_most: f64,
    /// What a pair costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<f64>,
    /// The column of what a mentee costs who has a mentor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentee: Option<String>,
    /// The column of what a mentor costs who has a mentee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentor: Option<String>,
    /// Whether only pairs of people from two sites have the cost of a pair.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cross_site: bool,
    /// That only pairs whose mentor has this value have the cost of a pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentor_has: Option<Has>,
}

impl Budget {
    /// A budget of so much, on which nothing counts yet.
    pub fn new(name: impl Into<String>, at_most: f64) -> Self {
        Self {
            name: name.into(),
            at_most,
            pair: None,
            mentee: None,
            mentor: None,
            cross_site: false,
            mentor_has: None,
        }
    }

    /// With this cost a pair.
    #[must_use]
    pub fn pair(self, cost: f64) -> Self {
        let pair = Some(cost);
        Self { pair, ..self }
    }

    /// With the costs of mentees in this column.
    #[must_use]
    pub fn mentee(self, column: impl Into<String>) -> Self {
        let mentee = Some(column.into());
        Self { mentee, ..self }
    }

    /// With the costs of mentors in this column.
    #[must_use]
    pub fn mentor(self, column: impl Into<String>) -> Self {
        let mentor = Some(column.into());
        Self { mentor, ..self }
    }

    /// The kinds of pairs that have the cost of a pair, all of these, and the keys they stand at.
    fn kinds(&self) -> Vec<(&'static str, PairProperty)> {
        let crossing = self.cross_site.then_some(PairProperty::CrossSite);
        let having = self.mentor_has.clone().map(PairProperty::Mentor);
        let crossing = crossing.map(|kind| ("cross_site", kind));
        let having = having.map(|kind| ("mentor_has", kind));
        crossing.into_iter().chain(having).collect()
    }

    fn columns_of(&self) -> impl Iterator<Item = (Role, &str)> {
        let mentee = self.mentee.as_deref().map(|column| (Role::Mentee, column));
        let mentor = self.mentor.as_deref().map(|column| (Role::Mentor, column));
        mentee.into_iter().chain(mentor)
    }

    fn words(&self) -> String {
        format!("the budget {:?} of at most {}", self.name, self.at_most)
    }
}

impl Constraint for Budget {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, key: &str) -> Result<(), Error> {
        let sums = [("at_most", Some(self.at_most)), ("pair", self.pair)];
        for (name, sum) in sums {
            if sum.is_some_and(|sum| in_thousandths(sum).is_none()) {
                let message = "a sum is a number from 0 to a thousand million";
                return Err(Error::program(format!("{key}.{name}"), message));
            }
        }
        if self.pair.is_none() && self.mentee.is_none() && self.mentor.is_none() {
            let message = "a budget needs a cost: `pair`, or a column as `mentee` or `mentor`";
            return Err(Error::program(key, message));
        }
        if self.pair.is_none() && !self.kinds().is_empty() {
            let message = "`cross_site` and `mentor_has` say which pairs have the cost `pair`, which is missing";
            return Err(Error::program(key, message));
        }
        Ok(())
    }

    fn rows(&self, key: &str, roster: &Roster, _: &Program) -> Result<Vec<Row>, Error> {
        let limit = in_thousandths(self.at_most).unwrap_or(0);
        let name = format!("at_most of the budget {:?}", self.name);
        let row = Row::at_most(&self.name, self.words(), limit).with_number("at_most", name);
        let mut row = row.counting(Measure {
            unit: Counted::Cost,
            per: 1_000.0,
        });
        let mut terms = Vec::new();
        if let Some(cost) = self.pair.and_then(in_thousandths) {
            let kinds = self.kinds();
            let kinds = kinds
                .iter()
                .map(|(own, kind)| kind.counter(&format!("{key}.{own}"), roster));
            let kinds = kinds.collect::<Result<Vec<_>, Error>>()?;
            row = row.of_pairs(move |mentee, mentor, _| {
                let counts = kinds.iter().all(|kind| kind(mentee, mentor));
                if counts { cost } else { 0 }
            });
            row.scale = cost.max(1);
            terms.push(cost);
        }
        for (role, column) in self.columns_of() {
            let key = format!("{key}.{}", role.as_str());
            not_a_field(column, &key)?;
            let people = roster.side(role);
            if people.extra(column).is_none() {
                return Err(missing_column(roster, column, &key, role));
            }
            let costs = (0..people.len()).map(|ix| thousandths(people, ix, column));
            let costs: Vec<i64> = costs.collect::<Result<_, Error>>()?;
            terms.extend(&costs);
            row = row.of_people(role, costs);
        }
        row.step = common_step(terms);
        Ok(vec![row])
    }

    fn rules<'a>(&'a self, roster: &'a Roster, _: &'a Program) -> Vec<Rule<'a>> {
        let each = self.pair.and_then(in_thousandths).unwrap_or(0);
        let cost = move |role: Role, ix: u32| {
            let column = match role {
                Role::Mentee => self.mentee.as_ref(),
                Role::Mentor => self.mentor.as_ref(),
            };
            let cell = column.and_then(|column| roster.side(role).extra(column));
            let number = cell.and_then(|cells| match cells.cell(ix as usize) {
                Cell::Missing => None,
                Cell::Number(number) => Some(*number),
                Cell::Text(text) => text.trim().parse().ok(),
            });
            number.and_then(in_thousandths).unwrap_or(0)
        };
        let everybody = [Role::Mentee, Role::Mentor].into_iter();
        let everybody = everybody
            .flat_map(|role| (0..roster.side(role).len() as u32).map(move |ix| (role, ix)));
        let terms = everybody.map(|(role, ix)| cost(role, ix)).chain([each]);
        let terms: Vec<i64> = terms.collect();
        // Where whatever is spent is a multiple of this, what is left over of the limit cannot be. That it is one is looked
        // at, for the bound rests on it.
        let step = common_step(terms.iter().copied());
        let step = if terms.iter().all(|term| term % step == 0) {
            step
        } else {
            1
        };
        let limit = multiple_below(in_thousandths(self.at_most).unwrap_or(0), step);
        let rule = Rule::new(self.words(), false, limit);
        let rule = rule.of_pairs(move |mentee, mentor, _| {
            let (mentee, mentor) = (mentee as usize, mentor as usize);
            let sites = (roster.mentees().site(mentee), roster.mentors().site(mentor));
            let crosses = matches!(sites, (Some(a), Some(b)) if a != b);
            let has = self
                .mentor_has
                .as_ref()
                .is_none_or(|has| PairProperty::Mentor(has.clone()).holds(roster, mentee, mentor));
            if (crosses || !self.cross_site) && has {
                each
            } else {
                0
            }
        });
        vec![rule.of_people(cost)]
    }

    fn note(&self, roster: &Roster) -> Option<String> {
        let nobody = self
            .kinds()
            .iter()
            .find_map(|(_, kind)| kind.nobody(roster))?;
        Some(format!(
            "of the budget {:?} no pair has the cost: {nobody}",
            self.name
        ))
    }

    fn columns(&self) -> Vec<&str> {
        let having = self.mentor_has.iter().map(|has| &*has.column);
        let of_people = self.columns_of().map(|(_, column)| column);
        of_people.chain(having).collect()
    }
}
