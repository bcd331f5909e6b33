//! What the programme limits and promises, as the command, the page and the document say it.

use crate::support::Folder;
use serde_json::Value;

/// A class with a budget, a quota, a balance and a family.
fn class() -> Folder {
    let folder = Folder::new();
    let mentees = (0..24).map(|number| {
        let lunch = if number < 12 { "free" } else { "paid" };
        format!("e{number},{lunch}\n")
    });
    folder.put(
        "mentees.csv",
        format!("id,lunch\n{}", mentees.collect::<String>()),
    );
    let mentors = (0..18).map(|number| {
        let new = if number % 2 == 0 { "yes" } else { "no" };
        format!("m{number},{new},2.5\n")
    });
    folder.put(
        "mentors.csv",
        format!("id,new,fare\n{}", mentors.collect::<String>()),
    );
    folder.put(
        "programme.toml",
        "[[quotas]]\nname = \"new <b>\"\nmentor = { column = \"new\", value = \"yes\" }\nat_most = 7\n\
         [[budgets]]\nname = \"fares\"\nmentor = \"fare\"\nat_most = 40.5\n\
         [[balance]]\ncolumn = \"lunch\"\ngroups = [\"free\"]\nat_least = 0.5\n\
         [[families]]\nname = \"Rivera\"\nmembers = [\"e1\", \"e2\"]\nall_or_none = true\n",
    );
    folder
}

const INPUT: &str = "--program programme.toml --mentees mentees.csv --mentors mentors.csv";

#[test]
fn limits_are_said_by_command_page_and_document() {
    let folder = class();
    let run = folder.run(&format!(
        "match {INPUT} --out out --report page.html --json all.json"
    ));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    for line in [
        "the quota \"new <b>\" of at most 7 pairs: 7 pairs\n",
        "the budget \"fares\" of at most 40.5: 40\n",
        "the balance of lunch \"free\": at least 50 % of them covered: ",
    ] {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
    let page = folder.get("page.html");
    for part in [
        "What was limited and promised",
        "the quota &quot;new &lt;b&gt;&quot; of at most 7 pairs",
        "kept: 7 pairs",
        "kept: 40",
        "a family (families[1])",
        "Fairness costs nothing",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Rivera"), "nobody is to be named");

    // The same from the folder, named, and for sharing.
    let again = format!("report {INPUT} --match out");
    let run = folder.run(&format!("{again} --out again.html"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert_eq!(folder.get("again.html"), page);
    folder.run(&format!("{again} --out named.html --names id"));
    assert!(
        folder
            .get("named.html")
            .contains("the family &quot;Rivera&quot;, all or none")
    );
    folder.run(&format!("{again} --out shared.html --redacted"));
    let shared = folder.get("shared.html");
    assert!(shared.contains("has 4 limits and promises for the match as a whole. All are kept."));
    assert!(!shared.contains("fares"), "{shared}");

    let document: Value = serde_json::from_str(&folder.get("all.json")).expect("JSON");
    let limits = document["limits"].as_array().expect("limits");
    assert_eq!(limits.len(), 4);
    assert_eq!(limits[0]["key"], "quotas[1]");
    assert_eq!(limits[0]["has"], 7.0);
    assert_eq!(limits[1]["unit"], "cost");
    assert_eq!(limits[1]["limit"], 40.5);
    assert_eq!(limits[2]["at_least"], true);
    assert_eq!(limits[3]["has"], Value::Null);
    assert_eq!(document["price_of_fairness"]["covered_without"], 16);
}
