//! The progress bar, on standard error and only on a terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use nearpeer::words::counted;
use nearpeer::{Progress, Watcher};

use super::summary::amount;

/// How often the clock moves.
const TICK: Duration = Duration::from_millis(200);

const TEMPLATE: &str = "{spinner} {elapsed:>4} [{bar:24}] {wide_msg}";

/// A bar that is gone when this is dropped, or none.
pub(super) struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar where somebody is there to see it.
    pub(super) fn new(wanted: bool) -> Self {
        let seen = wanted && io::stderr().is_terminal();
        Self(seen.then(|| {
            let bar = ProgressBar::new(1);
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.enable_steady_tick(TICK);
            bar
        }))
    }

    /// What moves the bar.
    pub(super) fn watcher(&self) -> Option<Watcher> {
        let bar = self.0.clone()?;
        Some(Watcher::new(move |progress| {
            bar.set_length(progress.total.max(1) as u64);
            bar.set_position(progress.done as u64);
            bar.set_message(words(progress));
        }))
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// How far a solve is, in a line.
fn words(progress: &Progress) -> String {
    let mut words = progress.phase.as_str().replace('_', " ");
    if progress.round > 0 {
        words += &format!(
            ", round {}, {}",
            progress.round,
            counted(progress.columns, "column")
        );
    }
    if let (Some(level), Some(gap)) = (progress.level, progress.gap) {
        words += &format!(", {level} gap {}", amount(level, gap));
    }
    words
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use nearpeer::{Options, Person, Program, Roster};

    use super::*;

    #[test]
    fn a_line_says_what_is_done_and_how_far_it_is() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&lines);
        let note = move |progress: &Progress| noted.lock().expect("no panic").push(words(progress));
        let roster = Roster::builder()
            .mentee(Person::new("ana").interests(["chess"]))
            .mentor(Person::new("max").interests(["chess"]))
            .build()
            .expect("a roster");
        let options = Options {
            progress: Some(Watcher::new(note)),
            ..Options::default()
        };
        let answer = Program::default().solve_with(&roster, &options);
        assert_eq!(answer.expect("a match").covered(), 1);
        let lines = lines.lock().expect("no panic");
        assert_eq!(lines.first().map(String::as_str), Some("compile"));
        let last = "explain, round 1, 1 column, score gap 0.000000";
        assert_eq!(lines.last().map(String::as_str), Some(last));
    }
}
