//! `nearpeer synth`: the golden bytes, the same roster from memory and from files, and a match of them.

use std::fs;
use std::path::Path;

use crate::support::Folder;
use nearpeer::district::{self, Format, PROGRAMME};
use nearpeer::synth::{District, Plan};
use nearpeer::{Role, Table, Tables, read_program};

const FILES: [&str; 5] = [
    "leaders.csv",
    "mentees.csv",
    "mentors.csv",
    "programme.toml",
    "rooms.csv",
];

/// The golden district; the command's words for it are the same.
fn golden() -> Plan {
    Plan {
        students: 24,
        sites: 4,
        seed: 7,
        missing: 0.1,
        ..Plan::default()
    }
}

const WORDS: &str = "synth --students 24 --sites 4 --seed 7 --missing 0.1";

fn golden_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/synth")
}

fn tables(folder: &Path, format: Format) -> Tables {
    let table = |name: &str| {
        let file = format!("{name}.{}", format.ending());
        Table::read(name, &folder.join(file)).expect("a table")
    };
    Tables::new(table("mentees"), table("mentors"))
}

#[test]
fn the_bytes_are_the_golden_ones() {
    let folder = Folder::new();
    let run = folder.run(&format!("{WORDS} --out made/district"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_eq!(folder.names("made/district"), FILES);
    for file in FILES {
        let golden = fs::read_to_string(golden_folder().join(file)).expect("a golden file");
        let written = folder.get(&format!("made/district/{file}"));
        assert!(written == golden, "{file} is not what it was:\n{written}");
    }
    assert!(
        run.out.starts_with(
            "mentees: 16; mentors: 8; leaders: 4\nsites: 4; feeders: 3; rooms: 34\nfiles: made/district"
        ),
        "{}",
        run.out
    );
}

#[test]
fn files_give_the_same_roster_as_memory() {
    let folder = Folder::new();
    let plans = [
        golden(),
        Plan {
            students: 900,
            ..golden()
        },
        Plan {
            sites: 0,
            mentees: Some(40),
            mentors: Some(20),
            ..golden()
        },
        Plan {
            sites: 1,
            missing: 1.0,
            ..golden()
        },
    ];
    for plan in plans {
        let made = District::new(&plan).expect("a district");
        for format in [Format::Csv, Format::Parquet] {
            district::save(&made, folder.path(), format).expect("the files are written");
            let mut tables = tables(folder.path(), format);
            let roster = tables.roster().expect("a roster");
            assert!(roster == made.roster(), "{format:?}, {plan:?}");
            let staff = |name: &str| {
                let file = format!("{name}.{}", format.ending());
                Table::read(name, &folder.path().join(file)).expect("a table")
            };
            tables.leaders = Some(staff("leaders")).filter(|table| table.rows() > 0);
            tables.rooms = Some(staff("rooms")).filter(|table| table.rows() > 0);
            let roster = tables.roster().expect("a roster");
            assert!(roster == made.staffed_roster(), "{format:?}, {plan:?}");
            let program = read_program(&folder.path().join(PROGRAMME)).expect("a programme");
            assert_eq!(program, made.program());
        }
        let table = |name, role| Table::new(name, vec![district::students_table(&made, role)]);
        let tables = Tables::new(
            table("mentees", Role::Mentee),
            table("mentors", Role::Mentor),
        );
        assert!(tables.roster().expect("a roster") == made.roster());
    }
}

#[test]
fn leaders_and_rooms_are_the_same_in_parquet_and_memory() {
    let folder = Folder::new();
    for plan in [
        golden(),
        Plan {
            sites: 0,
            ..golden()
        },
    ] {
        let made = District::new(&plan).expect("a district");
        district::save(&made, folder.path(), Format::Parquet).expect("the files are written");
        let read = Table::read("leaders", &folder.path().join("leaders.parquet")).expect("a table");
        let written = district::leaders_table(&made);
        assert_eq!(read.rows(), made.leaders().count());
        assert_eq!(read.batches(), [written]);
        let read = Table::read("rooms", &folder.path().join("rooms.parquet")).expect("a table");
        assert_eq!(read.rows(), made.rooms().count());
        assert_eq!(read.batches(), [district::rooms_table(&made)]);
    }
}

#[test]
fn the_command_matches_what_it_made_up() {
    let folder = Folder::new();
    for format in ["csv", "parquet"] {
        let run = folder.run(&format!(
            "synth --mentees 60 --mentors 30 --sites 3 --mentor-share 0.9 --format {format} --force --out in --json"
        ));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(
            (&object["mentees"], &object["mentors"]),
            (&60.into(), &30.into())
        );
        assert_eq!(object["files"].as_array().map(Vec::len), Some(5));
        let input = format!(
            "--program in/programme.toml --mentees in/mentees.{format} --mentors in/mentors.{format}"
        );
        let run = folder.run(&format!("match {input} --out out/{format}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        assert!(run.out.contains("gap: 0, proven optimal"), "{}", run.out);
        let run = folder.run(&format!("verify {input} --out out/{format}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    }
    for file in ["pairs.csv", "unmatched.csv", "certificate.json"] {
        assert_eq!(
            folder.get(&format!("out/csv/{file}")),
            folder.get(&format!("out/parquet/{file}"))
        );
    }
}

#[test]
fn what_cannot_be_made_up_is_an_error_and_nothing_is_written() {
    let folder = Folder::new();
    for (words, says) in [
        (
            "--missing 2",
            "error: missing: a share is a number from 0 to 1, not 2",
        ),
        (
            "--mentees 0",
            "error: mentees: a district needs one at least",
        ),
        (
            "--students 1",
            "error: mentors: a district needs one at least",
        ),
        ("--sites 1000000", "error: sites: the most is 100000"),
        ("--students -1", "error: "),
        ("--format xls", "error: invalid value 'xls'"),
    ] {
        let run = folder.run(&format!("synth {words} --out out"));
        assert_eq!(run.status, Some(2), "{words}");
        assert!(run.err.starts_with(says), "{}", run.err);
        assert_eq!(folder.names("out"), [""; 0]);
    }
    folder.put("in-the-way", "");
    let run = folder.run("synth --out in-the-way");
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("in-the-way"), "{}", run.err);
    fs::create_dir_all(folder.path().join("half/leaders.csv")).expect("a folder");
    let run = folder.run("synth --out half");
    assert_eq!(run.status, Some(2));
    assert_eq!(folder.names("half"), ["leaders.csv"]);
}

#[test]
fn files_that_are_there_are_kept_unless_they_may_be_replaced() {
    let folder = Folder::new();
    folder.put("programme.toml", "# mine\n");
    let run = folder.run(&format!("{WORDS} --out ."));
    assert_eq!(run.status, Some(2));
    assert_eq!(
        run.err,
        "error: the output \"./mentees.csv\" is there already; name another, or replace it with --force\n"
    );
    assert_eq!(folder.get("programme.toml"), "# mine\n");
    assert!(!folder.has("rooms.csv"));
    // Tables of the other format are other files.
    std::fs::remove_file(folder.path().join("programme.toml")).expect("it is there");
    let run = folder.run(&format!("{WORDS} --format parquet --out ."));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let run = folder.run(&format!("{WORDS} --force --out ."));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let golden = fs::read_to_string(golden_folder().join("mentees.csv")).expect("a golden file");
    assert_eq!(folder.get("mentees.csv"), golden);
}

/// A process that is interrupted in the middle of a file leaves nothing of it.
#[cfg(unix)]
#[test]
fn ctrl_c_leaves_no_part_of_a_file() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = Folder::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_nearpeer"))
        .args("synth --students 1000000 --sites 200 --out made".split(' '))
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let begun = Instant::now();
    while folder.names("made").is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "no file is begun"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.expect("kill runs").success());
    let status = child.wait().expect("the command ends");
    assert_eq!(status.code(), Some(130));
    assert_eq!(folder.names("made"), [""; 0]);
}
