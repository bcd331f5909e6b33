//! `nearpeer explain`, `nearpeer alternatives` and `nearpeer advise`.

use std::path::Path;

use nearpeer::tables::read_costs;
use nearpeer::{
    Advice, AdviseOptions, Alternative, Alternatives, Error, Explanation, Match, Options,
    PairExplanation, Partner, Program, Rival, Roster, Status, Table, answer,
};
use nearpeer_core::words::printable;
use serde_json::{Value, json};

use super::{Exit, Outcome, arguments, ctrl_c, print};

/// What a question is about.
struct Asked {
    roster: Roster,
    program: Program,
    found: Match,
    options: Options,
}

/// What is said of every answer about a match that a limit cut.
const CUT: &str = "a limit cut the match before it was proven the best: another may be better";

impl Asked {
    /// Whether a limit came before the match was proven the best.
    fn is_cut(&self) -> bool {
        self.found.certificate.status == Status::LimitReached
    }

    fn read(task: &str, about: &arguments::About) -> Result<Self, Error> {
        let options = about.options()?;
        ctrl_c::raises(&options.stop)?;
        about.input.refuse_students(task)?;
        let program = about.input.program()?;
        let roster = about.input.roster()?;
        let found = match &about.folder {
            Some(folder) => {
                let (pairs, certificate) = answer::read_answer(folder)?;
                Match::restore(&roster, &program, &pairs, certificate, &options)?
            }
            None => program.solve_with(&roster, &options)?,
        };
        Ok(Self {
            roster,
            program,
            found,
            options,
        })
    }
}

pub(super) fn explain(task: &arguments::Explain) -> Outcome {
    let asked = Asked::read("explain", &task.about)?;
    let Asked {
        roster,
        program,
        found,
        options,
    } = &asked;
    let (mut object, mut text, is_cut) = match &task.other {
        None => {
            let explained = found.explain(roster, program, &task.id, options)?;
            (person(&explained), explained.to_string(), false)
        }
        Some(other) => {
            let explained = found.explain_pair(roster, program, &task.id, other, options)?;
            (pair(&explained), explained.to_string(), explained.is_cut)
        }
    };
    let is_cut = is_cut || asked.is_cut();
    if is_cut {
        object["status"] = Status::LimitReached.as_str().into();
    }
    if asked.is_cut() {
        text += "\n";
        text += CUT;
    }
    say(task.about.json, object, &text);
    Ok(if is_cut { Exit::Limit } else { Exit::Done })
}

pub(super) fn alternatives(task: &arguments::Alternatives) -> Outcome {
    let asked = Asked::read("alternatives", &task.about)?;
    let Asked {
        roster,
        program,
        found,
        options,
    } = &asked;
    let others = found.alternatives(roster, program, &task.id, task.n, options)?;
    let levels: Vec<String> = others.levels.iter().map(ToString::to_string).collect();
    let object = json!({
        "status": "done",
        "role": others.role.as_str(),
        "id": others.id,
        "levels": levels,
        "partners": others.partners.iter().map(alternative).collect::<Vec<_>>(),
        "candidates": others.candidates,
        "impossible": others.impossible,
        "complete": others.complete,
    });
    let mut lines = lines(&others);
    if asked.is_cut() {
        lines.push(format!("{CUT}; costs are against the best"));
    }
    say(task.about.json, object, &lines.join("\n"));
    Ok(Exit::Done)
}

pub(super) fn advise(task: &arguments::Advise) -> Outcome {
    let costs = match &task.costs {
        Some(path) => read_costs(&read_table(path)?)?,
        None => Default::default(),
    };
    let asked = Asked::read("advise", &task.about)?;
    let Asked {
        roster,
        program,
        found,
        options,
    } = &asked;
    let advise = AdviseOptions { n: task.n, costs };
    let advised = found.advise(roster, program, &advise, options)?;
    let advice = &advised.advice;
    let (status, exit) = match advised.not_reached.is_empty() {
        true => ("done", Exit::Done),
        false => ("limit_reached", Exit::Limit),
    };
    let object = json!({
        "status": status,
        "advice": advice.iter().map(advice_object).collect::<Vec<_>>(),
        "not_reached": advised.not_reached,
    });
    let lines = advice.iter().map(|advice| match advice.cost {
        Some(cost) => format!("{} (costs {cost})", advice.what),
        None => advice.what.clone(),
    });
    let mut lines: Vec<String> = lines.collect();
    match advised.not_reached_in_words() {
        Some(not_reached) => lines.push(not_reached),
        None if lines.is_empty() => lines.push("no change was found that adds anything".to_owned()),
        None => {}
    }
    if asked.is_cut() {
        lines.push(format!("{CUT}; what is added is added to the best"));
    }
    say(task.about.json, object, &lines.join("\n"));
    Ok(exit)
}

fn read_table(path: &Path) -> Result<Table, Error> {
    Table::read("costs", path)
}

fn say(as_json: bool, object: Value, text: &str) {
    if as_json {
        print::json(&object);
    } else {
        text.lines().for_each(|line| print::line(&line));
    }
}

/// The alternatives for people, line by line.
fn lines(others: &Alternatives) -> Vec<String> {
    let mut lines: Vec<String> = others
        .partners
        .iter()
        .map(|other| {
            let Alternative {
                partner,
                cost,
                rivals,
            } = other;
            let held = rivals.iter().map(|rival| printable(&rival.id));
            let held: Vec<String> = held.collect();
            let held = match held.is_empty() {
                true => "has nobody".to_owned(),
                false => format!("has {}", held.join(", ")),
            };
            format!(
                "{}: score {}, costs {cost}; {held}",
                printable(&partner.id),
                partner.score
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push("nobody else can be a partner".to_owned());
    }
    if others.impossible > 0 {
        let count = others.impossible;
        lines.push(format!(
            "{count} more may be paired, and no match with them keeps every obligation"
        ));
    }
    if !others.complete {
        let count = others.candidates;
        lines.push(format!(
            "the best by score of {count} were tried; others may cost less"
        ));
    }
    lines
}

fn rivals(rivals: &[Rival]) -> Vec<Value> {
    let rivals = rivals.iter();
    rivals
        .map(|rival| json!({"id": rival.id, "score": rival.score}))
        .collect()
}

fn partner(partner: &Partner) -> Value {
    json!({"id": partner.id, "score": partner.score, "by_criterion": partner.by_criterion})
}

fn alternative(other: &Alternative) -> Value {
    let lost = other.cost.levels.iter();
    let lost: Vec<Value> = lost
        .map(|(level, lost)| json!({"level": level.to_string(), "lost": lost}))
        .collect();
    let mut object = partner(&other.partner);
    object["cost"] = lost.into();
    object["held_by"] = rivals(&other.rivals).into();
    object
}

fn person(explained: &Explanation) -> Value {
    let removed = explained.removed.iter();
    let removed: Vec<Value> = removed
        .map(|(code, count)| json!({"code": code, "removed": count}))
        .collect();
    let wanted = explained.wanted.iter().map(|wanted| {
        let mut object = partner(&wanted.partner);
        object["has_room"] = wanted.has_room.into();
        object["rivals"] = rivals(&wanted.rivals).into();
        object
    });
    json!({
        "status": "done",
        "role": explained.role.as_str(),
        "id": explained.id,
        "others": explained.others,
        "candidates": explained.candidates,
        "removed": removed,
        "load_max": explained.load_max,
        "partners": explained.partners.iter().map(partner).collect::<Vec<_>>(),
        "reason": explained.reason.as_ref().map(|reason| reason.code()),
        "detail": explained.reason.as_ref().map(|reason| reason.detail()),
        "wanted": wanted.collect::<Vec<_>>(),
        "regret": explained.regret,
        "criteria": explained.criteria,
    })
}

fn pair(explained: &PairExplanation) -> Value {
    let rules = explained.rules.iter();
    let rules: Vec<Value> = rules
        .map(|rule| json!({"code": rule.code, "passes": rule.passes, "detail": rule.detail}))
        .collect();
    let cost = explained.cost.as_ref().map(|cost| {
        let lost = cost.levels.iter();
        lost.map(|(level, lost)| json!({"level": level.to_string(), "lost": lost}))
            .collect::<Vec<_>>()
    });
    json!({
        "status": "done",
        "mentee": explained.mentee,
        "mentor": explained.mentor,
        "chosen": explained.chosen,
        "eligible": explained.is_eligible(),
        "rules": rules,
        "score": explained.score,
        "by_criterion": explained.by_criterion,
        "criteria": explained.criteria,
        "mentee_has": rivals(&explained.mentee_has),
        "mentor_has": rivals(&explained.mentor_has),
        "mentee_regret": explained.mentee_regret,
        "mentor_regret": explained.mentor_regret,
        "cost": cost,
        "no_cost": explained.no_cost,
    })
}

fn advice_object(advice: &Advice) -> Value {
    json!({
        "kind": advice.change.kind(),
        "what": advice.what,
        "matches_added": advice.matches_added,
        "score_added": advice.score_added,
        "units": advice.units,
        "people": advice.people,
        "cost": advice.cost,
        "verified": true,
    })
}
