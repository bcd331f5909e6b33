//! The schools of a district: how large, which grades, and who feeds whom.

use super::dice::Dice;
use crate::programme::Feeder;
use crate::roster::Role;

/// The part of a side that goes to schools of one kind.
#[derive(Debug)]
pub(super) struct Part {
    /// In parts of what all kinds have together.
    share: u32,
    /// The lowest and the highest grade; kindergarten is 0.
    pub(super) grades: (u32, u32),
}

/// A kind of school.
#[derive(Debug)]
pub(super) struct Level {
    name: &'static str,
    mentees: Part,
    mentors: Part,
}

const NOBODY: Part = Part {
    share: 0,
    grades: (0, 0),
};

const fn part(share: u32, lowest: u32, highest: u32) -> Part {
    Part {
        share,
        grades: (lowest, highest),
    }
}

const ELEMENTARY: Level = Level {
    name: "Elementary",
    mentees: part(45, 0, 5),
    mentors: NOBODY,
};

const MIDDLE: Level = Level {
    name: "Middle",
    mentees: part(40, 6, 8),
    mentors: part(40, 7, 8),
};

const HIGH: Level = Level {
    name: "High",
    mentees: part(15, 9, 9),
    mentors: part(60, 9, 12),
};

/// Elementary and middle school in one, where a district has two sites.
const LOWER: Level = Level {
    name: "Lower",
    mentees: part(85, 0, 8),
    mentors: part(40, 7, 8),
};

/// The only school of a district.
const WHOLE: Level = Level {
    name: "School",
    mentees: part(100, 0, 9),
    mentors: part(100, 7, 12),
};

/// Without sites, every mentor is at least two grades above every mentee.
const OPEN: Level = Level {
    name: "",
    mentees: part(100, 3, 7),
    mentors: part(100, 9, 12),
};

impl Level {
    pub(super) fn part(&self, role: Role) -> &Part {
        match role {
            Role::Mentee => &self.mentees,
            Role::Mentor => &self.mentors,
        }
    }
}

/// One school.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) name: String,
    pub(super) level: &'static Level,
}

/// All schools of a district.
#[derive(Debug, Clone)]
pub(super) struct Sites {
    pub(super) all: Vec<Site>,
    pub(super) feeders: Vec<Feeder>,
    /// The weights of each site and those before it.
    mentees: Vec<u32>,
    mentors: Vec<u32>,
}

impl Sites {
    /// So many schools. In a larger district a sixth are high schools, a fifth middle schools, and the rest
    /// elementary schools.
    pub(super) fn new(count: usize) -> Self {
        let levels: Vec<(&'static Level, usize)> = match count {
            0 => vec![(&OPEN, 1)],
            1 => vec![(&WHOLE, 1)],
            2 => vec![(&HIGH, 1), (&LOWER, 1)],
            _ => {
                let (high, middle) = ((count / 6).max(1), (count / 5).max(1));
                vec![
                    (&HIGH, high),
                    (&MIDDLE, middle),
                    (&ELEMENTARY, count - high - middle),
                ]
            }
        };
        let mut sites = Self {
            all: Vec::with_capacity(count),
            feeders: Vec::new(),
            mentees: Vec::with_capacity(count),
            mentors: Vec::with_capacity(count),
        };
        let mut above: Vec<String> = Vec::new();
        for (level, count) in levels {
            let names = sites.add(level, count);
            if !above.is_empty() {
                // The largest schools feed the largest, and so on in turn.
                sites
                    .feeders
                    .extend(
                        (names.iter().zip(above.iter().cycle())).map(|(to, from)| Feeder {
                            from: from.clone(),
                            to: to.clone(),
                        }),
                    );
            }
            above = names;
        }
        sites
    }

    /// Adds the schools of one kind, the largest first, and gives their names.
    fn add(&mut self, level: &'static Level, count: usize) -> Vec<String> {
        let width = count.to_string().len();
        let sizes = sizes(count);
        let total: u64 = sizes.iter().sum();
        let mut names = Vec::with_capacity(count);
        for (number, size) in (1..).zip(sizes) {
            for (weights, part) in [
                (&mut self.mentees, &level.mentees),
                (&mut self.mentors, &level.mentors),
            ] {
                let weight = (u64::from(part.share) << 20) * size / total;
                let before = weights.last().copied().unwrap_or(0);
                weights.push(before + weight as u32);
            }
            let name = format!("{} {number:0width$}", level.name);
            self.all.push(Site {
                name: name.clone(),
                level,
            });
            names.push(name);
        }
        names
    }

    /// Where a student goes to school.
    pub(super) fn choose(&self, role: Role, dice: &mut Dice) -> &Site {
        let weights = self.weights(role);
        let drawn = dice.below(weights.last().copied().unwrap_or(0));
        &self.all[weights.partition_point(|&weight| weight <= drawn)]
    }

    /// How many of `mentees` mentees a site can expect, by site.
    pub(super) fn expected(&self, mentees: usize) -> impl Iterator<Item = (&Site, u64)> {
        let total = u64::from(self.mentees.last().copied().unwrap_or(1));
        let before = std::iter::once(&0).chain(&self.mentees);
        self.all
            .iter()
            .zip(self.mentees.iter().zip(before))
            .map(move |(site, (to, from))| (site, mentees as u64 * u64::from(to - from) / total))
    }

    fn weights(&self, role: Role) -> &[u32] {
        match role {
            Role::Mentee => &self.mentees,
            Role::Mentor => &self.mentors,
        }
    }
}

/// The sizes of so many schools of a kind, in parts of each other: a few large ones and many small ones, as
/// 1 / (rank + an eighth of their number), so that the largest is about nine times the smallest.
fn sizes(count: usize) -> Vec<u64> {
    (1..=count as u64)
        .map(|rank| (1 << 32) / (8 * rank + count as u64))
        .collect()
}
