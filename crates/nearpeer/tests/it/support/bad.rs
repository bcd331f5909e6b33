//! Bad input: files and words with the message that they give.

use super::Folder;

/// Files that replace or join the good ones; further words of the command; the message.
pub(crate) type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a str, &'a str);

pub(crate) fn check(cases: &[Case<'_>]) {
    for (files, words, message) in cases {
        let folder = Folder::new();
        for (name, content) in *files {
            folder.put(name, content);
        }
        let has = |name: &str| words.contains(name);
        let mentees = if has("--mentees") {
            ""
        } else {
            "--mentees mentees.csv"
        };
        let mentors = if has("--mentors") {
            ""
        } else {
            "--mentors mentors.csv"
        };
        let run = folder.run(&format!("match {mentees} {mentors} --out out {words}"));
        println!("{words} {:?}\n    {}", names(files), run.err.trim_end());
        assert_eq!(run.err, format!("error: {message}\n"));
        assert_eq!((run.status, run.out.as_str()), (Some(2), ""));
        assert!(folder.names("out").is_empty(), "nothing is written");
    }
}

fn names<'a>(files: &'a [(&'a str, &'a [u8])]) -> Vec<&'a str> {
    files.iter().map(|(name, _)| *name).collect()
}
