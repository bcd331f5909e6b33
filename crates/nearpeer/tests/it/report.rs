//! `nearpeer report`, and what `match` writes besides the answer.

use std::path::Path;

use crate::support::Folder;
use nearpeer::report::{self, Finding, Outcome};
use nearpeer::{Grade, Person, Program, Roster, Status};

const INPUT: &str = "--mentees mentees.csv --mentors mentors.csv";

/// A school that can be attacked through every cell: markup, quotes, formulas, characters that turn text around.
const NASTY: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "سارة \u{202e}gnp.exe",
    "👩‍🎓 & <b>",
    "\u{1b}]0;owned\u{7}\u{1b}[2J",
];

fn small() -> Folder {
    let folder = Folder::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/small");
    for name in ["mentees.csv", "mentors.csv", "programme.toml"] {
        let text = std::fs::read(data.join(name)).expect("the small programme is there");
        folder.put(name, text);
    }
    folder
}

fn nasty() -> Folder {
    let folder = Folder::new();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let table = |prefix: &str, grade: u32| {
        let mut table = "id,grade,site,interests,name\n".to_owned();
        for (number, text) in NASTY.iter().enumerate() {
            let text = quoted(text);
            let id = quoted(&format!("{}{prefix}{number}", NASTY[number]));
            table += &format!("{id},{grade},{text},{text},{text}\n");
        }
        table
    };
    folder.put("mentees.csv", table("e", 6));
    folder.put("mentors.csv", table("m", 9));
    folder
}

/// The document with the version in it left out, so that a release does not change it.
fn comparable(page: &str) -> String {
    page.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn the_page_of_the_small_programme_is_as_it_was() {
    let folder = small();
    let flags = "--program programme.toml --names id";
    let run = folder.run(&format!(
        "match {INPUT} --out out --report page.html {flags}"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let page = comparable(&folder.get("page.html"));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/small/report.html");
    if std::env::var_os("NEARPEER_WRITE").is_some() {
        std::fs::write(&golden, &page).expect("the page can be written");
    }
    let known = std::fs::read_to_string(&golden).expect("the page is there");
    assert!(
        page == known,
        "the report has changed; look at it, and write it anew with NEARPEER_WRITE=1"
    );

    // From the folder comes the same page as from the match at hand.
    let run = folder.run(&format!(
        "report {INPUT} --match out --out deep/again.html {flags}"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_eq!(run.out, "file: deep/again.html\n");
    assert_eq!(folder.get("deep/again.html"), folder.get("page.html"));
    assert_eq!(folder.names("deep"), ["again.html"]);
}

#[test]
fn nobody_is_named_unless_asked_for() {
    let folder = small();
    let report = |flags: &str| {
        let run = folder.run(&format!(
            "report {INPUT} --program programme.toml --match out --out page.html {flags}"
        ));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{flags}");
        folder.get("page.html")
    };
    let run = folder.run(&format!("match {INPUT} --program programme.toml --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    let ids: Vec<String> = (1..=10)
        .map(|number| format!(">e{number:02}<"))
        .chain((1..=6).map(|number| format!(">m{number}<")))
        .collect();
    let named = report("--names id");
    assert!(ids.iter().filter(|id| named.contains(*id)).count() > 10);
    assert!(named.contains("<h3 class=\"sheet\"><bdi>Grant</bdi></h3>"));
    let one = report("--names id --site Lincoln");
    assert!(!one.contains("<h3 class=\"sheet\"><bdi>Grant</bdi></h3>"));
    for flags in ["", "--redacted"] {
        let page = report(flags);
        assert!(ids.iter().all(|id| !page.contains(id)), "{flags}");
        assert!(!page.contains("Rosters"));
    }
    let redacted = report("--redacted");
    assert!(redacted.contains("Fewer than ten of 10 mentees have a mentor."));
    assert!(!redacted.contains("row 1"));
    assert!(!redacted.contains("Lowest score"));
}

#[test]
fn what_is_asked_in_vain_is_said_before_anything_is_solved() {
    let folder = Folder::new();
    for (flags, message) in [
        (
            "--report page.html --names nickname",
            "column `nickname`: no table has this column to name people by; `id` always is one",
        ),
        (
            "--report page.html --names id --site West",
            "value \"West\": nobody is at this site",
        ),
        (
            "--redacted",
            "--names, --redacted, --title and --site are for --report FILE",
        ),
        ("--report .", "the output \".\" is not the name of a file"),
    ] {
        let run = folder.run(&format!("match {INPUT} --out out {flags}"));
        assert_eq!(run.status, Some(2), "{flags}");
        assert!(run.err.contains(message), "{flags}: {}", run.err);
        assert!(folder.names("out").is_empty());
    }
    let run = folder.run(&format!(
        "match {INPUT} --out out --report page.html --names id --redacted"
    ));
    assert_eq!(run.status, Some(2));
}

#[test]
fn no_page_replaces_what_is_read_or_written_beside_it() {
    let folder = small();
    let page = "--names id --report";
    for (flags, message) in [
        (
            format!("{page} ./mentees.csv"),
            "--report ./mentees.csv would replace the file of --mentees",
        ),
        (
            format!("{page} out/pairs.csv"),
            "--report out/pairs.csv would replace a file of the answer",
        ),
        (
            format!("{page} one --json ./one"),
            "--json ./one would replace the file of --report",
        ),
    ] {
        let before = folder.get("mentees.csv");
        let run = folder.run(&format!("match {INPUT} --out out {flags}"));
        let message = format!("error: {message}; name another file\n");
        assert_eq!((run.status, run.err), (Some(2), message), "{flags}");
        assert_eq!(folder.get("mentees.csv"), before);
        assert!(folder.names("out").is_empty());
    }
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(run.status, Some(0));
    let before = folder.get("out/certificate.json");
    let again = "--match out --names id --out out/certificate.json";
    let run = folder.run(&format!("report {INPUT} {again}"));
    assert_eq!(
        run.err,
        "error: --out out/certificate.json would replace a file of the answer; name another file\n"
    );
    assert_eq!(folder.get("out/certificate.json"), before);
}

#[test]
fn nothing_of_an_earlier_match_stays_beside_a_later_one() {
    let folder = small();
    folder.run(&format!("match {INPUT} --out out --blocking --groups site"));
    let all = [
        "blocking.csv",
        "certificate.json",
        "groups.csv",
        "pairs.csv",
        "unmatched.csv",
    ];
    assert_eq!(folder.names("out"), all);
    folder.put("out/notes.txt", "kept");
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(run.status, Some(0));
    let own = [
        "certificate.json",
        "notes.txt",
        "pairs.csv",
        "unmatched.csv",
    ];
    assert_eq!(folder.names("out"), own);
}

#[test]
fn a_folder_of_another_match_is_refused() {
    let folder = Folder::new();
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    let report = format!("report {INPUT} --match out --out page.html");
    let good = ["pairs.csv", "unmatched.csv", "certificate.json"]
        .map(|name| (name, folder.get(&format!("out/{name}"))));
    let columns = good[1]
        .1
        .lines()
        .next()
        .expect("a header")
        .split(',')
        .count();
    let empty = ",".repeat(columns - 3);
    for (name, text, message) in [
        (
            "pairs.csv",
            good[0].1.replace("ana,", "eve,"),
            "table pairs.csv, row 1, value \"eve\": no mentee of the tables has this id",
        ),
        (
            "pairs.csv",
            good[0].1.lines().take(2).collect::<Vec<_>>().join("\n"),
            "somebody is neither in a pair nor listed as unmatched",
        ),
        (
            "pairs.csv",
            good[0].1.replace("0.575000,0.5", "0.574999,0.5"),
            "the certificate is of other pairs",
        ),
        (
            "unmatched.csv",
            format!("{}ana,mentee,no_room{empty}\n", good[1].1),
            "somebody is listed as unmatched who is in a pair",
        ),
        (
            "unmatched.csv",
            format!("{}ana,friend,no_room{empty}\n", good[1].1),
            "column `role`, value \"friend\": a role is mentee or mentor",
        ),
        (
            "certificate.json",
            good[2].1.replace("\"ana\"", "\"eve\""),
            "the certificate is of other mentees",
        ),
    ] {
        folder.put(&format!("out/{name}"), &text);
        let run = folder.run(&report);
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
        assert!(run.err.contains(message), "{}", run.err);
        for (name, text) in &good {
            folder.put(&format!("out/{name}"), text);
        }
    }
    assert_eq!(folder.run(&report).status, Some(0));
}

#[test]
fn an_attack_through_a_cell_does_no_harm_on_the_page() {
    let folder = nasty();
    let run = folder.run(&format!(
        "match {INPUT} --out out --report page.html --names name --json result.json"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let page = folder.get("page.html");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"));
    for harm in [
        "<script",
        "<img",
        "onerror=alert(1)>",
        "<b>",
        "\u{202e}",
        "\u{1b}",
        "\u{7}",
    ] {
        assert!(!page.contains(harm), "{harm:?}");
    }
    assert!(page.contains("سارة"));
    // In JSON everything stands as it was given.
    let document: serde_json::Value =
        serde_json::from_str(&folder.get("result.json")).expect("JSON");
    let mentees = document["pairs"].as_array().expect("pairs").iter();
    let mentees: Vec<&str> = mentees.filter_map(|pair| pair["mentee"].as_str()).collect();
    assert!(mentees.contains(&&*format!("{}e2", NASTY[2])));
}

#[test]
fn an_attack_through_a_cell_does_no_harm_in_a_spreadsheet_or_on_a_terminal() {
    let folder = nasty();
    // A site that only a feeder names is quoted in a note, which is printed.
    folder.put(
        "programme.toml",
        "eligibility.feeders = [{ from = \"\\u001b[31m\\u202eWest\", to = \"=1\" }]\n",
    );
    let run = folder.run(&format!(
        "match {INPUT} --program programme.toml --out out --report page.html --title =1+1"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("West"), "{}", run.out);
    folder.put(
        "wanted.csv",
        format!("mentee_id,mentor_id\n{0},{0}\n", NASTY[5]),
    );
    let refused = folder.run(&format!("match {INPUT} --out out --required wanted.csv"));
    assert_eq!(refused.status, Some(2));
    for shown in [&run.out, &refused.err] {
        let harmless =
            |c: char| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        assert!(shown.chars().all(harmless), "{shown:?}");
    }
    for file in ["pairs.csv", "unmatched.csv"] {
        let table = folder.get(&format!("out/{file}"));
        for line in table.lines() {
            for cell in line.split(',') {
                let bare = cell.trim_start_matches('"');
                assert!(
                    !bare.starts_with(['=', '+', '-', '@', '\t', '\r']),
                    "{file}: {cell}"
                );
            }
        }
    }
    assert!(folder.get("out/pairs.csv").contains("'=cmd|"));
}

#[test]
fn the_whole_result_is_one_document() {
    let folder = small();
    let run = folder.run(&format!(
        "match {INPUT} --program programme.toml --out out --json result.json"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.starts_with("coverage: 9 of 10 mentees"),
        "{}",
        run.out
    );
    assert!(run.out.contains("result.json"), "{}", run.out);
    let text = folder.get("result.json");
    let document: nearpeer::document::Document = serde_json::from_str(&text).expect("a document");
    assert_eq!(document.to_json().expect("JSON") + "\n", text);
    assert_eq!(
        (document.version, document.covered, document.gap),
        (1, 9, 0)
    );
    assert_eq!(document.mentors_matched, 5);
    let total: i64 = document.pairs.iter().map(|pair| pair.score).sum();
    assert_eq!(total, document.total_score);
    let levels: Vec<(&str, i64)> = document
        .levels
        .iter()
        .map(|level| (&*level.level, level.gap))
        .collect();
    assert_eq!(levels, [("priority 1", 0), ("coverage", 0), ("score", 0)]);
    let left = document.unmatched.iter().find(|person| person.id == "e06");
    let left = left.expect("e06 has no consent");
    assert_eq!((&*left.reason, left.candidates), ("not_eligible", Some(0)));
    assert!(left.removed.iter().any(|removed| removed.rule == "consent"));
}

#[test]
fn findings_from_elsewhere_and_open_gaps_are_said() {
    let grade = |number| Grade::new(number).expect("a grade");
    let roster = Roster::builder()
        .mentee(Person::new("ana").grade(grade(6)))
        .mentor(Person::new("max").grade(grade(9)))
        .build()
        .expect("a roster");
    let program = Program::default();
    let mut found = program.solve(&roster).expect("a match");
    found.certificate.status = Status::LimitReached;
    let finding = |what: &str, effect: &str| {
        vec![Finding {
            what: what.into(),
            effect: effect.into(),
        }]
    };
    let mut settings = report::Settings {
        bottlenecks: finding("Tuesdays at <Lincoln>", ""),
        advice: finding("One more trained mentor", "1 more match"),
        ..report::Settings::default()
    };
    let outcome = Outcome::of_match(&found, &roster, &program).expect("an outcome");
    let page = report::html(&outcome, &settings).expect("a page");
    for said in [
        "<h2 id=\"bottlenecks\">What holds it back</h2>",
        "Tuesdays at &lt;Lincoln&gt;<",
        "One more trained mentor: 1 more match",
        "Whether there is a better one is not settled",
        "The search for the best match was ended by a limit.",
    ] {
        assert!(page.contains(said), "{said}");
    }
    settings.redacted = true;
    let page = report::html(&outcome, &settings).expect("a page");
    assert!(!page.contains("Lincoln") && !page.contains("1 more match"));

    // A match of other people is refused.
    let others = Roster::builder()
        .mentee(Person::new("bo").grade(grade(6)))
        .mentor(Person::new("max").grade(grade(9)));
    let others = others.build().expect("a roster");
    let refused = Outcome::of_match(&found, &others, &program).expect_err("other people");
    assert!(
        refused
            .to_string()
            .contains("no mentee of the tables has this id")
    );
}

#[test]
fn the_page_of_a_large_match_is_bounded() {
    let folder = Folder::new();
    let run = folder.run("synth --students 30000 --sites 40 --seed 7 --out in");
    assert_eq!(run.status, Some(0), "{}", run.err);
    let input = "--mentees in/mentees.csv --mentors in/mentors.csv --program in/programme.toml";
    let run = folder.run(&format!(
        "match {input} --out out --report page.html --names id"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let page = folder.get("page.html");
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    assert!(page.contains("in the file pairs.csv"));
}
