//! Small random programmes that use every rule, criterion, load and level.

mod settings;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::constraints::Asked;
use super::week::Week;
use crate::programme::Program;
use crate::roster::{Cell, Field, Grade, Person, Role, Roster};

pub(super) const SITE_NAMES: [&str; 3] = ["Lincoln", "Grant", "Hoover"];
pub(super) const WORDS: [&str; 5] = ["art", "chess", "music", "robots", "tennis"];

/// The columns of sites and of slots among [`Small::columns`].
const SITES: usize = 1;
const SLOTS: usize = 2;

#[derive(Debug, Clone)]
struct Someone {
    grade: Option<i64>,
    site: Option<usize>,
    lists: [Option<u8>; 4],
    flags: [Option<bool>; 3],
    gender: Option<bool>,
    demands: (Option<usize>, bool),
    loads: (Option<u32>, Option<u32>),
    tier: u32,
    wishes: Option<Vec<usize>>,
    club: Option<u8>,
    distance: Option<i8>,
    direction: Option<[i8; 3]>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Tag {
    Plain,
    Required,
    Blocked,
    Previous,
    Scored(u8),
}

#[derive(Debug, Clone)]
pub(super) struct Small {
    mentees: Vec<Someone>,
    mentors: Vec<Someone>,
    tags: Vec<Tag>,
    rules: [bool; 8],
    columns: [bool; 8],
    gap: (i32, Option<i32>),
    custom: Option<(u8, i8)>,
    criteria: Vec<(u8, u32, u8)>,
    loads: (u32, u32, u32, u32, bool),
    objective: usize,
    quotas: Vec<(u8, u32)>,
    week: Option<Week>,
    asked: Option<Asked>,
    order: Option<u64>,
}

fn someone() -> impl Strategy<Value = Someone> {
    let mostly = |p: f64| prop::bool::weighted(p);
    (
        (
            option::weighted(0.9, 3i64..9),
            option::weighted(0.9, 0..SITE_NAMES.len()),
        ),
        [(); 4].map(|()| option::weighted(0.85, 0u8..32)),
        [(); 3].map(|()| option::weighted(0.9, mostly(0.85))),
        (
            option::weighted(0.8, any::<bool>()),
            option::weighted(0.2, 0..WORDS.len()),
            mostly(0.2),
        ),
        (
            option::weighted(0.15, 0u32..3),
            option::weighted(0.4, 0u32..4),
            0u32..3,
        ),
        (
            option::weighted(0.6, vec(0usize..4, 0..4)),
            option::weighted(0.8, 0u8..2),
            option::weighted(0.8, -5i8..5),
            option::weighted(0.8, [(); 3].map(|()| -2i8..3)),
        ),
    )
        .prop_map(
            |(
                (grade, site),
                lists,
                flags,
                (gender, language, same),
                (min, max, tier),
                (wishes, club, distance, direction),
            )| {
                Someone {
                    grade,
                    site,
                    lists,
                    flags,
                    gender,
                    demands: (language, same),
                    // A minimum needs a maximum that allows it.
                    loads: (min, max.or(min).map(|max| max.max(min.unwrap_or(0)))),
                    tier,
                    wishes,
                    club,
                    distance,
                    direction,
                }
            },
        )
}

fn tag() -> impl Strategy<Value = Tag> {
    prop_oneof![
        12 => Just(Tag::Plain),
        1 => Just(Tag::Required),
        2 => Just(Tag::Blocked),
        2 => Just(Tag::Previous),
        2 => (0u8..=100).prop_map(Tag::Scored),
    ]
}

impl Small {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        (
            (vec(someone(), 1..5), vec(someone(), 1..5), vec(tag(), 16)),
            [(); 8].map(|()| prop::bool::weighted(0.4)),
            [(); 8].map(|()| prop::bool::weighted(0.6)),
            (
                -1i32..3,
                option::of(2i32..6),
                option::weighted(0.3, (0u8..6, -3i8..4)),
            ),
            vec((0u8..13, 1u32..10, 0u8..3), 0..4),
            (
                0u32..2,
                1u32..3,
                0u32..4,
                1u32..4,
                prop::bool::weighted(0.7),
            ),
            (
                0usize..12,
                prop::bool::weighted(0.3),
                option::weighted(0.4, vec((0u8..3, 0u32..4), 1..4)),
            ),
        )
            .prop_map(
                |(
                    (mentees, mentors, tags),
                    rules,
                    columns,
                    (min, max, custom),
                    criteria,
                    loads,
                    (objective, promises, quotas),
                )| Self {
                    mentees,
                    mentors,
                    tags,
                    rules,
                    columns,
                    gap: (min, max.map(|max| max.max(min))),
                    custom,
                    criteria,
                    loads: if promises {
                        loads
                    } else {
                        (0, loads.1, 0, loads.3, true)
                    },
                    objective,
                    quotas: quotas.unwrap_or_default(),
                    week: None,
                    asked: None,
                    order: None,
                },
            )
    }

    /// Programmes whose pairs may get slots: with leaders, rooms, both or neither. Few rules are on, and
    /// people are free often, so that it is mostly the places that bind.
    pub(super) fn with_meetings() -> impl Strategy<Value = Self> {
        let stays_on = [(); 8].map(|()| prop::bool::weighted(0.2));
        (Self::any(), stays_on, Week::any()).prop_map(|(mut small, stays_on, week)| {
            // Slots that nobody has cannot be assigned.
            small.columns[SLOTS] = true;
            for person in small.mentees.iter_mut().chain(&mut small.mentors) {
                person.lists[0] = person.lists[0].map(|bits| (bits | bits >> 2) & Week::SLOTS);
                person.site = person.site.map(|site| site.saturating_sub(1));
            }
            for (on, stays) in small.rules.iter_mut().zip(stays_on) {
                *on &= stays;
            }
            small.custom = small.custom.filter(|_| stays_on[0]);
            for (_, _, missing) in &mut small.criteria {
                *missing = (*missing).min(1);
            }
            small.week = Some(week);
            small
        })
    }

    /// Programmes with constraints of every kind, half of them with slots.
    #[cfg(feature = "highs")]
    pub(super) fn with_constraints() -> impl Strategy<Value = Self> {
        (Self::with_meetings(), any::<bool>(), Asked::any()).prop_map(
            |(mut small, slots, asked)| {
                small.week = small.week.filter(|_| slots);
                small.asked = Some(asked);
                small
            },
        )
    }

    /// The same without levels of fairness, with which meetings and constraints cannot be combined.
    #[cfg(feature = "highs")]
    pub(super) fn without_fairness(mut self) -> Self {
        self.objective %= 7;
        self
    }

    /// Programmes that promise much to many, so that most have no match.
    pub(super) fn promising() -> impl Strategy<Value = Self> {
        let loads = (
            1u32..3,
            1u32..3,
            0u32..3,
            1u32..3,
            prop::bool::weighted(0.3),
        );
        (Self::any(), loads).prop_map(|(mut small, loads)| {
            small.loads = loads;
            small.rules = [false; 8];
            small
        })
    }

    /// The same without leaders and rooms.
    pub(super) fn without_tables(&self) -> Self {
        let week = self.week.as_ref().map(Week::without_tables);
        Self {
            week,
            ..self.clone()
        }
    }

    /// The same without quotas, minimum loads and required pairs.
    pub(super) fn plain(mut self) -> Self {
        self.quotas.clear();
        self.loads = (0, self.loads.1, 0, self.loads.3, true);
        for person in self.mentees.iter_mut().chain(&mut self.mentors) {
            person.loads.0 = None;
        }
        for tag in self.tags.iter_mut().filter(|tag| **tag == Tag::Required) {
            *tag = Tag::Plain;
        }
        self
    }

    pub(super) fn shuffled(&self, seed: u64) -> Self {
        Self {
            order: Some(seed),
            ..self.clone()
        }
    }

    /// The same without blocked pairs.
    pub(super) fn unblocked(&self) -> Self {
        let plain = |tag: &Tag| match tag {
            Tag::Blocked => Tag::Plain,
            tag => *tag,
        };
        Self {
            tags: self.tags.iter().map(plain).collect(),
            ..self.clone()
        }
    }

    pub(super) fn build(&self) -> (Roster, Program) {
        let (roster, mut program) = (self.roster(), self.program());
        if let Some(asked) = &self.asked {
            asked.add(&mut program, &roster);
        }
        (roster, program)
    }

    fn order(&self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        if let Some(seed) = self.order {
            // Fisher and Yates with a linear congruential generator (Knuth, MMIX).
            let mut state = seed;
            for ix in (1..length).rev() {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                order.swap(ix, (state >> 33) as usize % (ix + 1));
            }
        }
        order
    }

    fn roster(&self) -> Roster {
        let mut builder = Roster::builder();
        for (role, people) in [(Role::Mentee, &self.mentees), (Role::Mentor, &self.mentors)] {
            for ix in self.order(people.len()) {
                builder.push(role, self.person(role, ix, &people[ix]));
            }
            for field in self.declared() {
                builder.declare(role, field);
            }
            builder.declare_extra(role, "club");
            builder.declare_extra(role, "distance");
        }
        let all = self
            .tags
            .iter()
            .enumerate()
            .map(|(ix, tag)| (ix / 4, ix % 4, *tag));
        let real = |(mentee, mentor, _): &(usize, usize, Tag)| {
            *mentee < self.mentees.len() && *mentor < self.mentors.len()
        };
        let listed: Vec<_> = all.filter(real).collect();
        for ix in self.order(listed.len()) {
            let (mentee, mentor, tag) = listed[ix];
            let (mentee, mentor) = (format!("e{mentee}"), format!("m{mentor}"));
            match tag {
                Tag::Plain => {}
                Tag::Required => builder.push_required(mentee, mentor),
                Tag::Blocked => builder.push_blocked(mentee, mentor),
                Tag::Previous => builder.push_previous(mentee, mentor),
                Tag::Scored(score) => {
                    builder.push_pair_score(mentee, mentor, f64::from(score) / 100.0)
                }
            }
        }
        if let Some(week) = &self.week {
            week.add(&mut builder, self.columns[SITES], |length| {
                self.order(length)
            });
        }
        builder.build().expect("a small roster has no faults")
    }

    fn declared(&self) -> Vec<Field> {
        let fields = [
            Field::Grade,
            Field::Site,
            Field::Slots,
            Field::Consent,
            Field::Screened,
            Field::Trained,
        ];
        let on = fields.into_iter().zip(self.columns).filter(|(_, on)| *on);
        on.map(|(field, _)| field)
            .chain([Field::Languages, Field::Gender])
            .collect()
    }

    fn person(&self, role: Role, ix: usize, of: &Someone) -> Person {
        let prefix = if role == Role::Mentee { "e" } else { "m" };
        let has = self.columns;
        let words = |bits: u8| {
            WORDS
                .iter()
                .enumerate()
                .filter(move |(ix, _)| bits >> ix & 1 == 1)
                .map(|(_, word)| *word)
        };
        let mut person = Person::new(format!("{prefix}{ix}"))
            .priority(of.tier)
            .requires_same_gender(of.demands.1);
        if let (true, Some(grade)) = (has[0], of.grade) {
            let lift = if role == Role::Mentor { 2 } else { 0 };
            person = person.grade(Grade::new(grade + lift).expect("a grade"));
        }
        if let (true, Some(site)) = (has[1], of.site) {
            person = person.site(SITE_NAMES[site]);
        }
        if let (true, Some(bits)) = (has[2], of.lists[0]) {
            person = person.slots(words(bits));
        }
        if let (true, Some(consent)) = (has[3], of.flags[0]) {
            person = person.consent(consent);
        }
        if let (true, Some(screened)) = (has[4], of.flags[1]) {
            person = person.screened(screened);
        }
        if let (true, Some(trained)) = (has[5], of.flags[2]) {
            person = person.trained(trained);
        }
        if let Some(bits) = of.lists[1] {
            person = person.interests(words(bits));
        }
        if let Some(bits) = of.lists[2] {
            person = person.languages(words(bits));
        }
        if let Some(bits) = of.lists[3] {
            person = person
                .goals(words(bits))
                .strengths(words(bits.rotate_left(1) & 31));
        }
        if let Some(gender) = of.gender {
            person = person.gender(if gender { "f" } else { "m" });
        }
        if let Some(language) = of.demands.0 {
            person = person.requires_language(WORDS[language]);
        }
        if let Some(wishes) = &of.wishes {
            let (others, prefix) = match role {
                Role::Mentee => (self.mentors.len(), "m"),
                Role::Mentor => (self.mentees.len(), "e"),
            };
            let real = wishes.iter().filter(|wish| **wish < others);
            person = person.preferences(real.map(|wish| format!("{prefix}{wish}")));
        }
        let most = if self.is_single() && role == Role::Mentee {
            1
        } else {
            u32::MAX
        };
        if let Some(min) = of.loads.0 {
            person = person.load_min(min.min(most));
        }
        if let Some(max) = of.loads.1.map(|max| max.min(most)) {
            person = person.load_max(max);
            let (min, top) = match role {
                Role::Mentee => (self.loads.0, self.loads.1),
                Role::Mentor => (self.loads.2, self.loads.3),
            };
            if max < min.min(top) && of.loads.0.is_none() {
                person = person.load_min(max);
            }
        }
        if let Some(club) = of.club {
            person = person.with("club", Cell::Text(format!("club {club}")));
        }
        if let Some(direction) = of.direction {
            person = person.embedding(direction.map(f64::from));
        }
        if self.asked.is_some() {
            person = person.with("fare", Asked::fare(ix));
        }
        if let Some(distance) = of.distance {
            person = person.with("distance", f64::from(distance) / 3.0);
        }
        person
    }
}
