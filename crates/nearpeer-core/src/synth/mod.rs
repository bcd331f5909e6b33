//! A made-up district: students, schools, feeders, leaders, rooms and a programme, the same for the same seed.
//!
//! For demos, tests and benchmarks, where real students' data must not go. The same [`Plan`] gives the same
//! district on every machine and number of threads: every student is drawn from a stream of ChaCha8 of their
//! own, and only integers turn it into cells. Nothing is stored but the schools; students are drawn when
//! they are asked for.
//!
//! ```
//! use nearpeer_core::synth::{District, Plan};
//!
//! let plan = Plan { students: 300, sites: 6, seed: 7, ..Plan::default() };
//! let district = District::new(&plan)?;
//! let answer = district.program().solve(&district.roster())?;
//! assert_eq!(answer.certificate.gap, 0);
//! # Ok::<(), nearpeer_core::Error>(())
//! ```
//!
//! # What is in it
//! - Sites: a sixth are high schools (grades 9 to 12), a fifth middle schools (6 to 8), the others elementary
//!   schools (K to 5); a few are large and many small. High schools feed middle schools, and those feed
//!   elementary schools. One site has all grades; two are a high school and one of grades K to 8.
//! - Interests: 63, which occur and go together as in the Young People Survey (`tests/data`), where people
//!   have 24 on average. Among 10,000 drawn students, each share is within 2 points of the survey's, each
//!   share of two together within 3, and the correlations of all 1,953 pairs follow the survey's with r =
//!   0.99 and slope 0.95. (`cargo test -p nearpeer-core synth -- --nocapture` prints them.)
//! - Mentors take 1 to 3 mentees, and most are screened, trained and have consent: by default a district has
//!   a few too many mentees for its mentors.
//! - Ten meeting times, of which people are free at about three, the more popular ones more often.
//! - One leader for about 30 mentees of a site, and room there for a tenth to a third of its mentees in most
//!   meeting times: of the popular ones, fewer pairs fit than would like to meet then.
//! - Missing cells at the plan's rate in every column but `id`, `site` and `requires_language`.
//! - Without sites (`sites: 0`) the district is open: only grades and interests, and every mentor whose grade
//!   is known may have every mentee; loads are 2, by the programme.

mod dice;
mod interests;
mod sites;
mod staff;
mod student;
mod survey;
#[cfg(test)]
mod tests;

pub use staff::{Leader, Room};
pub use student::Student;

use dice::{MILLION, Stream};
use interests::Taste;
use sites::Sites;

use crate::error::Error;
use crate::programme::Program;
use crate::roster::{self, Field, MAX_PEOPLE, Ordered, Person, Role, Roster};
use crate::words::counted;

/// The most sites that a district may have.
pub const MAX_SITES: usize = 100_000;

/// How large a district is to be, and which one of that size.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Mentees and mentors together.
    pub students: usize,
    /// Schools, no more than mentees; 0 is a district without, see the [module](self).
    pub sites: usize,
    /// Another seed gives other students.
    pub seed: u64,
    /// How many mentees, whatever `students` says.
    pub mentees: Option<usize>,
    /// How many mentors, whatever `students` says.
    pub mentors: Option<usize>,
    /// The share of mentors among `students`.
    pub mentor_share: f64,
    /// The share of missing cells, counted in millionths.
    pub missing: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            students: 1_000,
            sites: 6,
            seed: 0,
            mentees: None,
            mentors: None,
            mentor_share: 1.0 / 3.0,
            missing: 0.02,
        }
    }
}

impl Plan {
    /// How many mentees and mentors the district has.
    fn sizes(&self) -> Result<(usize, usize), Error> {
        let mentor_share = share("mentor_share", self.mentor_share)?;
        if self.students > 2 * MAX_PEOPLE {
            return Err(fault("students", &at_most(2 * MAX_PEOPLE)));
        }
        // Exact: the product of a number below 2^28 and a float is rounded once.
        let by_share = (self.students as f64 * mentor_share).round() as usize;
        let mentors = self.mentors.unwrap_or(by_share);
        let mentees = self.mentees.unwrap_or(self.students - by_share);
        for (name, count) in [("mentees", mentees), ("mentors", mentors)] {
            if count == 0 {
                return Err(fault(name, "a district needs one at least"));
            }
            if count > MAX_PEOPLE {
                return Err(fault(name, &at_most(MAX_PEOPLE)));
            }
        }
        Ok((mentees, mentors))
    }
}

fn share(name: &str, share: f64) -> Result<f64, Error> {
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        let message = format!("a share is a number from 0 to 1, not {share}");
        Err(fault(name, &message))
    }
}

fn at_most(most: usize) -> String {
    format!("the most is {most}")
}

/// The error of a plan's option.
fn fault(option: &str, message: &str) -> Error {
    Error::input(format!("{option}: {message}"))
}

/// A made-up district. See the [module](self).
#[derive(Debug, Clone)]
pub struct District {
    mentees: usize,
    mentors: usize,
    seed: u64,
    /// In millionths.
    missing: u32,
    sites: Sites,
    taste: Taste,
    open: bool,
}

impl District {
    /// The district of a plan.
    ///
    /// # Errors
    /// [`ErrorKind::Input`](crate::ErrorKind::Input) naming the option: no mentees or no mentors, more than
    /// [`MAX_PEOPLE`] of either or [`MAX_SITES`] sites, more sites than mentees, or a share that is not from 0 to 1.
    pub fn new(plan: &Plan) -> Result<Self, Error> {
        let (mentees, mentors) = plan.sizes()?;
        if plan.sites > MAX_SITES {
            return Err(fault("sites", &at_most(MAX_SITES)));
        }
        if plan.sites > mentees {
            let message = format!(
                "a district of {} has no use for {}",
                counted(mentees, "mentee"),
                counted(plan.sites, "site")
            );
            return Err(fault("sites", &message));
        }
        let missing = share("missing", plan.missing)?;
        Ok(Self {
            mentees,
            mentors,
            seed: plan.seed,
            missing: (missing * f64::from(MILLION)).round() as u32,
            sites: Sites::new(plan.sites),
            taste: Taste::learn(),
            open: plan.sites == 0,
        })
    }

    /// How many students are on a side.
    #[must_use]
    pub fn count(&self, role: Role) -> usize {
        match role {
            Role::Mentee => self.mentees,
            Role::Mentor => self.mentors,
        }
    }

    /// The students of a side, in canonical order, each drawn when it is reached.
    pub fn students(&self, role: Role) -> impl ExactSizeIterator<Item = Student<'_>> {
        (0..self.count(role)).map(move |position| student::draw(self, role, position))
    }

    /// The columns that a side's table has.
    #[must_use]
    pub fn columns(&self, role: Role) -> &'static [Field] {
        match role {
            _ if self.open => student::OPEN_COLUMNS,
            Role::Mentee => student::MENTEE_COLUMNS,
            Role::Mentor => student::MENTOR_COLUMNS,
        }
    }

    /// The schools, by name; none in an open district.
    pub fn sites(&self) -> impl Iterator<Item = &str> {
        let named = self.sites.all.iter().filter(|_| !self.open);
        named.map(|site| site.name.as_str())
    }

    /// The default programme with the district's feeders; mentors whose load is not known take two.
    #[must_use]
    pub fn program(&self) -> Program {
        let mut program = Program::default();
        program.eligibility.feeders = self.sites.feeders.clone();
        program.loads.mentor.max = 2;
        program
    }

    /// The roster of the students, which is the same as from the district's tables of them.
    #[must_use]
    pub fn roster(&self) -> Roster {
        self.roster_of(None, None)
    }

    /// The roster with leaders and rooms, which is the same as from all tables of the district. In an open
    /// district there are none.
    #[must_use]
    pub fn staffed_roster(&self) -> Roster {
        let leaders: Vec<_> = self.leaders().map(roster::Leader::from).collect();
        let rooms: Vec<_> = self.rooms().map(roster::Room::from).collect();
        self.roster_of(
            Some(leaders).filter(|leaders| !leaders.is_empty()),
            Some(rooms).filter(|rooms| !rooms.is_empty()),
        )
    }

    fn roster_of(
        &self,
        leaders: Option<Vec<roster::Leader>>,
        rooms: Option<Vec<roster::Room>>,
    ) -> Roster {
        let side = |role| Ordered {
            columns: self.columns(role),
            people: self.students(role).map(Person::from),
        };
        Roster::in_order(side(Role::Mentee), side(Role::Mentor), leaders, rooms)
    }
}
