//! The survey is counted again, and what is drawn is held to it and to the plan.

mod staff;

use std::collections::BTreeSet;
use std::path::Path;

use super::dice::{Dice, Stream};
use super::interests::{Taste, together};
use super::survey::{COUNT, INTERESTS, RESPONDENTS};
use super::{District, Plan, Student};
use crate::error::ErrorKind;
use crate::roster::{Field, Person, Role, Roster};

const ROLES: [Role; 2] = [Role::Mentee, Role::Mentor];

fn district(plan: &Plan) -> District {
    District::new(plan).expect("a plan that can be")
}

/// The survey's answers: the names of the interests, and a set a respondent.
fn survey() -> (Vec<String>, Vec<u64>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/young-people-survey/responses.csv");
    let mut answers = csv::Reader::from_path(path).expect("the survey");
    let header = answers.headers().expect("a header").clone();
    let at = |name| {
        let found = header.iter().position(|column| column == name);
        found.expect("a column of the survey")
    };
    let (first, last) = (at("Music"), at("Pets"));
    let names = (first..=last).map(|column| header[column].to_owned());
    let sets = answers.records().map(|answer| {
        let answer = answer.expect("an answer");
        let likes = |column: &usize| matches!(&answer[first + column], "4" | "5");
        (0..=last - first).filter(likes).map(|item| 1 << item).sum()
    });
    (names.collect(), sets.collect())
}

/// In how many sets each two interests are.
fn count(sets: &[u64]) -> Vec<Vec<u32>> {
    let both = |a: usize, b: usize| {
        let pair = 1 << a | 1 << b;
        sets.iter().filter(|set| **set & pair == pair).count() as u32
    };
    (0..COUNT)
        .map(|a| (0..COUNT).map(|b| both(a, b)).collect())
        .collect()
}

#[test]
fn the_table_is_what_the_survey_says() {
    let (names, sets) = survey();
    assert_eq!(names, INTERESTS.map(|(name, _)| name));
    assert_eq!(sets.len(), RESPONDENTS as usize);
    for (row, (counts, (name, listed))) in count(&sets).iter().zip(INTERESTS).enumerate() {
        let counted: Vec<u32> = counts[..=row].to_vec();
        let listed: Vec<u32> = listed.iter().copied().map(u32::from).collect();
        assert_eq!(counted, listed, "{name}");
    }
}

#[test]
fn no_sum_of_chances_can_overflow() {
    assert!(Taste::learn().largest() < i64::from(i32::MAX));
}

#[test]
fn drawn_interests_go_together_as_the_surveys() {
    const DRAWN: u32 = 10_000;
    let taste = Taste::learn();
    let sets: Vec<u64> = (0..DRAWN)
        .map(|position| taste.draw(&mut Dice::new(1, Stream::Mentee, position)))
        .collect();
    let drawn = count(&sets);
    let ours = |a: usize, b: usize| f64::from(drawn[a][b]) / f64::from(DRAWN);
    let theirs = |a: usize, b: usize| f64::from(together(a, b)) / f64::from(RESPONDENTS);
    let farthest = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        pairs
            .map(|(a, b)| (ours(a, b) - theirs(a, b)).abs())
            .fold(0.0, f64::max)
    };
    let pairs = || (0..COUNT).flat_map(|a| (0..a).map(move |b| (a, b)));
    let (alone, both) = (
        farthest(&mut (0..COUNT).map(|a| (a, a))),
        farthest(&mut pairs()),
    );

    // How two interests are correlated, of all pairs of them: x in the survey, y as drawn.
    let correlation = |both: &dyn Fn(usize, usize) -> f64, a: usize, b: usize| {
        let (p, q) = (both(a, a), both(b, b));
        (both(a, b) - p * q) / (p * (1.0 - p) * q * (1.0 - q)).sqrt()
    };
    let points: Vec<(f64, f64)> = pairs()
        .map(|(a, b)| (correlation(&theirs, a, b), correlation(&ours, a, b)))
        .collect();
    let mean =
        |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
    let (xx, xy, yy) = (
        mean(&|p| (p.0 - x) * (p.0 - x)),
        mean(&|p| (p.0 - x) * (p.1 - y)),
        mean(&|p| (p.1 - y) * (p.1 - y)),
    );
    let (r, slope) = (xy / (xx * yy).sqrt(), xy / xx);
    println!("farthest off: {alone:.4} alone, {both:.4} together; r = {r:.3}, slope = {slope:.3}");
    assert!(alone < 0.02 && both < 0.03, "{alone}, {both}");
    assert!(r > 0.985, "r = {r}");
    assert!((0.92..1.02).contains(&slope), "slope = {slope}");

    // Those that go together most: each as much as in the survey, within the error of both samples.
    let lift = |both: &dyn Fn(usize, usize) -> f64, a, b| both(a, b) / (both(a, a) * both(b, b));
    let mut strongest: Vec<(usize, usize)> = pairs().collect();
    strongest.sort_by(|&(a, b), &(c, d)| lift(&theirs, c, d).total_cmp(&lift(&theirs, a, b)));
    for &(a, b) in &strongest[..20] {
        let ratio = lift(&ours, a, b) / lift(&theirs, a, b);
        let names = (INTERESTS[a].0, INTERESTS[b].0);
        assert!((0.85..1.15).contains(&ratio), "{names:?}: {ratio}");
    }
    let sizes = |sets: &[u64]| -> f64 {
        sets.iter()
            .map(|set| f64::from(set.count_ones()))
            .sum::<f64>()
            / sets.len() as f64
    };
    assert!((sizes(&sets) - sizes(&survey().1)).abs() < 0.4);
}

#[test]
fn the_roster_is_the_one_that_the_builder_gives() {
    for sites in [0, 1, 2, 7] {
        let plan = Plan {
            students: 400,
            sites,
            ..Plan::default()
        };
        let district = district(&plan);
        let mut builder = Roster::builder();
        for role in ROLES {
            for field in district.columns(role) {
                builder.declare(role, *field);
            }
            for student in district.students(role) {
                builder.push(role, Person::from(student));
            }
        }
        assert!(builder.build().expect("a roster") == district.roster());
    }
}

#[test]
fn the_seed_decides_and_the_share_of_missing_cells_only_empties() {
    let plan = Plan {
        students: 200,
        ..Plan::default()
    };
    let all = |plan: &Plan| -> Vec<String> {
        let district = district(plan);
        ROLES
            .into_iter()
            .flat_map(|role| district.students(role).collect::<Vec<_>>())
            .map(|student| format!("{student:?}"))
            .chain(district.leaders().map(|leader| format!("{leader:?}")))
            .chain(district.rooms().map(|room| format!("{room:?}")))
            .collect()
    };
    assert_eq!(all(&plan), all(&plan.clone()));
    let other = Plan {
        seed: 1,
        ..plan.clone()
    };
    assert_ne!(all(&plan), all(&other));

    let whole = district(&Plan {
        missing: 0.0,
        ..plan.clone()
    });
    let gaps = district(&Plan {
        missing: 0.3,
        ..plan
    });
    let mut missing = 0;
    for (whole, gaps) in whole
        .students(Role::Mentor)
        .zip(gaps.students(Role::Mentor))
    {
        assert!(whole.slots.is_some() && whole.load_max.is_some());
        missing += usize::from(gaps.slots.is_none());
        let filled = Student {
            slots: gaps.slots.clone().or(whole.slots.clone()),
            interests: gaps.interests.clone().or(whole.interests.clone()),
            languages: gaps.languages.clone().or(whole.languages.clone()),
            gender: gaps.gender.or(whole.gender),
            grade: gaps.grade.or(whole.grade),
            load_max: gaps.load_max.or(whole.load_max),
            consent: gaps.consent.or(whole.consent),
            screened: gaps.screened.or(whole.screened),
            trained: gaps.trained.or(whole.trained),
            ..gaps
        };
        assert_eq!(filled, whole);
    }
    assert!((10..=30).contains(&missing), "{missing} of 67");
}

#[test]
fn the_numbers_of_students_are_exact() {
    for (plan, expected) in [
        (Plan::default(), (667, 333)),
        (
            Plan {
                students: 2,
                sites: 1,
                mentor_share: 0.5,
                ..Plan::default()
            },
            (1, 1),
        ),
        (
            Plan {
                mentees: Some(20),
                mentors: Some(10),
                ..Plan::default()
            },
            (20, 10),
        ),
        (
            Plan {
                mentors: Some(5),
                ..Plan::default()
            },
            (667, 5),
        ),
    ] {
        let district = district(&plan);
        let roster = district.roster();
        assert_eq!((roster.mentees().len(), roster.mentors().len()), expected);
        assert_eq!(district.students(Role::Mentee).len(), expected.0);
    }
}

#[test]
fn grades_fit_the_schools_and_feeders_lead_down() {
    let district = district(&Plan {
        students: 3_000,
        sites: 30,
        missing: 0.0,
        ..Plan::default()
    });
    let sites: BTreeSet<&str> = district.sites().collect();
    assert_eq!(sites.len(), 30);
    for role in ROLES {
        for student in district.students(role) {
            let site = student.site.expect("a site");
            assert!(sites.contains(site));
            let grade = student.grade.expect("a grade").number();
            let band = match (site.split(' ').next(), role) {
                (Some("Elementary"), Role::Mentee) => 0..=5,
                (Some("Middle"), Role::Mentee) => 6..=8,
                (Some("Middle"), Role::Mentor) => 7..=8,
                (Some("High"), Role::Mentee) => 9..=9,
                (Some("High"), Role::Mentor) => 9..=12,
                _ => panic!("{role:?} at {site}"),
            };
            assert!(band.contains(&grade), "{site}: {grade}");
        }
    }
    let program = district.program();
    program.validate().expect("a programme");
    let mut fed = BTreeSet::new();
    for feeder in &program.eligibility.feeders {
        let levels = [&feeder.from, &feeder.to].map(|site| site.split(' ').next());
        assert!(
            [
                [Some("High"), Some("Middle")],
                [Some("Middle"), Some("Elementary")]
            ]
            .contains(&levels),
            "{feeder:?}"
        );
        assert!(sites.contains(&*feeder.from) && fed.insert(&feeder.to));
    }
    assert_eq!(fed.len(), 25, "every school but the 5 high schools is fed");
}

#[test]
fn sites_are_a_few_large_and_many_small() {
    let district = district(&Plan {
        students: 20_000,
        sites: 60,
        ..Plan::default()
    });
    let mut sizes = std::collections::BTreeMap::<&str, usize>::new();
    for student in district.students(Role::Mentee) {
        *sizes.entry(student.site.expect("a site")).or_default() += 1;
    }
    let mut elementary: Vec<usize> = sizes
        .into_iter()
        .filter(|(site, _)| site.starts_with("Elementary"))
        .map(|(_, size)| size)
        .collect();
    elementary.sort_unstable();
    let (count, total) = (elementary.len(), elementary.iter().sum::<usize>());
    assert_eq!(count, 38);
    assert!(elementary[count - 1] > 5 * elementary[0], "{elementary:?}");
    assert!(
        2 * elementary[count / 2] * count < 2 * total,
        "{elementary:?}"
    );
}

#[test]
fn a_default_district_is_matched_and_mentors_are_scarce() {
    let district = district(&Plan {
        seed: 7,
        ..Plan::default()
    });
    let answer = district
        .program()
        .solve(&district.roster())
        .expect("a match");
    assert_eq!(answer.certificate.gap, 0);
    let covered = answer.covered() as f64 / answer.mentees as f64;
    assert!((0.5..0.95).contains(&covered), "{covered}");
    assert_eq!(answer.notes, Vec::<String>::new());
}

#[test]
fn in_an_open_district_everybody_may_have_everybody() {
    let plan = Plan {
        mentees: Some(200),
        mentors: Some(100),
        sites: 0,
        missing: 0.0,
        ..Plan::default()
    };
    let district = district(&plan);
    assert_eq!(district.leaders().count() + district.sites().count(), 0);
    assert_eq!(district.rooms().count(), 0);
    assert_eq!(
        district.columns(Role::Mentor),
        [Field::Id, Field::Grade, Field::Interests]
    );
    let roster = district.roster();
    let checked = district.program().check(&roster).expect("a programme");
    assert_eq!(checked.eligible_pairs, 200 * 100);
    let answer = district.program().solve(&roster).expect("a match");
    assert_eq!(answer.covered(), 200);
}

#[test]
fn what_cannot_be_is_an_error_that_names_the_option() {
    let plan = Plan::default;
    for (plan, option) in [
        (
            Plan {
                students: 0,
                ..plan()
            },
            "mentees",
        ),
        (
            Plan {
                students: 1,
                ..plan()
            },
            "mentors",
        ),
        (
            Plan {
                mentor_share: 1.0,
                ..plan()
            },
            "mentees",
        ),
        (
            Plan {
                mentor_share: 1.5,
                ..plan()
            },
            "mentor_share",
        ),
        (
            Plan {
                mentor_share: f64::NAN,
                ..plan()
            },
            "mentor_share",
        ),
        (
            Plan {
                missing: -0.1,
                ..plan()
            },
            "missing",
        ),
        (
            Plan {
                sites: usize::MAX,
                ..plan()
            },
            "sites",
        ),
        (
            Plan {
                students: 10,
                sites: 50,
                ..plan()
            },
            "sites",
        ),
        (
            Plan {
                students: usize::MAX,
                ..plan()
            },
            "students",
        ),
        (
            Plan {
                mentees: Some(usize::MAX),
                ..plan()
            },
            "mentees",
        ),
        (
            Plan {
                mentors: Some(0),
                ..plan()
            },
            "mentors",
        ),
    ] {
        let error = District::new(&plan).expect_err(option);
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(
            error.to_string().starts_with(&format!("{option}: ")),
            "{error}"
        );
    }
}
