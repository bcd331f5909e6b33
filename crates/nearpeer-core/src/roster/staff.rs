//! Who supervises meetings and where there is room for them, as a caller hands it over.

/// An adult who supervises meetings: in each slot at one site at most, and there so many pairs at one time.
///
/// ```
/// use nearpeer_core::{Leader, Person, Roster};
///
/// let roster = Roster::builder()
///     .mentee(Person::new("ana").site("Lincoln").slots(["Mon 3", "Tue 3"]))
///     .mentor(Person::new("max").site("Lincoln").slots(["Mon 3"]))
///     .leader(Leader::new("lea").site("Lincoln").slots(["Mon 3"]).capacity(8).max_slots(3))
///     .build()?;
/// assert_eq!(roster.leaders()[0].capacity, 8);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leader {
    pub(crate) id: String,
    pub(crate) sites: Vec<String>,
    pub(crate) slots: Vec<String>,
    pub(crate) capacity: Option<u32>,
    pub(crate) max_slots: Option<u32>,
}

/// How many pairs a site has room for in a slot.
///
/// ```
/// use nearpeer_core::{Person, Room, Roster};
///
/// let roster = Roster::builder()
///     .mentee(Person::new("ana").site("Lincoln").slots(["Mon 3", "Tue 3"]))
///     .mentor(Person::new("max").site("Lincoln").slots(["Mon 3"]))
///     .room(Room::new("Mon 3").site("Lincoln").capacity(12))
///     .build()?;
/// assert_eq!(roster.rooms()[0].capacity, 12);
/// # Ok::<(), nearpeer_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Room {
    pub(crate) site: Option<String>,
    pub(crate) slot: String,
    pub(crate) capacity: Option<u32>,
}

impl Leader {
    /// A leader of whom nothing but the id is known: without a site and slots nobody can lead, and a
    /// capacity is needed.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// The school.
    #[must_use]
    pub fn site(self, site: impl Into<String>) -> Self {
        self.sites([site])
    }

    /// The schools that the leader can be at, one in each slot.
    #[must_use]
    pub fn sites<S: Into<String>>(mut self, sites: impl IntoIterator<Item = S>) -> Self {
        self.sites = sites.into_iter().map(Into::into).collect();
        self
    }

    /// The weekly meeting times at which the leader is free.
    #[must_use]
    pub fn slots<S: Into<String>>(mut self, slots: impl IntoIterator<Item = S>) -> Self {
        self.slots = slots.into_iter().map(Into::into).collect();
        self
    }

    /// How many pairs the leader can supervise at one time.
    #[must_use]
    pub fn capacity(mut self, pairs: u32) -> Self {
        self.capacity = Some(pairs);
        self
    }

    /// In how many slots a week the leader may be placed; in any number unless given.
    #[must_use]
    pub fn max_slots(mut self, slots: u32) -> Self {
        self.max_slots = Some(slots);
        self
    }
}

impl Room {
    /// Room in this slot; a capacity is needed, and a site where people have sites.
    pub fn new(slot: impl Into<String>) -> Self {
        Self {
            slot: slot.into(),
            ..Self::default()
        }
    }

    /// The school.
    #[must_use]
    pub fn site(mut self, site: impl Into<String>) -> Self {
        self.site = Some(site.into());
        self
    }

    /// For how many pairs there is room at one time.
    #[must_use]
    pub fn capacity(mut self, pairs: u32) -> Self {
        self.capacity = Some(pairs);
        self
    }
}
