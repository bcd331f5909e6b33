//! Parquet to record batches, with sizes checked before memory is taken.

use std::fs::File;

use arrow::array::{RecordBatch, RecordBatchReader};
use nearpeer_core::Error;
use nearpeer_core::roster::MAX_PEOPLE;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;

use super::MAX_LIST_ITEMS;

/// The most that a table may hold when it is unpacked: 4 GiB.
const MAX_BYTES: i64 = 4 << 30;

/// Rows that are unpacked at a time.
const BATCH: usize = 8192;

pub(super) fn read(file: File) -> Result<Vec<RecordBatch>, Error> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::input(format!("the Parquet file cannot be read: {error}"))
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(&error))?;
    check_sizes(builder.metadata())?;
    let reader = builder
        .with_batch_size(BATCH)
        .build()
        .map_err(|error| damaged(&error))?;
    let schema = reader.schema();
    let mut batches = reader
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| damaged(&error))?;
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

fn check_sizes(metadata: &ParquetMetaData) -> Result<(), Error> {
    let mut rows = 0_i64;
    let mut bytes = 0_i64;
    for group in metadata.row_groups() {
        let group_rows = group.num_rows().max(0);
        rows = rows.saturating_add(group_rows);
        for column in group.columns() {
            check_codec(column.compression())
                .map_err(|error| error.in_column(column.column_path().string()))?;
            bytes = bytes.saturating_add(column.uncompressed_size().max(0));
            if column.num_values() > group_rows.saturating_mul(MAX_LIST_ITEMS as i64) {
                return Err(Error::input(format!(
                    "a cell of this column is a list of more than {MAX_LIST_ITEMS} items"
                ))
                .in_column(column.column_path().string()));
            }
        }
    }
    if rows > MAX_PEOPLE as i64 {
        return Err(Error::input(format!("more than {MAX_PEOPLE} rows")));
    }
    if bytes > MAX_BYTES {
        return Err(Error::input(format!(
            "the table holds more than {MAX_BYTES} bytes when it is unpacked"
        )));
    }
    Ok(())
}

/// Brotli needs a large library, LZO a licence; both are rare.
fn check_codec(codec: Compression) -> Result<(), Error> {
    let name = match codec {
        Compression::BROTLI(_) => "Brotli",
        Compression::LZO => "LZO",
        _ => return Ok(()),
    };
    Err(Error::input(format!(
        "Parquet compressed by {name} is not read; write it with Snappy, Zstandard, gzip, LZ4 or none"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codec_that_is_not_read_is_named() {
        for (codec, name) in [
            (Compression::BROTLI(Default::default()), "Brotli"),
            (Compression::LZO, "LZO"),
        ] {
            let error = check_codec(codec).expect_err("not read");
            assert!(error.to_string().contains(name), "{error}");
        }
        for codec in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(Default::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(Default::default()),
        ] {
            assert!(check_codec(codec).is_ok(), "{codec}");
        }
    }
}
