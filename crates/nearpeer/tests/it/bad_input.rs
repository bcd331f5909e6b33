//! Every bad cell has a message that names the place, the exit status 2, and no output.

use std::sync::Arc;

use crate::support::bad::{Case, check};
use crate::support::{Folder, MENTORS};
use arrow::array::{
    ArrayRef, Float64Array, Int64Array, LargeListBuilder, RecordBatch, StringArray, StringBuilder,
};
use nearpeer::{Table, Tables};

#[test]
fn people() {
    check(&[
        (
            &[("mentees.csv", b"ID,grade\nana,6\n")],
            "",
            "table mentees, column `id`: missing column; the nearest is \"ID\"; if it is called something else there, add --column \"OWN NAME=id\"",
        ),
        (
            &[("mentees.csv", b"id,grade\nana,6\nbo,sixth\n")],
            "",
            "table mentees, row 2, column `grade`, value \"sixth\": not a grade: expected PK, K, KG or a \
             number from -1 to 99, such as 6, 06, 6th or Grade 6",
        ),
        (
            &[("mentees.csv", b"id,grade\nana,6\nana,7\n")],
            "",
            "table mentees, row 2, column `id`, value \"ana\": the id was used before, in row 1",
        ),
        (
            &[("mentees.csv", b"id,grade\nana,6\nmax,7\n")],
            "",
            "table mentors, row 1, column `id`, value \"max\": the id is also a mentee's, in row 2",
        ),
        (
            &[("mentees.csv", b"id,grade\n ,6\n")],
            "",
            "table mentees, row 1, column `id`, value \"\": every person needs an id",
        ),
        (
            &[("mentors.csv", b"id,load_max\nmax,-1\n")],
            "",
            "table mentors, row 1, column `load_max`, value \"-1\": a load is a whole number from 0 to 10000",
        ),
        (
            &[("mentors.csv", b"id,load_max\nmax,1.5\n")],
            "",
            "table mentors, row 1, column `load_max`, value \"1.5\": a load is a whole number from 0 to 10000",
        ),
        (
            &[("mentors.csv", b"id,load_max\nmax,99999999999999999999\n")],
            "",
            "table mentors, row 1, column `load_max`, value \"99999999999999999999\": a load is a whole \
             number from 0 to 10000",
        ),
        (
            &[("mentors.csv", b"id,load_min,load_max\nmax,3,2\n")],
            "",
            "table mentors, row 1, column `load_min`, value \"3\": load_min is above load_max, which is 2",
        ),
        (
            &[("mentors.csv", b"id,trained\nmax,maybe\n")],
            "",
            "table mentors, row 1, column `trained`, value \"maybe\": expected true or false, yes or no, y \
             or n, 1 or 0",
        ),
        (
            &[("mentors.csv", b"id,average\nmax,2.5\nzoe,inf\n")],
            "",
            "table mentors, row 2, column `average`, value \"inf\": not a finite number",
        ),
    ]);
}

#[test]
fn embeddings() {
    check(&[
        (
            &[("mentees.csv", b"id,embedding\nana,1;0\nbo,1;0;2\n")],
            "",
            "table mentees, row 2, column `embedding`: an embedding of 3 numbers, but the one in row 1 of mentees \
             has 2",
        ),
        (
            &[
                ("mentees.csv", b"id,embedding\nana,\nbo,1;0\n"),
                ("mentors.csv", b"id,embedding\nmax,0;0;0\n"),
            ],
            "",
            "table mentors, row 1, column `embedding`: an embedding of 3 numbers, but the one in row 2 of mentees \
             has 2",
        ),
        (
            &[("mentees.csv", b"id,embedding\nana,1;NaN\n")],
            "",
            "table mentees, row 1, column `embedding`, value \"NaN\": an embedding is finite numbers",
        ),
        (
            &[("mentees.csv", b"id,embedding\nana,1;-inf\n")],
            "",
            "table mentees, row 1, column `embedding`, value \"-inf\": an embedding is finite numbers",
        ),
        (
            &[("mentees.csv", b"id,embedding\nana,1;;2\n")],
            "",
            "table mentees, row 1, column `embedding`, value \"\": an embedding is a list of numbers, in text with \
             `;` between them",
        ),
    ]);
}

#[test]
fn pairs() {
    check(&[
        (
            &[("b.csv", b"mentee,mentor_id\nana,max\n")],
            "--blocked b.csv",
            "table pairs_blocked, column `mentee_id`: missing column; the nearest is \"mentee\"; if it is called something else there, add --column \"OWN NAME=mentee_id\"",
        ),
        (
            &[("b.csv", b"mentee_id,mentor_id\nanna,max\n")],
            "--blocked b.csv",
            "table pairs_blocked, row 1, column `mentee_id`, value \"anna\": no mentee has this id; did you \
             mean \"ana\"?",
        ),
        (
            &[
                ("b.csv", b"mentee_id,mentor_id\nbo,max\nana,max\n"),
                ("r.csv", b"mentee_id,mentor_id\nana,max\n"),
            ],
            "--blocked b.csv --required r.csv",
            "table pairs_required, row 1: the pair of mentee \"ana\" and mentor \"max\" is both required and \
             blocked",
        ),
        (
            &[("s.csv", b"mentee_id,mentor_id\nana,max\n")],
            "--pair-scores s.csv",
            "table pair_scores, column `value`: missing column; if it is called something else there, add --column \"OWN NAME=value\"",
        ),
        (
            &[("s.csv", b"mentee_id,mentor_id,value\nana,max,NaN\n")],
            "--pair-scores s.csv",
            "table pair_scores, row 1, column `value`, value \"NaN\": a pair score is a number from 0 to 1",
        ),
        (
            &[("s.csv", b"mentee_id,mentor_id,score\nana,max,inf\n")],
            "--pair-scores s.csv",
            "table pair_scores, row 1, column `score`, value \"inf\": a pair score is a number from 0 to 1",
        ),
    ]);
}

#[test]
fn leaders_and_rooms() {
    let leaders: fn(&'static [u8], &'static str) -> Case<'static> = |content, message| {
        let files: &'static [(&str, &[u8])] = Box::leak(Box::new([("l.csv", content)]));
        (files, "--leaders l.csv", message)
    };
    let rooms: fn(&'static [u8], &'static str) -> Case<'static> = |content, message| {
        let files: &'static [(&str, &[u8])] = Box::leak(Box::new([("r.csv", content)]));
        (files, "--rooms r.csv", message)
    };
    check(&[
        leaders(
            b"id,site,slots,capacity\n",
            "table leaders: the table has no rows",
        ),
        leaders(
            b"leader,site,slots,capacity\nlea,East,Mon,8\n",
            "table leaders, column `id`: missing column; if it is called something else there, add --column \"OWN NAME=id\"",
        ),
        leaders(
            b"id,slots,capacity\nlea,Mon,8\n",
            "table leaders, column `site`: missing column; if it is called something else there, add --column \"OWN NAME=site\"",
        ),
        leaders(
            b"id,site,slot,capacity\nlea,East,Mon,8\n",
            "table leaders, column `slots`: missing column; the nearest is \"slot\"; if it is called something else there, add --column \"OWN NAME=slots\"",
        ),
        leaders(
            b"id,site,slots\nlea,East,Mon\n",
            "table leaders, column `capacity`: missing column; if it is called something else there, add --column \"OWN NAME=capacity\"",
        ),
        leaders(
            b"id,site,slots,capacity,max_slot\nlea,East,Mon,8,2\n",
            "table leaders, column `max_slot`: unknown column; did you mean `max_slots`?",
        ),
        leaders(
            b"id,site,slots,capacity\nlea,East,Mon,8\nlea,East,Mon,8\n",
            "table leaders, row 2, column `id`, value \"lea\": the id was used before, in row 1",
        ),
        leaders(
            b"id,site,slots,capacity\n,East,Mon,8\n",
            "table leaders, row 1, column `id`, value \"\": every leader needs an id",
        ),
        leaders(
            b"id,site,slots,capacity\nlea,East,Mon,8\nlou,East,Mon,\n",
            "table leaders, row 2, column `capacity`, value \"\": a capacity, in pairs at one time, is a whole \
             number from 0 to 1000000",
        ),
        leaders(
            b"id,site,slots,capacity\nlea,East,Mon,-1\n",
            "table leaders, row 1, column `capacity`, value \"-1\": a capacity, in pairs at one time, is a \
             whole number from 0 to 1000000",
        ),
        leaders(
            b"id,site,slots,capacity,max_slots\nlea,East,Mon,8,few\n",
            "table leaders, row 1, column `max_slots`, value \"few\": a number of slots is a whole number from \
             0 to 10000",
        ),
        rooms(
            b"site,slot,capacity\n",
            "table rooms: the table has no rows",
        ),
        rooms(
            b"site,slots,capacity\nEast,Mon,8\n",
            "table rooms, column `slot`: missing column; the nearest is \"slots\"; if it is called something else there, add --column \"OWN NAME=slot\"",
        ),
        rooms(
            b"slot,capacity\nMon,8\n",
            "table rooms, column `site`: missing column; if it is called something else there, add --column \"OWN NAME=site\"",
        ),
        rooms(
            b"site,slot,capacity\nEast,Mon,8\nEast,,8\n",
            "table rooms, row 2, column `slot`, value \"\": every room needs a slot",
        ),
        rooms(
            b"site,slot,capacity\n,Mon,8\n",
            "table rooms, row 1, column `site`, value \"\": every room needs a site",
        ),
        rooms(
            b"site,slot,capacity\nEast,Mon,8\nEast,Tue,8\nEast,Mon,9\n",
            "table rooms, row 3, column `slot`, value \"Mon\": the site has room in this slot already, in row 1",
        ),
        rooms(
            b"site,slot,capacity\nEast,Mon,1.5\n",
            "table rooms, row 1, column `capacity`, value \"1.5\": a capacity, in pairs at one time, is a \
             whole number from 0 to 1000000",
        ),
        rooms(
            b"site,slot,capacity\nEast,Mon,\n",
            "table rooms, row 1, column `capacity`, value \"\": a capacity, in pairs at one time, is a whole \
             number from 0 to 1000000",
        ),
        // The people of these tables have no slots.
        rooms(
            b"site,slot,capacity\nEast,Mon,8\n",
            "table mentees, column `slots`: every pair is to get a slot in which both are free, and nobody's \
             are known; with `meetings.assign = false` pairs get no slots",
        ),
        (
            &[("p.toml", b"[meetings]\ntravel = 'both'\n")],
            "--program p.toml",
            "programme key `meetings.travel`: unknown value `both` (line 2). The known ones are: mentee, \
             mentor, either",
        ),
    ]);
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Table {
    Table::new(
        "mentees",
        vec![RecordBatch::try_from_iter(columns).expect("a batch")],
    )
}

fn arrow_message(mentees: Table) -> String {
    let folder = Folder::new();
    let mentors = Table::read("mentors", &folder.put("m.csv", MENTORS)).expect("good mentors");
    let error = Tables::new(mentees, mentors)
        .roster()
        .expect_err("bad mentees");
    println!("    {error}");
    error.to_string()
}

#[test]
fn arrow_tables() {
    let ids = || -> ArrayRef { Arc::new(StringArray::from(vec!["a", "b"])) };
    let floats = |cells: [f64; 2]| -> ArrayRef { Arc::new(Float64Array::from(cells.to_vec())) };
    for (column, cells, message) in [
        (
            "grade",
            [6.0, 6.5],
            "table mentees, row 2, column `grade`, value \"6.5\": not a grade: expected PK, K, KG or a \
             number from -1 to 99, such as 6, 06, 6th or Grade 6",
        ),
        (
            "load_max",
            [f64::NAN, f64::INFINITY],
            "table mentees, row 2, column `load_max`, value \"inf\": a load is a whole number from 0 to 10000",
        ),
        (
            "average",
            [f64::NAN, f64::NEG_INFINITY],
            "table mentees, row 2, column `average`, value \"-inf\": not a finite number",
        ),
    ] {
        let table = batch(vec![("id", ids()), (column, floats(cells))]);
        assert_eq!(arrow_message(table), message);
    }
    let twice = batch(vec![("id", ids()), ("id", ids())]);
    assert_eq!(
        arrow_message(twice),
        "table mentees, column `id`: the table has this column twice"
    );
    let none = batch(vec![("grade", Arc::new(Int64Array::from(vec![6, 7])))]);
    assert_eq!(
        arrow_message(none),
        "table mentees, column `id`: missing column"
    );
    assert_eq!(
        arrow_message(Table::new("mentees", Vec::new())),
        "table mentees: the table has no rows"
    );
    let long: ArrayRef = Arc::new(StringArray::from(vec![
        "x".to_owned(),
        "x".repeat(10_000_000),
    ]));
    assert_eq!(
        arrow_message(batch(vec![("id", ids()), ("site", long)])),
        "table mentees, row 2, column `site`: the cell is longer than 1048576 bytes"
    );
    let mut lists = LargeListBuilder::new(StringBuilder::new());
    for items in [1, 10_000_000] {
        for _ in 0..items {
            lists.values().append_value("x");
        }
        lists.append(true);
    }
    let lists: ArrayRef = Arc::new(lists.finish());
    assert_eq!(
        arrow_message(batch(vec![("id", ids()), ("interests", lists)])),
        "table mentees, row 2, column `interests`: a list of 10000000 items; the most is 100000"
    );
}
