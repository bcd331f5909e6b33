//! Who there is and who has somebody, by school and grade.

use std::collections::BTreeMap;

use nearpeer_core::{Field, Grade, Role};

use super::Outcome;
use super::coverage::MOST_SITES;
use super::redact::{self, Row};

/// Mentees of a school, a grade or a programme.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coverage {
    pub(super) mentees: u64,
    pub(super) matched: u64,
}

impl Coverage {
    pub(super) fn unmatched(self) -> u64 {
        self.mentees - self.matched
    }

    fn add(&mut self, other: Self) {
        self.mentees += other.mentees;
        self.matched += other.matched;
    }
}

/// Mentors of a school or a programme.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Supply {
    pub(super) mentors: u64,
    /// Screened, trained and with consent, as far as the programme asks for it.
    pub(super) ready: u64,
    /// How many mentees the ready ones can take.
    pub(super) places: u64,
    /// How many they have.
    pub(super) taken: u64,
}

/// The counts that several sections use.
pub(super) struct Tally<'a> {
    pub(super) total: Coverage,
    /// By school, by name; an empty name is none.
    pub(super) by_site: BTreeMap<&'a str, Coverage>,
    /// Those whose grade is not known come first.
    pub(super) by_grade: BTreeMap<Option<Grade>, Coverage>,
    pub(super) supply: Supply,
    pub(super) supply_by_site: BTreeMap<&'a str, Supply>,
    /// How many mentors have a mentee.
    pub(super) mentors_in_use: u64,
    /// By school and grade.
    cells: BTreeMap<(&'a str, Option<Grade>), Coverage>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(outcome: &'a Outcome<'_>) -> Self {
        let roster = outcome.roster;
        let (mentees, mentors) = (roster.mentees(), roster.mentors());
        let mut matched = vec![false; mentees.len()];
        let mut loads = vec![0u64; mentors.len()];
        for pair in &outcome.pairs {
            matched[pair.mentee] = true;
            loads[pair.mentor] += 1;
        }
        let mut cells: BTreeMap<(&str, Option<Grade>), Coverage> = BTreeMap::new();
        for (ix, has) in matched.iter().enumerate() {
            let cell = (outcome.site_of(Role::Mentee, ix), mentees.grade(ix));
            let one = Coverage {
                mentees: 1,
                matched: u64::from(*has),
            };
            cells.entry(cell).or_default().add(one);
        }
        let mut tally = Self {
            total: Coverage::default(),
            by_site: BTreeMap::new(),
            by_grade: BTreeMap::new(),
            supply: Supply::default(),
            supply_by_site: BTreeMap::new(),
            mentors_in_use: loads.iter().filter(|load| **load > 0).count() as u64,
            cells: BTreeMap::new(),
        };
        for (&(site, grade), &count) in &cells {
            tally.total.add(count);
            tally.by_site.entry(site).or_default().add(count);
            tally.by_grade.entry(grade).or_default().add(count);
        }
        tally.cells = cells;
        let is_ready = readiness(outcome);
        for (ix, load) in loads.into_iter().enumerate() {
            let places = mentors.load_max(ix);
            let places = u64::from(places.unwrap_or(outcome.program.loads.mentor.max));
            let site = outcome.site_of(Role::Mentor, ix);
            for supply in [
                &mut tally.supply,
                tally.supply_by_site.entry(site).or_default(),
            ] {
                supply.mentors += 1;
                if is_ready(ix) {
                    supply.ready += 1;
                    supply.places += places;
                    supply.taken += load;
                }
            }
        }
        tally
    }

    /// Which rows of the two tables of coverage a redacted report withholds. All schools, if they are too many to be shown.
    pub(super) fn withheld(&self) -> Withheld {
        let sites = self.by_site.len();
        let mut people = vec![false; sites + self.by_grade.len()];
        people[..sites].fill(sites > MOST_SITES);
        self.withhold(|count| count.mentees, &mut people);
        // Where it is not said how many there are, it is not said how many of them have somebody.
        let mut covered = people.clone();
        loop {
            let before = covered.clone();
            self.withhold(|count| count.matched, &mut covered);
            self.withhold(Coverage::unmatched, &mut covered);
            if covered == before {
                break;
            }
        }
        let split = |mut all: Vec<bool>| {
            let grades = all.split_off(self.by_site.len());
            [all, grades]
        };
        Withheld {
            people: split(people),
            covered: split(covered),
        }
    }

    /// Withholds rows, schools before grades, for the sake of one number of each.
    fn withhold(&self, number: impl Fn(Coverage) -> u64, withheld: &mut [bool]) {
        let sites: Vec<&str> = self.by_site.keys().copied().collect();
        let grades: Vec<Option<Grade>> = self.by_grade.keys().copied().collect();
        let cells = self.cells.iter().filter(|(_, count)| number(**count) > 0);
        let edges = cells.filter_map(|((site, grade), _)| {
            let site = sites.binary_search(site).ok()?;
            Some((site, grades.binary_search(grade).ok()?))
        });
        let parts = redact::parts(sites.len(), grades.len(), edges);
        let counts = self.by_site.values().chain(self.by_grade.values());
        let rows = counts
            .zip(parts)
            .enumerate()
            .map(|(place, (count, part))| Row {
                part,
                table: usize::from(place >= sites.len()),
                people: number(*count),
            });
        let rows: Vec<Row> = rows.collect();
        let first = if sites.len() > MOST_SITES {
            sites.len()
        } else {
            0
        };
        redact::withhold(&rows[first..], &mut withheld[first..]);
    }
}

/// Which rows are withheld: how many mentees there are, and how many of them have a mentor. Each for the
/// schools and for the grades.
pub(super) struct Withheld {
    pub(super) people: [Vec<bool>; 2],
    pub(super) covered: [Vec<bool>; 2],
}

/// Whether a mentor has all that the rules ask of a mentor alone.
fn readiness<'a>(outcome: &'a Outcome<'_>) -> impl Fn(usize) -> bool + 'a {
    let mentors = outcome.roster.mentors();
    let on = |code: &str| {
        outcome
            .rules
            .iter()
            .any(|rule| rule.on && rule.code == code)
    };
    let screening = on("screening");
    let training = on("training");
    let consent = on("consent") && mentors.has(Field::Consent);
    move |ix| {
        (!screening || mentors.screened(ix) == Some(true))
            && (!training || mentors.trained(ix) == Some(true))
            && (!consent || mentors.consent(ix) == Some(true))
    }
}
