//! An answer as a folder of files: `pairs.csv`, `unmatched.csv`, `certificate.json`, and on demand `blocking.csv`,
//! `groups.csv`, and the first two in Parquet, too.

use std::io::Write;
use std::path::{Path, PathBuf};

use nearpeer_core::{
    BlockingPair, Certificate, ClaimedPair, ClaimedTie, CoMatch, Error, Groups, Match, Micropoints,
};

use crate::drafts::{self, Drafts};
use crate::short::shorten;
use crate::tables::{self, Table};

/// The chosen pairs, see [`write_pairs_csv`](crate::tables::write_pairs_csv).
pub const PAIRS: &str = "pairs.csv";

/// Everybody in no pair, see [`write_unmatched_csv`](crate::tables::write_unmatched_csv).
pub const UNMATCHED: &str = "unmatched.csv";

/// The table of [`PAIRS`] in Parquet, see [`pairs_table`](crate::tables::pairs_table); scores are floats.
pub const PAIRS_PARQUET: &str = "pairs.parquet";

/// The table of [`UNMATCHED`] in Parquet, see [`unmatched_table`](crate::tables::unmatched_table).
pub const UNMATCHED_PARQUET: &str = "unmatched.parquet";

/// Blocking pairs, see [`write_blocking_csv`](crate::tables::write_blocking_csv).
pub const BLOCKING: &str = "blocking.csv";

/// How groups fare, see [`groups_table`](crate::tables::groups_table).
pub const GROUPS: &str = "groups.csv";

/// The [`Certificate`].
pub const CERTIFICATE: &str = "certificate.json";

/// Every file that an answer may have.
pub const FILES: [&str; 7] = [
    PAIRS,
    UNMATCHED,
    PAIRS_PARQUET,
    UNMATCHED_PARQUET,
    BLOCKING,
    GROUPS,
    CERTIFICATE,
];

/// The longest certificate that is read: 1 GiB.
const MAX_CERTIFICATE_BYTES: u64 = 1 << 30;

/// What editors put at the start of UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The longest message of the JSON parser that is shown, in characters: it quotes the file.
const MAX_PARSER_MESSAGE: usize = 200;

/// Writes the answer's files to a folder, which is made if it is not there.
///
/// All are written in full under other names first, and renamed one after the other at the end, the
/// certificate last. So each file is there whole or not at all. Should the renaming break off (a power
/// cut, a file that another program holds), new files stand beside the certificate of the earlier answer,
/// if there was one; [`verify`](crate::verify()) then refuses the folder unless that certificate proves the
/// new pairs too.
///
/// Returns the paths of the files, in the order of renaming.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the folder or file that cannot be written. No file of the answer has changed
/// then, unless a renaming failed.
pub fn save(answer: &Match, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    save_with(answer, &Extras::default(), folder)
}

/// [`save`], and the match's blocking pairs in `blocking.csv`.
///
/// # Errors
/// As [`save`].
pub fn save_with_blocking(
    answer: &Match,
    blocking: &[BlockingPair],
    folder: &Path,
) -> Result<Vec<PathBuf>, Error> {
    let extras = Extras {
        blocking: Some(blocking),
        ..Extras::default()
    };
    save_with(answer, &extras, folder)
}

/// Files of an answer that not everybody wants.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// For `blocking.csv`.
    pub blocking: Option<&'a [BlockingPair]>,
    /// For `groups.csv`, which is not written if there are none.
    pub groups: &'a [Groups],
    /// Whether `pairs.parquet` and `unmatched.parquet` are written beside the CSV, which the proof is read from.
    pub parquet: bool,
}

/// [`save`], and what else is given. What an earlier answer had in the folder (one with a certificate)
/// and this one has not goes: it would seem to be of this match.
///
/// # Errors
/// As [`save`].
pub fn save_with(
    answer: &Match,
    extras: &Extras<'_>,
    folder: &Path,
) -> Result<Vec<PathBuf>, Error> {
    check_folder(folder)?;
    let mut files = Drafts::new(folder)?;
    // In the order of renaming: the certificate vouches for the others, so it is the last.
    files.add(PAIRS, |out| tables::write_pairs_csv(answer, out))?;
    files.add(UNMATCHED, |out| tables::write_unmatched_csv(answer, out))?;
    if extras.parquet {
        let (pairs, unmatched) = (tables::pairs_table(answer), tables::unmatched_table(answer));
        files.add(PAIRS_PARQUET, |out| tables::write_parquet(&pairs, out))?;
        files.add(UNMATCHED_PARQUET, |out| {
            tables::write_parquet(&unmatched, out)
        })?;
    }
    if let Some(blocking) = extras.blocking {
        files.add(BLOCKING, |out| tables::write_blocking_csv(blocking, out))?;
    }
    if !extras.groups.is_empty() {
        let groups = tables::groups_table(extras.groups);
        files.add(GROUPS, |out| tables::write_table_csv(&groups, out))?;
    }
    add_certificate(&mut files, &answer.certificate)?;
    files.persist_instead(CERTIFICATE, &FILES)
}

/// [`save`] for a co-mentoring answer.
///
/// # Errors
/// As [`save`].
pub fn save_co_match(answer: &CoMatch, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    save_co_match_with(answer, &Extras::default(), folder)
}

/// [`save_co_match`], and of what else is given the tables in Parquet.
///
/// # Errors
/// As [`save`].
pub fn save_co_match_with(
    answer: &CoMatch,
    extras: &Extras<'_>,
    folder: &Path,
) -> Result<Vec<PathBuf>, Error> {
    check_folder(folder)?;
    let mut files = Drafts::new(folder)?;
    files.add(PAIRS, |out| tables::write_ties_csv(answer, out))?;
    files.add(UNMATCHED, |out| tables::write_left_out_csv(answer, out))?;
    if extras.parquet {
        let (ties, left_out) = (tables::ties_table(answer), tables::left_out_table(answer));
        files.add(PAIRS_PARQUET, |out| tables::write_parquet(&ties, out))?;
        files.add(UNMATCHED_PARQUET, |out| {
            tables::write_parquet(&left_out, out)
        })?;
    }
    add_certificate(&mut files, &answer.certificate)?;
    files.persist_instead(CERTIFICATE, &FILES)
}

fn add_certificate(files: &mut Drafts, certificate: &Certificate) -> Result<(), Error> {
    files.add(CERTIFICATE, |out| {
        serde_json::to_writer(&mut *out, certificate)?;
        out.write_all(b"\n")
    })
}

/// Checks that an answer can be saved to this folder, before a long solve. Leaves nothing behind.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming the folder or file that cannot be written.
pub fn check_folder(folder: &Path) -> Result<(), Error> {
    drafts::check_folder(folder, FILES)
}

/// Checks that a report or a document can be written to this file, before a long solve. Leaves nothing behind.
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) naming what cannot be written.
pub fn check_file(file: &Path) -> Result<(), Error> {
    drafts::check_file(file)
}

/// Reads the pairs and the certificate of an answer from its folder, for [`verify`](crate::verify()).
///
/// # Errors
/// [`ErrorKind::Io`](crate::ErrorKind::Io) where a file cannot be read, [`ErrorKind::Input`](crate::ErrorKind::Input) naming the file, row and column of
/// what cannot be understood.
pub fn read_answer(folder: &Path) -> Result<(Vec<ClaimedPair>, Certificate), Error> {
    let pairs = Table::read(PAIRS, &folder.join(PAIRS))?;
    Ok((tables::claimed_pairs(&pairs)?, read_certificate(folder)?))
}

/// [`read_answer`] for a co-mentoring answer, for [`verify_co_match`](crate::verify_co_match).
///
/// # Errors
/// As [`read_answer`].
pub fn read_co_match(folder: &Path) -> Result<(Vec<ClaimedTie>, Certificate), Error> {
    let ties = Table::read(PAIRS, &folder.join(PAIRS))?;
    Ok((tables::claimed_ties(&ties)?, read_certificate(folder)?))
}

pub(crate) fn read_certificate(folder: &Path) -> Result<Certificate, Error> {
    let path = folder.join(CERTIFICATE);
    let bytes = tables::read_limited(&path, MAX_CERTIFICATE_BYTES)?;
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    serde_json::from_slice(text).map_err(|error| {
        let said = error.to_string();
        let said = shorten(&said, MAX_PARSER_MESSAGE);
        Error::input(format!("not a certificate: {said}")).in_table(CERTIFICATE)
    })
}

/// A score as [`Micropoints`] are written: a decimal number with six decimals, exactly.
pub(crate) fn micropoints(text: &str) -> Option<Micropoints> {
    let (whole, fraction) = text.split_once('.')?;
    if fraction.len() != 6 {
        return None;
    }
    let score = Micropoints(format!("{whole}{fraction}").parse().ok()?);
    (score.to_string() == text).then_some(score)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_score_is_read_only_as_it_is_written() {
        assert_eq!(micropoints("0.683421"), Some(Micropoints(683_421)));
        assert_eq!(micropoints("-0.000001"), Some(Micropoints(-1)));
        for text in [
            "",
            "1",
            "1.",
            "0.68",
            "00.683421",
            "+1.000000",
            "1e1.00000",
            "0.6834210",
            "-0.000000",
        ] {
            assert_eq!(micropoints(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn every_score_is_read_back(score: i64) {
            let score = Micropoints(score);
            prop_assert_eq!(micropoints(&score.to_string()), Some(score));
        }
    }
}
