//! `nearpeer oneroster`: every fault by its file and line.

use std::fs;

use crate::support::oneroster::{GRADES, copy, fault, refused};

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
