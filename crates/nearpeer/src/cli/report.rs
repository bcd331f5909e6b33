//! `nearpeer report`

use nearpeer::report::{self, Outcome};
use nearpeer::{Error, answer};

use super::{Exit, Outcome as Ended, arguments, print};

pub(super) fn run(task: &arguments::Report) -> Ended {
    task.check()?;
    let program = task.input.program()?;
    if task.input.is_of_students() {
        let message = "a folder is reported of for mentees and mentors; of students, `match --report` makes the page";
        return Err(Error::input(message));
    }
    let roster = task.input.roster()?;
    let settings = task.page.settings();
    settings.check(&roster)?;
    let outcome = Outcome::of_folder(&task.answer, &roster, &program)?;
    // The page says what is proven, so it is proven here, for this programme.
    let (pairs, certificate) = answer::read_answer(&task.answer)?;
    nearpeer::verify(&roster, &program, &pairs, &certificate)?;
    let settings = settings.with_bottlenecks(&program, &roster)?;
    let file = report::save(&outcome, &settings, &task.out)?;
    print::line(&format!("file: {}", file.display()));
    Ok(Exit::Done)
}
