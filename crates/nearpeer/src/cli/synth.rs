//! `nearpeer synth`

use nearpeer::synth::District;
use nearpeer::{Role, district};
use serde_json::json;

use super::{Exit, Outcome, arguments, ctrl_c, overwrite, print};

pub(super) fn run(task: &arguments::Synth) -> Outcome {
    ctrl_c::ends()?;
    let names = district::files(task.format()).into_iter();
    overwrite::check_new(names.map(|name| task.out.join(name)), task.force)?;
    let made = District::new(&task.plan())?;
    let files = district::save(&made, &task.out, task.format())?;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let [mentees, mentors] = [Role::Mentee, Role::Mentor].map(|role| made.count(role));
    let (sites, leaders) = (made.sites().count(), made.leaders().count());
    let rooms = made.rooms().count();
    let feeders = made.program().eligibility.feeders.len();
    if task.json {
        print::json(&json!({
            "status": "done",
            "mentees": mentees,
            "mentors": mentors,
            "leaders": leaders,
            "rooms": rooms,
            "sites": sites,
            "feeders": feeders,
            "files": files,
        }));
    } else {
        print::line(&format!(
            "mentees: {mentees}; mentors: {mentors}; leaders: {leaders}"
        ));
        print::line(&format!(
            "sites: {sites}; feeders: {feeders}; rooms: {rooms}"
        ));
        print::line(&format!("files: {}", files.join(", ")));
    }
    Ok(Exit::Done)
}
