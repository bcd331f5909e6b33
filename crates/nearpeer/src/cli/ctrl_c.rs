//! Ctrl-C: once asks the solve to end, twice ends the process.

use nearpeer::{Error, ErrorKind, StopFlag, exit_without_drafts};

use super::Exit;

/// Has Ctrl-C raise the flag.
///
/// # Errors
/// [`ErrorKind::Io`] if the system refuses.
pub(super) fn raises(stop: &StopFlag) -> Result<(), Error> {
    let stop = stop.clone();
    handle(move || {
        if stop.is_raised() {
            end();
        }
        stop.raise();
    })
}

/// Has Ctrl-C end the process, as it does anyhow, but without the files that are begun.
///
/// # Errors
/// [`ErrorKind::Io`] if the system refuses.
pub(super) fn ends() -> Result<(), Error> {
    handle(|| end())
}

/// Files are written whole or not at all, so this leaves none in the middle.
fn end() -> ! {
    exit_without_drafts(Exit::Interrupted as i32)
}

fn handle(handler: impl FnMut() + Send + 'static) -> Result<(), Error> {
    ctrlc::set_handler(handler)
        .map_err(|error| Error::new(ErrorKind::Io, format!("Ctrl-C cannot be handled: {error}")))
}
