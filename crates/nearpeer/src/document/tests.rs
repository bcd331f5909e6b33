//! The published schemas and documents of earlier versions.

use schemars::generate::SchemaSettings;

use super::*;

/// The published schemas are those of the types; with `NEARPEER_WRITE` set, they are written.
#[test]
fn the_published_schemas_are_those_of_the_types() {
    schema_is_that_of::<Document>("match-1.json");
    schema_is_that_of::<CoDocument>("co-match-1.json");
}

fn schema_is_that_of<T: JsonSchema>(name: &str) {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = generator.into_root_schema_for::<T>();
    let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    let path = folder.join(name);
    if std::env::var_os("NEARPEER_WRITE").is_some() {
        std::fs::write(&path, &text).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(&path).expect("the schema is published");
    assert!(
        published == text,
        "docs/schema/{name} is not up to date; NEARPEER_WRITE=1 writes it"
    );
}

fn written_before(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/documents");
    std::fs::read_to_string(folder.join(name)).expect("the document is kept")
}

/// A document of an earlier nearpeer is read, and nothing that it says is lost or changed.
#[test]
fn documents_that_were_written_before_are_read() {
    let text = written_before("match-1.json");
    let document: Document = serde_json::from_str(&text).expect("a document");
    assert_eq!((document.version, document.gap), (1, 0));
    assert!(document.slots_assigned && !document.limits.is_empty());
    assert!(!document.unmatched.is_empty());
    keeps(&text, &document.to_json().expect("a document"));

    let text = written_before("co-match-1.json");
    let document: CoDocument = serde_json::from_str(&text).expect("a document");
    assert_eq!((document.version, document.gap), (1, 0));
    assert_eq!((document.students, document.triads), (8, 1));
    assert_eq!(document.unmatched.len(), 1);
    keeps(&text, &document.to_json().expect("a document"));
}

/// What was added within the version may be missing.
#[test]
fn documents_from_before_a_field_was_added_are_read() {
    let mut document: serde_json::Value =
        serde_json::from_str(&written_before("match-1.json")).expect("JSON");
    let fields = document.as_object_mut().expect("an object");
    fields.remove("limits");
    fields.insert(
        "price_of_fairness".to_owned(),
        serde_json::json!({"score": 3, "without": 5, "price": 2}),
    );
    let document: Document = serde_json::from_value(document).expect("a document");
    assert!(document.limits.is_empty());
    assert_eq!(document.price_of_fairness.map(|cost| cost.covered), Some(0));
}

fn keeps(before: &str, after: &str) {
    let [before, after] = [before, after].map(|text| serde_json::from_str(text).expect("JSON"));
    is_in("the document", &before, &after);
}

/// Whether all that one value says is in the other, which may say more.
fn is_in(place: &str, before: &serde_json::Value, after: &serde_json::Value) {
    use serde_json::Value;
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in before {
                let place = format!("{place}.{key}");
                let other = after.get(key);
                is_in(
                    &place,
                    value,
                    other.unwrap_or_else(|| panic!("{place} is lost")),
                );
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            assert_eq!(before.len(), after.len(), "{place}");
            for (ix, (before, after)) in before.iter().zip(after).enumerate() {
                is_in(&format!("{place}[{ix}]"), before, after);
            }
        }
        _ => assert_eq!(before, after, "{place}"),
    }
}
