//! `nearpeer match` and `verify` from files to files.

use crate::support::Folder;

const INPUT: &str = "--mentees mentees.csv --mentors mentors.csv";

#[test]
fn a_match_is_written_summed_up_and_verified() {
    let folder = Folder::new();
    let run = folder.run(&format!("match {INPUT} --out made/out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.starts_with("coverage: 2 of 2 mentees (100.0 %)"),
        "{}",
        run.out
    );
    assert!(run.out.contains("gap: 0, proven optimal"), "{}", run.out);
    assert!(
        run.out
            .contains("\npairs: 2; mentors with a mentee: 2 of 2\n"),
        "{}",
        run.out
    );
    assert_eq!(
        folder.names("made/out"),
        ["certificate.json", "pairs.csv", "unmatched.csv"]
    );
    // Interests: ana-zoe 1/2, bo-max 1/2; gaps from the best, 3: ana-zoe 4, bo-max 2, of 4 grades.
    assert_eq!(
        folder.get("made/out/pairs.csv"),
        "mentee_id,mentor_id,score,score_interests,score_grade_gap\n\
         ana,zoe,0.575000,0.500000,0.750000\n\
         bo,max,0.575000,0.500000,0.750000\n"
    );
    assert_eq!(
        folder.get("made/out/unmatched.csv"),
        "id,role,reason,candidates,rule,removed,alone,rivals,cost,mentor_id,rival_id,displaced_id,level,bottleneck,\
         bottleneck_mentees,bottleneck_mentors,bottleneck_room,at_least,quotas,no_slot,no_room,no_leader,with_room,\
         site,slot,pairs,limit,detail\n"
    );

    for (how, scorer, scores) in [
        ("", "compiled", "compiled"),
        ("--reference --threads 2", "reference", "plain"),
    ] {
        let run = folder.run(&format!("verify {INPUT} --out made/out {how}"));
        assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
        assert_eq!(
            run.out,
            format!(
                "verified: optimal, gap 0; 2 pairs against the bound over the {scores} scores of all 4 \
                 eligible ones\n"
            )
        );
        let run = folder.run(&format!("verify {INPUT} --out made/out --json {how}"));
        let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(object["verified"], true);
        assert_eq!(object["eligible"], 4);
        assert_eq!(object["scorer"], scorer);
    }
    let run = folder.run(&format!("verify {INPUT} --out made/out --threads 0"));
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
}

#[test]
fn the_summary_as_json_is_one_object() {
    let folder = Folder::new();
    let run = folder.run(&format!(
        "match {INPUT} --out out --json --threads 2 --time-limit 60"
    ));
    assert_eq!(run.status, Some(0), "{}", run.err);
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&object["status"], &object["covered"]),
        (&"optimal".into(), &2.into())
    );
    assert_eq!(
        (&object["gap"], &object["total_score"]),
        (&0.into(), &1_150_000.into())
    );
}

#[test]
fn mentors_without_a_mentee_are_not_counted_as_used() {
    let folder = Folder::new();
    folder.put("mentees.csv", "id,grade\nana,6\n");
    folder.put("mentors.csv", "id,grade\nmax,6\nzoe,6\n");
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(
        run.out
            .contains("\npairs: 0; mentors with a mentee: 0 of 2\n"),
        "{}",
        run.out
    );
}

#[test]
fn an_infeasible_programme_says_what_conflicts_and_writes_nothing() {
    let folder = Folder::new();
    folder.put("mentees.csv", "id,grade,load_min\nana,6,1\nbo,6,1\n");
    folder.put("mentors.csv", "id,grade\nmax,9\n");
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!((run.status, run.out.as_str()), (Some(3), ""), "{}", run.err);
    assert!(
        run.err.contains("no match satisfies every constraint"),
        "{}",
        run.err
    );
    assert!(folder.names("out").is_empty());
    let json = folder.run(&format!("match {INPUT} --out out --json"));
    let object: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(object["status"], "infeasible");
    assert!(
        object["conflict"]
            .as_array()
            .is_some_and(|names| !names.is_empty())
    );
}

#[test]
fn a_required_pair_that_is_not_eligible_is_named() {
    let folder = Folder::new();
    folder.put("mentors.csv", "id,grade,site\nmax,7,East\nzoe,10,East\n");
    folder.put("required.csv", "mentee_id,mentor_id\nana,max\n");
    let run = folder.run(&format!("match {INPUT} --required required.csv --out out"));
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
    for part in ["pairs_required", "row 1", "ana", "max", "grade_gap"] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert!(folder.names("out").is_empty());
}

#[test]
fn ids_that_look_like_formulas_are_harmless_and_come_back() {
    let folder = Folder::new();
    folder.put("mentees.csv", "id,grade\n=1+1,6\n'-5,6\n");
    folder.put("mentors.csv", "id,grade\n@max,9\n+zoe,9\n");
    assert_eq!(
        folder.run(&format!("match {INPUT} --out out")).status,
        Some(0)
    );
    let pairs = folder.get("out/pairs.csv");
    assert!(
        pairs
            .lines()
            .skip(1)
            .all(|line| line.starts_with('\'') && line.contains(",'")),
        "{pairs}"
    );
    let run = folder.run(&format!("verify {INPUT} --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    let run = folder.run(&format!("check {INPUT} --previous out/pairs.csv"));
    assert_eq!(run.status, Some(0), "{}", run.err);
}

#[test]
fn a_tampered_answer_is_rejected() {
    let folder = Folder::new();
    assert_eq!(
        folder.run(&format!("match {INPUT} --out out")).status,
        Some(0)
    );
    let pairs = folder.get("out/pairs.csv");
    let certificate = folder.get("out/certificate.json");
    let gap = "\"gap\":0";
    assert!(certificate.contains(gap), "{certificate}");
    let changes = [
        ("out/pairs.csv", pairs.replace("0.575000", "0.575001")),
        ("out/pairs.csv", pairs.replace("zoe", "max")),
        ("out/pairs.csv", pairs.replace("zoe", "nobody")),
        ("out/pairs.csv", pairs.replace("0.575000", "575000")),
        ("out/pairs.csv", drop_row(&pairs)),
        ("out/pairs.csv", repeat_row(&pairs)),
        (
            "out/certificate.json",
            certificate.replace(gap, "\"gap\":1"),
        ),
        ("out/certificate.json", certificate.replace("ana", "anna")),
        (
            "out/certificate.json",
            certificate[..certificate.len() / 2].to_owned(),
        ),
        ("out/certificate.json", "{}".to_owned()),
    ];
    for (name, content) in changes {
        let honest = folder.get(name);
        assert_ne!(honest, content, "the change changes something");
        folder.put(name, &content);
        for how in ["", "--reference"] {
            let run = folder.run(&format!("verify {INPUT} --out out {how}"));
            println!("{}", run.err.trim_end());
            assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{content}");
            assert!(run.err.starts_with("error: "), "{}", run.err);
        }
        folder.put(name, &honest);
    }
    assert_eq!(
        folder.run(&format!("verify {INPUT} --out out")).status,
        Some(0)
    );
}

fn drop_row(pairs: &str) -> String {
    let mut lines: Vec<&str> = pairs.lines().collect();
    lines.pop();
    lines.join("\n") + "\n"
}

fn repeat_row(pairs: &str) -> String {
    let last = pairs.lines().last().expect("a row");
    format!("{pairs}{last}\n")
}

#[test]
fn the_order_of_rows_does_not_change_the_files() {
    let folder = Folder::new();
    assert_eq!(
        folder.run(&format!("match {INPUT} --out one")).status,
        Some(0)
    );
    for name in ["mentees.csv", "mentors.csv"] {
        let text = folder.get(name);
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        folder.put(name, lines.join("\n"));
    }
    assert_eq!(
        folder
            .run(&format!("match {INPUT} --out two --threads 1"))
            .status,
        Some(0)
    );
    for name in ["pairs.csv", "unmatched.csv", "certificate.json"] {
        assert_eq!(
            folder.get(&format!("one/{name}")),
            folder.get(&format!("two/{name}"))
        );
    }
}

#[test]
fn a_limit_that_is_reached_has_a_status_of_its_own_and_a_true_gap() {
    let folder = Folder::new();
    let mut mentees = "id,grade\n".to_owned();
    let mut mentors = "id,grade,load_min,load_max\n".to_owned();
    for number in 0..200 {
        mentees += &format!("e{number},{}\n", 5 + number % 3);
        mentors += &format!("m{number},{},2,3\n", 8 + number % 4);
    }
    folder.put("mentees.csv", mentees);
    folder.put("mentors.csv", mentors);
    let run = folder.run(&format!("match {INPUT} --out out --time-limit 0.000001"));
    assert_eq!((run.status, run.err.as_str()), (Some(4), ""));
    assert!(run.out.contains("limit_reached"), "{}", run.out);
    let run = folder.run(&format!("verify {INPUT} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.starts_with("verified: limit_reached"),
        "{}",
        run.out
    );
}

#[test]
fn a_limit_before_any_match_says_so_and_writes_nothing() {
    let folder = Folder::new();
    // Every mentee must be matched, and there is one way to do it: all but the last must give way, so a
    // solve that has not begun has no match to give.
    let mut mentees = "id,slots,load_min\n".to_owned();
    let mut mentors = "id,slots\n".to_owned();
    for number in 0..200 {
        let slots = match number {
            199 => "0".to_owned(),
            number => format!("{number};{}", number + 1),
        };
        mentees += &format!("e{number:03},{slots},1\n");
        mentors += &format!("m{number:03},{number}\n");
    }
    folder.put("mentees.csv", mentees);
    folder.put("mentors.csv", mentors);
    let run = folder.run(&format!(
        "match {INPUT} --out out --time-limit 0.000001 --json"
    ));
    assert_eq!(run.status, Some(4), "{}", run.err);
    assert_eq!(
        run.err,
        "error: a limit was reached before any feasible match was found; nothing was written\n"
    );
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&object["status"], &object["match_found"]),
        (&"limit_reached".into(), &false.into())
    );
    assert!(folder.names("out").is_empty());
    let run = folder.run(&format!("match {INPUT} --out out --json"));
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(object["match_found"], true);
}

#[test]
fn new_pairs_beside_an_earlier_certificate_are_refused() {
    let folder = Folder::new();
    let run = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    let earlier = folder.get("out/certificate.json");
    folder.put("blocked.csv", "mentee_id,mentor_id\nana,zoe\n");
    let blocked = format!("{INPUT} --blocked blocked.csv --out out");
    let run = folder.run(&format!("match {blocked}"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    // As a power cut before the last renaming would leave it.
    folder.put("out/certificate.json", earlier);
    let run = folder.run(&format!("verify {blocked}"));
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
}

#[test]
fn a_quota_is_kept_and_named_to_those_it_leaves_out() {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "id,grade,site\nana,6,East\nbo,7,West\ncy,7,West\n",
    );
    let programme = |at_most: &str| {
        format!(
            "[eligibility]\nfeeders = [{{ from = 'East', to = 'West' }}]\n\
             [loads.mentor]\nmax = 2\n\
             [[quotas]]\nname = 'buses'\nproperty = 'cross_site'\nat_most = {at_most}\n"
        )
    };
    let matching = format!("{INPUT} --program p.toml --out out");
    folder.put("mentors.csv", "id,grade,site\nmax,9,East\nzoe,10,East\n");
    folder.put("p.toml", programme("1"));
    let run = folder.run(&format!("match {matching}"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("gap: 0, proven optimal"), "{}", run.out);
    let unmatched = folder.get("out/unmatched.csv");
    assert!(
        unmatched.contains(
            ",mentee,quota_reached,2,,,,,,,,,,,,,,,buses,,,,,,,,,\"2 eligible; a pair with any who has room would be one too many for \
             \"\"buses\"\"\"\n"
        ),
        "{unmatched}"
    );
    let run = folder.run(&format!("verify {matching}"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));

    // The same answer under a tighter quota is found out.
    folder.put("p.toml", programme("0"));
    let run = folder.run(&format!("verify {matching}"));
    assert_eq!(run.status, Some(2), "{}", run.out);
    folder.put("p.toml", programme("-1"));
    let run = folder.run(&format!("match {matching}"));
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("quotas[1].at_most"), "{}", run.err);
}

/// Two pairs who are free on Monday, a leader and a room.
fn staffed() -> Folder {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "id,site,slots\nana,East,Mon;Tue\nbo,East,Mon\n",
    );
    folder.put(
        "mentors.csv",
        "id,site,slots\nmax,East,Mon\nzoe,East,Mon;Tue\n",
    );
    folder.put(
        "leaders.csv",
        "id,site,slots,capacity\nlea,East;West,Mon;Tue,8\nlou,East,,8\n",
    );
    folder.put("rooms.csv", "site,slot,capacity\nEast,Mon,8\nEast,Tue,8\n");
    folder
}

const STAFF: &str = "--leaders leaders.csv --rooms rooms.csv";

#[test]
fn leaders_and_rooms_are_checked() {
    let folder = staffed();
    let run = folder.run(&format!("check {INPUT} {STAFF}"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for line in [
        "leaders: 2; rooms: 2; slots are assigned",
        "note: 1 of 2 leaders cannot lead: for that a site, a slot and a capacity above 0 are needed",
        "note: nobody is at the site \"West\" of the table leaders",
    ] {
        assert!(run.out.lines().any(|said| said == line), "{}", run.out);
    }
    let run = folder.run(&format!("check {INPUT} {STAFF} --json"));
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&object["leaders"], &object["rooms"]),
        (&2.into(), &2.into())
    );
    assert_eq!(object["slots_assigned"], true);
    let run = folder.run(&format!("check {INPUT}"));
    assert!(!run.out.contains("leaders"), "{}", run.out);
}

#[test]
fn tables_that_the_programme_does_not_want_are_noted() {
    let folder = staffed();
    folder.put("p.toml", "[meetings]\nassign = false\n");
    let run = folder.run(&format!("match {INPUT} {STAFF} --program p.toml --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for table in ["leaders", "rooms"] {
        let note =
            format!("note: the table {table} has no effect where meetings.assign is false\n");
        assert!(run.out.contains(&note), "{}", run.out);
    }
    let pairs = folder.get("out/pairs.csv");
    assert!(pairs.starts_with("mentee_id,mentor_id,score,"), "{pairs}");
    let run = folder.run(&format!(
        "verify {INPUT} {STAFF} --program p.toml --out out"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
}

#[test]
fn fairness_is_summed_up_with_its_price_and_verified() {
    let folder = Folder::new();
    folder.put(
        "fair.toml",
        "objective = ['transition', 'coverage', 'leximin', 'score']\n",
    );
    let run = folder.run(&format!("match {INPUT} --program fair.toml --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.contains(
            "\nlowest score: 0.575000; price of fairness: 0.000000 of a total of 1.150000 (0.00 %)\n"
        ),
        "{}",
        run.out
    );
    let run = folder.run(&format!("verify {INPUT} --program fair.toml --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    // The certificate is not one of a programme without the level.
    let run = folder.run(&format!("verify {INPUT} --out out"));
    assert_eq!(run.status, Some(2));

    let run = folder.run(&format!(
        "match {INPUT} --program fair.toml --out out --json"
    ));
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(object["lowest_score"], 575_000);
    assert_eq!(object["price_of_fairness"]["without"], 1_150_000);
    assert_eq!(object["price_of_fairness"]["price"], 0);
}

#[test]
fn blocking_pairs_are_written_on_demand_and_a_stable_match_has_none() {
    let folder = Folder::new();
    folder.put("mentees.csv", "id,preferences\n=ana,max;zoe\nbo,max\n");
    folder.put("mentors.csv", "id,preferences\nmax,bo;=ana\nzoe,=ana\n");
    folder.put("required.csv", "mentee_id,mentor_id\n=ana,max\n");
    let run = folder.run(&format!(
        "match {INPUT} --required required.csv --out out --blocking"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("\nblocking pairs: 1\n"), "{}", run.out);
    assert_eq!(
        folder.get("out/blocking.csv"),
        "mentee_id,mentor_id,mentee_rank,mentor_rank\nbo,max,1,1\n"
    );
    folder.put("stable.toml", "stability.mode = 'best_score'");
    let stable = format!("--program stable.toml {INPUT}");
    let run = folder.run(&format!("match {stable} --out out --blocking --json"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(object["blocking_pairs"], 0);
    assert_eq!(folder.get("out/blocking.csv").lines().count(), 1);
    let run = folder.run(&format!("verify {stable} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let run = folder.run(&format!(
        "match {stable} --required required.csv --out other"
    ));
    assert_eq!(run.status, Some(2));
    assert!(
        run.err
            .contains("table pairs_required, row 1: a required pair cannot be combined"),
        "{}",
        run.err
    );
}
