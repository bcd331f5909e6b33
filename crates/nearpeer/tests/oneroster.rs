//! `nearpeer oneroster`: both versions as folders and archives, and every fault by its file and line.

mod support;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use support::Folder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn sample(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/oneroster")
        .join(version)
}

/// A folder with a copy of a sample in the folder `in`.
fn copy(version: &str) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("in")).expect("a folder");
    for entry in fs::read_dir(sample(version)).expect("the sample").flatten() {
        let to = folder.path().join("in").join(entry.file_name());
        fs::copy(entry.path(), to).expect("copied");
    }
    folder
}

/// Packs files into an archive, each under a name made of its own.
fn pack(folder: &Folder, name: impl Fn(&str) -> String, extra: &[(&str, &[u8])]) {
    let file = File::create(folder.path().join("in.zip")).expect("a file");
    let mut zip = ZipWriter::new(file);
    let mut add = |name: &str, content: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(content).expect("written");
    };
    for file in folder.names("in") {
        let content = fs::read(folder.path().join("in").join(&file)).expect("a file");
        add(&name(&file), &content);
    }
    for (name, content) in extra {
        add(name, content);
    }
    zip.finish().expect("an archive");
}

const GRADES: &str = "--mentee-grades 6 --mentor-grades 8";

const MENTEES: &str = "id,grade,site,gender\n\
    u-101,6,Lincoln Middle School,female\n\
    u-102,6,Lincoln Middle School,male\n\
    u-103,6,\"Adams Elementary, North\",\n\
    u-104,6,,\n";

const SUMMARY: &str = "mentees: 4; mentors: 4\n\
    students left out: 1 in other grades, 1 without a grade, 1 not active, 1 with enabledUser false\n\
    note: 1 of the mentees and mentors have no school, so that no site is known\n\
    files: out/mentees.csv, out/mentors.csv\n";

#[test]
fn both_versions_give_the_same_tables_from_a_folder_and_an_archive() {
    for (version, zoe) in [("v1p1", "female"), ("v1p2", "other")] {
        let folder = copy(version);
        pack(&folder, |file| file.to_owned(), &[]);
        for package in ["in", "in.zip"] {
            let run = folder.run(&format!("oneroster {package} {GRADES} --out out"));
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

/// Replaces text of one file of a sample, or removes the file, and gives the error.
fn fault(version: &str, file: &str, from: &str, to: &str) -> String {
    let folder = copy(version);
    let path = format!("in/{file}");
    let content = folder.get(&path);
    assert!(content.contains(from), "{file} has no {from:?}");
    folder.put(&path, content.replacen(from, to, 1));
    refused(&folder, "in", GRADES)
}

fn refused(folder: &Folder, package: &str, words: &str) -> String {
    let run = folder.run(&format!("oneroster {package} {words} --out out"));
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(folder.names("out").is_empty(), "nothing is written");
    println!("{}", run.err.trim_end());
    let message = run.err.trim_end().strip_prefix("error: ");
    message.expect("an error").to_owned()
}

#[test]
fn faults_name_file_line_column_and_value() {
    for (version, file, from, to, message) in [
        (
            "v1p1",
            "users.csv",
            ",06,\nu-102",
            ",sixth,\nu-102",
            "table users.csv, row 1, column `grades`, value \"sixth\": line 2: not a grade: expected a code such as \
             PK, KG or 06",
        ),
        (
            "v1p1",
            "users.csv",
            "u-102,active",
            "u-102,gone",
            "table users.csv, row 2, column `status`, value \"gone\": line 3: not one of active, tobedeleted, inactive",
        ),
        (
            "v1p1",
            "users.csv",
            "2026-08-01T06:30:00.000Z",
            "08/01/2026",
            "table users.csv, row 2, column `dateLastModified`, value \"08/01/2026\": line 3: not a time: expected one \
             such as 2026-08-01T06:30:00.000Z",
        ),
        (
            "v1p1",
            "users.csv",
            "\"s-10,s-20\",student",
            "\"s-10,s-99\",student",
            "table users.csv, row 3, column `orgSourcedIds`, value \"s-10,s-99\": line 4: no organisation of orgs.csv is \
             \"s-99\"",
        ),
        (
            "v1p1",
            "users.csv",
            "u-103,,,true",
            "u-101,,,true",
            "table users.csv, row 3, column `sourcedId`, value \"u-101\": line 4: this id is on line 2, too",
        ),
        (
            "v1p1",
            "users.csv",
            "u-101,,,true",
            ",,,true",
            "table users.csv, row 1, column `sourcedId`: line 2: the cell is empty",
        ),
        (
            "v1p1",
            "users.csv",
            "u-101,,,true",
            "u-101,,,yes",
            "table users.csv, row 1, column `enabledUser`, value \"yes\": line 2: not one of true, false",
        ),
        (
            "v1p1",
            "users.csv",
            "s-10,student,ana.r",
            "s-10,pupil,ana.r",
            "table users.csv, row 1, column `role`, value \"pupil\": line 2: not one of administrator, aide, guardian, \
             parent, proctor, relative, student, teacher",
        ),
        (
            "v1p1",
            "users.csv",
            "sourcedId,",
            "SourcedID,",
            "table users.csv, column `sourcedId`: missing column; the nearest is \"SourcedID\"",
        ),
        (
            "v1p1",
            "users.csv",
            "orgSourcedIds",
            "org_sourced_id",
            "table users.csv, column `orgSourcedIds`: missing column; the nearest is \"org_sourced_id\"",
        ),
        (
            "v1p1",
            "users.csv",
            "orgSourcedIds",
            "orgs",
            "table users.csv, column `orgSourcedIds`: missing column",
        ),
        (
            "v1p1",
            "users.csv",
            "u-102,active,",
            "u-102,",
            "table users.csv, row 2: line 3: cells in the row: 17; in the header: 18",
        ),
        (
            "v1p1",
            "orgs.csv",
            ",district,",
            ",region,",
            "table orgs.csv, row 1, column `type`, value \"region\": line 2: not one of department, school, district, \
             local, state, national",
        ),
        (
            "v1p1",
            "orgs.csv",
            "s-20,,",
            "s-10,,",
            "table orgs.csv, row 3, column `sourcedId`, value \"s-10\": line 4: this id is on line 3, too",
        ),
        (
            "v1p1",
            "demographics.csv",
            ",female,",
            ",F,",
            "table demographics.csv, row 1, column `sex`, value \"F\": line 2: not one of male, female, other, unspecified",
        ),
        (
            "v1p1",
            "demographics.csv",
            "u-101,",
            "u-999,",
            "table demographics.csv, row 1, column `sourcedId`, value \"u-999\": line 2: no user of users.csv has this id",
        ),
        (
            "v1p1",
            "enrollments.csv",
            "s-20,u-103",
            "s-99,u-103",
            "table enrollments.csv, row 3, column `schoolSourcedId`, value \"s-99\": line 4: no organisation of orgs.csv \
             is \"s-99\"",
        ),
        (
            "v1p1",
            "enrollments.csv",
            "u-902,teacher,true",
            "u-902,teacher,maybe",
            "table enrollments.csv, row 5, column `primary`, value \"maybe\": line 6: not one of true, false",
        ),
        (
            "v1p1",
            "manifest.csv",
            "version,1.1",
            "version,2.0",
            "table manifest.csv, row 2, column `value`, value \"2.0\": line 3: the versions that are read are 1.1 and 1.2",
        ),
        (
            "v1p1",
            "manifest.csv",
            "oneroster.version,1.1\n",
            "",
            "table manifest.csv: the property oneroster.version is missing",
        ),
        (
            "v1p1",
            "manifest.csv",
            "file.users,bulk",
            "file.users,delta",
            "table manifest.csv, row 15, column `value`, value \"delta\": line 16: only changes are in this file (delta); \
             export everything (bulk)",
        ),
        (
            "v1p1",
            "manifest.csv",
            "file.users,bulk",
            "file.users,absent",
            "table manifest.csv: file.users: it is needed, not absent",
        ),
        (
            "v1p2",
            "roles.csv",
            "u-101,primary",
            "u-999,primary",
            "table roles.csv, row 1, column `userSourcedId`, value \"u-999\": line 2: no user of users.csv has this id",
        ),
        (
            "v1p2",
            "roles.csv",
            "2027-06-04",
            "2027-06-31",
            "table roles.csv, row 2, column `endDate`, value \"2027-06-31\": line 3: not a date: expected year, month \
             and day as in 2026-08-31",
        ),
        (
            "v1p2",
            "roles.csv",
            "u-101,primary",
            "u-101,main",
            "table roles.csv, row 1, column `roleType`, value \"main\": line 2: not one of primary, secondary",
        ),
        (
            "v1p2",
            "users.csv",
            ",,,s-10,\n",
            ",,,s-99,\n",
            "table users.csv, row 1, column `primaryOrgSourcedId`, value \"s-99\": line 2: no organisation of orgs.csv \
             is \"s-99\"",
        ),
    ] {
        assert_eq!(fault(version, file, from, to), message);
    }
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let folder = copy("v1p1");
    let users = folder.get("in/users.csv").replace('\n', "\r\n");
    let users = users.replace("100103,,,,,06", "100103,,,,,6th grader");
    let users = users.replace("Ana,Rivera", "\"Ana\r\n\",Rivera");
    folder.put("in/users.csv", users.replace("u-102", "\r\nu-102"));
    let message = refused(&folder, "in", GRADES);
    assert!(
        message
            .starts_with("table users.csv, row 3, column `grades`, value \"6th grader\": line 6: "),
        "{message}"
    );
}

#[test]
fn files_that_are_missing_are_named() {
    for (version, file, message) in [
        (
            "v1p1",
            "users.csv",
            "table manifest.csv: file.users is bulk, but users.csv is not there",
        ),
        (
            "v1p2",
            "roles.csv",
            "table manifest.csv: file.roles is bulk, but roles.csv is not there",
        ),
        (
            "v1p1",
            "orgs.csv",
            "table manifest.csv: file.orgs is bulk, but orgs.csv is not there",
        ),
    ] {
        let folder = copy(version);
        fs::remove_file(folder.path().join("in").join(file)).expect("removed");
        assert!(refused(&folder, "in", GRADES).starts_with(message));
    }
    let folder = copy("v1p1");
    fs::remove_file(folder.path().join("in/manifest.csv")).expect("removed");
    fs::rename(
        folder.path().join("in/users.csv"),
        folder.path().join("in/Users.csv"),
    )
    .expect("renamed");
    assert_eq!(
        refused(&folder, "in", GRADES),
        "table in: users.csv is not there; the nearest is \"Users.csv\""
    );
    assert!(refused(&folder, "nowhere", GRADES).starts_with("table nowhere: it cannot be read"));
    assert_eq!(
        refused(&folder, "mentees.csv", GRADES),
        "table mentees.csv: this is neither a folder nor a zip archive"
    );
}

#[test]
fn rules_that_cannot_be_are_refused() {
    let folder = copy("v1p1");
    for (words, message) in [
        (
            "--mentee-grades six --mentor-grades 8",
            "--mentee-grades: \"six\" is not a grade or a range of grades, such as 6, K or 6-8",
        ),
        (
            "--mentee-grades 6 --mentor-grades 9-8",
            "--mentor-grades: the grades 9-8 run backwards",
        ),
        (
            "--mentee-grades 6-8 --mentor-grades 8-9",
            "grade 8 is both a grade of mentees and of mentors",
        ),
        (
            "--mentee-grades 6 --mentor-grades 8 --id identifier",
            "table users.csv, row 1, column `identifier`: line 2: the cell is empty",
        ),
    ] {
        let users = folder.get("in/users.csv").replace("100101", "");
        folder.put("in/users.csv", users);
        assert_eq!(refused(&folder, "in", words), message);
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
        "table in.zip: the archive has no CSV file"
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
