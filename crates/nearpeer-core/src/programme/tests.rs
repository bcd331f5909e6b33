//! Programmes as text, and what is wrong with them.

use super::*;
use crate::error::ErrorKind;

/// What is wrong with a file, and with a table of the same keys, which has no lines.
fn message(text: &str) -> String {
    let faulty = "the programme is faulty";
    let told = Program::from_toml(text).expect_err(faulty).to_string();
    let table = text.parse().expect("TOML");
    let of_table = Program::from_table(table).expect_err(faulty).to_string();
    let without_line = told
        .split_once(" (line ")
        .map_or(told.clone(), |(before, rest)| {
            let (_, after) = rest.split_once(')').expect("a number in parentheses");
            format!("{before}{after}")
        });
    assert_eq!(of_table, without_line);
    told
}

#[test]
fn an_empty_file_is_the_default_programme() {
    assert_eq!(
        Program::from_toml("").expect("defaults"),
        Program::default()
    );
}

#[test]
fn unknown_keys_name_themselves_and_the_nearest_known_one() {
    assert!(
        message("[eligibility]\nconsnt = false")
            .starts_with("programme key `consnt`: unknown key (line 2); did you mean `consent`?"),
        "{}",
        message("[eligibility]\nconsnt = false")
    );
    let criterion = "[[criteria]]\nkind = 'interests'\nweigth = 1\nmissing = 'zero'";
    assert!(
        message(criterion).contains("`weigth`: unknown key"),
        "{}",
        message(criterion)
    );
    assert!(
        message(criterion).contains("did you mean `weight`?"),
        "{}",
        message(criterion)
    );
    assert!(message("objective = ['coverag']").contains("did you mean `coverage`?"));
    let gap = "[eligibility]\ngrade_gap = { mn = 2 }";
    assert!(
        message(gap).contains("did you mean `min`?"),
        "{}",
        message(gap)
    );
}

#[test]
fn impossible_settings_name_their_key() {
    for (text, key) in [
        ("objective = []", "objective"),
        ("objective = ['score', 'coverage']", "objective"),
        ("objective = ['score', 'score']", "objective"),
        ("limits = { time = 0 }", "limits.time"),
        ("limits = { time = nan }", "limits.time"),
        ("limits = { memory = 0 }", "limits.memory"),
        ("limits = { memory = '1 GiB' }", "limits.memory"),
        ("limits = { gap = -1 }", "limits.gap"),
        ("limits = { gap = 0.5 }", "limits.gap"),
        ("loads.mentor = { min = 3, max = 2 }", "loads.mentor.min"),
        ("loads.mentor = { max = 99999 }", "loads.mentor.max"),
        (
            "[eligibility]\ngrade_gap = { min = 3, max = 2 }",
            "eligibility.grade_gap",
        ),
        (
            "[[criteria]]\nkind = 'interests'\nweight = -1\nmissing = 'zero'",
            "criteria[1].weight",
        ),
        (
            "[[criteria]]\nkind = 'interests'\nweight = nan\nmissing = 'zero'",
            "criteria[1].weight",
        ),
        (
            "[[criteria]]\nkind = 'interests'\nweight = 0\nmissing = 'zero'",
            "criteria",
        ),
        ("[[criteria]]\nkind = 'interests'\nweight = 1", "missing"),
        ("meetings = { travel = 'nobody' }", "meetings.travel"),
        ("meetings = { assign = 'yes' }", "meetings.assign"),
        ("meetings = { asign = true }", "did you mean `assign`?"),
        ("meetings = true", "meetings"),
        ("circles = { one_slt = true }", "did you mean `one_slot`?"),
        ("circles = { grade_band = -1 }", "circles.grade_band"),
        (
            "[[quotas]]\nname = 'buses'\nproperty = 'cross_site'",
            "at_most",
        ),
        (
            "[[quotas]]\nname = ' '\nproperty = 'cross_site'\nat_most = 1",
            "quotas[1].name",
        ),
        (
            "[[quotas]]\nname = 'a'\nsame = 'bus'\nat_most = 1\n[[quotas]]\nname = 'a'\nsame = 'club'\nat_most = 1",
            "quotas[2].name",
        ),
        (
            "[[quotas]]\nname = 'a'\nat_most = 1",
            "exactly one of `property`, `same`, `different`",
        ),
        (
            "[[quotas]]\nname = 'a'\nsame = 'bus'\nproperty = 'cross_site'\nat_most = 1",
            "exactly one of `property`, `same`, `different`",
        ),
        (
            "[[criteria]]\nkind = 'same'\nweight = 1\nmissing = 'zero'",
            "column",
        ),
        (
            "[[quotas]]\nname = 'a'\nlanguage = 'Spanish'\nat_least = 3\nat_most = 2",
            "quotas[1].at_least",
        ),
        (
            "[[quotas]]\nname = 'a'\nmentor = { colum = 'x', value = 'y' }\nat_most = 2",
            "did you mean `column`?",
        ),
        (
            "[[budgets]]\nname = 'a'\nat_most = 3",
            "key `budgets[1]`: a budget needs a cost",
        ),
        (
            "[[budgets]]\nname = 'a'\npair = -1.0\nat_most = 3",
            "budgets[1].pair",
        ),
        (
            "[[budgets]]\nname = 'a'\npair = 1\nat_most = nan",
            "budgets[1].at_most",
        ),
        (
            "[[budgets]]\nname = 'a'\nmentor = 'x'\ncross_site = true\nat_most = 3",
            "which is missing",
        ),
        (
            "[[balance]]\ncolumn = 'gender'",
            "key `balance[1]`: a balance needs `at_least`, `within`, or both",
        ),
        (
            "[[balance]]\ncolumn = 'gender'\nat_least = 60",
            "balance[1].at_least",
        ),
        (
            "[[balance]]\ncolumn = ''\nat_least = 0.5",
            "balance[1].name",
        ),
        (
            "[[families]]\nname = 'a'\nmembers = ['x']\nkeep = 'apart'",
            "families[1].members",
        ),
        (
            "[[families]]\nname = 'a'\nmembers = ['x', 'x']\nkeep = 'apart'",
            "families[1].members[2]",
        ),
        (
            "[[families]]\nname = 'a'\nmembers = ['x', 'y']",
            "key `families[1]`: a family needs `keep`",
        ),
        (
            "[[families]]\nname = 'a'\nmembers = ['x', 'y']\nkeep = 'near'",
            "families[1].keep",
        ),
    ] {
        let error = Program::from_toml(text).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Program, "{text}");
        assert!(message(text).contains(key), "{text}: {error}");
    }
}

#[test]
fn values_of_the_wrong_kind_name_their_key_and_what_is_needed() {
    for (text, expected) in [
        (
            "loads.mentor = { max = -1 }",
            "programme key `loads.mentor.max`: a whole number, 0 or more, is needed, not integer `-1` (line 1)",
        ),
        (
            "loads.mentor = { max = 1.5 }",
            "programme key `loads.mentor.max`: a whole number, 0 or more, is needed, not floating point `1.5` (line 1)",
        ),
        (
            "loads = 3",
            "programme key `loads`: a table is needed, not integer `3` (line 1)",
        ),
        ("mode = 3", "programme key `mode`: text is needed (line 1)"),
        (
            "mode.cross_age = []",
            "programme key `mode`: text is needed, not a table",
        ),
        (
            "objective = ['score', 'score']",
            "programme key `objective`: a level is named twice",
        ),
        (
            "[[quotas]]\nname = 'a'\npairs = [['ana', 'max'], ['eve', 'max', 'zoe']]\nat_most = 1",
            "programme key `quotas[1].pairs[2]`: two ids are needed, not 3 (line 3)",
        ),
        (
            "loads = [{ max = 1 }, { max = 5 }, 'junk']",
            "programme key `loads`: a table is needed, not a list",
        ),
        (
            "loads.mentor = [0, 2, true]",
            "programme key `loads.mentor`: a table is needed, not a list",
        ),
        (
            "eligibility.feeders = [{ from = 'A', to = 'B' }, ['A', 'B', 'C']]",
            "programme key `eligibility.feeders[2]`: a table is needed, not a list",
        ),
        (
            "criteria = [['interests', 1, 'neutral']]",
            "programme key `criteria[1]`: a table is needed, not a list (line 1)",
        ),
        (
            "[[quotas]]\nname = 'buses'\nproperty = 'cross_sit'\nat_most = 1",
            "programme key `quotas[1].property`: unknown value `cross_sit` (line 3); did you mean \
             `cross_site`? The known ones are: cross_site",
        ),
        (
            "[[quotas]]\nname = 'buses'\nproperty = 'cross_site'\nat_most = -1",
            "programme key `quotas[1].at_most`: a whole number, 0 or more, is needed, not integer `-1` \
             (line 4)",
        ),
        (
            "[meetings]\ntravel = 'mentees'",
            "programme key `meetings.travel`: unknown value `mentees` (line 2); did you mean `mentee`? \
             The known ones are: mentee, mentor, either",
        ),
        (
            "[meetings]\nassign = 1",
            "programme key `meetings.assign`: true or false is needed, not integer `1` (line 2)",
        ),
        (
            "objective = 'score'",
            "programme key `objective`: a list is needed, not string \"score\" (line 1)",
        ),
        (
            "[[criteria]]\nkind = 'interests'\nmissing = 'zero'\nweight = '1'",
            "programme key `criteria[1].weight`: a number is needed, not string \"1\" (line 4)",
        ),
        (
            "[[criteria]]\nkind = 'goals'\nweight = 1\nmissing = 'zerro'",
            "programme key `criteria[1].missing`: unknown value `zerro` (line 4); did you mean `zero`? The \
             known ones are: neutral, zero, ineligible",
        ),
    ] {
        assert_eq!(message(text), expected);
    }
}
