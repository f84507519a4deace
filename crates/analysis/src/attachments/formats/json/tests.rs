use super::*;
use crate::attachments::testing::records;

fn check(raw: &str, expected: &[&str]) {
    let reading = read(raw, Draft::default());
    assert_eq!(reading.text, raw.trim());
    assert_eq!(records(&reading), expected, "{raw}");
}

#[test]
fn an_object_is_a_record_of_its_values() {
    check(
        r#"{"name": "Ardmoor Bridge", "span": {"main_m": 412, "sides": [118, 118.50]}, "openedInYear": 1933, "closed": null, "id": 12345678901234567890123, "empty": ""}"#,
        &[
            " name=Ardmoor Bridge opened in year=1933 id=12345678901234567890123",
            "span /  main m=412 sides=118 sides=118.50",
        ],
    );
    check("\"bare\"", &[]);
}

#[test]
fn a_list_has_rows_that_know_the_object_around() {
    let raw = "{\n  \"company\": \"Orvane\",\n  \"yearReports\": [\n    {\"year\": 2022, \"staff\": 310},\n    {\"year\": 2023, \"staff\": 298}\n  ]\n}";
    check(
        raw,
        &[
            " company=Orvane",
            "year reports / 1: year=2022 staff=310",
            "year reports / 2: year=2023 staff=298",
        ],
    );
    let reading = read(raw, Draft::default());
    assert_eq!(reading.records[2].parent, Some(0));
    assert_eq!(reading.layouts.len(), 2);
}

#[test]
fn columns_and_lists_of_lists_are_rows() {
    check(
        r#"{"town": "Brask", "year": [2020, 2021], "visitors": [182, 205]}"#,
        &[
            " town=Brask",
            "1: year=2020 visitors=182",
            "2: year=2021 visitors=205",
        ],
    );
    check(
        r#"[["town", "staff"], ["Brask", 31], ["Tolm", 12]]"#,
        &["1: town=Brask staff=31", "2: town=Tolm staff=12"],
    );
    check(
        r#"{"columns": ["town", "staff"], "index": [0, 1], "data": [["Brask", 31], ["Tolm", 12]]}"#,
        &[
            "data / 1: town=Brask staff=31",
            "data / 2: town=Tolm staff=12",
        ],
    );
    check(
        r#"{"town": {"0": "Brask", "1": "Tolm"}, "staff": {"0": 31, "1": 12}}"#,
        &["1: town=Brask staff=31", "2: town=Tolm staff=12"],
    );
    check(
        r#"{"0": {"town": "Brask"}, "1": {"town": "Tolm"}}"#,
        &["1: town=Brask", "2: town=Tolm"],
    );
}

#[test]
fn each_line_of_json_lines_is_a_row() {
    check(
        "{\"town\": \"Brask\", \"staff\": 31}\n{\"town\": \"Tolm\", \"staff\": 12}\n",
        &["1: town=Brask staff=31", "2: town=Tolm staff=12"],
    );
}

#[test]
fn escaped_letters_are_shown_as_letters() {
    let reading = read(
        r#"{"town": "Z\u00fcrich", "note": "two\nlines \ud83d\ude00 \"q\" a\\u00fc", "path": "a\/b"}"#,
        Draft::default(),
    );
    assert_eq!(
        reading.text,
        r#"{"town": "Zürich", "note": "two lines 😀 \"q\" a\\u00fc", "path": "a/b"}"#
    );
    assert_eq!(
        records(&reading),
        [r#" town=Zürich note=two lines 😀 \"q\" a\\u00fc path=a/b"#]
    );
}

#[test]
fn a_mistake_is_named_with_its_place() {
    for (raw, place) in [
        ("{\"a\": 1,\n \"b\": }", "line 2"),
        ("{\"a\": 1}\n{\"a\": ", "line 1"),
        ("{\"a\": 1} {\"a\": 2}", "line 1, column 9"),
    ] {
        let reading = read(raw, Draft::default());
        assert!(reading.text.is_empty());
        assert!(reading.unread[0].reason.contains(place), "{reading:?}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(100_000);
    let reading = read(&deep, Draft::default());
    assert!(reading.unread[0].reason.contains("no valid JSON"));
    let closed = format!("{deep}1{}", "]".repeat(100_000));
    assert!(!read(&closed, Draft::default()).text.is_empty());
}
