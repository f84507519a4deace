use super::*;
use crate::attachments::testing::records;

fn check(raw: &str, text: &str, expected: &[&str]) {
    let reading = read(raw, Draft::default());
    assert_eq!(reading.text, text);
    assert_eq!(records(&reading), expected);
}

#[test]
fn a_row_stays_as_written_with_a_record_beside() {
    check(
        "year,vehicles,\"busiest day\"\n1934,\"211,000\",6 August\n1935,,\"a\nb\"\n",
        "year,vehicles,\"busiest day\"\n1934,\"211,000\",6 August\n1935,,\"a b\"",
        &[
            "1: year=1934 vehicles=211,000 busiest day=6 August",
            "2: year=1935 busiest day=a b",
        ],
    );
}

#[test]
fn other_separators_and_missing_names_are_seen() {
    check(
        "jahr;wert\n1934;2,6\n",
        "jahr;wert\n1934;2,6",
        &["1: jahr=1934 wert=2,6"],
    );
    check(
        "1934;2,6\n1935;2,7",
        "1934;2,6\n1935;2,7",
        &["1: =1934 =2,6", "2: =1935 =2,7"],
    );
    check("a\tb\n1\t2\n", "a\tb\n1\t2", &["1: a=1 b=2"]);
    check("a,b\n1,2,3\n", "a,b\n1,2,3", &["1: a=1 b=2 =3"]);
    check("sep=|\na|b\n1,5|2\n", "a|b\n1,5|2", &["1: a=1,5 b=2"]);
}

#[test]
fn titles_and_footnotes_are_prose() {
    check(
        "Sold boats,,\n\nYear,Region,Sold\n2021,North,412\nTotal,,412\n* provisional,,\nSource: office\n",
        "Sold boats,,\n\nYear,Region,Sold\n2021,North,412\nTotal,,412\n\n* provisional,,\nSource: office",
        &[
            "Sold boats / 1: Year=2021 Region=North Sold=412",
            "Sold boats / 2: Year=Total Sold=412",
        ],
    );
}

#[test]
fn a_title_apart_from_its_table_names_it() {
    check(
        "Table 1. Sold, by town\nUnit: boats\n\nTown,2021,2022\nBrask,41,42\nTolm,5,6\n\nNotes:\n1. Provisional, see text.\nSource: Census, 2021\n",
        "Table 1. Sold, by town\nUnit: boats\n\nTown,2021,2022\nBrask,41,42\nTolm,5,6\n\nNotes:\n1. Provisional, see text.\nSource: Census, 2021",
        &[
            "Table 1. Sold, by town / Unit: boats / 1: Town=Brask 2021=41 2022=42",
            "Table 1. Sold, by town / Unit: boats / 2: Town=Tolm 2021=5 2022=6",
        ],
    );
}

#[test]
fn a_second_table_has_names_of_its_own() {
    check(
        "Year,Sold\n2021,412\n\nTown,Staff\nBrask,31\n",
        "Year,Sold\n2021,412\n\nTown,Staff\nBrask,31",
        &["1: Year=2021 Sold=412", "1: Town=Brask Staff=31"],
    );
}

#[test]
fn the_share_is_counted_in_rows() {
    let reading = read("year,sold\n\n2021,4\n2022,5\n", Draft::default());
    let share = reading.read.unwrap();
    assert_eq!((share.unit, share.read, share.of), (ReadUnit::Rows, 3, 3));
    let long = format!("year,sold\n{}", "2021,4123456\n".repeat(200_000));
    let share = read(&long, Draft::default()).read.unwrap();
    assert_eq!(share.of, 200_001);
    assert!((150_000..160_000).contains(&share.read), "{share:?}");
}

#[test]
fn a_quote_that_never_closes_is_named() {
    let reading = read("item,size\npipe,6\" wide\nrod,\"4\n", Draft::default());
    assert_eq!(reading.unread[0].line, Some(3));
}

#[test]
fn a_quote_that_never_closes_costs_no_row() {
    check(
        "item,size\npipe,6\" wide\nrod,\"4\nbar,5\n",
        "item,size\npipe,6\" wide\nrod,\"4\nbar,5",
        &[
            "1: item=pipe size=6\" wide",
            "2: item=rod size=\"4",
            "3: item=bar size=5",
        ],
    );
}
