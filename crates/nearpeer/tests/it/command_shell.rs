//! What the command does for a shell: completions, the manual, a programme from standard input, no colour in a pipe.

use crate::support::Folder;

#[test]
fn every_shell_has_completions_of_every_task() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = folder.run(&format!("completions {shell}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        for word in ["match", "oneroster", "mentee-grades", "keep-on-interrupt"] {
            assert!(run.out.contains(word), "{shell} lacks {word}");
        }
    }
    let run = folder.run("completions csh");
    assert_eq!(run.status, Some(2));
}

#[cfg(unix)]
#[test]
fn the_script_for_bash_is_bash() {
    let folder = Folder::new();
    let run = folder.run("completions bash");
    let script = folder.put("complete.bash", run.out);
    let check = "source complete.bash && COMP_WORDS=(nearpeer ma) && COMP_CWORD=1 && \
                 _nearpeer nearpeer ma nearpeer && echo \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash")
        .args(["-c", check])
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    assert!(script.is_file());
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "match man");
}

#[test]
fn the_manual_has_a_page_a_task() {
    let folder = Folder::new();
    let run = folder.run("man");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains(".TH nearpeer 1"), "{}", run.out);
    assert!(run.out.contains("nearpeer\\-match(1)"), "{}", run.out);
    let run = folder.run("man --out man");
    assert_eq!(
        (run.status, run.out.as_str(), run.err.as_str()),
        (Some(0), "", "")
    );
    let names = folder.names("man");
    for page in ["nearpeer.1", "nearpeer-match.1", "nearpeer-oneroster.1"] {
        assert!(names.iter().any(|name| name == page), "{names:?}");
    }
    assert!(
        folder
            .get("man/nearpeer-match.1")
            .contains("\\-\\-memory\\-limit")
    );
}

#[test]
fn a_programme_comes_through_a_pipe() {
    let folder = Folder::new();
    let tables = "--mentees mentees.csv --mentors mentors.csv";
    let run = folder.run_with(
        &format!("match --program - {tables} --out out"),
        b"eligibility.grade_gap = { min = 3 }",
    );
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("coverage: 2 of 2"), "{}", run.out);
    for (settings, message) in [
        (
            &b"lods = 1"[..],
            "error: programme key `lods`: unknown key (line 1); did you mean `loads`?",
        ),
        (b"\xff", "error: the programme is not UTF-8"),
    ] {
        let run = folder.run_with(&format!("check --program - {tables}"), settings);
        assert_eq!(run.status, Some(2));
        assert!(run.err.starts_with(message), "{}", run.err);
    }
    let long = vec![b'#'; (16 << 20) + 1];
    let run = folder.run_with(&format!("check --program - {tables}"), &long);
    assert_eq!(
        run.err,
        "error: the programme is longer than 16777216 bytes\n"
    );
}

#[test]
fn there_is_no_colour_without_a_terminal() {
    let folder = Folder::new();
    for words in [
        "--help",
        "match --help",
        "match",
        "no-such-task",
        "match --mentees a.csv --mentors b.csv --out out",
    ] {
        let run = folder.run(words);
        assert!(
            !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
            "{words}"
        );
    }
}

#[test]
fn an_empty_pipe_is_no_programme() {
    let folder = Folder::new();
    folder.put("a.csv", "id\nana\n");
    folder.put("b.csv", "id\nmax\n");
    let run = folder.run("match --program - --mentees a.csv --mentors b.csv --out out");
    assert_eq!(run.status, Some(2));
    assert!(
        run.err.contains("nothing came through the pipe"),
        "{}",
        run.err
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_no_success() {
    let full = std::fs::File::create("/dev/full").expect("Linux has it");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_nearpeer"))
        .arg("man")
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status();
    assert_eq!(status.expect("a run").code(), Some(2));
}

#[test]
fn students_are_offered_where_they_are_taken() {
    let folder = Folder::new();
    folder.put("students.csv", "id\na\nb\n");
    for (task, words) in [
        ("check", "check"),
        ("assess", "assess"),
        ("explain", "explain a"),
        ("alternatives", "alternatives a"),
        ("advise", "advise"),
    ] {
        let help = folder.run(&format!("{task} --help")).out;
        assert!(!help.contains("--students"), "{help}");
        let run = folder.run(&format!("{words} --students students.csv"));
        assert_eq!(run.status, Some(2));
        let says = format!("error: {task} is for mentees and mentors, not for --students\n");
        assert_eq!(run.err, says);
    }
    for task in ["match", "verify", "report", "init"] {
        let help = folder.run(&format!("{task} --help")).out;
        assert!(help.contains("--students <FILE>"), "{help}");
    }
}
