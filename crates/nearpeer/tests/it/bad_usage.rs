//! Bad settings and bad words of the command have a message, the exit status 2, and no output.

use std::path::Path;

use crate::support::{Folder, bad::check};
use nearpeer::{ErrorKind, answer};

#[test]
fn settings_and_output() {
    check(&[
        (
            &[("p.toml", b"[eligibility]\nconsnt = false\n")],
            "--program p.toml",
            "programme key `consnt`: unknown key (line 2); did you mean `consent`? The known ones are: \
             screening, training, consent, grade_gap, site, slot, language, gender, feeders, rules",
        ),
        (
            &[(
                "p.toml",
                b"[[criteria]]\nkind = 'interests'\nweight = -1\nmissing = 'zero'\n",
            )],
            "--program p.toml",
            "programme key `criteria[1].weight`: a weight is a finite number, 0 or more, not -1",
        ),
        (
            &[("p.toml", b"mode = '\xe9'\n")],
            "--program p.toml",
            "programme p.toml: the text is not UTF-8",
        ),
        (
            &[],
            "--program nowhere.toml",
            "programme nowhere.toml: the file cannot be read: No such file or directory (os error 2)",
        ),
        (
            &[],
            "--time-limit 0",
            "--time-limit 0: a time limit is a number of seconds above 0",
        ),
        (
            &[],
            "--time-limit -1",
            "--time-limit -1: a time limit is a number of seconds above 0",
        ),
        (
            &[],
            "--time-limit nan",
            "--time-limit NaN: a time limit is a number of seconds above 0",
        ),
        (
            &[("out", b"a file")],
            "",
            "the output folder \"out\" cannot be made: \"out\" is not a folder",
        ),
    ]);
}

#[test]
fn usage() {
    let folder = Folder::new();
    for words in [
        "",
        "match",
        "match --mentes a.csv",
        "check --mentees mentees.csv",
    ] {
        let run = folder.run(words);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{words}");
        assert!(run.err.contains("Usage"), "{words}: {}", run.err);
    }
    for threads in ["0", "1025", "4096", "many"] {
        let run = folder.run(&format!(
            "match --mentees mentees.csv --mentors mentors.csv --out out --threads {threads}"
        ));
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{threads}");
        assert!(run.err.contains("'--threads <N>'"), "{}", run.err);
    }
    assert_eq!(folder.run("--help").status, Some(0));
    assert_eq!(folder.run("--version").out, "nearpeer 0.1.0\n");
}

#[test]
fn students_are_not_checked_as_mentees_and_mentors() {
    let folder = Folder::new();
    folder.put("p.toml", "mode = \"co_mentoring\"\n");
    let run = folder.run("check --mentees mentees.csv --mentors mentors.csv --program p.toml");
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("--students"), "{}", run.err);
}

#[test]
fn an_empty_path_is_not_the_current_folder() {
    let folder = Folder::new();
    let before = folder.names(".");
    let run = folder.run("match --mentees mentees.csv --mentors mentors.csv --out=");
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(run.err.contains("'--out <DIR>'"), "{}", run.err);
    assert_eq!(folder.names("."), before);
    let error = answer::check_folder(Path::new("")).expect_err("no folder");
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::Io,
            "the output folder has no name; use `.` for the current folder"
        )
    );
}

/// What is no file is not replaced by one.
#[cfg(unix)]
#[test]
fn links_and_the_standard_output_are_not_replaced() {
    let folder = Folder::new();
    folder.put("there.json", "kept");
    std::os::unix::fs::symlink("there.json", folder.path().join("link.json")).expect("a link");
    std::os::unix::net::UnixListener::bind(folder.path().join("socket")).expect("a socket");
    let asked = "match --mentees mentees.csv --mentors mentors.csv --out out";
    for (name, why) in [
        ("link.json", "it is a link"),
        ("socket", "it is no file but a device or a pipe"),
        ("-", "nothing is written to the standard output"),
    ] {
        let run = folder.run(&format!("{asked} --json={name}"));
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{name}");
        assert!(run.err.contains(why), "{name}: {}", run.err);
        assert!(!folder.has("out"), "{name}");
    }
    assert_eq!(folder.get("there.json"), "kept");
}

#[test]
fn a_failure_is_json_where_json_is_asked_for() {
    let folder = Folder::new();
    folder.put("mentees.csv", "id,grade\nana,sixth\n");
    let run = folder.run("check --json --mentees mentees.csv --mentors mentors.csv");
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&object["row"], &object["column"]),
        (&1.into(), &"grade".into())
    );
    assert_eq!(run.status, Some(2));
}
