//! Needs and resources, before any matching: who may be paired with anybody, what each rule costs, where there are too few
//! mentors, and where too few leaders.

mod bottlenecks;
mod coverage;
mod joined;
mod rules;
mod staff;
mod supply;

use serde::Serialize;

pub use bottlenecks::Bottleneck;
pub(crate) use bottlenecks::Bottlenecks;
pub(crate) use coverage::NOBODY;
pub use rules::RuleCount;
pub use staff::Staff;
pub use supply::Supply;

use crate::error::Error;
use crate::ineligible::Ineligible;
use crate::interrupt::Interrupt;
use crate::matching::{Options, of_two_tables};
use crate::notes;
use crate::pairs::RosterPairs;
use crate::pool::in_pool;
use crate::program::IntegerProgram;
use crate::programme::Program;
use crate::progress::Phase;
use crate::roster::{Role, Roster};

/// What can be said of a programme's people before any matching. [`Program::assess`] gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// How many mentees there are.
    pub mentees: usize,
    /// How many mentors there are.
    pub mentors: usize,
    /// How many pairs every rule allows.
    pub eligible_pairs: u64,
    /// The most mentees that any match can cover, as far as loads are concerned. Quotas, places and minimum loads may leave
    /// room for fewer.
    pub coverage: usize,
    /// Everybody, with how many may be paired with them: mentees, then mentors, each in canonical order.
    pub eligibility: Vec<Eligible>,
    /// What each rule costs.
    pub rules: Vec<RuleCount>,
    /// Supply and demand by site, grade, slot and language.
    pub supply: Vec<Supply>,
    /// Who can only be served by too few, the greatest shortage first. Their shortages add up to `mentees - coverage`.
    pub bottlenecks: Vec<Bottleneck>,
    /// Places and leaders by site and slot, if pairs get slots.
    pub staff: Vec<Staff>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
}

/// Whether anybody may be paired with a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligible {
    /// Mentee or mentor.
    #[serde(serialize_with = "as_str")]
    pub role: Role,
    /// The person's id.
    pub id: String,
    /// How many may be paired with this person.
    pub candidates: usize,
    /// If nobody: the rule without which the most could be had, and if one rule less is not enough, the rule that rules
    /// out the most.
    pub rule: Option<String>,
    /// How many that rule rules out.
    pub removed: usize,
    /// How many it alone rules out: so many could be had without it.
    pub alone: usize,
}

fn as_str<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.as_str())
}

impl Assessment {
    /// How many people of one side may be paired with nobody.
    #[must_use]
    pub fn without_candidates(&self, role: Role) -> usize {
        let people = self.eligibility.iter();
        let nobody = people.filter(|person| person.role == role && person.candidates == 0);
        nobody.count()
    }
}

impl Program {
    /// Says what the people of `roster` need and what there is, without matching them.
    ///
    /// ```
    /// use nearpeer_core::{Person, Program, Roster};
    ///
    /// let roster = Roster::builder()
    ///     .mentee(Person::new("ana"))
    ///     .mentee(Person::new("bo"))
    ///     .mentor(Person::new("max").trained(true))
    ///     .mentor(Person::new("zoe").trained(false))
    ///     .build()?;
    /// let assessment = Program::default().assess(&roster)?;
    /// assert_eq!(assessment.coverage, 1);
    /// assert_eq!(
    ///     assessment.bottlenecks[0].sentence(),
    ///     "2 mentees can only be served by 1 mentor, room for 1: at least 1 will be left"
    /// );
    /// let training = assessment.rules.iter().find(|rule| rule.rule == "training");
    /// assert_eq!(training.map(|rule| rule.mentors_alone), Some(1)); // zoe could have a mentee but for it
    /// # Ok::<(), nearpeer_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`assess_with`](Self::assess_with).
    pub fn assess(&self, roster: &Roster) -> Result<Assessment, Error> {
        self.assess_with(roster, &Options::default())
    }

    /// [`assess`](Self::assess) with a number of threads, a stop flag or a watcher; limits do not apply.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind)`::Program` for settings that do not fit the roster, `::Input` for loads that cannot
    /// be, `::Interrupted` when it was stopped.
    pub fn assess_with(&self, roster: &Roster, options: &Options) -> Result<Assessment, Error> {
        self.validate()?;
        of_two_tables(self, roster)?;
        options.validate()?;
        let interrupt = Interrupt::new(options).without_limits();
        in_pool(options.threads, || assess(self, roster, &interrupt))
    }
}

fn assess(settings: &Program, roster: &Roster, interrupt: &Interrupt) -> Result<Assessment, Error> {
    interrupt.enter(Phase::Compile);
    settings.meetings_fit(roster)?;
    let pairs = RosterPairs::compile(roster, settings)?;
    let program = IntegerProgram::of_roster(&pairs, roster, settings)?;
    let (candidates, supply) = supply::all(roster, &pairs, &program, interrupt)?;
    let ineligible = Ineligible::new(roster, &pairs, settings);
    let eligibility = rules::eligibility(roster, &ineligible, &candidates, interrupt)?;
    let rules = rules::count(&pairs, &ineligible, &candidates, interrupt)?;
    let bottlenecks = Bottlenecks::find(&program, &[], interrupt)?;
    Ok(Assessment {
        mentees: roster.mentees().len(),
        mentors: roster.mentors().len(),
        eligible_pairs: candidates[0].iter().map(|count| *count as u64).sum(),
        coverage: bottlenecks.coverage,
        eligibility,
        rules,
        supply,
        bottlenecks: bottlenecks.named(roster),
        staff: staff::all(roster, settings, &pairs, &program, interrupt)?,
        notes: notes::notes(roster, settings),
    })
}
