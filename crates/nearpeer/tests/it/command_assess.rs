//! `nearpeer assess`, and `nearpeer match --groups`.

use crate::support::Folder;

const INPUT: &str = "--mentees mentees.csv --mentors mentors.csv";

/// Three mentees who all need Max, and one whom nobody may have.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "id,grade,site\nana,6,East\nbo,7,East\ncy,7,East\ndi,7,West\n",
    );
    folder.put(
        "mentors.csv",
        "id,grade,site,trained,load_max\nmax,9,East,yes,2\nzoe,10,West,no,1\n",
    );
    folder
}

#[test]
fn it_prints_a_page_and_writes_tables() {
    let folder = folder();
    let run = folder.run(&format!("assess {INPUT} --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for line in [
        "mentees: 4; 3 with an eligible mentor, 1 without",
        "mentors: 2; 1 with an eligible mentee, 1 without",
        "eligible pairs: 3",
        "coverage: at most 2 of 4 mentees (50.0 %), as far as loads are concerned",
        "bottlenecks: 2; at least 2 mentees will be left, by them alone",
        "  1: 3 mentees can only be served by 1 mentor, room for 2: at least 1 will be left",
        "  2: 1 mentee can be served by nobody: 1 will be left",
    ] {
        assert!(
            run.out.lines().any(|printed| printed == line),
            "{line}\n{}",
            run.out
        );
    }
    assert_eq!(
        folder.names("out"),
        [
            "bottleneck_members.csv",
            "bottlenecks.csv",
            "eligibility.csv",
            "rules.csv",
            "supply.csv"
        ]
    );
    assert_eq!(
        folder.get("out/eligibility.csv"),
        "id,role,candidates,rule,removed,alone\n\
         ana,mentee,1,,,\n\
         bo,mentee,1,,,\n\
         cy,mentee,1,,,\n\
         di,mentee,0,training,1,1\n\
         max,mentor,3,,,\n\
         zoe,mentor,0,training,4,1\n"
    );
    // Zoe is untrained for all four, and in another school than three of them; Max is in another than Di, who could have
    // either if there were one rule less.
    let rules = folder.get("out/rules.csv");
    assert!(rules.contains("training,true,,4,1,1,1\n"), "{rules}");
    assert!(rules.contains("site,true,,4,1,1,0\n"), "{rules}");
    assert_eq!(
        folder.get("out/bottleneck_members.csv"),
        "bottleneck,role,id\n1,mentee,ana\n1,mentee,bo\n1,mentee,cy\n1,mentor,max\n2,mentee,di\n"
    );
    let supply = folder.get("out/supply.csv");
    assert!(
        supply.contains("site,East,3,3,1,1,2,1,2\nsite,West,1,0,1,0,0,0,0\n"),
        "{supply}"
    );
}

#[test]
fn json_has_everything() {
    let run = folder().run(&format!("assess {INPUT} --json"));
    let object: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(object["assessment"]["coverage"], 2);
    assert_eq!(object["assessment"]["bottlenecks"][0]["room"], 2);
    assert_eq!(object["assessment"]["eligibility"][3]["rule"], "training");
    assert_eq!(object["files"].as_array().map(Vec::len), Some(0));
}

#[test]
fn places_and_leaders_are_counted() {
    let folder = folder();
    folder.put(
        "mentees.csv",
        "id,site,slots\nana,East,Mon;Tue\nbo,East,Mon\ncy,East,Mon\n",
    );
    folder.put(
        "mentors.csv",
        "id,site,slots,load_max\nmax,East,Mon;Tue,9\n",
    );
    folder.put(
        "leaders.csv",
        "id,site,slots,capacity,max_slots\nlea,East,Mon;Tue,1,1\n",
    );
    let run = folder.run(&format!("assess {INPUT} --leaders leaders.csv --out out"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_eq!(
        folder.get("out/staff.csv"),
        "site,slot,mentees,room,leaders,leader_capacity,capacity,leaders_needed,short\n\
         East,,3,,1,1,1,2,2\n\
         East,Mon,3,,1,1,1,3,2\n\
         East,Tue,1,,1,1,1,1,0\n"
    );
}

#[test]
fn groups_are_written_and_their_columns_checked_first() {
    let folder = folder();
    let run = folder.run(&format!("match {INPUT} --out out --groups site --min-n 1"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    let groups = folder.get("out/groups.csv");
    assert!(
        groups.starts_with(
            "column,kind,value,mentees,covered,coverage,mean_score,worst_off,suppressed,scores_suppressed\n\
             site,group,East,3,2,0.666667,"
        ),
        "{groups}"
    );
    assert!(
        groups.contains("site,group,West,1,0,0.000000,,,false,false\n"),
        "{groups}"
    );
    let run = folder.run(&format!("match {INPUT} --out other --groups sites"));
    assert_eq!(run.status, Some(2));
    assert!(run.err.contains("did you mean `site`?"), "{}", run.err);
    assert!(folder.names("other").is_empty());
}

#[test]
fn an_assessment_replaces_none_of_its_inputs() {
    let folder = Folder::new();
    folder.put("rules.csv", "id\nana\n");
    folder.put("mentors.csv", "id\nmax\n");
    let run = folder.run("assess --mentees rules.csv --mentors mentors.csv --out .");
    assert_eq!(
        run.err,
        "error: what is written would replace rules.csv, the file of --mentees; name another folder\n"
    );
    assert_eq!(
        (run.status, folder.get("rules.csv").as_str()),
        (Some(2), "id\nana\n")
    );
}
