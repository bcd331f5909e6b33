//! `nearpeer explain`, `nearpeer alternatives` and `nearpeer advise`.

use crate::support::Folder;
use serde_json::Value;

const INPUT: &str = "--mentees mentees.csv --mentors mentors.csv";

/// Two mentees, of whom one has an untrained mentor's site.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "id,grade,site,interests\nana,6,East,chess;art\nbo,7,East,football\ncy,6,East,art\n",
    );
    folder.put(
        "mentors.csv",
        "id,grade,site,interests,trained\nmax,9,East,football;chess,yes\nzoe,10,East,art,yes\nkim,9,East,art,no\n",
    );
    folder
}

fn json(folder: &Folder, words: &str) -> Value {
    let run = folder.run(words);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    serde_json::from_str(&run.out).expect("JSON")
}

#[test]
fn a_person_is_explained_in_words_and_as_json() {
    let folder = folder();
    let run = folder.run(&format!("explain bo {INPUT}"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_eq!(
        run.out,
        "mentee bo: max (score 0.575000)\n\
         eligible: 2 of 3 mentors; training removes 1\n\
         regret: 0.000000\n"
    );
    let object = json(&folder, &format!("explain cy {INPUT} --json"));
    assert_eq!(object["candidates"], 2);
    assert_eq!(object["removed"][0]["code"], "training");
}

#[test]
fn a_pair_is_explained_with_what_it_would_cost() {
    let folder = folder();
    let run = folder.run(&format!("explain kim bo {INPUT}"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    assert!(
        run.out
            .contains("training fails (mentor kim: trained is false)"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("no cost: the two may not be paired"),
        "{}",
        run.out
    );
    let object = json(&folder, &format!("explain bo zoe {INPUT} --json"));
    assert_eq!(
        (&object["eligible"], &object["chosen"]),
        (&true.into(), &false.into())
    );
    let cost = object["cost"].as_array().expect("a cost");
    assert_eq!(cost.last().expect("a level")["level"], "score");
}

#[test]
fn what_is_known_of_a_pair_is_told_when_a_limit_cuts_its_cost() {
    let folder = folder();
    let matched = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(matched.status, Some(0), "{}", matched.err);
    let cut = format!("{INPUT} --match out --time-limit 0.000000001");
    let run = folder.run(&format!("explain bo zoe {cut}"));
    assert_eq!((run.status, run.err.as_str()), (Some(4), ""));
    assert!(run.out.contains("score: "), "{}", run.out);
    let no_cost = "no cost: a limit was reached before it was proven";
    assert!(run.out.contains(no_cost), "{}", run.out);
    let run = folder.run(&format!("explain bo zoe {cut} --json"));
    let object: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(object["status"], "limit_reached");
    let run = folder.run(&format!("alternatives bo {cut}"));
    assert_eq!(run.status, Some(4), "{}", run.err);
    let says = "error: the time limit was reached before the question was answered; give it more\n";
    assert_eq!(run.err, says);
}

#[test]
fn who_asks_about_a_match_that_was_cut_is_told_so() {
    let folder = folder();
    let matched = folder.run(&format!("match {INPUT} --out cut --time-limit 0.000000001"));
    assert_eq!(matched.status, Some(4), "{}", matched.err);
    let cut = "a limit cut the match before it was proven the best";
    for (question, status) in [
        ("explain bo", 4),
        ("explain bo zoe", 4),
        ("alternatives bo", 0),
        ("advise", 0),
    ] {
        let run = folder.run(&format!("{question} {INPUT} --match cut"));
        assert_eq!(
            (run.status, run.err.as_str()),
            (Some(status), ""),
            "{question}"
        );
        assert!(run.out.contains(cut), "{question}: {}", run.out);
    }
}

#[test]
fn alternatives_are_the_same_from_a_saved_match() {
    let folder = folder();
    let matched = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(matched.status, Some(0), "{}", matched.err);
    let anew = folder.run(&format!("alternatives bo -n 2 {INPUT}"));
    let saved = folder.run(&format!("alternatives bo -n 2 {INPUT} --match out"));
    assert_eq!((anew.status, anew.err.as_str()), (Some(0), ""));
    assert_eq!(anew.out, saved.out);
    assert!(anew.out.starts_with("zoe: score 0."), "{}", anew.out);
    let advice = folder.run(&format!("advise {INPUT} --match out"));
    assert_eq!(advice.out, folder.run(&format!("advise {INPUT}")).out);
}

#[test]
fn a_match_that_is_not_proven_is_not_asked_about() {
    let folder = folder();
    let matched = folder.run(&format!("match {INPUT} --out out"));
    assert_eq!(matched.status, Some(0), "{}", matched.err);
    let pairs = folder.get("out/pairs.csv");
    let (header, rows) = pairs.split_once('\n').expect("a header");
    let fewer = rows.split_once('\n').expect("a row").1;
    folder.put("out/pairs.csv", format!("{header}\n{fewer}"));
    let run = folder.run(&format!("explain bo {INPUT} --match out"));
    assert_eq!(run.status, Some(2), "{}", run.out);
}

#[test]
fn advice_has_its_effect_and_cost() {
    let folder = folder();
    folder.put("costs.csv", "kind,cost\ntraining,50\n");
    let run = folder.run(&format!("advise -n 1 {INPUT} --costs costs.csv"));
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_eq!(
        run.out,
        "finishing the training of 1 mentor adds 1 match (costs 50)\n"
    );
    let object = json(&folder, &format!("advise {INPUT} --json"));
    let first = &object["advice"][0];
    assert_eq!(
        (&first["kind"], &first["matches_added"]),
        (&"training".into(), &1.into())
    );
    assert_eq!(
        (&first["people"][0], &first["verified"]),
        (&"kim".into(), &true.into())
    );
    assert_eq!(first["cost"], Value::Null);
}

#[test]
fn what_a_limit_came_before_is_counted() {
    let folder = folder();
    folder.run(&format!("match {INPUT} --out out"));
    let words = format!("advise {INPUT} --match out --time-limit 0.000001");
    let run = folder.run(&words);
    assert_eq!((run.status, run.err.as_str()), (Some(4), ""));
    assert!(run.out.starts_with("the limit came before "), "{}", run.out);
    assert!(run.out.contains("training 1"), "{}", run.out);
    let run = folder.run(&format!("{words} --json"));
    let object: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (run.status, &object["status"]),
        (Some(4), &"limit_reached".into())
    );
    assert_eq!(object["not_reached"]["training"], 1);
    let object = json(&folder, &format!("advise {INPUT} --json"));
    assert_eq!(object["not_reached"], serde_json::json!({}));
}

#[test]
fn mistakes_are_named() {
    let folder = folder();
    folder.put("costs.csv", "kind,cost\ntrainning,50\n");
    for (words, says) in [
        (format!("explain mxa {INPUT}"), "did you mean \"max\"?"),
        (
            format!("explain max zoe {INPUT}"),
            "a pair is a mentee and a mentor",
        ),
        (
            format!("advise {INPUT} --costs costs.csv"),
            "did you mean `training`?",
        ),
        (format!("alternatives bo -n 0 {INPUT}"), "0 is not in"),
    ] {
        let run = folder.run(&words);
        assert_eq!(run.status, Some(2), "{words}: {}", run.out);
        assert!(run.err.contains(says), "{words}: {}", run.err);
    }
    folder.put("costs.csv", "kind,cost\ntraining,much\n");
    let run = folder.run(&format!("advise {INPUT} --costs costs.csv"));
    assert!(
        run.err
            .contains("table costs, row 1, column `cost`, value \"much\""),
        "{}",
        run.err
    );
}
