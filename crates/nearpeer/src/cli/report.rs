//! `nearpeer report`

use nearpeer::Error;
use nearpeer::report::{self, Outcome};

use super::{Exit, Outcome as Ended, arguments, print};

pub(super) fn run(task: &arguments::Report) -> Ended {
    let program = task.input.program()?;
    if task.input.is_of_students() {
        let message = "reports are for mentees and mentors so far";
        return Err(Error::input(message));
    }
    let roster = task.input.roster()?;
    let settings = task.page.settings();
    settings.check(&roster)?;
    let settings = settings.with_bottlenecks(&program, &roster)?;
    let outcome = Outcome::of_folder(&task.answer, &roster, &program)?;
    let file = report::save(&outcome, &settings, &task.out)?;
    print::line(&format!("file: {}", file.display()));
    Ok(Exit::Done)
}
