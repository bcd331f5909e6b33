//! Changes of a programme or its tables.

use crate::error::Error;
use crate::programme::{Feeder, GradeGap, Program};
use crate::roster::{Code, Field, Grade, MAX_CAPACITY, MAX_LOAD, Role, Roster};

/// Something that is done or is not, person by person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// A mentor's screening.
    Screening,
    /// A mentor's training.
    Training,
    /// The consent of a family.
    Consent,
}

/// Mentors who are alike in site and grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentorKind {
    /// The school.
    pub site: Option<String>,
    /// The grade.
    pub grade: Option<Grade>,
}

/// A change of a programme or its tables.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// What all who lack it finish.
    Finish(Flag),
    /// Another grade gap.
    GradeGap(GradeGap),
    /// A route from the mentors of one site to the mentees of another.
    Feeder(Feeder),
    /// A rule switched off: `site`, `slot`, or `custom:` and a name.
    WithoutRule(String),
    /// One mentor more for one pair, screened, trained and with consent, otherwise like one that there is.
    Mentor {
        /// The id of the mentor who is alike.
        like: String,
        /// The id of the new one.
        id: String,
        /// The one slot in which the new one is free; those of the other where it is not given.
        slot: Option<String>,
    },
    /// One mentee more for every mentor of a kind.
    Load(MentorKind),
    /// One mentee more for every mentor without a `load_max`.
    MentorLoads,
    /// One pair more in a quota.
    Quota(String),
    /// Room for one pair more at a site in a slot.
    Room {
        /// The site; empty where there are none.
        site: String,
        /// The slot.
        slot: String,
    },
    /// One leader more, like one that there is.
    Leader {
        /// The id of the leader who is alike.
        like: String,
        /// The id of the new one.
        id: String,
    },
}

impl Change {
    /// Every kind, see [`kind`](Self::kind).
    pub const KINDS: &'static [&'static str] = &[
        "screening",
        "training",
        "consent",
        "grade_gap",
        "feeder",
        "site",
        "slot",
        "rule",
        "mentor",
        "load",
        "quota",
        "room",
        "leader",
    ];

    /// The kind of change, a stable code: `training`, `grade_gap`, `mentor`, ...
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Finish(Flag::Screening) => "screening",
            Self::Finish(Flag::Training) => "training",
            Self::Finish(Flag::Consent) => "consent",
            Self::GradeGap(_) => "grade_gap",
            Self::Feeder(_) => "feeder",
            Self::WithoutRule(code) if code == "site" => "site",
            Self::WithoutRule(code) if code == "slot" => "slot",
            Self::WithoutRule(_) => "rule",
            Self::Mentor { .. } => "mentor",
            Self::Load(_) | Self::MentorLoads => "load",
            Self::Quota(_) => "quota",
            Self::Room { .. } => "room",
            Self::Leader { .. } => "leader",
        }
    }

    /// The changed tables and the changed programme.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) if the change names what there is not.
    pub fn apply(&self, roster: &Roster, program: &Program) -> Result<(Roster, Program), Error> {
        let mut settings = program.clone();
        let mut changed = None;
        match self {
            Self::Finish(flag) => changed = Some(finished(roster, *flag)),
            Self::GradeGap(gap) => settings.eligibility.grade_gap = *gap,
            Self::Feeder(feeder) => settings.eligibility.feeders.push(feeder.clone()),
            Self::WithoutRule(code) => match (&**code, code.strip_prefix("custom:")) {
                ("site", _) => settings.eligibility.site = false,
                ("slot", _) => settings.eligibility.slot = false,
                (_, Some(name)) => settings.eligibility.rules.retain(|rule| rule.name != name),
                _ => return Err(unknown("rule", code)),
            },
            Self::Mentor { like, id, slot } => {
                let mentor = roster.mentors().find(like);
                let mentor = mentor.ok_or_else(|| unknown("mentor", like))?;
                let slot: Option<Code> = match slot {
                    None => None,
                    Some(word) => {
                        let code = roster.slots().code(word);
                        Some(code.ok_or_else(|| unknown("slot", word))?)
                    }
                };
                let slots = slot.as_ref().map(std::slice::from_ref);
                changed = Some(roster.with_mentor_like(mentor, id, slots));
            }
            Self::Load(kind) => {
                let mut with = roster.clone();
                for ix in 0..roster.mentors().len() {
                    if kind.has(roster, ix) {
                        let own = roster.mentors().load_max(ix);
                        let most = own.unwrap_or(program.loads.mentor.max) + 1;
                        with.mentors.load_max[ix] = Some(most.min(MAX_LOAD));
                    }
                }
                changed = Some(with);
            }
            Self::MentorLoads => {
                let most = settings.loads.mentor.max + 1;
                settings.loads.mentor.max = most.min(MAX_LOAD);
            }
            Self::Quota(name) => {
                let mut quotas = settings.quotas.iter_mut();
                let quota = quotas.find(|quota| quota.name == *name);
                let quota = quota.ok_or_else(|| unknown("quota", name))?;
                quota.at_most = quota.at_most.map(|most| most.saturating_add(1));
            }
            Self::Room { site, slot } => {
                let mut with = roster.clone();
                let is = |room: &crate::roster::ListedRoom| {
                    roster.meeting_site_name(room.site) == site
                        && roster.slots().word(room.slot) == slot
                };
                let room = with.rooms.iter_mut().find(|room| is(room));
                let room = room.ok_or_else(|| unknown("room", &format!("{site} {slot}")))?;
                room.capacity = (room.capacity + 1).min(MAX_CAPACITY);
                changed = Some(with);
            }
            Self::Leader { like, id } => {
                let mut leaders = roster.leaders().iter();
                let leader = leaders.position(|leader| leader.id == *like);
                let leader = leader.ok_or_else(|| unknown("leader", like))?;
                changed = Some(roster.with_leader_like(leader, id));
            }
        }
        Ok((changed.unwrap_or_else(|| roster.clone()), settings))
    }
}

impl MentorKind {
    /// The kind of a mentor.
    pub(super) fn of(roster: &Roster, ix: usize) -> Self {
        let site = roster.mentors().site(ix);
        Self {
            site: site.map(|site| roster.sites().word(site).to_owned()),
            grade: roster.mentors().grade(ix),
        }
    }

    /// Whether a mentor is of this kind.
    pub(super) fn has(&self, roster: &Roster, ix: usize) -> bool {
        let site = roster.mentors().site(ix);
        let site = site.map(|site| roster.sites().word(site));
        site == self.site.as_deref() && roster.mentors().grade(ix) == self.grade
    }
}

/// Everybody who lacks it, by side.
pub(super) fn lacking(roster: &Roster, flag: Flag) -> [Vec<usize>; 2] {
    [Role::Mentee, Role::Mentor].map(|role| {
        let people = roster.side(role);
        let (field, is_asked) = match flag {
            Flag::Screening => (Field::Screened, role == Role::Mentor),
            Flag::Training => (Field::Trained, role == Role::Mentor),
            Flag::Consent => (Field::Consent, true),
        };
        let done = |ix: usize| match flag {
            Flag::Screening => people.screened(ix),
            Flag::Training => people.trained(ix),
            Flag::Consent => people.consent(ix),
        };
        let asked = is_asked && people.has(field);
        let lacks = (0..people.len()).filter(|ix| asked && done(*ix) != Some(true));
        lacks.collect()
    })
}

fn finished(roster: &Roster, flag: Flag) -> Roster {
    let mut changed = roster.clone();
    for (role, people) in [Role::Mentee, Role::Mentor]
        .into_iter()
        .zip(lacking(roster, flag))
    {
        let side = match role {
            Role::Mentee => &mut changed.mentees,
            Role::Mentor => &mut changed.mentors,
        };
        let column = match flag {
            Flag::Screening => &mut side.screened,
            Flag::Training => &mut side.trained,
            Flag::Consent => &mut side.consent,
        };
        people.into_iter().for_each(|ix| column[ix] = Some(true));
    }
    changed
}

fn unknown(what: &str, name: &str) -> Error {
    Error::input(format!("the change names a {what} that is not there")).with_value(name)
}
