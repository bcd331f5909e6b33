//! `nearpeer report`

use nearpeer::answer;
use nearpeer::report::{self, CoOutcome, Outcome};

use super::{Exit, Outcome as Ended, arguments, ctrl_c, print};

pub(super) fn run(task: &arguments::Report) -> Ended {
    task.check()?;
    ctrl_c::ends()?;
    let program = task.input.program()?;
    let roster = task.input.roster()?;
    let settings = task.page.settings();
    settings.check(&roster)?;
    // The page says what is proven, so it is proven here, for this programme.
    let file = if task.input.is_of_students() {
        let outcome = CoOutcome::of_folder(&task.answer, &roster, &program)?;
        let (ties, certificate) = answer::read_co_match(&task.answer)?;
        nearpeer::verify_co_match(&roster, &program, &ties, &certificate)?;
        report::save_groups(&outcome, &settings, &task.out)?
    } else {
        let outcome = Outcome::of_folder(&task.answer, &roster, &program)?;
        let (pairs, certificate) = answer::read_answer(&task.answer)?;
        nearpeer::verify(&roster, &program, &pairs, &certificate)?;
        let settings = settings.with_bottlenecks(&program, &roster)?;
        report::save(&outcome, &settings, &task.out)?
    };
    print::line(&format!("file: {}", file.display()));
    Ok(Exit::Done)
}
