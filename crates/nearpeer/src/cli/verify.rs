//! `nearpeer verify`

use nearpeer::words::counted;
use nearpeer::{Scorer, answer};
use serde_json::json;

use super::{Exit, Outcome, arguments, print};

pub(super) fn run(task: &arguments::Verify) -> Outcome {
    let program = task.input.program()?;
    let roster = task.input.roster()?;
    let options = task.options();
    let (verified, certificate) = if task.input.is_of_students() {
        let (ties, certificate) = answer::read_co_match(&task.out)?;
        let verified =
            nearpeer::verify_co_match_with(&roster, &program, &ties, &certificate, &options)?;
        (verified, certificate)
    } else {
        let (pairs, certificate) = answer::read_answer(&task.out)?;
        let verified = nearpeer::verify_with(&roster, &program, &pairs, &certificate, &options)?;
        (verified, certificate)
    };
    if task.json {
        print::json(&json!({
            "verified": true,
            "status": certificate.status.as_str(),
            "gap": certificate.gap,
            "pairs": verified.pairs,
            "eligible": verified.eligible,
            "leaves": verified.leaves,
            "scorer": verified.scorer.as_str(),
        }));
    } else {
        let scorer = match verified.scorer {
            Scorer::Reference => "plain",
            _ => "compiled",
        };
        print::line(&format!(
            "verified: {}, gap {}; {} against the bound over the {scorer} scores of all {} eligible ones",
            certificate.status.as_str(),
            certificate.gap,
            counted(verified.pairs, "pair"),
            verified.eligible
        ));
    }
    Ok(Exit::Done)
}
