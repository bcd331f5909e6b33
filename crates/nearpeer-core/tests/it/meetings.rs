//! Slots, leaders and rooms: worked examples, and proofs that are tampered with.
use nearpeer_core::certificate::stages::LevelProof;
use nearpeer_core::certificate::{Certificate, Status};
use nearpeer_core::verify::{ClaimedPair, verify};
use nearpeer_core::{
    ErrorKind, Grade, Leader, Match, Options, Person, Program, Reason, Room, Roster,
};

fn person(id: &str, grade: i64, slots: &[&str], interests: &[&str]) -> Person {
    Person::new(id)
        .grade(Grade::new(grade).expect("a grade"))
        .site("Lincoln")
        .slots(slots.iter().copied())
        .interests(interests.iter().copied())
}

/// Four mentees and two mentors of two; a leader who has time for one of two slots.
fn school() -> nearpeer_core::RosterBuilder {
    Roster::builder()
        .mentee(person("ana", 6, &["Mon", "Tue"], &["chess"]))
        .mentee(person("bo", 6, &["Mon"], &["art"]))
        .mentee(person("cy", 7, &["Tue"], &["chess"]))
        .mentee(person("di", 7, &["Tue"], &["art"]))
        .mentor(person("max", 10, &["Mon", "Tue"], &["chess"]).load_max(2))
        .mentor(person("zoe", 10, &["Mon", "Tue"], &["art"]).load_max(2))
        .leader(
            Leader::new("lea")
                .site("Lincoln")
                .slots(["Mon", "Tue"])
                .capacity(3)
                .max_slots(1),
        )
}

fn solved(roster: &Roster) -> Match {
    Program::default().solve(roster).expect("a match")
}

fn claims(answer: &Match) -> Vec<ClaimedPair> {
    answer.pairs.iter().map(ClaimedPair::from).collect()
}

#[test]
fn a_leader_is_where_most_can_meet() {
    let roster = school().build().expect("a roster");
    let answer = solved(&roster);
    // On Tuesdays three can meet, on Mondays two.
    assert_eq!(answer.covered(), 3);
    for pair in &answer.pairs {
        let meeting = pair.meeting.as_ref().expect("a meeting");
        let at = (meeting.site.as_str(), meeting.slot.as_str());
        assert_eq!(
            (at, meeting.leader.as_deref()),
            (("Lincoln", "Tue"), Some("lea"))
        );
    }
    let alone: Vec<(&str, &str)> = answer
        .unmatched
        .iter()
        .map(|person| (person.id.as_str(), person.reason.code()))
        .collect();
    assert_eq!(alone, [("bo", "places_full")]);
    let Reason::PlacesFull { place, .. } = &answer.unmatched[0].reason else {
        panic!("{:?}", answer.unmatched)
    };
    let at = (place.site.as_str(), place.slot.as_str(), place.pairs);
    // The leader has one slot a week, and it is Tuesday.
    assert_eq!(
        (at, place.limit()),
        (("Lincoln", "Mon", 0), Some("leaders"))
    );
    assert_eq!(
        place.to_string(),
        r#"0 pairs in "Mon" at "Lincoln", where nobody is left to lead ("lea" in as many slots as max_slots allows)"#
    );
    let verified = verify(
        &roster,
        &Program::default(),
        &claims(&answer),
        &answer.certificate,
    );
    assert_eq!(verified.expect("a proof").status, Status::Optimal);
}

#[test]
fn a_circle_that_no_leader_can_hold_stays_empty() {
    let mentee = |id: &str, interests: &[&str]| person(id, 6, &["Mon"], interests);
    let roster = Roster::builder()
        .mentee(mentee("ana", &["chess", "art"]))
        .mentee(mentee("bo", &["chess"]))
        .mentor(person("max", 10, &["Mon"], &["chess", "art"]))
        .leader(Leader::new("lea").slots(["Mon"]).capacity(2));
    let mut program = Program::default();
    program.loads.mentor.min = 3;
    program.loads.mentor.max = 3;
    // Of three the leader could hold two, and there are but two.
    for other in ["ana", "cy"] {
        let mut roster = roster.clone();
        if other != "ana" {
            roster = roster.mentee(mentee(other, &[]).site("Grant"));
        }
        let roster = roster.build().expect("a roster");
        let answer = program.solve(&roster).expect("a match");
        assert_eq!(
            (answer.covered(), answer.certificate.status),
            (0, Status::Optimal)
        );
        verify(&roster, &program, &claims(&answer), &answer.certificate).expect("a proof");
    }
}

#[test]
fn rooms_limit_what_leaders_could_hold() {
    let room = |slot: &str, capacity| Room::new(slot).site("Lincoln").capacity(capacity);
    let roster = school().room(room("Mon", 1)).room(room("Tue", 1));
    let roster = roster.build().expect("a roster");
    let answer = solved(&roster);
    assert_eq!(answer.covered(), 1);
    let none = school().room(room("Fri", 9)).build().expect("a roster");
    let answer = solved(&none);
    assert_eq!((answer.covered(), answer.certificate.gap), (0, 0));
    // There is a room on Fridays only, when nobody is free; and leaders were never the reason.
    let no_place = |reason: &Reason| match reason {
        Reason::NoPlace {
            candidates,
            no_slot,
            no_room,
            no_leader,
        } => *candidates >= 1 && no_slot + no_room == *candidates && *no_leader == 0,
        _ => false,
    };
    assert!(
        answer
            .unmatched
            .iter()
            .all(|person| no_place(&person.reason))
    );
}

#[test]
fn promises_that_slots_cannot_keep_are_infeasible_and_proven_so() {
    let roster = school()
        .required("bo", "zoe")
        .required("di", "zoe")
        .build()
        .expect("a roster");
    let error = Program::default()
        .solve(&roster)
        .expect_err("Monday and Tuesday");
    assert_eq!(error.kind(), ErrorKind::Infeasible);
    let conflict = error.conflict().expect("a conflict");
    let kinds: Vec<&str> = conflict
        .constraints
        .iter()
        .map(|of| of.kind.as_str())
        .collect();
    let two = ["required_pair", "required_pair"];
    assert_eq!(kinds, [&two[..], &["leaders", "leader_slots"]].concat());
    assert!(conflict.irreducible && !conflict.repairs.is_empty());
    let certificate = error.certificate().expect("a proof");
    let verified = verify(&roster, &Program::default(), &[], certificate);
    assert_eq!(verified.expect("a proof").status, Status::Infeasible);
}

#[test]
fn a_match_that_cannot_be_held_is_refused() {
    let roster = school().build().expect("a roster");
    let answer = solved(&roster);
    let refused = |change: &dyn Fn(&mut ClaimedPair)| {
        let mut pairs = claims(&answer);
        change(&mut pairs[0]);
        let checked = verify(&roster, &Program::default(), &pairs, &answer.certificate);
        let error = checked.expect_err("a fault");
        assert_eq!(error.kind(), ErrorKind::Verification);
        error.message().to_owned()
    };
    let meeting = |pair: &mut ClaimedPair,
                   change: &dyn Fn(&mut nearpeer_core::verify::ClaimedMeeting)| {
        change(pair.meeting.as_mut().expect("a meeting"));
    };
    let message = refused(&|pair| pair.meeting = None);
    assert!(message.contains("no slot"), "{message}");
    let message = refused(&|pair| meeting(pair, &|meeting| meeting.leader = None));
    assert!(message.contains("supervises"), "{message}");
    let message = refused(&|pair| meeting(pair, &|meeting| meeting.leader = Some("lou".into())));
    assert!(message.contains("not among the leaders"), "{message}");
    let message = refused(&|pair| meeting(pair, &|meeting| meeting.slot = "Fri".into()));
    assert!(message.contains("cannot meet"), "{message}");
    // Two of three on Tuesday, one on Monday: more slots than the leader has time for.
    let message = refused(&|pair| meeting(pair, &|meeting| meeting.slot = "Mon".into()));
    assert!(
        message.contains("max_slots") || message.contains("cannot meet"),
        "{message}"
    );
}

#[test]
fn a_proof_that_is_tampered_with_is_refused() {
    let roster = school().build().expect("a roster");
    let answer = solved(&roster);
    let pairs = claims(&answer);
    let refuses = |what: &str, change: &dyn Fn(&mut Certificate)| {
        let mut certificate = answer.certificate.clone();
        change(&mut certificate);
        let checked = verify(&roster, &Program::default(), &pairs, &certificate);
        let error = checked.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Verification, "{what}");
    };
    let levels = |certificate: &mut Certificate, change: &dyn Fn(&mut LevelProof)| {
        certificate.parts[0].levels.iter_mut().for_each(change);
    };
    refuses("no parts", &|certificate| certificate.parts.clear());
    refuses("a part less", &|certificate| {
        certificate.parts[0].mentors.pop();
    });
    refuses("a place less", &|certificate| {
        certificate.parts[0].places.pop();
    });
    refuses("a level less", &|certificate| {
        certificate.parts[0].levels.pop();
    });
    refuses("no prices", &|certificate| {
        levels(certificate, &|level| level.prices.clear())
    });
    refuses("lower prices", &|certificate| {
        levels(certificate, &|level| {
            for prices in &mut level.prices {
                let all = prices.mentees.iter_mut().chain(&mut prices.mentors);
                all.for_each(|price| *price -= 1 << 20);
            }
        });
    });
    refuses("a negative price of a place", &|certificate| {
        levels(certificate, &|level| {
            level
                .prices
                .iter_mut()
                .for_each(|prices| prices.places[0] = -1);
        });
    });
    refuses("a price less", &|certificate| {
        levels(certificate, &|level| {
            level
                .prices
                .iter_mut()
                .for_each(|prices| prices.mentees.truncate(1));
        });
    });
    refuses("another unit", &|certificate| {
        levels(certificate, &|level| level.denominator = 0);
    });
    refuses("a better bound", &|certificate| {
        let last = certificate.levels.last_mut().expect("a level");
        last.bound -= 1;
    });
}

#[test]
fn a_cut_has_its_true_gap() {
    let mut builder = Roster::builder();
    let slots = ["Mon", "Tue", "Wed", "Thu", "Fri"];
    for ix in 0..90usize {
        let free = [slots[ix % 5], slots[ix * 7 % 4]];
        let words = [
            ["chess", "art", "music", "film"][ix % 4],
            ["go", "sea", "sky"][ix % 3],
        ];
        let (id, grade) = if ix < 60 {
            (format!("e{ix}"), 6)
        } else {
            (format!("m{ix}"), 10)
        };
        let person = person(&id, grade, &free, &words);
        builder = if ix < 60 {
            builder.mentee(person)
        } else {
            builder.mentor(person.load_max(2))
        };
    }
    for ix in 0..4usize {
        let leader = Leader::new(format!("l{ix}"))
            .site("Lincoln")
            .capacity(7)
            .max_slots(2);
        builder = builder.leader(leader.slots([slots[ix], slots[ix + 1], slots[(ix + 3) % 5]]));
    }
    let roster = builder.build().expect("a roster");
    let program = Program::default();
    let whole = program.solve(&roster).expect("a match");
    assert_eq!(whole.certificate.status, Status::Optimal);
    for microseconds in [1, 2_000, 10_000, 40_000] {
        let options = Options {
            time_limit: Some(std::time::Duration::from_micros(microseconds)),
            ..Options::default()
        };
        let answer = program.solve_with(&roster, &options).expect("a match");
        let checked = verify(&roster, &program, &claims(&answer), &answer.certificate);
        assert_eq!(checked.expect("a proof").status, answer.certificate.status);
        assert!(answer.covered() <= whole.covered());
    }
    let alone = Options {
        threads: Some(1),
        ..Options::default()
    };
    assert_eq!(program.solve_with(&roster, &alone).expect("a match"), whole);
}
