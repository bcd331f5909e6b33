//! One roster, whatever it is stored as; and what was written is read back.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeListBuilder, Float32Builder, Float64Array,
    Float64Builder, Int16Array, Int64Array, Int64Builder, LargeListBuilder, ListBuilder,
    RecordBatch, StringArray, StringBuilder, StringViewArray, UInt64Array,
};
use arrow::datatypes::Int8Type;
use arrow::ipc::writer::{FileWriter, StreamWriter};
use nearpeer::{
    Certificate, Field, Grade, Level, Match, Meeting, Micropoints, Pair, Roster, Status, Table,
    Tables, answer,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

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

fn certificate() -> Certificate {
    Certificate {
        format: nearpeer::certificate::FORMAT,
        status: Status::Optimal,
        level: Level::Score,
        objective: 0,
        bound: 0,
        gap: 0,
        levels: Vec::new(),
        mentees: Vec::new(),
        mentors: Vec::new(),
        denominator: 1,
        nodes: Vec::new(),
        fairness: None,
        parts: Vec::new(),
        stability: None,
        students: Vec::new(),
        groups: Vec::new(),
        unbalanced: None,
    }
}

fn found(pairs: Vec<Pair>) -> Match {
    Match {
        slots_assigned: pairs.iter().any(|pair| pair.meeting.is_some()),
        pairs,
        mentees: 0,
        mentors: 0,
        unmatched: Vec::new(),
        rules: Vec::new(),
        notes: Vec::new(),
        limits: Vec::new(),
        criteria: vec!["interests".to_owned()],
        certificate: certificate(),
    }
}

fn read_back(folder: &Path, pairs: &[Pair]) {
    let written = found(pairs.to_vec());
    answer::save(&written, folder).expect("saved");
    let (claimed, certificate) = answer::read_answer(folder).expect("read");
    assert_eq!(certificate, written.certificate);
    assert_eq!(claimed.len(), pairs.len());
    for (claimed, pair) in claimed.iter().zip(pairs) {
        assert_eq!(
            (&claimed.mentee, &claimed.mentor, claimed.score),
            (&pair.mentee, &pair.mentor, pair.score)
        );
        assert_eq!(claimed, &nearpeer::ClaimedPair::from(pair));
    }
}

/// Ids as a spreadsheet, a CSV or a tease would have them; not blank, and without NUL.
fn id() -> impl Strategy<Value = String> {
    r#"['=+@\t\r\n", ;-]{0,4}[^\x00]{0,5}x[' "\n\r]{0,2}"#
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_is_read_back_as_it_was(
        pairs in prop::collection::vec((id(), id(), 0..2_000_000_i64), 0..6),
        places in prop::option::of((prop::option::of(id()), id(), prop::option::of(id()))),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let pairs: Vec<Pair> = pairs
            .into_iter()
            .map(|(mentee, mentor, score)| Pair {
                mentee,
                mentor,
                meeting: places.clone().map(|(site, slot, leader)| Meeting {
                    site: site.unwrap_or_default(),
                    slot,
                    leader,
                }),
                score: Micropoints(score),
                by_criterion: vec![Micropoints(score)],
            })
            .collect();
        read_back(folder.path(), &pairs);
    }
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

#[test]
fn the_certificate_is_renamed_last_and_may_have_a_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = found(Vec::new());
    let files = answer::save(&written, folder.path()).expect("saved");
    let certificate = folder.path().join(answer::CERTIFICATE);
    assert_eq!(files.last(), Some(&certificate));
    let mut text = b"\xef\xbb\xbf".to_vec();
    text.extend(std::fs::read(&certificate).expect("read"));
    std::fs::write(&certificate, text).expect("written");
    let (_, read) = answer::read_answer(folder.path()).expect("read");
    assert_eq!(read, written.certificate);
}

#[test]
fn an_empty_path_is_no_folder_to_save_to() {
    let error = answer::save(&found(Vec::new()), Path::new("")).expect_err("no folder");
    assert_eq!(error.kind(), nearpeer::ErrorKind::Io);
}

#[test]
fn what_cannot_be_saved_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    answer::save(&found(Vec::new()), folder.path()).expect("saved");
    let before = std::fs::read(folder.path().join(answer::PAIRS)).expect("read");
    std::fs::remove_file(folder.path().join(answer::CERTIFICATE)).expect("removed");
    std::fs::create_dir(folder.path().join(answer::CERTIFICATE)).expect("made");
    let pair = Pair {
        mentee: "a".into(),
        mentor: "b".into(),
        meeting: None,
        score: Micropoints::ONE,
        by_criterion: vec![Micropoints::ONE],
    };
    let error =
        answer::save(&found(vec![pair]), folder.path()).expect_err("a folder is in the way");
    assert_eq!(error.kind(), nearpeer::ErrorKind::Io);
    assert_eq!(
        std::fs::read(folder.path().join(answer::PAIRS)).expect("read"),
        before
    );
    let names = std::fs::read_dir(folder.path()).expect("read").count();
    assert_eq!(names, 3, "no temporary file is left");
}

#[test]
fn points_print_as_micropoints_do() {
    let pair = Pair {
        mentee: "a".into(),
        mentor: "b".into(),
        meeting: None,
        score: Micropoints(683_421),
        by_criterion: vec![Micropoints(100_000)],
    };
    let batch = nearpeer::tables::pairs_table(&found(vec![pair]));
    let names: Vec<_> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(
        names,
        ["mentee_id", "mentor_id", "score", "score_interests"]
    );
    let scores = batch
        .column(2)
        .as_any()
        .downcast_ref::<Float64Array>()
        .expect("floats");
    assert_eq!(scores.value(0).to_string(), "0.683421");
}

#[test]
fn meetings_stand_after_the_ids_where_slots_are_assigned() {
    let pair = |mentee: &str, site: &str, leader: Option<&str>| Pair {
        mentee: mentee.into(),
        mentor: "m".into(),
        meeting: Some(Meeting {
            site: site.into(),
            slot: "=Mon".into(),
            leader: leader.map(str::to_owned),
        }),
        score: Micropoints::ONE,
        by_criterion: vec![Micropoints::ONE],
    };
    let found = found(vec![pair("a", "East", Some("lea")), pair("b", "", None)]);
    let mut csv = Vec::new();
    nearpeer::tables::write_pairs_csv(&found, &mut csv).expect("written");
    assert_eq!(
        String::from_utf8_lossy(&csv),
        "mentee_id,mentor_id,site,slot,leader,score,score_interests\n\
         a,m,East,'=Mon,lea,1.000000,1.000000\n\
         b,m,,'=Mon,,1.000000,1.000000\n"
    );
    let batch = nearpeer::tables::pairs_table(&found);
    let schema = batch.schema();
    let names: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    assert_eq!(
        names,
        [
            "mentee_id",
            "mentor_id",
            "site",
            "slot",
            "leader",
            "score",
            "score_interests"
        ]
    );
    let nulls: Vec<usize> = batch
        .columns()
        .iter()
        .map(|column| column.null_count())
        .collect();
    assert_eq!(nulls, [0, 0, 1, 0, 1, 0, 0]);
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
