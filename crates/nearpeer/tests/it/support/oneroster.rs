//! Packages of OneRoster, and what is said of those with a fault.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Folder;

pub(crate) fn sample(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/oneroster")
        .join(version)
}

/// A folder with a copy of a sample in the folder `in`.
pub(crate) fn copy(version: &str) -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("in")).expect("a folder");
    for entry in fs::read_dir(sample(version)).expect("the sample").flatten() {
        let to = folder.path().join("in").join(entry.file_name());
        fs::copy(entry.path(), to).expect("copied");
    }
    folder
}

/// Packs files into an archive, each under a name made of its own.
pub(crate) fn pack(folder: &Folder, name: impl Fn(&str) -> String, extra: &[(&str, &[u8])]) {
    let file = File::create(folder.path().join("in.zip")).expect("a file");
    let mut zip = ZipWriter::new(file);
    let mut add = |name: &str, content: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(content).expect("written");
    };
    for file in folder.names("in") {
        let content = fs::read(folder.path().join("in").join(&file)).expect("a file");
        add(&name(&file), &content);
    }
    for (name, content) in extra {
        add(name, content);
    }
    zip.finish().expect("an archive");
}

pub(crate) const GRADES: &str = "--mentee-grades 6 --mentor-grades 8";

/// Replaces text of one file of a sample, or removes the file, and gives the error.
pub(crate) fn fault(version: &str, file: &str, from: &str, to: &str) -> String {
    let folder = copy(version);
    let path = format!("in/{file}");
    let content = folder.get(&path);
    assert!(content.contains(from), "{file} has no {from:?}");
    folder.put(&path, content.replacen(from, to, 1));
    refused(&folder, "in", GRADES)
}

pub(crate) fn refused(folder: &Folder, package: &str, words: &str) -> String {
    let run = folder.run(&format!("oneroster {package} {words} --out out"));
    assert_eq!((run.status, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(folder.names("out").is_empty(), "nothing is written");
    println!("{}", run.err.trim_end());
    let message = run.err.trim_end().strip_prefix("error: ");
    message.expect("an error").to_owned()
}
