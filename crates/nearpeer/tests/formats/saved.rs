//! What is saved is whole, is read back as it was, and has these columns.

use std::path::Path;

use arrow::array::Float64Array;
use nearpeer::{Certificate, Level, Match, Meeting, Micropoints, Pair, Status, answer};
use proptest::prelude::*;

fn certificate() -> Certificate {
    Certificate {
        format: nearpeer::certificate::FORMAT,
        status: Status::Optimal,
        level: Level::Score,
        objective: 0,
        bound: 0,
        gap: 0,
        levels: Vec::new(),
        mentees: Vec::new(),
        mentors: Vec::new(),
        denominator: 1,
        nodes: Vec::new(),
        fairness: None,
        parts: Vec::new(),
        stability: None,
        students: Vec::new(),
        groups: Vec::new(),
        unbalanced: None,
    }
}

fn found(pairs: Vec<Pair>) -> Match {
    Match {
        slots_assigned: pairs.iter().any(|pair| pair.meeting.is_some()),
        pairs,
        mentees: 0,
        mentors: 0,
        unmatched: Vec::new(),
        rules: Vec::new(),
        notes: Vec::new(),
        limits: Vec::new(),
        criteria: vec!["interests".to_owned()],
        certificate: certificate(),
    }
}

fn read_back(folder: &Path, pairs: &[Pair]) {
    let written = found(pairs.to_vec());
    answer::save(&written, folder).expect("saved");
    let (claimed, certificate) = answer::read_answer(folder).expect("read");
    assert_eq!(certificate, written.certificate);
    assert_eq!(claimed.len(), pairs.len());
    for (claimed, pair) in claimed.iter().zip(pairs) {
        assert_eq!(
            (&claimed.mentee, &claimed.mentor, claimed.score),
            (&pair.mentee, &pair.mentor, pair.score)
        );
        assert_eq!(claimed, &nearpeer::ClaimedPair::from(pair));
    }
}

/// Ids as a spreadsheet, a CSV or a tease would have them; not blank, and without NUL.
fn id() -> impl Strategy<Value = String> {
    r#"['=+@\t\r\n", ;-]{0,4}[^\x00]{0,5}x[' "\n\r]{0,2}"#
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_is_read_back_as_it_was(
        pairs in prop::collection::vec((id(), id(), 0..2_000_000_i64), 0..6),
        places in prop::option::of((prop::option::of(id()), id(), prop::option::of(id()))),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let pairs: Vec<Pair> = pairs
            .into_iter()
            .map(|(mentee, mentor, score)| Pair {
                mentee,
                mentor,
                meeting: places.clone().map(|(site, slot, leader)| Meeting {
                    site: site.unwrap_or_default(),
                    slot,
                    leader,
                }),
                score: Micropoints(score),
                by_criterion: vec![Micropoints(score)],
            })
            .collect();
        read_back(folder.path(), &pairs);
    }
}

#[test]
fn the_certificate_is_renamed_last_and_may_have_a_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = found(Vec::new());
    let files = answer::save(&written, folder.path()).expect("saved");
    let certificate = folder.path().join(answer::CERTIFICATE);
    assert_eq!(files.last(), Some(&certificate));
    let mut text = b"\xef\xbb\xbf".to_vec();
    text.extend(std::fs::read(&certificate).expect("read"));
    std::fs::write(&certificate, text).expect("written");
    let (_, read) = answer::read_answer(folder.path()).expect("read");
    assert_eq!(read, written.certificate);
}

#[test]
fn an_empty_path_is_no_folder_to_save_to() {
    let error = answer::save(&found(Vec::new()), Path::new("")).expect_err("no folder");
    assert_eq!(error.kind(), nearpeer::ErrorKind::Io);
}

#[test]
fn what_cannot_be_saved_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    answer::save(&found(Vec::new()), folder.path()).expect("saved");
    let before = std::fs::read(folder.path().join(answer::PAIRS)).expect("read");
    std::fs::remove_file(folder.path().join(answer::CERTIFICATE)).expect("removed");
    std::fs::create_dir(folder.path().join(answer::CERTIFICATE)).expect("made");
    let pair = Pair {
        mentee: "a".into(),
        mentor: "b".into(),
        meeting: None,
        score: Micropoints::ONE,
        by_criterion: vec![Micropoints::ONE],
    };
    let error =
        answer::save(&found(vec![pair]), folder.path()).expect_err("a folder is in the way");
    assert_eq!(error.kind(), nearpeer::ErrorKind::Io);
    assert_eq!(
        std::fs::read(folder.path().join(answer::PAIRS)).expect("read"),
        before
    );
    let names = std::fs::read_dir(folder.path()).expect("read").count();
    assert_eq!(names, 3, "no temporary file is left");
}

#[test]
fn points_print_as_micropoints_do() {
    let pair = Pair {
        mentee: "a".into(),
        mentor: "b".into(),
        meeting: None,
        score: Micropoints(683_421),
        by_criterion: vec![Micropoints(100_000)],
    };
    let batch = nearpeer::tables::pairs_table(&found(vec![pair]));
    let names: Vec<_> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(
        names,
        ["mentee_id", "mentor_id", "score", "score_interests"]
    );
    let scores = batch
        .column(2)
        .as_any()
        .downcast_ref::<Float64Array>()
        .expect("floats");
    assert_eq!(scores.value(0).to_string(), "0.683421");
}

#[test]
fn meetings_stand_after_the_ids_where_slots_are_assigned() {
    let pair = |mentee: &str, site: &str, leader: Option<&str>| Pair {
        mentee: mentee.into(),
        mentor: "m".into(),
        meeting: Some(Meeting {
            site: site.into(),
            slot: "=Mon".into(),
            leader: leader.map(str::to_owned),
        }),
        score: Micropoints::ONE,
        by_criterion: vec![Micropoints::ONE],
    };
    let found = found(vec![pair("a", "East", Some("lea")), pair("b", "", None)]);
    let mut csv = Vec::new();
    nearpeer::tables::write_pairs_csv(&found, &mut csv).expect("written");
    assert_eq!(
        String::from_utf8_lossy(&csv),
        "mentee_id,mentor_id,site,slot,leader,score,score_interests\n\
         a,m,East,'=Mon,lea,1.000000,1.000000\n\
         b,m,,'=Mon,,1.000000,1.000000\n"
    );
    let batch = nearpeer::tables::pairs_table(&found);
    let schema = batch.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "mentee_id",
            "mentor_id",
            "site",
            "slot",
            "leader",
            "score",
            "score_interests"
        ]
    );
    let nulls: Vec<usize> = batch
        .columns()
        .iter()
        .map(|column| column.null_count())
        .collect();
    assert_eq!(nulls, [0, 0, 1, 0, 1, 0, 0]);
}
