//! The best match of a compiled programme, and its description in words.

use crate::certificate::Certificate;
use crate::certify::{certify, certify_fair};
use crate::constraint::standings;
use crate::error::Error;
use crate::explain::{self, Found};
use crate::interrupt::Interrupt;
use crate::matching::{Match, Meeting, Pair, of_two_tables};
use crate::notes;
use crate::pairs::RosterPairs;
use crate::program::{Chosen, IntegerProgram};
use crate::programme::{Program, StabilityMode};
use crate::roster::Roster;
use crate::solve::{Meets, Method, Solution, fair, solve};
use crate::stable::{self, Market};

/// The best match of a programme, before it is explained.
pub(crate) struct Best {
    /// The chosen pairs, ascending; where there is no match those that come nearest.
    pub(crate) chosen: Vec<Chosen>,
    meets: Option<Vec<Meets>>,
    pub(crate) certificate: Certificate,
}

impl Best {
    /// Where the chosen pairs meet, in the roster's words, if they have places.
    pub(crate) fn meetings(&self, roster: &Roster) -> Option<Vec<Meeting>> {
        let meets = self.meets.as_ref()?.iter();
        Some(meets.map(|meets| meeting(roster, *meets)).collect())
    }
}

/// Finds the best match of a program, which is that of this roster under these settings.
///
/// # Errors
/// As [`Program::solve_with`](crate::Program::solve_with), but for a programme without a match: the certificate says so.
pub(crate) fn best(
    settings: &Program,
    roster: &Roster,
    pairs: &RosterPairs,
    program: &IntegerProgram,
    method: Method,
    interrupt: &Interrupt,
) -> Result<Best, Error> {
    let ids = [roster.mentees(), roster.mentors()]
        .map(|side| side.ids().map(str::to_owned).collect::<Vec<String>>());
    let plain = || -> Result<(Solution, Certificate), Error> {
        let solution = solve(program, method, interrupt)?;
        let certificate = certify(program, &solution, ids.clone())?;
        Ok((solution, certificate))
    };
    let of = |(chosen, certificate)| Best {
        chosen,
        meets: None,
        certificate,
    };
    let Some(stability) = settings.stability else {
        if let Some(level) = settings.fairness() {
            let fair = fair::solve(program, level, method, interrupt)?;
            return certify_fair(program, fair, ids).map(of);
        }
        let (solution, certificate) = plain()?;
        return Ok(Best {
            chosen: solution.chosen,
            meets: solution.staged.and_then(|staged| staged.meets),
            certificate,
        });
    };
    let prices = stable::no_prices(roster);
    let market = Market::new(roster, pairs, program, settings, &prices);
    if stability.mode == StabilityMode::FewestBlocking {
        let (solution, certificate) = plain()?;
        return stable::with_fewest_blocking(&market, program, &solution, certificate, interrupt)
            .map(of);
    }
    let (chosen, proof) = stable::stable(&market, stability.mode, interrupt)?;
    let certificate = stable::certificate(&chosen, proof, ids);
    Ok(of((chosen, certificate)))
}

/// Checks that a programme of two sides can be solved with this roster at all.
///
/// # Errors
/// [`ErrorKind::Program`](crate::ErrorKind::Program) or [`ErrorKind::Input`](crate::ErrorKind::Input) saying what does not fit.
pub(crate) fn fits(settings: &Program, roster: &Roster) -> Result<(), Error> {
    of_two_tables(settings, roster)?;
    settings.meetings_fit(roster)?;
    settings.circles.fits(settings, roster)?;
    match settings.stability {
        Some(stability) => stability.fits(roster),
        None => Ok(()),
    }
}

/// A roster and a programme, compiled.
pub(crate) struct Compiled<'r> {
    pub(crate) settings: &'r Program,
    pub(crate) roster: &'r Roster,
    pub(crate) pairs: &'r RosterPairs<'r>,
    pub(crate) program: &'r IntegerProgram<'r>,
}

impl Compiled<'_> {
    /// The match of these pairs, in words, and with a reason for everybody who is left.
    ///
    /// # Errors
    /// The interrupt's.
    pub(crate) fn described(
        &self,
        chosen: &[Chosen],
        meetings: Option<Vec<Meeting>>,
        certificate: Certificate,
        interrupt: &Interrupt,
    ) -> Result<Match, Error> {
        let Self {
            settings,
            roster,
            pairs,
            program,
        } = *self;
        let meets = meetings
            .as_deref()
            .and_then(|meetings| meets(roster, meetings));
        let found = Found {
            chosen,
            meets: meets.as_deref(),
            certificate: &certificate,
        };
        let mut unmatched =
            explain::unmatched(roster, pairs, settings, program, &found, interrupt)?;
        if settings.stability.is_some() {
            let prices = stable::no_prices(roster);
            let market = Market::new(roster, pairs, program, settings, &prices);
            stable::explain_refusals(&market, roster, &mut unmatched);
        }
        let places: Vec<(u32, u32)> = chosen
            .iter()
            .map(|pair| (pair.mentee, pair.mentor))
            .collect();
        let mut meetings = meetings.map(Vec::into_iter);
        let chosen = chosen.iter().map(|pair| {
            let (mentee, mentor) = pair.indices();
            Pair {
                mentee: roster.mentees().id(mentee.get()).to_owned(),
                mentor: roster.mentors().id(mentor.get()).to_owned(),
                meeting: meetings.as_mut().and_then(Iterator::next),
                score: pairs
                    .scoring
                    .score(mentee.get(), mentor.get())
                    .unwrap_or_default(),
                by_criterion: pairs.scoring.by_criterion(mentee.get(), mentor.get()),
            }
        });
        Ok(Match {
            pairs: chosen.collect(),
            unmatched,
            rules: pairs.eligibility.states().to_vec(),
            notes: notes::notes(roster, settings),
            limits: standings(roster, settings, &places)?,
            criteria: pairs.scoring.names().map(str::to_owned).collect(),
            slots_assigned: settings.meetings.is_assigned(roster),
            mentees: roster.mentees().len(),
            mentors: roster.mentors().len(),
            certificate,
        })
    }
}

/// Meetings by the roster's numbers; `None` if one is not the roster's.
fn meets(roster: &Roster, meetings: &[Meeting]) -> Option<Vec<Meets>> {
    let of = |meeting: &Meeting| {
        let site = match roster.has_sites() {
            true => roster.sites().code(&meeting.site)?,
            false => 0,
        };
        let leader = meeting.leader.as_ref();
        let mut leaders = roster.leaders().iter();
        Some(Meets {
            site,
            slot: roster.slots().code(&meeting.slot)?,
            leader: leader.and_then(|id| leaders.position(|leader| leader.id == *id)),
        })
    };
    meetings.iter().map(of).collect()
}

/// A meeting in the roster's words.
fn meeting(roster: &Roster, meets: Meets) -> Meeting {
    Meeting {
        site: roster.meeting_site_name(meets.site).to_owned(),
        slot: roster.slots().word(meets.slot).to_owned(),
        leader: meets
            .leader
            .map(|leader| roster.leaders()[leader].id.clone()),
    }
}

/// # Errors
/// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the first required pair that a rule or missing data forbids.
pub(crate) fn required_are_eligible(roster: &Roster, pairs: &RosterPairs) -> Result<(), Error> {
    let mut required: Vec<_> = roster.required().iter().collect();
    required.sort_by_key(|pair| pair.row);
    for pair in required {
        let (mentee, mentor) = (pair.mentee.get(), pair.mentor.get());
        let rules: Vec<&str> = pairs.eligibility.codes().collect();
        let fails = pairs
            .eligibility
            .fails(mentee, mentor)
            .map(|rule| rules[rule].to_owned());
        let names: Vec<&str> = pairs.scoring.names().collect();
        let lacks = pairs
            .scoring
            .lacks(mentee, mentor)
            .map(|ix| format!("missing:{}", names[ix]));
        let why: Vec<String> = fails.chain(lacks).collect();
        if !why.is_empty() {
            return Err(Error::input(format!(
                "the required pair of mentee {:?} and mentor {:?} is not eligible: {}",
                roster.mentees().id(mentee),
                roster.mentors().id(mentor),
                why.join(", ")
            ))
            .in_table("pairs_required")
            .in_row(pair.row));
        }
    }
    Ok(())
}
