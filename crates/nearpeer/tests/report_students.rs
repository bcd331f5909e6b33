//! The page of a co-mentoring match.

mod support;

use support::Folder;

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
fn what_a_page_of_students_cannot_have_is_refused() {
    let folder = class(4);
    for flags in ["--names id --advice 2", "--json all.json"] {
        let run = folder.run(&format!("{MATCH} {flags}"));
        assert_eq!(run.status, Some(2), "{flags}");
        assert!(
            run.err.contains("mentees and mentors so far"),
            "{}",
            run.err
        );
        assert!(folder.names("out").is_empty());
    }
}
