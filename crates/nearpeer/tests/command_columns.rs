//! `--column`: tables whose columns have other names.

mod support;

use support::Folder;

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

const INPUT: &str = "--mentees mentees.csv --mentors mentors.csv --previous previous.csv";
const COLUMNS: &str = "--column student_no=id --column school=site";

#[test]
fn every_task_reads_columns_under_other_names() {
    let folder = folder();
    let run = folder.run(&format!("match {INPUT} {COLUMNS} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 2 of 2 mentees"), "{}", run.out);
    for task in [
        "verify --out out",
        "check",
        "assess",
        "explain ana --match out",
        "report --match out --out page.html --names id",
    ] {
        let run = folder.run(&format!("{task} {INPUT} {COLUMNS}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{task}");
    }
    folder.put("students.csv", "number,grade\na,7\nb,7\n");
    let run = folder.run("match --students students.csv --column number=id --out students");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 2 of 2 students"), "{}", run.out);
}
