//! More ways to staff the places than are listed: proofs by trees over leaders, and what tampering with them
//! comes to.
use nearpeer_core::certificate::stages::{CrewPrice, LevelProof, StaffNode};
use nearpeer_core::certificate::{Certificate, Status};
use nearpeer_core::verify::{ClaimedPair, verify};
use nearpeer_core::{ErrorKind, Grade, Leader, Match, Person, Program, Room, Roster};

const SLOTS: [&str; 8] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Late"];

const WORDS: [&str; 10] = [
    "art", "chess", "dance", "film", "go", "math", "music", "sea", "sky", "sun",
];

/// Numbers that look random (Marsaglia, *Xorshift RNGs*, 2003).
fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = 0x9E37_79B9_7F4A_7C15 ^ (seed << 20);
    move |end| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % end as u64) as usize
    }
}

/// So many mentees, half as many mentors of up to three mentees, and eight leaders who have time for two of six slots, in each
/// of which there may be room for so many pairs.
fn school(mentees: usize, room: Option<u32>) -> (Roster, Program) {
    let mut dice = dice(7);
    let mut some = |of: &[&'static str], count: usize| -> Vec<&'static str> {
        let mut some = of.to_vec();
        while some.len() > count {
            some.remove(dice(some.len()));
        }
        some
    };
    let mut person = |id: String, grade: usize| {
        let grade = Grade::new(grade as i64).expect("a grade");
        let person = Person::new(id).grade(grade).site("Lincoln");
        person.slots(some(&SLOTS, 2)).interests(some(&WORDS, 4))
    };
    let mut roster = Roster::builder();
    for ix in 0..mentees {
        roster = roster.mentee(person(format!("e{ix}"), 6 + ix % 3));
    }
    for ix in 0..mentees / 2 {
        let mentor = person(format!("m{ix}"), 10 + ix % 3);
        roster = roster.mentor(mentor.load_max(1 + ix as u32 % 3));
    }
    for ix in 0..8 {
        let leader = Leader::new(format!("l{ix}"))
            .site("Lincoln")
            .slots(some(&SLOTS, 6))
            .capacity(1 + ix as u32 % 4)
            .max_slots(2);
        roster = roster.leader(leader);
    }
    if let Some(capacity) = room {
        for slot in SLOTS {
            roster = roster.room(Room::new(slot).site("Lincoln").capacity(capacity));
        }
    }
    (roster.build().expect("a roster"), Program::default())
}

fn solved(mentees: usize, room: Option<u32>) -> (Roster, Program, Match) {
    let (roster, program) = school(mentees, room);
    let answer = program.solve(&roster).expect("a match");
    (roster, program, answer)
}

fn claims(answer: &Match) -> Vec<ClaimedPair> {
    answer.pairs.iter().map(ClaimedPair::from).collect()
}

/// The levels of the only part.
fn levels(certificate: &mut Certificate) -> &mut [LevelProof] {
    &mut certificate.parts[0].levels
}

/// What the checker says of a changed proof: that it is no proof.
fn refuses(
    solved: &(Roster, Program, Match),
    what: &str,
    change: &dyn Fn(&mut Certificate),
) -> String {
    let (roster, program, answer) = solved;
    let mut certificate = answer.certificate.clone();
    change(&mut certificate);
    assert_ne!(certificate, answer.certificate, "{what} changes nothing");
    let checked = verify(roster, program, &claims(answer), &certificate);
    let error = checked.expect_err(what);
    assert_eq!(error.kind(), ErrorKind::Verification, "{what}");
    error.to_string()
}

#[test]
fn a_tree_over_leaders_is_proven_and_checked() {
    let solved = solved(60, None);
    let (roster, program, answer) = &solved;
    assert_eq!(answer.certificate.status, Status::Optimal);
    let mut trees = answer.certificate.parts[0].levels.iter();
    assert!(trees.any(|level| level.staffings.len() > 1));
    let checked = verify(roster, program, &claims(answer), &answer.certificate);
    assert_eq!(checked.expect("a proof").status, Status::Optimal);

    let of_trees = |certificate: &mut Certificate, change: &dyn Fn(&mut Vec<StaffNode>)| {
        for level in levels(certificate) {
            change(&mut level.staffings);
        }
    };
    refuses(&solved, "a tree less", &|certificate| {
        of_trees(certificate, &Vec::clear);
    });
    refuses(&solved, "a node less", &|certificate| {
        of_trees(certificate, &|nodes| {
            nodes.pop();
        });
    });
    refuses(&solved, "prices that are not there", &|certificate| {
        of_trees(certificate, &|nodes| {
            if let Some(StaffNode::Leaf { prices, .. }) = nodes.last_mut() {
                *prices = 1_000_000;
            }
        });
    });
    refuses(&solved, "one side of a branch", &|certificate| {
        of_trees(certificate, &|nodes| {
            if let Some(StaffNode::Crew { fewer, more, .. }) = nodes.first_mut() {
                *fewer = *more;
            }
        });
    });
    refuses(&solved, "leaders who are paid to come", &|certificate| {
        of_trees(certificate, &|nodes| {
            for node in nodes {
                if let StaffNode::Leaf { crews, .. } = node {
                    for crew in crews {
                        crew.price = -1_000_000_000_000;
                    }
                }
            }
        });
    });
    refuses(&solved, "a node under itself", &|certificate| {
        of_trees(certificate, &|nodes| {
            if let Some(StaffNode::Crew { more, .. }) = nodes.first_mut() {
                *more = 0;
            }
        });
    });
    let refused = refuses(&solved, "branches on nobody", &|certificate| {
        of_trees(certificate, &|nodes| {
            for node in nodes {
                if let StaffNode::Crew { place, .. } = node {
                    *place += 1_000;
                }
            }
        });
    });
    assert!(refused.contains("a place that is not there"), "{refused}");
    refuses(&solved, "a price of a crew twice", &|certificate| {
        of_trees(certificate, &|nodes| {
            for node in nodes {
                if let StaffNode::Leaf { crews, .. } = node {
                    crews.extend(crews.clone());
                }
            }
        });
    });
    refuses(
        &solved,
        "a price of a crew that is not counted",
        &|certificate| {
            of_trees(certificate, &|nodes| {
                for node in nodes {
                    if let StaffNode::Leaf { crews, .. } = node {
                        crews.push(CrewPrice {
                            place: 0,
                            pairs: 1_000,
                            price: -1,
                        });
                    }
                }
            });
        },
    );
    refuses(&solved, "a room dearer than its place", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                prices.rooms = prices.places.iter().map(|price| price + 1).collect();
            }
        }
    });
    refuses(&solved, "a negative room", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                prices.rooms = vec![-1; prices.places.len()];
            }
        }
    });
    refuses(&solved, "places for nothing", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                prices.places.fill(0);
                prices.rooms.fill(0);
                prices.mentees.fill(0);
            }
        }
    });
}

#[test]
fn rounded_rooms_are_proven_and_checked() {
    let solved = solved(90, Some(5));
    let (roster, program, answer) = &solved;
    assert_eq!(answer.certificate.status, Status::Optimal);
    let levels_of = answer.certificate.parts[0].levels.iter();
    let mut prices = levels_of.flat_map(|level| &level.prices);
    assert!(prices.any(|prices| !prices.rounded.is_empty()));
    let checked = verify(roster, program, &claims(answer), &answer.certificate);
    assert_eq!(checked.expect("a proof").status, Status::Optimal);

    refuses(&solved, "a rounding by a divisor", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                for of in &mut prices.rounded {
                    of.by = 1;
                }
            }
        }
    });
    refuses(&solved, "a rounding by 0", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                for of in &mut prices.rounded {
                    of.by = 0;
                }
            }
        }
    });
    refuses(
        &solved,
        "a rounding dearer than its place",
        &|certificate| {
            for level in levels(certificate) {
                for prices in &mut level.prices {
                    for of in &mut prices.rounded {
                        of.price += prices.places[of.place];
                    }
                }
            }
        },
    );
    refuses(&solved, "a rounding of no place", &|certificate| {
        for level in levels(certificate) {
            for prices in &mut level.prices {
                for of in &mut prices.rounded {
                    of.place = prices.places.len();
                }
            }
        }
    });
}
