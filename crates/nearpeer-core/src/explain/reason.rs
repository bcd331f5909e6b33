//! The reasons, with their numbers. `docs/reasons.md` says what each means and what can be done about it.

use crate::certificate::Level;
use crate::units::Micropoints;
use crate::words::{counted, quoted};

/// Why somebody is in no pair.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nobody on the other side may be paired with this person.
    NotEligible {
        /// What each rule rules out, the most first; a person on the other side can be ruled out by several.
        removed: Vec<Removed>,
    },
    /// There are people who may be paired with this person, and the best match gives them to others.
    OutCompeted {
        /// How many may be paired with this person.
        candidates: usize,
        /// How many mentees these mentors have in the match.
        rivals: usize,
        /// What it would cost to match this mentee in somebody's place; known where only loads bind and the match is
        /// proven best.
        cost: Option<MatchCost>,
        /// Why not all such mentees can be matched: the bottleneck that this one is in, if the match covers as many as
        /// loads allow.
        bottleneck: Option<Shortage>,
    },
    /// There are people who may be paired with this person, and all of them, or this person, take none or at
    /// least so many: the circle cannot be filled, or the best match fills others.
    CircleNotFilled {
        /// How many may be paired with this person.
        candidates: usize,
        /// Whose circle would be the easiest to fill.
        mentor: String,
        /// The least number of mentees in it.
        at_least: u32,
    },
    /// There are people who may be paired with this person and still have room, and a pair with any of them
    /// would go beyond the limit of a quota, a budget, a balance or a family.
    QuotaReached {
        /// How many may be paired with this person, with room or without.
        candidates: usize,
        /// The names of those, a column's for a balance.
        quotas: Vec<String>,
    },
    /// There are people who may be paired with this person, and no slot at a site in which both are free and a
    /// pair can be held. Each of them is counted once.
    NoPlace {
        /// How many may be paired with this person.
        candidates: usize,
        /// With how many of them there is no slot in which both are free, at a site where they could meet.
        no_slot: usize,
        /// With how many of the others there is no room in any such slot.
        no_room: usize,
        /// With how many of the others there is no leader in any slot with a room.
        no_leader: usize,
    },
    /// There are people who may be paired with this person and still have room, and wherever the two could meet
    /// the best match has others.
    PlacesFull {
        /// How many may be paired with this person, with room or without.
        candidates: usize,
        /// How many of them have room, and no limit of a quota or the like in the way.
        with_room: usize,
        /// Where this person could meet the most of these; if there is one, where one more pair could be held.
        place: FullPlace,
    },
    /// A mentor whom the best match does not need.
    NotNeeded {
        /// How many may be paired with this person.
        candidates: usize,
    },
    /// There are people who may be paired with this person, and each of them is refused by this person or refuses
    /// them: one has a list of wishes without the other, in a programme in which that is a refusal.
    Refused {
        /// How many may be paired with this person.
        candidates: usize,
    },
    /// The person's maximum load is 0.
    NoRoom,
}

/// A rule, and the people whom it rules out for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The rule's code; of a criterion for which data must be there, `missing:` and its name.
    pub rule: String,
    /// How many people it rules out.
    pub removed: usize,
    /// How many of them no other rule rules out: so many could be had if there were not this rule.
    pub alone: usize,
}

/// What it costs to match a mentee whom the best match leaves out: the exact difference to the best match in which this
/// mentee has a mentor. All that would change is one chain: this mentee takes a place with `mentor`, who gives up
/// `rival`, who takes a place with another mentor, who gives up somebody, and so on to a mentee who is left or to a
/// mentor with room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchCost {
    /// By how much the total score would fall. Below 0 only if a level above the score would fall.
    pub score: Micropoints,
    /// The mentor whom this mentee would have.
    pub mentor: String,
    /// Who has that place now; nobody, if the mentor has room.
    pub rival: Option<String>,
    /// Who would be left in the end; nobody, if the chain ends at a mentor with room.
    pub displaced: Option<String>,
    /// The level above the score that would fall, if one would.
    pub level: Option<Level>,
}

/// The bottleneck that a mentee is in, as [`assess`](crate::Program::assess) numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// The number of the bottleneck.
    pub number: usize,
    /// How many mentees it has.
    pub mentees: usize,
    /// How many mentors can serve any of them.
    pub mentors: usize,
    /// How many mentees these mentors can take together.
    pub room: u64,
}

/// A place at which somebody could meet, and no further pair is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullPlace {
    /// The site; empty if no table of people has sites.
    pub site: String,
    /// The slot.
    pub slot: String,
    /// How many pairs the match has there.
    pub pairs: usize,
    /// For how many the room is, where rooms are given.
    pub room: Option<u32>,
    /// How many those can lead together who lead there, or could and lead nowhere then; where leaders are given.
    pub led: Option<u64>,
    /// The ids of those who lead there.
    pub leaders: Vec<String>,
    /// The ids of those who could lead there, and lead at another site then.
    pub elsewhere: Vec<String>,
    /// The ids of those who could lead there, and are in as many other slots as their `max_slots` allows.
    pub out_of_slots: Vec<String>,
}

impl FullPlace {
    /// What binds there: `room`, `leaders`, or `room and leaders`; `None` where one more pair could be held, but for
    /// something else, such as a circle or a family, or in a match that a limit cut.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        let room = self.room.is_some_and(|room| self.pairs >= room as usize);
        let led = self.led.is_some_and(|led| self.pairs as u64 >= led);
        match (room, led) {
            (true, true) => Some("room and leaders"),
            (true, false) => Some("room"),
            (false, true) => Some("leaders"),
            (false, false) => None,
        }
    }

    /// Whose room and time are taken, up to three names of each.
    fn leaders_in_words(&self) -> Option<String> {
        const TOLD: usize = 3;
        let all = [
            (&self.leaders, "there"),
            (&self.elsewhere, "elsewhere then"),
            (&self.out_of_slots, "in as many slots as max_slots allows"),
        ];
        let told = all.into_iter().filter(|(who, _)| !who.is_empty());
        let told = told.map(|(who, are)| format!("{} {are}", quoted(who, TOLD)));
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// `9 pairs in "Mon" at "Lincoln", all that its leaders can lead ("lea" there; "bob" elsewhere then)`: names, if any, come last
/// and in brackets.
impl std::fmt::Display for FullPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {:?}", counted(self.pairs, "pair"), self.slot)?;
        if !self.site.is_empty() {
            write!(f, " at {:?}", self.site)?;
        }
        let Some(limit) = self.limit() else {
            return f.write_str(", where there is room for more");
        };
        let leads = match self.leaders.is_empty() {
            true => "where nobody is left to lead",
            false => "all that its leaders can lead",
        };
        let leaders = self.leaders_in_words().map(|who| format!(" ({who})"));
        let leaders = leaders.unwrap_or_default();
        match limit {
            "room" => f.write_str(", all that the room holds"),
            "leaders" => write!(f, ", {leads}{leaders}"),
            _ => write!(f, ", all that the room holds, and {leads}{leaders}"),
        }
    }
}

impl Reason {
    /// The stable code: `not_eligible`, `out_competed`, `circle_not_filled`, `quota_reached`, `no_place`,
    /// `places_full`, `not_needed`, `refused`, `no_room`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEligible { .. } => "not_eligible",
            Self::OutCompeted { .. } => "out_competed",
            Self::CircleNotFilled { .. } => "circle_not_filled",
            Self::QuotaReached { .. } => "quota_reached",
            Self::NoPlace { .. } => "no_place",
            Self::PlacesFull { .. } => "places_full",
            Self::NotNeeded { .. } => "not_needed",
            Self::Refused { .. } => "refused",
            Self::NoRoom => "no_room",
        }
    }

    /// How many may be paired with this person; `None` where that was not looked at.
    #[must_use]
    pub fn candidates(&self) -> Option<usize> {
        match self {
            Self::NotEligible { .. } => Some(0),
            Self::OutCompeted { candidates, .. }
            | Self::CircleNotFilled { candidates, .. }
            | Self::QuotaReached { candidates, .. }
            | Self::NoPlace { candidates, .. }
            | Self::PlacesFull { candidates, .. }
            | Self::NotNeeded { candidates }
            | Self::Refused { candidates } => Some(*candidates),
            Self::NoRoom => None,
        }
    }

    /// The rule that matters the most to a person whom nobody may have: the one that alone rules out the most, and if
    /// none does alone, that which rules out the most.
    #[must_use]
    pub fn main_rule(&self) -> Option<&Removed> {
        let Self::NotEligible { removed } = self else {
            return None;
        };
        // Of equal ones the first.
        removed
            .iter()
            .rev()
            .max_by_key(|rule| (rule.alone, rule.removed))
    }

    /// The numbers behind the reason, in words: `grade_gap removes 12 (3 alone); site removes 9`.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::NotEligible { removed } if removed.is_empty() => {
                "there is nobody to be paired with".to_owned()
            }
            Self::NotEligible { removed } => in_words(removed),
            Self::OutCompeted {
                candidates,
                rivals,
                cost,
                bottleneck,
            } => {
                let mut detail = match rivals {
                    0 => format!("{candidates} eligible, none of whom has anybody"),
                    _ => format!(
                        "{candidates} eligible, all with others in this match ({})",
                        counted(*rivals, "mentee")
                    ),
                };
                if let Some(cost) = cost {
                    detail += &format!("; {cost}");
                }
                if let Some(shortage) = bottleneck {
                    detail += &format!("; {shortage}");
                }
                detail
            }
            Self::CircleNotFilled {
                candidates,
                mentor,
                at_least,
            } => format!(
                "{candidates} eligible, but a minimum of 'none or at least' is not reached: {mentor} takes none or at \
                 least {at_least}"
            ),
            Self::QuotaReached { candidates, quotas } => {
                format!(
                    "{candidates} eligible; a pair with any who has room would be one too many for {}",
                    quoted(quotas, usize::MAX)
                )
            }
            Self::NoPlace {
                candidates,
                no_slot,
                no_room,
                no_leader,
            } => format!(
                "{candidates} eligible, but in no slot are both free where a pair can be held: {no_slot} without a \
                 slot in common, {no_room} without a room, {no_leader} without a leader"
            ),
            Self::PlacesFull {
                candidates,
                with_room,
                place,
            } => {
                let with_room = format!("{candidates} eligible, {with_room} with room, ");
                match place.limit() {
                    Some(_) => {
                        with_room
                            + &format!("but wherever they could meet the places are taken: {place}")
                    }
                    None => {
                        let apart = "what keeps them apart is a circle, a family, or that the match was cut";
                        with_room + &format!("but no such pair is held: {place}; {apart}")
                    }
                }
            }
            Self::NotNeeded { candidates } => {
                format!("{candidates} eligible, all with others or left out in this match")
            }
            Self::Refused { candidates } => {
                format!("{candidates} eligible, and one of the two does not list the other")
            }
            Self::NoRoom => "the maximum load is 0".to_owned(),
        }
    }
}

/// `grade_gap removes 12 (3 alone); site removes 9`
pub(crate) fn in_words(removed: &[Removed]) -> String {
    let rules: Vec<String> = removed.iter().map(ToString::to_string).collect();
    rules.join("; ")
}

impl std::fmt::Display for Removed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} removes {}", self.rule, self.removed)?;
        match self.alone {
            0 => Ok(()),
            alone => write!(f, " ({alone} alone)"),
        }
    }
}

impl std::fmt::Display for MatchCost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "with {}", self.mentor)?;
        if let Some(rival) = &self.rival {
            write!(f, " in place of {rival}")?;
        }
        write!(f, " the total score would fall by {}", self.score)?;
        if let Some(displaced) = &self.displaced {
            write!(f, " and {displaced} be left")?;
        }
        match self.level {
            Some(level) => write!(f, ", and {level} would fall"),
            None => Ok(()),
        }
    }
}

impl std::fmt::Display for Shortage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "member of bottleneck {}: {}, {} with room for {}",
            self.number,
            counted(self.mentees, "mentee"),
            counted(self.mentors, "mentor"),
            self.room
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(pairs: usize, room: Option<u32>, led: Option<u64>) -> FullPlace {
        FullPlace {
            site: "Lincoln".to_owned(),
            slot: "Mon".to_owned(),
            pairs,
            room,
            led,
            leaders: Vec::new(),
            elsewhere: Vec::new(),
            out_of_slots: Vec::new(),
        }
    }

    #[test]
    fn a_full_place_says_what_binds() {
        let room = place(3, Some(3), Some(9));
        assert_eq!(room.limit(), Some("room"));
        assert_eq!(
            room.to_string(),
            r#"3 pairs in "Mon" at "Lincoln", all that the room holds"#
        );
        let mut led = place(9, Some(10), Some(9));
        led.leaders = ["ann", "bo", "cy", "di", "ed"].map(str::to_owned).to_vec();
        led.elsewhere = vec!["flo".to_owned()];
        assert_eq!(led.limit(), Some("leaders"));
        assert_eq!(
            led.to_string(),
            r#"9 pairs in "Mon" at "Lincoln", all that its leaders can lead ("ann", "bo", "cy" and 2 more there; "flo" elsewhere then)"#
        );
        led.room = Some(9);
        assert_eq!(led.limit(), Some("room and leaders"));
        led.site = String::new();
        led.leaders.truncate(1);
        led.elsewhere.clear();
        assert_eq!(
            led.to_string(),
            r#"9 pairs in "Mon", all that the room holds, and all that its leaders can lead ("ann" there)"#
        );
    }

    #[test]
    fn a_place_with_room_for_more_blames_nobody() {
        for (room, led) in [
            (None, None),
            (Some(2), None),
            (None, Some(2)),
            (Some(5), Some(2)),
        ] {
            let place = place(1, room, led);
            assert_eq!(place.limit(), None);
            assert_eq!(
                place.to_string(),
                r#"1 pair in "Mon" at "Lincoln", where there is room for more"#
            );
        }
    }
}
