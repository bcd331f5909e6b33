//! One roster, whatever it is stored as.

mod saved;

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeListBuilder, Float32Builder, Float64Array,
    Float64Builder, Int16Array, Int64Array, Int64Builder, LargeListBuilder, ListBuilder,
    RecordBatch, StringArray, StringBuilder, StringViewArray, UInt64Array,
};
use arrow::datatypes::Int8Type;
use arrow::ipc::writer::{FileWriter, StreamWriter};
use nearpeer::{Field, Grade, Roster, Table, Tables};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

fn mentors() -> Table {
    let ids: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
    Table::new(
        "mentors",
        vec![RecordBatch::try_from_iter([("id", ids)]).expect("a batch")],
    )
}

fn text(cells: [Option<&str>; 2]) -> StringArray {
    StringArray::from(cells.to_vec())
}

fn list_batch(lists: ArrayRef) -> RecordBatch {
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(StringViewArray::from(vec![" a ", "b"]))),
        ("grade", Arc::new(Float64Array::from(vec![6.0, f64::NAN]))),
        (
            "site",
            Arc::new(DictionaryArray::<Int8Type>::from_iter([Some("East"), None])),
        ),
        ("interests", lists),
        (
            "consent",
            Arc::new(BooleanArray::from(vec![Some(true), None])),
        ),
        ("bus", Arc::new(Int16Array::from(vec![Some(7), None]))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

fn expect_mentees(roster: &Roster) {
    let people = roster.mentees();
    assert_eq!(people.ids().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(people.grade(0).map(Grade::number), Some(6));
    assert_eq!(people.grade(1), None);
    assert_eq!(
        people.site(0).map(|code| roster.sites().word(code)),
        Some("East")
    );
    assert_eq!(people.site(1), None);
    assert_eq!(people.interests(0).map(<[u32]>::len), Some(2));
    assert_eq!(people.interests(1), None);
    assert_eq!((people.consent(0), people.consent(1)), (Some(true), None));
    assert_eq!(
        people.extra("bus").map(|column| column.cell(0)),
        Some(&nearpeer::Cell::Number(7.0))
    );
}

fn large_lists() -> ArrayRef {
    let mut lists = LargeListBuilder::new(StringBuilder::new());
    lists.append_value([Some("chess"), Some("art")]);
    lists.append_null();
    Arc::new(lists.finish())
}

#[test]
fn every_form_of_a_list_is_read() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("chess"), None, Some("art")]);
    lists.append_null();
    let mut fixed = FixedSizeListBuilder::new(StringBuilder::new(), 2);
    fixed.values().append_value("chess");
    fixed.values().append_value("art");
    fixed.append(true);
    fixed.values().append_nulls(2);
    fixed.append(false);
    for lists in [
        large_lists(),
        Arc::new(lists.finish()) as ArrayRef,
        Arc::new(fixed.finish()) as ArrayRef,
        Arc::new(text([Some("chess; art"), None])) as ArrayRef,
    ] {
        let mentees = Table::new("mentees", vec![list_batch(lists)]);
        expect_mentees(&Tables::new(mentees, mentors()).roster().expect("a roster"));
    }
}

#[test]
fn every_form_of_an_embedding_is_read() {
    let mut lists = ListBuilder::new(Float64Builder::new());
    lists.append_value([Some(3.0), Some(-4.0)]);
    lists.append_null();
    let mut large = LargeListBuilder::new(Int64Builder::new());
    large.append_value([Some(3), Some(-4)]);
    large.append_value([]);
    let mut fixed = FixedSizeListBuilder::new(Float32Builder::new(), 2);
    fixed.values().append_slice(&[0.75, -1.0]);
    fixed.append(true);
    fixed.values().append_slice(&[0.0, 0.0]);
    fixed.append(true);
    for embeddings in [
        Arc::new(lists.finish()) as ArrayRef,
        Arc::new(large.finish()) as ArrayRef,
        Arc::new(fixed.finish()) as ArrayRef,
        Arc::new(text([Some("3; -4.0"), None])) as ArrayRef,
    ] {
        let ids: ArrayRef = Arc::new(text([Some("a"), Some("b")]));
        let batch = RecordBatch::try_from_iter([("id", ids), ("embedding", embeddings)]);
        let mentees = Table::new("mentees", vec![batch.expect("a batch")]);
        let roster = Tables::new(mentees, mentors()).roster().expect("a roster");
        let people = roster.mentees();
        assert!(people.has(Field::Embedding));
        assert_eq!(people.embedding(0), Some(&[9830, -13107][..]));
        assert_eq!(people.embedding(1), None);
    }
}

#[test]
fn every_kind_of_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let batch = list_batch(large_lists());
    let create = |name: &str| File::create(folder.path().join(name)).expect("a file");

    let mut parquet =
        ArrowWriter::try_new(create("m.parquet"), batch.schema(), None).expect("a writer");
    parquet.write(&batch).expect("written");
    parquet.close().expect("closed");
    let mut file = FileWriter::try_new(create("m.feather"), &batch.schema()).expect("a writer");
    file.write(&batch).expect("written");
    file.finish().expect("finished");
    let mut stream = StreamWriter::try_new(create("m.arrow"), &batch.schema()).expect("a writer");
    stream.write(&batch).expect("written");
    stream.finish().expect("finished");
    std::fs::write(
        folder.path().join("m.CSV"),
        "id,grade,site,interests,consent,bus,\n a ,06,East,chess;art,YES,7,\nb,,,,,,\n",
    )
    .expect("written");

    for name in ["m.parquet", "m.feather", "m.arrow", "m.CSV"] {
        let mentees = Table::read("mentees", &folder.path().join(name)).expect(name);
        expect_mentees(&Tables::new(mentees, mentors()).roster().expect(name));
    }
}

#[test]
fn a_file_without_rows_still_has_its_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.arrow");
    let batch = list_batch(large_lists());
    let mut writer = FileWriter::try_new(File::create(&path).expect("a file"), &batch.schema())
        .expect("a writer");
    writer.finish().expect("finished");
    let table = Table::read("mentees", &path).expect("a table");
    assert_eq!((table.rows(), table.batches()[0].num_columns()), (0, 6));
}

#[test]
fn a_damaged_binary_file_is_an_error_and_never_a_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let batch = list_batch(large_lists());
    let parquet = folder.path().join("m.parquet");
    let mut writer = ArrowWriter::try_new(
        File::create(&parquet).expect("a file"),
        batch.schema(),
        None,
    )
    .expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    let arrow = folder.path().join("m.arrow");
    let mut writer = FileWriter::try_new(File::create(&arrow).expect("a file"), &batch.schema())
        .expect("a writer");
    writer.write(&batch).expect("written");
    writer.finish().expect("finished");
    for path in [parquet, arrow] {
        let whole = std::fs::read(&path).expect("read");
        for end in (0..whole.len()).step_by(7) {
            std::fs::write(&path, &whole[..end]).expect("written");
            assert!(
                Table::read("mentees", &path).is_err(),
                "{path:?} cut at {end}"
            );
        }
        for position in (0..whole.len()).step_by(3) {
            let mut changed = whole.clone();
            changed[position] ^= 0x55;
            std::fs::write(&path, &changed).expect("written");
            // A change inside of a cell cannot be seen; any other is refused here or there.
            if let Ok(mentees) = Table::read("mentees", &path) {
                let _ = Tables::new(mentees, mentors()).roster();
            }
        }
    }
}

#[test]
fn a_csv_column_is_numeric_only_if_it_is_on_both_sides() {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = |mentees: &str, mentors: &str| {
        let read = |name: &str, content: &str| {
            let path = folder.path().join(format!("{name}.csv"));
            std::fs::write(&path, content).expect("written");
            Table::read(name, &path).expect(name)
        };
        Tables::new(read("mentees", mentees), read("mentors", mentors))
            .roster()
            .expect("a roster")
    };
    let cell = |roster: &Roster| {
        roster
            .mentees()
            .extra("bus")
            .map(|column| column.cell(0).clone())
    };
    let numbers = roster("id,bus\na,007\n", "id,bus\nm,7.5\n");
    assert_eq!(cell(&numbers), Some(nearpeer::Cell::Number(7.0)));
    let mixed = roster("id,bus\na,007\n", "id,bus\nm,B7\n");
    assert_eq!(cell(&mixed), Some(nearpeer::Cell::Text("007".into())));
    let empty = roster("id,bus\na,007\n", "id,bus\nm,\n");
    assert_eq!(cell(&empty), Some(nearpeer::Cell::Number(7.0)));
    assert!(
        empty.mentors().extra("bus").is_some(),
        "an empty column is there"
    );
}

#[test]
fn every_codec_of_parquet_that_is_common_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mentees.parquet");
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(Default::default()),
    ] {
        let batch = list_batch(large_lists());
        let properties = WriterProperties::builder().set_compression(codec).build();
        let file = File::create(&path).expect("a file");
        let mut writer =
            ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        let mentees = Table::read("mentees", &path).expect("read");
        let roster = Tables::new(mentees, mentors()).roster().expect("a roster");
        expect_mentees(&roster);
    }
}

/// Leaders and rooms with lists as lists or text, numbers as text or floats, and sites as numbers.
#[test]
fn leaders_and_rooms_are_read_from_every_form() {
    let people = |name: &str| {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![name]));
        let sites: ArrayRef = Arc::new(Int64Array::from(vec![12]));
        let slots: ArrayRef = Arc::new(StringArray::from(vec!["Mon;Tue"]));
        let batch = RecordBatch::try_from_iter([("id", ids), ("site", sites), ("slots", slots)]);
        Table::new(format!("{name}s"), vec![batch.expect("a table")])
    };
    let with = |leaders: Table, rooms: Table| {
        let mut tables = Tables::new(people("mentee"), people("mentor"));
        tables.leaders = Some(leaders);
        tables.rooms = Some(rooms);
        tables.roster().expect("a roster")
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        Table::read(name.trim_end_matches(".csv"), &path).expect("read")
    };
    let text = with(
        file(
            "leaders.csv",
            "capacity, id ,site,slots,max_slots,phone\n 8 ,7,12;13,Mon;Tue,,555\n4.0,lea,,Tue,2,\n",
        ),
        file("rooms.csv", "site,slot,capacity,key\n12,Mon,9,red\n"),
    );
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("Mon"), Some("Tue")]);
    lists.append_value([Some("Tue")]);
    let mut sites = ListBuilder::new(StringBuilder::new());
    sites.append_value([Some("12"), Some("13")]);
    sites.append_null();
    let leaders: [(&str, ArrayRef); 5] = [
        ("id", Arc::new(StringArray::from(vec!["7", "lea"]))),
        ("site", Arc::new(sites.finish())),
        ("slots", Arc::new(lists.finish())),
        ("capacity", Arc::new(Int64Array::from(vec![8, 4]))),
        (
            "max_slots",
            Arc::new(Float64Array::from(vec![f64::NAN, 2.0])),
        ),
    ];
    let rooms: [(&str, ArrayRef); 3] = [
        ("site", Arc::new(Int64Array::from(vec![12]))),
        ("slot", Arc::new(StringArray::from(vec!["Mon"]))),
        ("capacity", Arc::new(Float64Array::from(vec![9.0]))),
    ];
    let table =
        |name: &str, batch: Result<RecordBatch, _>| Table::new(name, vec![batch.expect("a table")]);
    let arrow = with(
        table("leaders", RecordBatch::try_from_iter(leaders)),
        table("rooms", RecordBatch::try_from_iter(rooms)),
    );
    assert!(text == arrow);
    let [first, second] = text.leaders() else {
        panic!("two leaders")
    };
    assert_eq!(
        (first.sites.len(), first.slots.len(), first.capacity),
        (2, 2, 8)
    );
    assert_eq!((first.max_slots, second.max_slots), (None, Some(2)));
    assert!(first.can_lead() && !second.can_lead());
    assert_eq!((text.rooms().len(), text.rooms()[0].capacity), (1, 9));
}
