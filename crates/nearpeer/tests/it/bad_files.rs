//! Every file that cannot be read has a message that names it, the exit status 2, and no output.

use crate::support::{Folder, bad::check};

#[test]
fn files() {
    let mut long = b"id,interests\nana,".to_vec();
    long.extend(b"chess;".repeat(10_000_000));
    check(&[
        (
            &[],
            "--mentees nobody.csv",
            "table nobody.csv: the file cannot be read: No such file or directory (os error 2)",
        ),
        (
            &[("mentees.csv", b"")],
            "",
            "table mentees.csv: the file is empty",
        ),
        (
            &[("mentees.csv", b"\n\n")],
            "",
            "table mentees.csv: the file has no header row",
        ),
        (
            &[("mentees.csv", b"id,grade\n")],
            "",
            "table mentees: the table has no rows",
        ),
        (
            &[("mentees.csv", b"id,grade,id\nana,6,x\n")],
            "",
            "table mentees.csv, column `id`: the header names this column twice",
        ),
        (
            &[("mentees.csv", b"id,grade\nana,6\nbo\n")],
            "",
            "table mentees.csv, row 2: cells in the row: 1; in the header: 2",
        ),
        (
            &[("mentees.csv", b"id,grade\nana,6,7\n")],
            "",
            "table mentees.csv, row 1: the row has more than the 2 cells of the header",
        ),
        (
            &[("mentees.csv", b"id,site\nana,Jos\xe9\n")],
            "",
            "table mentees.csv, row 1, column `site`, value \"Jos\u{fffd}\": the text is not UTF-8; save the file \
             as CSV in UTF-8",
        ),
        (
            &[("mentees.csv", b"id,site\nana,\"East\nbo,West\n")],
            "",
            "table mentees.csv, row 1, column `site`: a quotation mark is not closed",
        ),
        (
            &[("mentees.csv", b"id,site\nana,East\nbo,We\0st\n")],
            "",
            "table mentees.csv, row 2, column `site`: a NUL character; the file is not CSV",
        ),
        (
            &[("mentees.csv", &long)],
            "",
            "table mentees.csv, row 1, column `interests`: the cell is longer than 1048576 bytes (or a \
             quotation mark is not closed)",
        ),
        (
            &[("mentees.csv", b"\xff\xfei\0d\0")],
            "",
            "table mentees.csv: the file is UTF-16 text; save it as CSV in UTF-8",
        ),
        (
            &[("mentees.csv", b"PAR1....PAR1")],
            "",
            "table mentees.csv: the file is not CSV, as its ending says; it looks like Parquet",
        ),
        (
            &[("mentees.csv", b"PK\x03\x04")],
            "",
            "table mentees.csv: the file is not CSV, as its ending says; it looks like a zip archive or an \
             Excel workbook",
        ),
        (
            &[("m.parquet", b"id,grade\nana,6\n")],
            "--mentees m.parquet",
            "table m.parquet: the file is not Parquet, as its ending says; it looks like text",
        ),
        (
            &[("m.arrow", b"id,grade\nana,6\n")],
            "--mentees m.arrow",
            "table m.arrow: the file is not Arrow, as its ending says; it looks like text",
        ),
        (
            &[("m.arrow", b"ARROW1\0\0")],
            "--mentees m.arrow",
            "table m.arrow: the Arrow file cannot be read: Parser error: its end is missing",
        ),
        (
            &[("m.xlsx", b"PK\x03\x04")],
            "--mentees m.xlsx",
            "table m.xlsx: the file's ending is not one that is read: .csv, .parquet, .arrow, .feather and .ipc",
        ),
    ]);
}

#[test]
fn another_separator_is_named() {
    check(&[
        (
            &[("mentees.csv", b"id;grade\nana;6\n")],
            "",
            "table mentees, column `id`: missing column; the file seems to be separated by ';': save it with \
             commas",
        ),
        (
            &[("mentees.csv", b"id\tgrade\nana\t6\n")],
            "",
            "table mentees, column `id`: missing column; the file seems to be separated by tabs: save it with \
             commas",
        ),
        (
            &[("mentees.csv", b"id;average\nana;6,5\n")],
            "",
            "table mentees.csv, row 1: the row has more than the 1 cells of the header; the file seems to be \
             separated by ';': save it with commas",
        ),
    ]);
}

#[test]
fn marks_line_ends_and_trailing_blank_lines_are_accepted() {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "\u{feff}id,grade,site\r\nana,06,East\r\nbo,K,East\r\n\r\n",
    );
    let run = folder.run("check --mentees mentees.csv --mentors mentors.csv");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.starts_with("mentees: 2, with id, grade, site\n"),
        "{}",
        run.out
    );
}

#[test]
fn rows_of_empty_cells_at_the_end_are_left_out() {
    let folder = Folder::new();
    folder.put(
        "mentees.csv",
        "id,grade,site\nana,06,East\nbo,K,East\n,,\n , ,\n\n\"\",,\n",
    );
    let run = folder.run("check --mentees mentees.csv --mentors mentors.csv");
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert!(run.out.starts_with("mentees: 2,"), "{}", run.out);
    // One that stands before people is a fault, for it counts in the numbers of the rows after it.
    check(&[
        (
            &[("mentees.csv", b"id,grade\nana,6\n,\nbo,7\n,\n")],
            "",
            "table mentees, row 2, column `id`, value \"\": every person needs an id",
        ),
        (
            &[("mentees.csv", b"id,grade\n,\n,\n")],
            "",
            "table mentees: the table has no rows",
        ),
    ]);
}

#[test]
fn long_text_is_not_echoed() {
    let folder = Folder::new();
    let input = "--mentees mentees.csv --mentors mentors.csv";
    let long = "x".repeat(1_000_000);
    for text in [
        format!("{long} = 1\n"),
        format!("mode = '{long}'\n"),
        format!("limits = '{long}'\n"),
    ] {
        folder.put("p.toml", text);
        let run = folder.run(&format!("check {input} --program p.toml --json"));
        assert_eq!(run.status, Some(2));
        for said in [&run.err, &run.out] {
            assert!(said.len() < 1000, "{}", said.len());
        }
        assert!(run.err.contains("..."), "{}", run.err);
    }
    let run = folder.run(&format!("match {input} --out out"));
    assert_eq!(run.status, Some(0), "{}", run.err);
    for text in [format!("{{\"{long}\":1}}"), format!("\"{long}\"")] {
        folder.put("out/certificate.json", text);
        let run = folder.run(&format!("verify {input} --out out"));
        assert_eq!(run.status, Some(2));
        assert!(run.err.len() < 500, "{}", run.err.len());
        assert!(run.err.contains("line 1 column"), "{}", run.err);
    }
}
