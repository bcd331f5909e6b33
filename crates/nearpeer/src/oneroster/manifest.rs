//! `manifest.csv`: the version of OneRoster, and which files there are.

use std::collections::BTreeMap;

use nearpeer_core::Error;

use super::package::Package;
use super::sheet::Sheet;
use super::words::one_of;

const FILE: &str = "manifest.csv";

/// The versions that are read; they differ in where roles and schools stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Roles and schools are columns of `users.csv`.
    V1p1,
    /// They are in `roles.csv`, and extensions of a vocabulary begin with `ext:`.
    V1p2,
}

impl Version {
    /// Whether words may be added to a vocabulary.
    pub(super) fn is_extended(self) -> bool {
        self == Self::V1p2
    }
}

/// What the manifest says; without one, all files that are there are taken.
pub(super) struct Manifest {
    pub(super) version: Version,
    /// The mode of each file, with the error that it is in another than `bulk`.
    files: Option<BTreeMap<String, Mode>>,
}

enum Mode {
    Absent,
    Bulk,
    Delta(Error),
}

impl Manifest {
    /// # Errors
    /// For a version that is not read, and words that the manifest does not know.
    pub(super) fn read(package: &mut Package) -> Result<Self, Error> {
        if !package.has(FILE) {
            let version = match package.has("roles.csv") {
                true => Version::V1p2,
                false => Version::V1p1,
            };
            let files = None;
            return Ok(Self { version, files });
        }
        let sheet = Sheet::read(package, FILE, &["propertyName", "value"])?;
        let (names, values) = (sheet.need("propertyName")?, sheet.need("value")?);
        let mut version = None;
        let mut files = BTreeMap::new();
        for row in 0..sheet.rows() {
            let name = names.need(row)?;
            if name == "oneroster.version" {
                version = Some(match values.need(row)? {
                    "1.1" => Version::V1p1,
                    "1.2" => Version::V1p2,
                    _ => {
                        return Err(values.fault(row, "the versions that are read are 1.1 and 1.2"));
                    }
                });
            } else if let Some(file) = name.strip_prefix("file.") {
                let mode = match one_of(&values, row, &["absent", "bulk", "delta"], false)? {
                    "absent" => Mode::Absent,
                    "bulk" => Mode::Bulk,
                    _ => Mode::Delta(values.fault(
                        row,
                        "only changes are in this file (delta); export everything (bulk)",
                    )),
                };
                files.insert(format!("{file}.csv"), mode);
            }
        }
        let Some(version) = version else {
            let message = "the property oneroster.version is missing";
            return Err(Error::input(message).in_table(FILE));
        };
        Ok(Self {
            version,
            files: Some(files),
        })
    }

    /// The columns of a file that is needed.
    pub(super) fn need(
        &self,
        package: &mut Package,
        file: &'static str,
        columns: &[&str],
    ) -> Result<Sheet, Error> {
        match self.find(package, file, columns)? {
            Some(sheet) => Ok(sheet),
            None if package.has(file) => {
                let message = format!("file.{}: it is needed, not absent", stem(file));
                Err(Error::input(message).in_table(FILE))
            }
            None => Err(package.missing(file)),
        }
    }

    /// The columns of a file that need not be there.
    pub(super) fn find(
        &self,
        package: &mut Package,
        file: &'static str,
        columns: &[&str],
    ) -> Result<Option<Sheet>, Error> {
        let there = match self.files.as_ref().map(|files| files.get(file)) {
            None => package.has(file),
            Some(None | Some(Mode::Absent)) => false,
            Some(Some(Mode::Delta(error))) => return Err(error.clone()),
            Some(Some(Mode::Bulk)) => {
                if !package.has(file) {
                    let error = package.missing(file);
                    let message = format!("file.{} is bulk, but {}", stem(file), error.message());
                    return Err(Error::input(message).in_table(FILE));
                }
                true
            }
        };
        there
            .then(|| Sheet::read(package, file, columns))
            .transpose()
    }
}

fn stem(file: &str) -> &str {
    file.strip_suffix(".csv").unwrap_or(file)
}
