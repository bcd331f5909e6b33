//! `--column`: tables whose columns have other names.

use crate::support::{Folder, MENTEES, MENTORS};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "student_no,grade,school,interests\nana,6,East,chess;art\nbo,7,East,football\n",
    );
    folder.put(
        "mentors.csv",
        "student_no,grade,school,interests\nmax,9,East,football;chess\nzoe,10,East,art\n",
    );
    folder.put("previous.csv", "mentee_id,mentor_id\nana,zoe\n");
    folder
}

const TABLES: &str = "--mentees mentees.csv --mentors mentors.csv";
const PREVIOUS: &str = "--previous previous.csv";
const COLUMNS: &str = "--column student_no=id --column school=site";

#[test]
fn every_task_reads_columns_under_other_names() {
    let folder = folder();
    let run = folder.run(&format!("match {TABLES} {PREVIOUS} {COLUMNS} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 2 of 2 mentees"), "{}", run.out);
    for task in [
        "verify --out out",
        "check",
        "assess",
        "explain ana --match out",
        "report --match out --out page.html --names id",
    ] {
        let run = folder.run(&format!("{task} {TABLES} {PREVIOUS} {COLUMNS}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{task}");
    }
    folder.put("students.csv", "number,grade\na,7\nb,7\n");
    let run = folder.run("match --students students.csv --column number=id --out students");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 2 of 2 students"), "{}", run.out);
}

#[test]
fn columns_may_be_called_something_else() {
    let folder = Folder::new();
    let run = folder.run(&format!("match {TABLES} --out plain"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for (name, text) in [("mentees", MENTEES), ("mentors", MENTORS)] {
        let key = if name == "mentees" { "pupil" } else { "tutor" };
        let head = text.replacen("id,grade,site", &format!("{key},class=year,site"), 1);
        folder.put(&format!("{name}.csv"), head);
    }
    let run = folder.run(&format!("match {TABLES} --out own"));
    assert_eq!(run.status, Some(2));
    assert!(
        run.err.ends_with("add --column \"OWN NAME=id\"\n"),
        "{}",
        run.err
    );
    let names = "--column pupil=id --column tutor=id --column class=year=grade";
    for task in ["match --out own", "verify --out own", "check", "init"] {
        let run = folder.run(&format!("{task} {TABLES} {names}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{task}");
    }
    for file in ["pairs.csv", "unmatched.csv", "certificate.json"] {
        let of = |out: &str| folder.get(&format!("{out}/{file}"));
        assert_eq!(of("own"), of("plain"), "{file}");
    }
    for (names, message) in [
        (
            "--column pupils=id",
            "column `pupils`: no table has this column; the nearest is \"pupil\"",
        ),
        (
            "--column pupil=id --column pupil=grade",
            "column `pupil`: --column reads it as \"id\" and as \"grade\"",
        ),
        (
            "--column pupil",
            "write it as OWN=NAME, such as \"Student No=id\"",
        ),
        ("--column =id", "write it as OWN=NAME"),
        ("--column pupil=", "write it as OWN=NAME"),
    ] {
        let run = folder.run(&format!("check {TABLES} {names}"));
        assert_eq!(run.status, Some(2));
        assert!(run.err.contains(message), "{names}: {}", run.err);
    }
}
