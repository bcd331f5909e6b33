//! `nearpeer oneroster`: both versions as folders and archives.

use std::fs;

use crate::support::Folder;
use crate::support::oneroster::{GRADES, copy, pack, refused, sample};

const MENTEES: &str = "id,grade,site,gender\n\
    u-101,6,Lincoln Middle School,female\n\
    u-102,6,Lincoln Middle School,male\n\
    u-103,6,\"Adams Elementary, North\",\n\
    u-104,6,,\n";

const SUMMARY: &str = "mentees: 4; mentors: 4\n\
    students left out: 1 in other grades, 1 without a grade, 1 not active, 1 with enabledUser false\n\
    note: 1 of the mentees and mentors has no school, so that no site is known\n\
    files: out/mentees.csv, out/mentors.csv\n";

#[test]
fn both_versions_give_the_same_tables_from_a_folder_and_an_archive() {
    for (version, zoe) in [("v1p1", "female"), ("v1p2", "other")] {
        let folder = copy(version);
        pack(&folder, |file| file.to_owned(), &[]);
        for package in ["in", "in.zip"] {
            let run = folder.run(&format!("oneroster {package} {GRADES} --force --out out"));
            assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
            assert_eq!(run.out, SUMMARY);
            assert_eq!(folder.names("out"), ["mentees.csv", "mentors.csv"]);
            assert_eq!(folder.get("out/mentees.csv"), MENTEES);
            let mentors = format!(
                "id,grade,site,gender\n\
                 u-201,8,Lincoln Middle School,male\n\
                 u-202,8,Lincoln Middle School,{zoe}\n\
                 u-203,8,Lincoln Middle School,\n\
                 u-204,8,Lincoln Middle School,\n"
            );
            assert_eq!(folder.get("out/mentors.csv"), mentors);
        }
    }
}

#[test]
fn the_tables_are_matched() {
    let folder = copy("v1p2");
    for format in ["csv", "parquet"] {
        let run = folder.run(&format!(
            "oneroster in {GRADES} --format {format} --out {format}"
        ));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let input =
            format!("--mentees {format}/mentees.{format} --mentors {format}/mentors.{format}");
        let run = folder.run(&format!("match {input} --out {format}/out --parquet"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        assert!(run.out.contains("coverage: 2 of 4"), "{}", run.out);
    }
    assert_eq!(
        folder.get("csv/out/pairs.csv"),
        folder.get("parquet/out/pairs.csv")
    );
    assert!(folder.path().join("csv/out/pairs.parquet").is_file());
}

#[test]
fn names_and_dates_of_birth_are_carried_only_on_demand() {
    for version in ["v1p1", "v1p2"] {
        let folder = copy(version);
        let run = folder.run(&format!(
            "oneroster in {GRADES} --names --birth-dates --disabled --id identifier --out out --json"
        ));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(
            (&object["mentees"], &object["left_out"]["disabled"]),
            (&5.into(), &0.into())
        );
        let mentees = folder.get("out/mentees.csv");
        assert!(
            mentees.starts_with("id,grade,site,gender,birth_date,name\n"),
            "{mentees}"
        );
        let row = "100102,6,Lincoln Middle School,male,2015-01-20,Bo Kim\n";
        assert!(mentees.contains(row), "{mentees}");
        assert!(mentees.contains("\"Cy O'Neil, Jr.\""), "{mentees}");
        for word in ["example.org", "hunter2", "555-0100", "ana.r"] {
            let all = mentees.clone() + &folder.get("out/mentors.csv");
            assert!(!all.contains(word), "{word}");
        }
    }
}

#[test]
fn a_date_of_birth_is_looked_at_only_on_demand() {
    let folder = copy("v1p1");
    let file = folder.get("in/demographics.csv");
    assert!(file.contains("2014-10-05"));
    folder.put(
        "in/demographics.csv",
        file.replace("2014-10-05", "10/05/2014"),
    );
    let run = folder.run(&format!("oneroster in {GRADES} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let folder_again = copy("v1p1");
    folder_again.put("in/demographics.csv", folder.get("in/demographics.csv"));
    assert_eq!(
        refused(&folder_again, "in", &format!("{GRADES} --birth-dates")),
        "table demographics.csv, row 1, column `birthDate`, value \"10/05/2014\": line 2: not a date: expected year, \
         month and day as in 2026-08-31"
    );
}

#[test]
fn what_cannot_be_told_apart_or_written_is_refused() {
    let folder = copy("v1p1");
    let file = folder.get("in/users.csv");
    assert!(file.contains("ana.r"), "{file}");
    folder.put("in/users.csv", file.replace("ana.r", "@ana.r"));
    let message = refused(&folder, "in", &format!("{GRADES} --id username"));
    assert!(message.contains("would run as a formula"), "{message}");
    let run = folder.run(&format!(
        "oneroster in {GRADES} --id username --format parquet --out out"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let folder = copy("v1p1");
    let twice = folder.get("in/orgs.csv").replace("identifier,", "name,");
    folder.put("in/orgs.csv", twice);
    assert_eq!(
        refused(&folder, "in", GRADES),
        "table orgs.csv, column `name`: the header names this column twice"
    );
    let folder = copy("v1p1");
    let twice = folder.get("in/demographics.csv");
    let first = twice.lines().nth(1).expect("somebody");
    folder.put("in/demographics.csv", format!("{twice}{first}\n"));
    let message = refused(&folder, "in", GRADES);
    assert!(
        message.contains("u-101") && message.ends_with("this id is on line 2, too"),
        "{message}"
    );
    let folder = copy("v1p1");
    let long = "x".repeat(501);
    let orgs = folder
        .get("in/orgs.csv")
        .replace("Lincoln Middle School", &long);
    folder.put("in/orgs.csv", orgs);
    assert!(refused(&folder, "in", GRADES).contains("more than 500 bytes"));
}

#[test]
fn files_need_not_be_there_without_a_manifest() {
    for version in ["v1p1", "v1p2"] {
        let folder = copy(version);
        for file in [
            "manifest",
            "academicSessions",
            "demographics",
            "enrollments",
        ] {
            fs::remove_file(folder.path().join(format!("in/{file}.csv"))).expect("removed");
        }
        let run = folder.run(&format!("oneroster in {GRADES} --out out"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let mentees = folder.get("out/mentees.csv");
        assert!(
            mentees.starts_with("id,grade,site\nu-101,6,Lincoln Middle School\n"),
            "{mentees}"
        );
    }
}

#[test]
fn two_schools_of_one_name_are_told_apart() {
    let folder = copy("v1p1");
    let orgs = folder.get("in/orgs.csv");
    folder.put(
        "in/orgs.csv",
        orgs.replace("Adams Elementary, North", "Lincoln Middle School"),
    );
    let run = folder.run(&format!("oneroster in {GRADES} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let mentees = folder.get("out/mentees.csv");
    assert!(
        mentees.contains("u-101,6,Lincoln Middle School (s-10),"),
        "{mentees}"
    );
    assert!(
        mentees.contains("u-103,6,Lincoln Middle School (s-20),"),
        "{mentees}"
    );
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_marked() {
    let folder = copy("v1p1");
    let users = folder
        .get("in/users.csv")
        .replace("Ana,Rivera", "=HYPERLINK(1),Rivera");
    folder.put("in/users.csv", users);
    let run = folder.run(&format!("oneroster in {GRADES} --names --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        folder
            .get("out/mentees.csv")
            .contains(",'=HYPERLINK(1) Rivera\n")
    );
}

#[test]
fn an_archive_cannot_lead_out_of_itself() {
    let folder = copy("v1p1");
    let evil: &[(&str, &[u8])] = &[
        ("../evil.csv", b"a\n"),
        ("/tmp/users.csv", b"a\n"),
        ("..\\users.csv", b"a\n"),
    ];
    pack(&folder, |file| format!("export/{file}"), evil);
    let run = folder.run(&format!("oneroster in.zip {GRADES} --out out"));
    assert_eq!(
        (run.status, run.out.as_str()),
        (Some(0), SUMMARY),
        "{}",
        run.err
    );
    let folder = copy("v1p1");
    pack(&folder, |file| format!("../{file}"), &[]);
    assert_eq!(
        refused(&folder, "in.zip", GRADES),
        "table in.zip: the archive has no CSV file, such as users.csv in small letters, at its root or in a folder"
    );
}

#[test]
fn a_bomb_and_a_damaged_archive_are_refused() {
    let folder = copy("v1p1");
    fs::remove_file(folder.path().join("in/users.csv")).expect("removed");
    pack(
        &folder,
        |file| file.to_owned(),
        &[("users.csv", &vec![0; 64 << 20])],
    );
    let message = refused(&folder, "in.zip", GRADES);
    assert!(message.starts_with("table users.csv: "), "{message}");
    let bytes = fs::read(folder.path().join("in.zip")).expect("bytes");
    for end in [3, 100, bytes.len() / 2, bytes.len() - 1] {
        folder.put("in.zip", &bytes[..end]);
        refused(&folder, "in.zip", GRADES);
    }
    let folder = copy("v1p1");
    pack(&folder, |file| file.to_owned(), &[]);
    let bytes = fs::read(folder.path().join("in.zip")).expect("bytes");
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        folder.put("in.zip", damaged);
        let run = folder.run(&format!("oneroster in.zip {GRADES} --out out"));
        assert!(matches!(run.status, Some(0 | 2)), "byte {at}: {}", run.err);
    }
}

#[test]
fn tables_that_are_there_are_kept_unless_they_may_be_replaced() {
    let folder = Folder::new();
    let package = sample("v1p2").display().to_string();
    let words = format!("oneroster {package} --mentee-grades 6 --mentor-grades 7-8 --out .");
    let mine = folder.get("mentees.csv");
    let run = folder.run(&words);
    assert_eq!(run.status, Some(2));
    assert!(
        run.err.contains("mentees.csv\" is there already"),
        "{}",
        run.err
    );
    assert_eq!(folder.get("mentees.csv"), mine);
    let run = folder.run(&format!("{words} --force"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_ne!(folder.get("mentees.csv"), mine);
}
