//! A co-mentoring match, and the way to it.

use crate::certificate::{Certificate, FORMAT, Level, Status};
use crate::comentor::explain;
use crate::comentor::levels::{Levels, Tally};
use crate::comentor::part::Groups;
use crate::comentor::solve::{Solution, solve};
use crate::comentor::students::Students;
use crate::comentor::triangles::score_of_triad;
use crate::eligibility::RuleState;
use crate::error::{Error, ErrorKind};
use crate::explain::{Removed, in_words};
use crate::interrupt::Interrupt;
use crate::matching::Options;
use crate::notes;
use crate::pairs::{Pairs, RosterPairs};
use crate::pool::in_pool;
use crate::programme::{Mode, Program};
use crate::progress::Phase;
use crate::roster::{People, Roster};
use crate::units::Micropoints;

/// A co-mentoring match: the groups, everybody who is left, and the proof.
#[derive(Debug, Clone, PartialEq)]
pub struct CoMatch {
    /// The groups, by their first student in canonical order.
    pub groups: Vec<Group>,
    /// Everybody in no group, in canonical order.
    pub unmatched: Vec<LeftOut>,
    /// Every eligibility rule, and whether it was on.
    pub rules: Vec<RuleState>,
    /// Settings and columns that have no effect, a sentence each.
    pub notes: Vec<String>,
    /// The names of the criteria, in the order of [`Tie::by_criterion`].
    pub criteria: Vec<String>,
    /// How many students took part.
    pub students: usize,
    /// The proof.
    pub certificate: Certificate,
}

/// A pair or a triad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The ids of its two or three students, in canonical order.
    pub students: Vec<String>,
    /// The pair's score, or half the sum of the triad's three, rounded down.
    pub score: Micropoints,
    /// Its pairs: one, or three.
    pub ties: Vec<Tie>,
}

/// Two students of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The id of the first, in canonical order.
    pub a: String,
    /// The id of the second.
    pub b: String,
    /// The weighted score of the two.
    pub score: Micropoints,
    /// What each criterion gave, before weighting: 0 to 1,000,000 micropoints.
    pub by_criterion: Vec<Micropoints>,
}

/// Somebody who is in no group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The student's id.
    pub id: String,
    /// Why.
    pub reason: CoReason,
}

/// Why a student is in no group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoReason {
    /// Nobody may be paired with this student.
    NotEligible {
        /// What each rule rules out, the most first; a student can be ruled out by several.
        removed: Vec<Removed>,
    },
    /// The students who could be paired with each other are odd in number, all others of them are in groups, and one is
    /// left.
    OddOneOut {
        /// How many may be paired with this student.
        candidates: usize,
    },
    /// There are students who may be paired with this one, and the best match gives them to others.
    OutCompeted {
        /// How many may be paired with this student.
        candidates: usize,
    },
    /// The student's maximum load is 0.
    NoRoom,
}

impl CoReason {
    /// The stable code: `not_eligible`, `odd_one_out`, `out_competed`, `no_room`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEligible { .. } => "not_eligible",
            Self::OddOneOut { .. } => "odd_one_out",
            Self::OutCompeted { .. } => "out_competed",
            Self::NoRoom => "no_room",
        }
    }

    /// The numbers behind the reason, in words.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::NotEligible { removed } => in_words(removed),
            Self::OddOneOut { candidates } => format!(
                "{candidates} eligible, all with others: the students who can be paired are odd in number"
            ),
            Self::OutCompeted { candidates } => {
                format!("{candidates} eligible, all with others in this match")
            }
            Self::NoRoom => "the maximum load is 0".to_owned(),
        }
    }
}

impl CoMatch {
    /// How many students are in a group.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.groups.iter().map(|group| group.students.len()).sum()
    }

    /// How many groups have three students.
    #[must_use]
    pub fn triads(&self) -> usize {
        let groups = self.groups.iter();
        groups.filter(|group| group.students.len() == 3).count()
    }

    /// The total score of the groups.
    #[must_use]
    pub fn total_score(&self) -> Micropoints {
        Micropoints(self.groups.iter().map(|group| group.score.0).sum())
    }
}

impl Program {
    /// Pairs the students of `roster`, which is one [of students](Roster::of_students), to a proven optimum.
    ///
    /// ```
    /// use nearpeer_core::{Person, Program, Roster, Triads};
    ///
    /// let roster = Roster::of_students()
    ///     .student(Person::new("ana").interests(["chess", "art"]))
    ///     .student(Person::new("bo").interests(["chess"]))
    ///     .student(Person::new("cy").interests(["art"]))
    ///     .build()?;
    /// let mut program = Program::co_mentoring();
    /// program.triads = Triads::AsNeeded;
    /// let answer = program.co_match(&roster)?;
    /// assert_eq!((answer.covered(), answer.triads()), (3, 1));
    /// assert_eq!(answer.certificate.gap, 0);
    /// # Ok::<(), nearpeer_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`co_match_with`](Self::co_match_with).
    pub fn co_match(&self, roster: &Roster) -> Result<CoMatch, Error> {
        self.co_match_with(roster, &Options::default())
    }

    /// [`co_match`](Self::co_match) with a number of threads, limits, a stop flag or a watcher.
    ///
    /// A match that a limit cut short has the status [`LimitReached`](Status::LimitReached) and a true gap.
    ///
    /// # Errors
    /// [`ErrorKind`]`::Program` for settings that do not fit the roster or are not of co-mentoring,
    /// `::Input` for a required pair that cannot be or a promised load, `::Interrupted` when the stop flag was raised
    /// and its meaning is an error, or the watcher panicked.
    pub fn co_match_with(&self, roster: &Roster, options: &Options) -> Result<CoMatch, Error> {
        self.validate()?;
        options.validate()?;
        let interrupt = Interrupt::new(&options.clone().or(&self.limits)?);
        in_pool(options.threads, || pair_up(self, roster, &interrupt))
    }
}

fn pair_up(settings: &Program, roster: &Roster, interrupt: &Interrupt) -> Result<CoMatch, Error> {
    interrupt.enter(Phase::Compile);
    let people = students_of(settings, roster)?;
    let equal = settings.between_equals();
    let pairs = RosterPairs::compile(roster, &equal)?;
    let required = required(roster, people, &pairs)?;
    let limit = settings.triads.limit(people.len());
    let levels = Levels::new(people, settings, limit)?;
    let mut open: Vec<bool> = (0..people.len())
        .map(|ix| people.load_max(ix) != Some(0))
        .collect();
    for &(a, b) in &required {
        (open[a as usize], open[b as usize]) = (false, false);
    }
    let covers = (0..people.len()).map(|ix| levels.cover(people.priority(ix)));
    let students = Students {
        cover: covers.collect(),
        open,
        pairs,
    };
    let mut solution = solve(&students, &levels, limit, interrupt)?;
    for &(a, b) in &required {
        let score = students.pairs.score(a as usize, b).unwrap_or_default();
        let covers = students.cover[a as usize] + students.cover[b as usize];
        solution.bound += i128::from(score) + covers;
        solution.groups.pairs.push((a, b));
    }
    let groups = groups(people, &students, &solution.groups);
    let certificate = certify(people, &levels, &solution, &groups)?;
    let interrupt = interrupt.without_limits();
    interrupt.stand(&certificate.levels)?;
    let unmatched = explain::unmatched(people, &students, &solution, &interrupt)?;
    Ok(CoMatch {
        groups,
        unmatched,
        rules: students.pairs.eligibility.states().to_vec(),
        notes: notes::of_students(roster, settings),
        criteria: students.pairs.scoring.names().map(str::to_owned).collect(),
        students: people.len(),
        certificate,
    })
}

/// The students of a roster that fits the programme.
pub(crate) fn students_of<'r>(settings: &Program, roster: &'r Roster) -> Result<&'r People, Error> {
    if settings.mode != Mode::CoMentoring {
        return Err(Error::program(
            "mode",
            "one table of students is for co-mentoring: set mode = \"co_mentoring\"",
        ));
    }
    let people = roster.students().ok_or_else(|| {
        Error::program(
            "mode",
            "co-mentoring takes one table of students, not mentees and mentors",
        )
    })?;
    let mut promised: Vec<usize> = (0..people.len())
        .filter(|ix| people.load_min(*ix).is_some_and(|load| load > 0))
        .collect();
    promised.sort_by_key(|ix| people.row(*ix));
    match promised.first() {
        Some(&ix) => Err(
            Error::input("co-mentoring promises nobody a partner; use `priority`")
                .in_table(people.table())
                .in_row(people.row(ix))
                .in_column("load_min")
                .with_value(&people.load_min(ix).unwrap_or_default().to_string()),
        ),
        None => Ok(people),
    }
}

/// The required pairs, each once.
fn required(
    roster: &Roster,
    people: &People,
    pairs: &RosterPairs,
) -> Result<Vec<(u32, u32)>, Error> {
    let mut listed: Vec<_> = roster
        .required()
        .iter()
        .filter(|pair| pair.mentee.0 < pair.mentor.0)
        .collect();
    listed.sort_by_key(|pair| pair.row);
    let mut taken = vec![None; people.len()];
    let mut required = Vec::new();
    for pair in listed {
        let (a, b) = (pair.mentee.get(), pair.mentor.get());
        let fault = |message: String| {
            Err(Error::input(message)
                .in_table("pairs_required")
                .in_row(pair.row))
        };
        for ix in [a, b] {
            let id = people.id(ix);
            if let Some(row) = taken[ix] {
                return fault(format!("{id:?} is in another required pair, in row {row}"));
            }
            if people.load_max(ix) == Some(0) {
                return fault(format!("the maximum load of {id:?} is 0"));
            }
            taken[ix] = Some(pair.row);
        }
        if pairs.score(a, b as u32).is_none() {
            let rules: Vec<&str> = pairs.eligibility.codes().collect();
            let fails = pairs
                .eligibility
                .fails(a, b)
                .map(|rule| rules[rule].to_owned());
            let names: Vec<&str> = pairs.scoring.names().collect();
            let lacks = pairs.scoring.lacks(a, b);
            let lacks = lacks.map(|ix| format!("missing:{}", names[ix]));
            let why: Vec<String> = fails.chain(lacks).collect();
            return fault(format!(
                "the required pair of students {:?} and {:?} is not eligible: {}",
                people.id(a),
                people.id(b),
                why.join(", ")
            ));
        }
        required.push((a as u32, b as u32));
    }
    Ok(required)
}

fn groups(people: &People, students: &Students, found: &Groups) -> Vec<Group> {
    let pairs = found.pairs.iter().map(|&(a, b)| vec![a, b]);
    let triads = found.triads.iter().map(|triad| triad.to_vec());
    let mut groups: Vec<Vec<u32>> = pairs.chain(triads).collect();
    for group in &mut groups {
        group.sort_unstable();
    }
    groups.sort_unstable();
    let id = |ix: u32| people.id(ix as usize).to_owned();
    let tie = |a: u32, b: u32| Tie {
        a: id(a),
        b: id(b),
        score: Micropoints(students.pairs.score(a as usize, b).unwrap_or_default()),
        by_criterion: students.pairs.scoring.by_criterion(a as usize, b as usize),
    };
    let group = |group: Vec<u32>| {
        let ties = match group[..] {
            [a, b, c] => vec![tie(a, b), tie(a, c), tie(b, c)],
            _ => vec![tie(group[0], group[1])],
        };
        let score = match &ties[..] {
            [one, two, three] => score_of_triad([one.score.0, two.score.0, three.score.0]),
            _ => ties[0].score.0,
        };
        Group {
            students: group.into_iter().map(id).collect(),
            score: Micropoints(score),
            ties,
        }
    };
    groups.into_iter().map(group).collect()
}

fn certify(
    people: &People,
    levels: &Levels,
    solution: &Solution,
    groups: &[Group],
) -> Result<Certificate, Error> {
    let tally = Tally {
        triads: solution.groups.triads.len(),
        score: groups.iter().map(|group| group.score.0).sum(),
    };
    let grouped = groups.iter().flat_map(|group| &group.students);
    let grouped: Vec<usize> = grouped.filter_map(|id| people.find(id)).collect();
    let values = levels.values(tally, |tier| {
        let counts = |ix: &&usize| tier.is_none_or(|tier| people.priority(**ix) == tier);
        grouped.iter().filter(counts).count() as i64
    });
    let levels = levels.bounds(solution.bound, &values);
    let open = levels.iter().find(|level| level.bound != level.objective);
    let status = match (open, solution.cut) {
        (None, _) => Status::Optimal,
        (Some(_), true) => Status::LimitReached,
        (Some(_), false) => {
            return Err(Error::new(
                ErrorKind::Solver,
                "the bound does not meet the objective: this is a fault in nearpeer, please report it",
            ));
        }
    };
    let shown = open.or(levels.last()).copied();
    let (level, objective, bound) = shown.map_or((Level::Score, 0, 0), |level| {
        (level.level, level.objective, level.bound)
    });
    Ok(Certificate {
        format: FORMAT,
        status,
        level,
        objective,
        bound,
        gap: bound - objective,
        levels,
        mentees: Vec::new(),
        mentors: Vec::new(),
        denominator: 2,
        nodes: Vec::new(),
        students: people.ids().map(str::to_owned).collect(),
        fairness: None,
        parts: Vec::new(),
        stability: None,
        unbalanced: None,
        groups: solution.parts.clone(),
    })
}
