//! `nearpeer assess`

use nearpeer::{Options, assessment};
use serde_json::json;

use super::{Exit, Outcome, arguments, ctrl_c, overwrite, print};

pub(super) fn run(task: &arguments::Assess) -> Outcome {
    let options = Options {
        threads: task.threads,
        ..Options::default()
    };
    ctrl_c::raises(&options.stop)?;
    task.input.refuse_students("assess")?;
    let program = task.input.program()?;
    let roster = task.input.roster()?;
    if let Some(folder) = &task.out {
        overwrite::check_folder(&assessment::names(), &task.input.files(), folder)?;
        assessment::check_folder(folder)?;
    }
    let found = program.assess_with(&roster, &options)?;
    let files = match &task.out {
        Some(folder) => assessment::save(&found, folder)?,
        None => Vec::new(),
    };
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    if task.json {
        let sentences: Vec<String> = found.bottlenecks.iter().map(|set| set.sentence()).collect();
        print::json(&json!({
            "status": "done",
            "assessment": found,
            "sentences": sentences,
            "files": files,
        }));
        return Ok(Exit::Done);
    }
    for line in assessment::page(&found) {
        print::line(&line);
    }
    if !files.is_empty() {
        print::line(&format!("files: {}", files.join(", ")));
    }
    Ok(Exit::Done)
}
