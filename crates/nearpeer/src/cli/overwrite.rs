//! No file of a command replaces what the command reads, or another file that it writes.

use std::path::{Path, PathBuf};

use nearpeer::{Error, ErrorKind, answer};

/// Checks that no file that is read is one of these `names` that are written to a folder.
///
/// # Errors
/// [`ErrorKind::Input`] naming the option.
pub(super) fn check_folder(
    names: &[&str],
    read: &[(&str, &Path)],
    folder: &Path,
) -> Result<(), Error> {
    let names = names.iter().map(|name| real(&folder.join(name)));
    let written: Vec<PathBuf> = names.collect();
    let read = read.iter().map(|(option, file)| (option, file, real(file)));
    match { read }.find(|(.., file)| written.contains(file)) {
        Some((option, file, _)) => {
            let file = file.display();
            let message = format!(
                "what is written would replace {file}, the file of {option}; name another folder"
            );
            Err(Error::input(message))
        }
        None => Ok(()),
    }
}

/// Checks the files that a command writes beside the answer in a folder; each has its option.
///
/// # Errors
/// [`ErrorKind::Input`] naming both options.
pub(super) fn check<'a>(
    written: impl IntoIterator<Item = (&'a str, &'a Path)>,
    read: &[(&'a str, &'a Path)],
    folder: &Path,
) -> Result<(), Error> {
    let read = read
        .iter()
        .map(|(option, file)| (real(file), format!("the file of {option}")));
    let answer = answer::FILES
        .into_iter()
        .map(|name| (real(&folder.join(name)), "a file of the answer".to_owned()));
    let mut taken: Vec<(PathBuf, String)> = read.chain(answer).collect();
    for (option, file) in written {
        let real = real(file);
        if let Some((_, what)) = taken.iter().find(|(other, _)| *other == real) {
            let file = file.display();
            let message = format!("{option} {file} would replace {what}; name another file");
            return Err(Error::input(message));
        }
        taken.push((real, format!("the file of {option}")));
    }
    Ok(())
}

/// Checks that no file is there that would be replaced: what somebody has worked on is not to be lost.
///
/// # Errors
/// [`ErrorKind::Io`] naming the file, unless it may be replaced by `force`.
pub(super) fn check_new(
    files: impl IntoIterator<Item = PathBuf>,
    force: bool,
) -> Result<(), Error> {
    let mut files = files.into_iter();
    match files.find(|file| !force && file.symlink_metadata().is_ok()) {
        Some(file) => Err(Error::new(
            ErrorKind::Io,
            format!(
                "the output {file:?} is there already; name another, or replace it with --force"
            ),
        )),
        None => Ok(()),
    }
}

/// The path without links and dots, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    let there = path.canonicalize().ok();
    there
        .or_else(|| folder(path))
        .or_else(|| std::path::absolute(path).ok())
        .unwrap_or_else(|| path.to_owned())
}
