//! The page of a co-mentoring match.

use crate::support::Folder;
use nearpeer::document::CoDocument;

/// An odd number of classmates, and one whom nobody may be paired with.
fn class(students: usize) -> Folder {
    let folder = Folder::new();
    let rows = (0..students).map(|number| {
        let interest = if number % 3 == 0 { "chess" } else { "art;<b>" };
        format!("s{number},7,{interest},Pupil {number}\n")
    });
    let rows: String = rows.chain(["far,12,chess,Far\n".to_owned()]).collect();
    folder.put("students.csv", format!("id,grade,interests,name\n{rows}"));
    folder.put(
        "programme.toml",
        "mode = \"co_mentoring\"\ntriads = true\n[eligibility]\ngrade_gap = { max = 1 }\n",
    );
    folder
}

const MATCH: &str =
    "match --program programme.toml --students students.csv --out out --report page.html";

const REPORT: &str =
    "report --program programme.toml --students students.csv --match out --out again.html";

#[test]
fn the_page_says_who_is_with_whom_and_that_it_is_proven() {
    let folder = class(13);
    let run = folder.run(&format!("{MATCH} --names name"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("page.html"), "{}", run.out);
    let page = folder.get("page.html");
    for part in [
        "<h1><bdi>Co-mentoring match</bdi></h1>",
        "13 of 14 students (92.8 %) have a partner: 5 pairs and 1 group of three.",
        "no match of these students is better: that is proven.",
        "Students who have a partner: 13. No match can have more",
        "Groups of three: 1. No match that is as good otherwise has fewer.",
        "Nobody is allowed",
        "grade gap removes 13",
        "6 groups",
        "Pupil 12",
        "Far",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("mentee"), "{page}");

    // Nobody is named unless asked for, and a page for sharing has nobody at all.
    folder.run(MATCH);
    let page = folder.get("page.html");
    assert!(page.contains("row 14") && !page.contains("Pupil") && !page.contains("s12"));
    folder.run(&format!("{MATCH} --redacted"));
    let page = folder.get("page.html");
    assert!(
        page.contains("At least 35 % of the students have a partner."),
        "{page}"
    );
    assert!(!page.contains("row 14") && !page.contains("Nobody is allowed"));
}

#[test]
fn the_same_page_comes_from_the_folder_that_match_wrote() {
    let folder = class(13);
    let ways = [
        "--names name",
        "--names id --title Buddies",
        "--redacted",
        "",
    ];
    for way in ways {
        folder.run(&format!("{MATCH} {way}"));
        let run = folder.run(&format!("{REPORT} {way}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""), "{way}");
        assert_eq!(run.out, "file: again.html\n");
        assert_eq!(folder.get("again.html"), folder.get("page.html"), "{way}");
    }
}

#[test]
fn a_folder_that_is_not_of_these_students_has_no_page() {
    let folder = class(13);
    folder.run(MATCH);
    let pairs = folder.get("out/pairs.csv");
    let unmatched = folder.get("out/unmatched.csv");
    let (head, last) = pairs.trim_end().rsplit_once('\n').expect("lines");
    let other = last.split_once(',').expect("cells").1;
    let twice = format!("{pairs}99,{other}\n");
    for (file, text, said) in [
        (
            "out/pairs.csv",
            format!("{head}\n"),
            "neither in a group nor",
        ),
        ("out/pairs.csv", twice, "somebody is in two groups"),
        (
            "out/unmatched.csv",
            unmatched.replace("far", "gone"),
            "no student of the table has this id",
        ),
        (
            "students.csv",
            folder.get("students.csv") + "new,7,art,New\n",
            "neither in a group nor",
        ),
    ] {
        let before = folder.get(file);
        folder.put(file, text);
        let run = folder.run(REPORT);
        assert_eq!(run.status, Some(2), "{said}");
        let is_said = run.err.contains(said) || run.err.contains("the certificate is of others");
        assert!(is_said, "{said}: {}", run.err);
        assert!(!folder.has("again.html"));
        folder.put(file, before);
    }

    // A page says what is proven, so another programme has none.
    folder.put("programme.toml", "mode = \"co_mentoring\"\n");
    let run = folder.run(REPORT);
    assert_eq!(run.status, Some(2), "{}", run.err);
    assert!(!folder.has("again.html"));
}

#[test]
fn the_whole_result_is_one_document() {
    let folder = class(13);
    let run = folder.run(&format!("{MATCH} --json all.json"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("all.json"), "{}", run.out);
    let text = folder.get("all.json");
    let document: CoDocument = serde_json::from_str(&text).expect("a document");
    assert_eq!((document.version, document.gap), (1, 0));
    assert_eq!(
        (document.students, document.covered, document.triads),
        (14, 13, 1)
    );
    let scores: i64 = document.groups.iter().map(|group| group.score).sum();
    assert_eq!(scores, document.total_score);
    for group in &document.groups {
        let pairs = [0, 0, 1, 3][group.students.len()];
        assert_eq!(group.pairs.len(), pairs);
        let sum: i64 = group.pairs.iter().map(|pair| pair.score).sum();
        assert_eq!(group.score, if pairs == 3 { sum / 2 } else { sum });
        for pair in &group.pairs {
            let mut criteria = document.criteria.clone();
            criteria.sort();
            assert!(pair.by_criterion.keys().eq(&criteria));
        }
    }
    let far = &document.unmatched[0];
    assert_eq!(
        (&*far.id, &*far.reason, far.candidates),
        ("far", "not_eligible", Some(0))
    );
    assert_eq!(
        (&*far.removed[0].rule, far.removed[0].people),
        ("grade_gap", 13)
    );
    assert_eq!(text, document.to_json().expect("a document") + "\n");
}

#[test]
fn what_is_not_for_students_is_refused() {
    let folder = class(4);
    for flags in [
        "--names id --advice 2",
        "--blocking",
        "--groups grade",
        "--names id --site A",
    ] {
        let run = folder.run(&format!("{MATCH} {flags}"));
        assert_eq!(run.status, Some(2), "{flags}");
        assert!(
            run.err
                .contains("for mentees and mentors, not for --students"),
            "{}",
            run.err
        );
        assert!(folder.names("out").is_empty());
    }
}
