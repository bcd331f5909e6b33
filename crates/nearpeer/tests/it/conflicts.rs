//! Thirteen programmes without a match, and what the command says of each. `docs/conflicts.md` shows them; it is written anew by
//! `NEARPEER_BLESS=1 cargo test --release -p nearpeer --test it conflicts`.

use std::fmt::Write as _;

use crate::support::Folder;

const DOC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conflicts.md");

const LEAD: &str = "# Programmes without a match

Where no match satisfies every constraint, nearpeer names a smallest set of constraints that cannot all be kept: without
any one of them, the others can. Then it says what would repair it; each line by itself is enough. One that changes a single
number relaxes it as little as will do. One that changes several lowers the promises that the nearest match misses, none of them
further than must be beside the others: person by person and, where several people miss a minimum of the programme, that for
all. A share or a sum of the programme is one number, for all groups of a balance together. Where a limit came before it was
known whether less will do, the repair says so. Those that change the fewest constraints come first; of as many those that change
them least, in people, pairs and whole units, a share counting as one. In Rust they are
`error.conflict()`, in Python the tables `error.conflict` and `error.repair`, with `--json` lists of the same names; there `from`
and `to` are whole numbers, of a share and of a budget's sum in thousandths.

A constraint that stands in the programme is one, whomever it binds; one that stands in a cell is one of its own. Beyond
256 cells of one column in one conflict they are named together. Who may be paired at all is taken as given.

Thirteen examples, each with what `nearpeer match` prints. They are tests (`crates/nearpeer/tests/it/conflicts.rs`).
";

struct Case {
    title: &'static str,
    files: &'static [(&'static str, &'static str)],
    says: &'static str,
}

const CASES: [Case; 13] = [
    Case {
        title: "Two required pairs for a mentor who takes one",
        files: &[
            ("mentees.csv", "id\nana\nbo\n"),
            ("mentors.csv", "id\nmax\nzoe\n"),
            ("required.csv", "mentee_id,mentor_id\nana,max\nbo,max\n"),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - the required pair of mentee \"ana\" and mentor \"max\" (table pairs_required, row 1)\n\
            \x20 - the required pair of mentee \"bo\" and mentor \"max\" (table pairs_required, row 2)\n\
            \x20 - a mentor has at most 1 mentee (`loads.mentor.max`)\n\
            to repair it, one of these:\n\
            \x20 - leave out the required pair of mentee \"ana\" and mentor \"max\"\n\
            \x20 - leave out the required pair of mentee \"bo\" and mentor \"max\"\n\
            \x20 - raise loads.mentor.max from 1 to 2\n\
            ",
    },
    Case {
        title: "A mentor for everybody, and too few mentors",
        files: &[
            ("mentees.csv", "id\nana\nbo\ncy\n"),
            ("mentors.csv", "id\nmax\nzoe\n"),
            ("programme.toml", "loads.mentee.min = 1\n"),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - every mentee has at least 1 mentor (`loads.mentee.min`)\n\
            \x20 - a mentor has at most 1 mentee (`loads.mentor.max`)\n\
            to repair it, one of these:\n\
            \x20 - lower loads.mentee.min from 1 to 0\n\
            \x20 - raise loads.mentor.max from 1 to 2\n\
            \x20 - lower load_min of mentee \"cy\" from 1 to 0\n\
            ",
    },
    Case {
        title: "A promise to somebody with whom nobody may be paired",
        files: &[
            ("mentees.csv", "id,grade,load_min\nana,8,1\nbo,6,0\n"),
            ("mentors.csv", "id,grade\nmax,9\nzoe,8\n"),
        ],
        says: "\
            error: no match satisfies every constraint; this cannot be kept:\n\
            \x20 - mentee \"ana\" has at least 1 mentor (table mentees, row 1, column load_min)\n\
            \x20 (0 mentors may be paired with mentee \"ana\": grade_gap removes 2)\n\
            to repair it, one of these:\n\
            \x20 - lower load_min of mentee \"ana\" from 1 to 0\n\
            ",
    },
    Case {
        title: "More required pairs across sites than the quota allows",
        files: &[
            ("mentees.csv", "id,site\nana,Grant\nbo,Grant\n"),
            ("mentors.csv", "id,site\nmax,Adams\nzoe,Adams\n"),
            ("required.csv", "mentee_id,mentor_id\nana,max\nbo,zoe\n"),
            (
                "programme.toml",
                "eligibility.site = false\n[[quotas]]\nname = 'buses'\nproperty = 'cross_site'\nat_most = 1\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - the required pair of mentee \"ana\" and mentor \"max\" (table pairs_required, row 1)\n\
            \x20 - the required pair of mentee \"bo\" and mentor \"zoe\" (table pairs_required, row 2)\n\
            \x20 - the quota \"buses\" of at most 1 pair (`quotas[1].at_most`)\n\
            to repair it, one of these:\n\
            \x20 - leave out the required pair of mentee \"ana\" and mentor \"max\"\n\
            \x20 - leave out the required pair of mentee \"bo\" and mentor \"zoe\"\n\
            \x20 - raise at_most of the quota \"buses\" from 1 to 2\n\
            ",
    },
    Case {
        title: "Mentors who are promised two mentees each",
        files: &[
            ("mentees.csv", "id\nana\nbo\ncy\n"),
            ("mentors.csv", "id\nmax\nzoe\n"),
            (
                "programme.toml",
                "loads.mentor = { min = 2, max = 3, or_none = false }\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - every mentor has at least 2 mentees (`loads.mentor.min`)\n\
            \x20 - a mentee has at most 1 mentor (`loads.mentee.max`)\n\
            to repair it, one of these:\n\
            \x20 - lower loads.mentor.min from 2 to 1\n\
            \x20 - raise loads.mentee.max from 1 to 2\n\
            \x20 - lower load_min of mentor \"max\" from 2 to 1\n\
            ",
    },
    Case {
        title: "A circle that cannot be filled",
        files: &[
            ("mentees.csv", "id,load_min\nana,1\nbo,1\n"),
            ("mentors.csv", "id,load_min,load_max\nmax,3,4\n"),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - mentee \"ana\" has at least 1 mentor (table mentees, row 1, column load_min)\n\
            \x20 - mentor \"max\" has no mentee or at least 3 (table mentors, row 1, column load_min)\n\
            to repair it, one of these:\n\
            \x20 - lower load_min of mentor \"max\" from 3 to 2\n\
            \x20 - lower load_min of mentee \"ana\" from 1 to 0 and lower load_min of mentee \"bo\" from 1 to 0\n\
            ",
    },
    Case {
        title: "Two required pairs and room for one",
        files: &[
            (
                "mentees.csv",
                "id,site,slots\nana,Grant,Mon\nbo,Grant,Mon\n",
            ),
            (
                "mentors.csv",
                "id,site,slots\nmax,Grant,Mon\nzoe,Grant,Mon\n",
            ),
            ("required.csv", "mentee_id,mentor_id\nana,max\nbo,zoe\n"),
            (
                "rooms.csv",
                "site,slot,capacity\nGrant,Mon,1\nGrant,Tue,5\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - the required pair of mentee \"ana\" and mentor \"max\" (table pairs_required, row 1)\n\
            \x20 - the required pair of mentee \"bo\" and mentor \"zoe\" (table pairs_required, row 2)\n\
            \x20 - room for at most 1 pair at Grant in the slot Mon (table rooms, row 1, column capacity)\n\
            to repair it, one of these:\n\
            \x20 - leave out the required pair of mentee \"ana\" and mentor \"max\"\n\
            \x20 - leave out the required pair of mentee \"bo\" and mentor \"zoe\"\n\
            \x20 - raise the capacity of the room at Grant in the slot Mon from 1 to 2\n\
            ",
    },
    Case {
        title: "A leader who is needed twice at one time",
        files: &[
            (
                "mentees.csv",
                "id,site,slots,load_min\nana,Grant,Mon,1\nbo,Grant,Mon,1\n",
            ),
            (
                "mentors.csv",
                "id,site,slots\nmax,Grant,Mon;Tue\nzoe,Grant,Mon\n",
            ),
            (
                "leaders.csv",
                "id,site,slots,capacity\nlea,Grant,Mon;Tue,1\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - mentee \"ana\" has at least 1 mentor (table mentees, row 1, column load_min)\n\
            \x20 - mentee \"bo\" has at least 1 mentor (table mentees, row 2, column load_min)\n\
            \x20 - every pair meets where and when a leader is free (table leaders)\n\
            \x20 - leader \"lea\" has at most 1 pair at one time (table leaders, row 1, column capacity)\n\
            to repair it, one of these:\n\
            \x20 - lower load_min of mentee \"ana\" from 1 to 0\n\
            \x20 - lower load_min of mentee \"bo\" from 1 to 0\n\
            \x20 - raise capacity of leader \"lea\" from 1 to 2\n\
            ",
    },
    Case {
        title: "Two mentees of two mentors each, and three mentors",
        files: &[
            (
                "mentees.csv",
                "id,load_min,load_max\nana,2,2\nbo,2,2\ncy,,\n",
            ),
            ("mentors.csv", "id,load_max\nmax,1\nzoe,1\nkim,\n"),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - mentee \"ana\" has at least 2 mentors (table mentees, row 1, column load_min)\n\
            \x20 - mentee \"bo\" has at least 2 mentors (table mentees, row 2, column load_min)\n\
            \x20 - a mentor has at most 1 mentee (`loads.mentor.max`)\n\
            \x20 - mentor \"max\" has at most 1 mentee (table mentors, row 1, column load_max)\n\
            \x20 - mentor \"zoe\" has at most 1 mentee (table mentors, row 2, column load_max)\n\
            to repair it, one of these:\n\
            \x20 - lower load_min of mentee \"ana\" from 2 to 1\n\
            \x20 - lower load_min of mentee \"bo\" from 2 to 1\n\
            \x20 - raise loads.mentor.max from 1 to 2\n\
            \x20 - raise load_max of mentor \"max\" from 1 to 2\n\
            \x20 - raise load_max of mentor \"zoe\" from 1 to 2\n\
            ",
    },
    Case {
        title: "A pair that may meet only where there is no room",
        files: &[
            (
                "mentees.csv",
                "id,site,slots\nana,Grant,Mon\nbo,Grant,Tue\n",
            ),
            (
                "mentors.csv",
                "id,site,slots\nmax,Grant,Mon\nzoe,Grant,Tue\n",
            ),
            ("required.csv", "mentee_id,mentor_id\nana,max\n"),
            ("rooms.csv", "site,slot,capacity\nGrant,Tue,5\n"),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - the required pair of mentee \"ana\" and mentor \"max\" (table pairs_required, row 1)\n\
            \x20 - pairs meet only where the table of rooms has one (table rooms)\n\
            to repair it, one of these:\n\
            \x20 - leave out the required pair of mentee \"ana\" and mentor \"max\"\n\
            ",
    },
    Case {
        title: "Shares of two groups, and too few mentors for both",
        files: &[
            ("mentees.csv", "id,gender\nana,f\nbo,f\ncy,f\ndee,m\n"),
            ("mentors.csv", "id\nmax\nzoe\n"),
            (
                "programme.toml",
                "[[balance]]\ncolumn = \"gender\"\nat_least = 0.6\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - a mentor has at most 1 mentee (`loads.mentor.max`)\n\
            \x20 - the balance of gender \"m\": at least 60 % of them covered (`balance[1].at_least`)\n\
            \x20 - the balance of gender \"f\": at least 60 % of them covered (`balance[1].at_least`)\n\
            to repair it, one of these:\n\
            \x20 - raise loads.mentor.max from 1 to 2\n\
            \x20 - lower at_least of the balance of gender from 0.6 to 0.3\n\
            ",
    },
    Case {
        title: "A group that is further from all than it may be",
        files: &[
            (
                "mentees.csv",
                "id,lunch\nana,free\nbo,free\ncy,paid\ndee,paid\n",
            ),
            ("mentors.csv", "id\nmax\n"),
            ("required.csv", "mentee_id,mentor_id\nana,max\n"),
            (
                "programme.toml",
                "[[balance]]\ncolumn = \"lunch\"\nwithin = 0.1\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - the required pair of mentee \"ana\" and mentor \"max\" (table pairs_required, row 1)\n\
            \x20 - a mentor has at most 1 mentee (`loads.mentor.max`)\n\
            \x20 - the balance of lunch \"paid\": the share covered at most 10 points below that of all mentees (`balance[1].within`)\n\
            to repair it, one of these:\n\
            \x20 - leave out the required pair of mentee \"ana\" and mentor \"max\"\n\
            \x20 - raise loads.mentor.max from 1 to 2\n\
            \x20 - raise within of the balance of lunch from 0.1 to 0.25\n\
            ",
    },
    Case {
        title: "A budget that is too small for what is promised",
        files: &[
            ("mentees.csv", "id\nana\nbo\n"),
            ("mentors.csv", "id\nmax\nzoe\n"),
            (
                "programme.toml",
                "loads.mentee.min = 1\n[[budgets]]\nname = \"fares\"\npair = 1.25\nat_most = 2\n",
            ),
        ],
        says: "\
            error: no match satisfies every constraint; these cannot all be kept:\n\
            \x20 - every mentee has at least 1 mentor (`loads.mentee.min`)\n\
            \x20 - the budget \"fares\" of at most 2 (`budgets[1].at_most`)\n\
            to repair it, one of these:\n\
            \x20 - lower loads.mentee.min from 1 to 0\n\
            \x20 - lower load_min of mentee \"ana\" from 1 to 0\n\
            \x20 - raise at_most of the budget \"fares\" from 2 to 2.5\n\
            ",
    },
];

/// The options for the files that there are.
fn options(case: &Case) -> String {
    let options = [
        ("programme.toml", "--program"),
        ("mentees.csv", "--mentees"),
        ("mentors.csv", "--mentors"),
        ("required.csv", "--required"),
        ("rooms.csv", "--rooms"),
        ("leaders.csv", "--leaders"),
    ];
    let given = options
        .iter()
        .filter(|(name, _)| case.files.iter().any(|file| file.0 == *name));
    let given: Vec<String> = given
        .map(|(name, option)| format!("{option} {name}"))
        .collect();
    given.join(" ")
}

fn said(case: &Case) -> String {
    let folder = Folder::new();
    for (name, content) in case.files {
        folder.put(name, content);
    }
    let run = folder.run(&format!("match {} --out out", options(case)));
    assert_eq!(run.status, Some(3), "{}: {}", case.title, run.err);
    assert!(folder.names("out").is_empty());
    run.err
}

#[test]
fn each_conflict_is_said_in_the_programmes_words() {
    for case in &CASES {
        assert_eq!(said(case), case.says, "{}", case.title);
    }
}

#[test]
fn the_documentation_shows_them() {
    let mut doc = LEAD.to_owned();
    for (number, case) in (1..).zip(&CASES) {
        let _ = write!(doc, "\n## {number}. {}\n", case.title);
        for (name, content) in case.files {
            let _ = write!(doc, "\n`{name}`\n\n```text\n{content}```\n");
        }
        let _ = write!(doc, "\nIt says\n\n```text\n{}```\n", said(case));
    }
    if std::env::var_os("NEARPEER_BLESS").is_some() {
        std::fs::write(DOC, &doc).expect("the documentation can be written");
    }
    let known = std::fs::read_to_string(DOC).expect("the documentation can be read");
    assert_eq!(known, doc, "docs/conflicts.md is not what the command says");
}
