//! Files that appear in a folder whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nearpeer_core::{Error, ErrorKind};
use tempfile::NamedTempFile;

/// Files that are complete but have no names yet, in the order in which they will get them.
pub(crate) struct Drafts<'a> {
    folder: &'a Path,
    files: Vec<(OsString, Draft)>,
}

/// A file without its name.
struct Draft {
    file: NamedTempFile,
    listed: Listed,
}

/// That a draft is in [`DRAFTS`], as long as it is one.
struct Listed(PathBuf);

impl Drop for Listed {
    fn drop(&mut self) {
        drafts().retain(|other| *other != self.0);
    }
}

/// Where all drafts of this process are.
static DRAFTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn drafts() -> MutexGuard<'static, Vec<PathBuf>> {
    // Paths are added and taken away whole, whoever panics.
    DRAFTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the process, as `exit` does, without the files that it has begun to write. For a handler of Ctrl-C: what would clean up
/// behind them is not run at such an end.
pub fn exit_without_drafts(code: i32) -> ! {
    // Nobody begins another file: they wait for this lock until the end.
    let drafts = drafts();
    for draft in drafts.iter() {
        // There is nobody left to complain to, and no draft that has its name by now.
        let _ = fs::remove_file(draft);
    }
    std::process::exit(code)
}

impl Draft {
    fn new(folder: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nearpeer-");
        // Temporary files are private by default; these are to be as readable as any file of the user's.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut all = drafts();
        let file = builder.tempfile_in(folder)?;
        let listed = Listed(file.path().to_owned());
        all.push(listed.0.clone());
        Ok(Self { file, listed })
    }

    /// Gives the file its name, in place of a file that has it or, if `new`, only where there is none.
    fn persist(self, path: &Path, new: bool) -> io::Result<()> {
        let Self { file, listed } = self;
        let named = match new {
            true => file.persist_noclobber(path),
            false => file.persist(path),
        };
        drop(listed);
        named.map(|_| ()).map_err(|error| error.error)
    }
}

impl<'a> Drafts<'a> {
    /// None yet, in a folder that is made if it is not there.
    pub(crate) fn new(folder: &'a Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        let files = Vec::new();
        Ok(Self { folder, files })
    }

    /// Writes a file in full.
    pub(crate) fn add(
        &mut self,
        name: impl Into<OsString>,
        write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let mut file = Draft::new(self.folder).map_err(|error| unwritable(self.folder, &error))?;
        let mut out = BufWriter::new(file.file.as_file_mut());
        write(&mut out)
            .and_then(|()| out.flush())
            .map_err(|error| unwritable(self.folder, &error))?;
        drop(out);
        self.files.push((name.into(), file));
        Ok(())
    }

    /// [`persist`](Self::persist), after which none of `names` is left that an earlier answer had and this one has not. There
    /// was one if a file named `mark` is there; files in a folder without it are somebody else's.
    pub(crate) fn persist_instead(self, mark: &str, names: &[&str]) -> Result<Vec<PathBuf>, Error> {
        let folder = self.folder;
        let was_there = folder.join(mark).exists();
        let has = |name: &&&str| self.files.iter().any(|(own, _)| own == **name);
        let stale: Vec<&&str> = names.iter().filter(|name| !has(name)).collect();
        let files = self.persist()?;
        for name in stale.into_iter().filter(|_| was_there) {
            let path = folder.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(unwritable(&path, &error));
                }
                _ => {}
            }
        }
        Ok(files)
    }

    /// Gives the files their names, and says where they are.
    pub(crate) fn persist(self) -> Result<Vec<PathBuf>, Error> {
        self.persist_if(false)
    }

    fn persist_if(self, new: bool) -> Result<Vec<PathBuf>, Error> {
        let folder = self.folder;
        for (name, _) in &self.files {
            replaceable(&folder.join(name))?;
        }
        let files = self.files.into_iter();
        let named = files.map(|(name, file)| {
            let path = folder.join(name);
            file.persist(&path, new)
                .map_err(|error| unwritable(&path, &error))?;
            Ok(path)
        });
        named.collect()
    }
}

/// Writes one file, in full or not at all; its folder is made if it is not there.
pub(crate) fn save(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> Result<PathBuf, Error> {
    save_if(path, false, write)
}

/// [`save`] for a file that must not be there yet.
pub(crate) fn save_new(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> Result<PathBuf, Error> {
    save_if(path, true, write)
}

fn save_if(
    path: &Path,
    is_new: bool,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> Result<PathBuf, Error> {
    let (folder, name) = place(path)?;
    let mut files = Drafts::new(folder)?;
    files.add(name, write)?;
    files.persist_if(is_new)?;
    Ok(path.to_owned())
}

/// Checks that [`save`] can write this file. Leaves nothing behind.
pub(crate) fn check_file(path: &Path) -> Result<(), Error> {
    let (folder, name) = place(path)?;
    check_folder(folder, [name])
}

/// The folder and the name of a file.
fn place(path: &Path) -> Result<(&Path, &OsStr), Error> {
    let name = path.file_name().ok_or_else(|| {
        Error::new(
            ErrorKind::Io,
            format!("the output {path:?} is not the name of a file"),
        )
    })?;
    if path == Path::new("-") {
        return Err(Error::new(
            ErrorKind::Io,
            "the output \"-\" is not the name of a file, and nothing is written to the standard output (`./-` is a file)",
        ));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok((folder, name))
}

/// Checks that files of these names can be written to a folder. Leaves nothing behind.
pub(crate) fn check_folder<N: AsRef<OsStr>>(
    folder: &Path,
    names: impl IntoIterator<Item = N>,
) -> Result<(), Error> {
    // An unset variable of a shell is no wish to write here.
    if folder.as_os_str().is_empty() {
        return Err(Error::new(
            ErrorKind::Io,
            "the output folder has no name; use `.` for the current folder",
        ));
    }
    let there = folder
        .ancestors()
        .map(|part| {
            if part.as_os_str().is_empty() {
                Path::new(".")
            } else {
                part
            }
        })
        .find(|part| part.symlink_metadata().is_ok())
        .unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(Error::new(
            ErrorKind::Io,
            format!("the output folder {folder:?} cannot be made: {there:?} is not a folder"),
        ));
    }
    tempfile::tempfile_in(there).map_err(|error| unwritable(folder, &error))?;
    for name in names {
        let path = folder.join(name.as_ref());
        replaceable(&path)?;
    }
    Ok(())
}

/// Whether there is no file of this name, or one that another can take the place of: whoever names a link, a device or a pipe does
/// not want to lose it.
fn replaceable(path: &Path) -> Result<(), Error> {
    let Ok(there) = path.symlink_metadata() else {
        return Ok(());
    };
    let what = match there.file_type() {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "a folder",
        kind if kind.is_symlink() => "a link, which a file would replace: name where it leads",
        _ => "no file but a device or a pipe",
    };
    Err(Error::new(
        ErrorKind::Io,
        format!("the output file {path:?} cannot be written: it is {what}"),
    ))
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("the output {path:?} cannot be written: {error}"),
    )
}
