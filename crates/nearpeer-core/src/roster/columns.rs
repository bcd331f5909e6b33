//! From people to columns: words become codes, and lists become sets of them.

use std::collections::{BTreeMap, BTreeSet};

use super::embedding::Embeddings;
use super::vocabulary::{Lists, Vocabulary};
use super::{Cell, Field, Leader, People, Person, Role, Room, Roster, places};

/// One side that is in canonical order and checked already, taken person by person.
pub(crate) struct Ordered<I> {
    /// The columns that the side has.
    pub(crate) columns: &'static [Field],
    /// The people, by id; none has preferences or other columns.
    pub(crate) people: I,
}

impl Roster {
    /// The roster that [`RosterBuilder::build`] gives of the same people, without holding all of them at once.
    ///
    /// # Panics
    /// If the builder would refuse the leaders or rooms.
    pub(crate) fn in_order(
        mentees: Ordered<impl ExactSizeIterator<Item = Person>>,
        mentors: Ordered<impl ExactSizeIterator<Item = Person>>,
        leaders: Option<Vec<Leader>>,
        rooms: Option<Vec<Room>>,
    ) -> Self {
        let mut words = Words::default();
        let mentees = mentees.columns(Role::Mentee, &mut words);
        let mentors = mentors.columns(Role::Mentor, &mut words);
        let has_sites = mentees.has(Field::Site) || mentors.has(Field::Site);
        let leaders = places::leaders(leaders, has_sites, &mut words);
        let rooms = places::rooms(rooms, has_sites, &mut words);
        Self {
            leaders: leaders.expect("the leaders have no faults"),
            rooms: rooms.expect("the rooms have no faults"),
            ..words.roster(mentees, mentors)
        }
    }
}

impl<I: ExactSizeIterator<Item = Person>> Ordered<I> {
    fn columns(self, role: Role, words: &mut Words) -> People {
        let present = self.columns.iter().copied().collect();
        let mut out = People::none(role, self.people.len(), present);
        for (row, person) in (1..).zip(self.people) {
            out.push(row, person, None, words);
        }
        out
    }
}

#[derive(Default)]
pub(super) struct Words {
    pub(super) sites: Vocabulary,
    interests: Vocabulary,
    skills: Vocabulary,
    languages: Vocabulary,
    pub(super) slots: Vocabulary,
    genders: Vocabulary,
}

impl Words {
    /// The roster of these people, without tables of pairs.
    pub(super) fn roster(self, mentees: People, mentors: People) -> Roster {
        Roster {
            mentees,
            mentors,
            sites: self.sites,
            interests: self.interests,
            skills: self.skills,
            languages: self.languages,
            slots: self.slots,
            genders: self.genders,
            required: Vec::new(),
            blocked: Vec::new(),
            previous: Vec::new(),
            pair_scores: None,
            leaders: Vec::new(),
            rooms: Vec::new(),
            of_students: false,
        }
    }
}

impl People {
    /// Nobody yet, with room for so many.
    pub(super) fn none(role: Role, count: usize, present: BTreeSet<Field>) -> Self {
        Self {
            role,
            table: role.table(),
            ids: Vec::with_capacity(count),
            rows: Vec::with_capacity(count),
            present,
            grade: Vec::new(),
            site: Vec::new(),
            interests: Lists::default(),
            goals: Lists::default(),
            strengths: Lists::default(),
            languages: Lists::default(),
            slots: Lists::default(),
            gender: Vec::new(),
            load_min: Vec::new(),
            load_max: Vec::new(),
            consent: Vec::new(),
            screened: Vec::new(),
            trained: Vec::new(),
            requires_language: Vec::new(),
            requires_same_gender: Vec::new(),
            priority: Vec::new(),
            preferences: Lists::default(),
            embeddings: Embeddings::default(),
            extra: BTreeMap::new(),
        }
    }

    /// Adds the next person in canonical order.
    pub(super) fn push(
        &mut self,
        row: u32,
        person: Person,
        wishes: Option<Vec<u32>>,
        words: &mut Words,
    ) {
        self.preferences.push(wishes);
        self.rows.push(row);
        self.ids.push(person.id.into());
        self.grade.push(person.grade);
        self.site.push(word(&mut words.sites, person.site));
        self.interests
            .push(set(&mut words.interests, person.interests));
        self.goals.push(set(&mut words.skills, person.goals));
        self.strengths
            .push(set(&mut words.skills, person.strengths));
        self.languages
            .push(set(&mut words.languages, person.languages));
        self.slots.push(set(&mut words.slots, person.slots));
        self.gender.push(word(&mut words.genders, person.gender));
        self.load_min.push(person.load_min);
        self.load_max.push(person.load_max);
        self.consent.push(person.consent);
        self.screened.push(person.screened);
        self.trained.push(person.trained);
        self.requires_language
            .push(word(&mut words.languages, person.requires_language));
        self.requires_same_gender.push(person.requires_same_gender);
        self.priority.push(person.priority);
        self.embeddings.push(person.embedding);
        let position = self.ids.len() - 1;
        for (name, cell) in person.extra {
            let cells = &mut self.extra.entry(name).or_default().cells;
            cells.resize(position, Cell::Missing);
            cells.push(cell);
        }
    }
}

/// A word; one that is empty or blank is missing.
pub(super) fn word(vocabulary: &mut Vocabulary, text: Option<String>) -> Option<u32> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .map(|text| vocabulary.intern(&text))
}

/// A list as a sorted set of codes; blank items are dropped.
pub(super) fn set(vocabulary: &mut Vocabulary, list: Option<Vec<String>>) -> Option<Vec<u32>> {
    list.map(|items| {
        let mut codes: Vec<u32> = items
            .into_iter()
            .filter_map(|item| word(vocabulary, Some(item)))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    })
}
