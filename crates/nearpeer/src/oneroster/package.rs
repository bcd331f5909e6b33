//! A folder or a zip archive with CSV files. Nothing is ever unpacked to the disk, so what an archive calls its entries
//! can do no harm; how much is unpacked into memory is limited, whatever the archive says of itself.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nearpeer_core::{Error, ErrorKind};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::tables::{file_name, unreadable};

/// The most that is read of one file when it is unpacked: 1 GiB.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 30;

/// The most entries of an archive; a package has about twenty.
const MAX_ENTRIES: usize = 10_000;

/// What a package is known by, the surest first.
const MARKS: [&str; 3] = ["manifest.csv", "orgs.csv", "users.csv"];

/// Where the files are.
pub(super) struct Package {
    /// As messages name it.
    name: String,
    kind: Kind,
    /// The most bytes of one file.
    limit: u64,
}

enum Kind {
    Folder(PathBuf),
    /// The archive, and the place in it of each file.
    Zip(Box<ZipArchive<File>>, BTreeMap<String, usize>),
}

impl Package {
    /// # Errors
    /// [`ErrorKind::Io`] where there is nothing to be read, [`ErrorKind::Input`] where it is no package; both name it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Self::with_limit(path, MAX_FILE_BYTES)
    }

    pub(super) fn with_limit(path: &Path, limit: u64) -> Result<Self, Error> {
        let name = file_name(path);
        let kind = open(path).map_err(|error| error.in_table(&name))?;
        Ok(Self { name, kind, limit })
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, file: &str) -> bool {
        match &self.kind {
            Kind::Folder(folder) => folder.join(file).is_file(),
            Kind::Zip(_, entries) => entries.contains_key(file),
        }
    }

    /// A file that ought to be there is not.
    pub(super) fn missing(&self, file: &str) -> Error {
        let names = self.names();
        let near = nearpeer_core::error::nearest(file, names.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("; the nearest is {near:?}"));
        Error::input(format!("{file} is not there{hint}")).in_table(&self.name)
    }

    /// What `read` makes of a file, which has no more bytes than the limit.
    ///
    /// # Errors
    /// Where it cannot be read, and what `read` gives.
    pub(super) fn read<T>(
        &mut self,
        file: &str,
        read: impl FnOnce(&mut dyn Read) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let limit = self.limit;
        let limited = |input: &mut dyn Read| {
            let mut input = Limited { input, left: limit };
            read(&mut input)
        };
        let done = match &mut self.kind {
            Kind::Folder(folder) => File::open(folder.join(file))
                .map_err(|error| unreadable(&error))
                .and_then(|mut input| limited(&mut input)),
            Kind::Zip(archive, entries) => match entries.get(file) {
                Some(place) => archive
                    .by_index(*place)
                    .map_err(|error| damaged(&error))
                    .and_then(|mut input| limited(&mut input)),
                None => return Err(self.missing(file)),
            },
        };
        done.map_err(|error| error.in_table(file))
    }

    fn names(&self) -> Vec<String> {
        match &self.kind {
            Kind::Folder(folder) => fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect(),
            Kind::Zip(_, entries) => entries.keys().cloned().collect(),
        }
    }
}

fn open(path: &Path) -> Result<Kind, Error> {
    let there = fs::metadata(path)
        .map_err(|error| Error::new(ErrorKind::Io, format!("it cannot be read: {error}")))?;
    if there.is_dir() {
        return Ok(Kind::Folder(path.to_owned()));
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let archive = ZipArchive::new(file).map_err(|error| match error {
        ZipError::InvalidArchive(_) => Error::input("this is neither a folder nor a zip archive"),
        error => damaged(&error),
    })?;
    if archive.len() > MAX_ENTRIES {
        let message = format!("an archive of more than {MAX_ENTRIES} entries");
        return Err(Error::input(message));
    }
    let entries = entries(&archive)?;
    Ok(Kind::Zip(Box::new(archive), entries))
}

/// The files beside the manifest (or, where there is none, beside the organizations): at the root, or in a folder of the
/// archive. Names that lead elsewhere are none of ours.
fn entries(archive: &ZipArchive<File>) -> Result<BTreeMap<String, usize>, Error> {
    let mut folders: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for (place, name) in archive.file_names().enumerate() {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        // What macOS adds to an archive has the names of the files, too.
        let ours = file.ends_with(".csv")
            && !file.contains(['\\', ':'])
            && !folder.contains(['/', '\\', ':'])
            && !["..", ".", "__MACOSX"].contains(&folder);
        if ours {
            folders
                .entry(folder)
                .or_default()
                .insert(file.to_owned(), place);
        }
    }
    if folders.is_empty() {
        return Err(Error::input(
            "the archive has no CSV file, such as users.csv in small letters, at its root or in a folder",
        ));
    }
    // A CSV file of something else may lie about at the root, and the package in a folder.
    for mark in MARKS {
        if folders.values().any(|files| files.contains_key(mark)) {
            folders.retain(|_, files| files.contains_key(mark));
            break;
        }
    }
    if let Some(root) = folders.remove("") {
        return Ok(root);
    }
    match folders.len() {
        1 => Ok(folders.into_values().next().unwrap_or_default()),
        _ => Err(Error::input(
            "the archive has CSV files in several folders; it should have them at its root",
        )),
    }
}

fn damaged(error: &ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Error::input("the archive is locked by a password; unpack it into a folder first")
        }
        ZipError::UnsupportedArchive(what) => Error::input(format!(
            "the archive is of a kind that is not read ({what}); make it with the usual method, deflate"
        )),
        error => Error::input(format!("the archive cannot be read: {error}")),
    }
}

/// A reader that fails after so many bytes.
struct Limited<'r> {
    input: &'r mut dyn Read,
    left: u64,
}

impl Read for Limited<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("it is too long when it is unpacked"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        let mut zip = ZipWriter::new(file.as_file_mut());
        for (name, content) in files {
            zip.start_file(*name, SimpleFileOptions::default())
                .expect("an entry");
            zip.write_all(content).expect("written");
        }
        zip.finish().expect("an archive");
        file
    }

    fn text(package: &mut Package, file: &str) -> Result<String, Error> {
        package.read(file, |input| {
            let mut text = String::new();
            input
                .read_to_string(&mut text)
                .map_err(|error| unreadable(&error))?;
            Ok(text)
        })
    }

    #[test]
    fn names_that_lead_elsewhere_are_not_there() {
        let file = archive(&[
            ("../users.csv", b"above"),
            ("/etc/users.csv", b"root"),
            ("C:\\users.csv", b"drive"),
            ("..\\..\\orgs.csv", b"above"),
            ("__MACOSX/users.csv", b"fork"),
            ("orgs.csv", b"ours"),
        ]);
        let mut package = Package::open(file.path()).expect("a package");
        assert!(!package.has("users.csv"));
        assert_eq!(text(&mut package, "orgs.csv").as_deref().ok(), Some("ours"));
        let error = text(&mut package, "users.csv").expect_err("not there");
        assert!(
            error.message().contains("users.csv is not there"),
            "{error}"
        );
    }

    #[test]
    fn files_may_be_in_one_folder_of_the_archive() {
        let file = archive(&[("roster/orgs.csv", b"ours"), ("__MACOSX/orgs.csv", b"fork")]);
        let mut package = Package::open(file.path()).expect("a package");
        assert_eq!(text(&mut package, "orgs.csv").as_deref().ok(), Some("ours"));
        let file = archive(&[("a/orgs.csv", b"one"), ("b/orgs.csv", b"two")]);
        let error = Package::open(file.path()).err().expect("two folders");
        assert!(error.message().contains("several folders"), "{error}");
    }

    #[test]
    fn a_stray_file_at_the_root_hides_no_package() {
        let file = archive(&[
            ("grades to send.csv", b"stray"),
            ("roster/manifest.csv", b"ours"),
            ("roster/orgs.csv", b"ours"),
        ]);
        let mut package = Package::open(file.path()).expect("a package");
        assert_eq!(text(&mut package, "orgs.csv").as_deref().ok(), Some("ours"));

        // Without a manifest the organizations tell; the root comes before folders.
        let file = archive(&[("roster/orgs.csv", b"ours"), ("other/notes.csv", b"stray")]);
        let mut package = Package::open(file.path()).expect("a package");
        assert_eq!(text(&mut package, "orgs.csv").as_deref().ok(), Some("ours"));
        let file = archive(&[("orgs.csv", b"ours"), ("old/orgs.csv", b"of last year")]);
        let mut package = Package::open(file.path()).expect("a package");
        assert_eq!(text(&mut package, "orgs.csv").as_deref().ok(), Some("ours"));
    }

    #[test]
    fn a_bomb_is_unpacked_up_to_the_limit_only() {
        let file = archive(&[("orgs.csv", &vec![b'\n'; 4 << 20])]);
        let packed = file.as_file().metadata().expect("a length").len();
        assert!(packed < 10_000, "{packed}");
        let mut package = Package::with_limit(file.path(), 1 << 20).expect("a package");
        let error = text(&mut package, "orgs.csv").expect_err("too long");
        assert!(error.message().contains("too long"), "{error}");
        assert_eq!(error.place().table.as_deref(), Some("orgs.csv"));
        let mut package = Package::with_limit(file.path(), 4 << 20).expect("a package");
        assert!(text(&mut package, "orgs.csv").is_ok());
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        let mut file = archive(&[("orgs.csv", b"name\n")]);
        let bytes = fs::read(file.path()).expect("bytes");
        for cut in [0, 1, 10, bytes.len() / 2, bytes.len() - 1] {
            file.as_file_mut().set_len(0).expect("cut");
            fs::write(file.path(), &bytes[..cut]).expect("written");
            assert!(Package::open(file.path()).is_err(), "{cut} bytes");
        }
        assert!(Package::open(Path::new("/nowhere/at/all")).is_err());
    }
}
