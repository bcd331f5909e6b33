//! `nearpeer verify`

use nearpeer::answer;
use serde_json::json;

use super::{Exit, Outcome, arguments, print};

pub(super) fn run(task: &arguments::Verify) -> Outcome {
    let program = task.input.program()?;
    let roster = task.input.tables()?.roster()?;
    let (pairs, certificate) = answer::read_answer(&task.out)?;
    let verified = nearpeer::verify(&roster, &program, &pairs, &certificate)?;
    if task.json {
        print::json(&json!({
            "verified": true,
            "status": certificate.status.as_str(),
            "gap": certificate.gap,
            "pairs": verified.pairs,
            "eligible": verified.eligible,
            "leaves": verified.leaves,
        }));
    } else {
        print::line(&format!(
            "verified: {}, gap {}; {} pairs against the bound over all {} eligible ones",
            certificate.status.as_str(),
            certificate.gap,
            verified.pairs,
            verified.eligible
        ));
    }
    Ok(Exit::Done)
}
