//! Ctrl-C: once asks the solve to end, twice ends the process.

use nearpeer::{Error, ErrorKind, StopFlag};

use super::Exit;

/// Has Ctrl-C raise the flag.
///
/// # Errors
/// [`ErrorKind::Io`] if the system refuses.
pub(super) fn raises(stop: &StopFlag) -> Result<(), Error> {
    let stop = stop.clone();
    ctrlc::set_handler(move || {
        if stop.is_raised() {
            // Files are written whole or not at all, so this leaves none in the middle.
            std::process::exit(Exit::Interrupted as i32);
        }
        stop.raise();
    })
    .map_err(|error| Error::new(ErrorKind::Io, format!("Ctrl-C cannot be handled: {error}")))
}
