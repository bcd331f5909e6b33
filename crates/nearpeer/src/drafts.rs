//! Files that appear in a folder whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use nearpeer_core::{Error, ErrorKind};
use tempfile::NamedTempFile;

/// Files that are complete but have no names yet, in the order in which they will get them.
pub(crate) struct Drafts<'a> {
    folder: &'a Path,
    files: Vec<(OsString, NamedTempFile)>,
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
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nearpeer-");
        // Temporary files are private by default; these are to be as readable as any file of the user's.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder
            .tempfile_in(self.folder)
            .map_err(|error| unwritable(self.folder, &error))?;
        let mut out = BufWriter::new(file.as_file_mut());
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
        let folder = self.folder;
        self.files
            .into_iter()
            .map(|(name, file)| {
                let path = folder.join(name);
                file.persist(&path)
                    .map_err(|error| unwritable(&path, &error.error))?;
                Ok(path)
            })
            .collect()
    }
}

/// Writes one file, in full or not at all; its folder is made if it is not there.
pub(crate) fn save(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> Result<PathBuf, Error> {
    let (folder, name) = place(path)?;
    let mut files = Drafts::new(folder)?;
    files.add(name, write)?;
    files.persist()?;
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
        if path.is_dir() {
            return Err(Error::new(
                ErrorKind::Io,
                format!("the output file {path:?} cannot be written: it is a folder"),
            ));
        }
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(
        ErrorKind::Io,
        format!("the output {path:?} cannot be written: {error}"),
    )
}
