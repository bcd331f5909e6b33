//! Tables as Parquet.

use std::io::{self, Write};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::sheet;
use crate::district::Format;

/// What writes Parquet as all of nearpeer's files have it: compressed by Snappy.
pub(crate) fn parquet_writer<W: Write + Send>(
    out: W,
    schema: SchemaRef,
) -> io::Result<ArrowWriter<W>> {
    let settings = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    Ok(ArrowWriter::try_new(out, schema, Some(settings))?)
}

/// Writes a table as Parquet.
pub(crate) fn write_parquet(table: &RecordBatch, out: impl Write + Send) -> io::Result<()> {
    let mut writer = parquet_writer(out, table.schema())?;
    writer.write(table)?;
    writer.close()?;
    Ok(())
}

/// Writes a table of text, whole numbers, points and truths as CSV, with no cell that a spreadsheet would run, or as Parquet.
pub(crate) fn write_table(
    table: &RecordBatch,
    format: Format,
    out: impl Write + Send,
) -> io::Result<()> {
    match format {
        Format::Csv => sheet::write_csv(table, out),
        Format::Parquet => write_parquet(table, out),
    }
}
