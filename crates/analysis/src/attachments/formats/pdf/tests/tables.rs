//! Tables, with lines and without, and what only looks like one.

use super::{lines, read_pages};
use crate::attachments::draft::Reading;
use clara_domain::text::Span;

fn slice(reading: &Reading, span: Span) -> String {
    reading
        .text
        .chars()
        .skip(span.start)
        .take(span.len())
        .collect()
}

/// Each record as `name=value` pairs.
fn records(reading: &Reading) -> Vec<String> {
    let field = |layout: usize, name: usize, value: Span| {
        format!(
            "{}={}",
            reading.layouts[layout].names[name],
            slice(reading, value)
        )
    };
    reading
        .records
        .iter()
        .map(|record| {
            let fields = record.fields.iter();
            let fields: Vec<String> = fields
                .map(|one| field(record.layout, one.name, one.value))
                .collect();
            fields.join("; ")
        })
        .collect()
}

fn table(rows: &[&[&str]], places: &[f32]) -> String {
    let mut all = Vec::new();
    let mut y = 700.0;
    for row in rows {
        for (cell, x) in row.iter().zip(places) {
            if !cell.is_empty() {
                all.push((10.0, *x, y, *cell));
            }
        }
        y -= 14.0;
    }
    lines(&all)
}

#[test]
fn aligned_rows_are_records_with_names() {
    let content = table(
        &[
            &["Harbour", "Ships", "Cargo \\(t\\)"],
            &["Lund", "214", "9,300"],
            &["Holm", "58", "1,120"],
        ],
        &[72.0, 180.0, 260.0],
    );
    let reading = read_pages(&[&content]);
    assert_eq!(
        records(&reading),
        [
            "Harbour=Lund; Ships=214; Cargo (t)=9,300",
            "Harbour=Holm; Ships=58; Cargo (t)=1,120"
        ]
    );
    assert_eq!(slice(&reading, reading.records[0].span), "Lund\t214\t9,300");
    assert_eq!(reading.records[1].row, Some(2));
}

#[test]
fn years_name_columns_and_totals_are_rows() {
    let content = table(
        &[
            &["", "2019", "2020", "2021"],
            &["Boats", "12", "15", "11"],
            &["Carts", "40", "38", "52"],
            &["Total", "52", "53", "63"],
        ],
        &[72.0, 180.0, 240.0, 300.0],
    );
    let reading = read_pages(&[&content]);
    assert_eq!(
        records(&reading),
        [
            "=Boats; 2019=12; 2020=15; 2021=11",
            "=Carts; 2019=40; 2020=38; 2021=52",
            "=Total; 2019=52; 2020=53; 2021=63"
        ]
    );
}

#[test]
fn two_head_rows_are_joined() {
    let content = table(
        &[
            &["", "Boats", "", "Carts", ""],
            &["Town", "in", "out", "in", "out"],
            &["Lund", "12", "14", "201", "188"],
            &["Holm", "7", "9", "95", "90"],
        ],
        &[72.0, 180.0, 220.0, 280.0, 330.0],
    );
    let reading = read_pages(&[&content]);
    let names = &reading.layouts[0].names;
    assert_eq!(names[0], "Town");
    assert_eq!(names[1], "Boats in");
    assert_eq!(names[3], "Carts in");
    assert_eq!(reading.records.len(), 2);
}

#[test]
fn ruled_cells_keep_their_lines_together() {
    // Two columns and three rows between lines; the second cell of the last row has two lines.
    let mut content = lines(&[
        (10.0, 75.0, 700.0, "Part"),
        (10.0, 185.0, 700.0, "Made of"),
        (10.0, 75.0, 680.0, "Gate"),
        (10.0, 185.0, 680.0, "oak"),
        (10.0, 75.0, 660.0, "Sluice"),
        (10.0, 185.0, 660.0, "iron from the works"),
        (10.0, 185.0, 648.0, "at Vik"),
    ]);
    for y in ["714", "694", "674", "642"] {
        content += &["70 ", y, " m 330 ", y, " l S\n"].concat();
    }
    for x in ["70", "180", "330"] {
        content += &[x, " 714 m ", x, " 642 l S\n"].concat();
    }
    let reading = read_pages(&[&content]);
    assert!(
        reading.text.contains("Sluice\tiron from the works at Vik"),
        "{}",
        reading.text
    );
    assert!(!reading.records.is_empty());
}

#[test]
fn two_blocks_of_prose_are_no_table() {
    let content = lines(&[
        (10.0, 72.0, 700.0, "The owner lets the house and"),
        (10.0, 320.0, 700.0, "The tenant pays the rent and"),
        (10.0, 72.0, 688.0, "keeps its roof in repair."),
        (10.0, 320.0, 688.0, "keeps its garden in order."),
    ]);
    let reading = read_pages(&[&content]);
    assert!(reading.records.is_empty());
    assert_eq!(
        reading.text,
        "The owner lets the house and keeps its roof in repair.\n\nThe tenant pays the rent and keeps its garden in order."
    );
}

#[test]
fn a_table_of_contents_is_no_table() {
    let content = lines(&[
        (10.0, 72.0, 700.0, "The lock ...................."),
        (10.0, 300.0, 700.0, "3"),
        (10.0, 72.0, 686.0, "The weir ...................."),
        (10.0, 300.0, 686.0, "17"),
        (10.0, 72.0, 672.0, "The mill ...................."),
        (10.0, 300.0, 672.0, "21"),
    ]);
    assert!(read_pages(&[&content]).records.is_empty());
}

#[test]
fn headings_inside_a_table_stand_over_their_rows() {
    let content = table(
        &[
            &["Region", "Shops", "Visitors"],
            &["Northern towns"],
            &["Lund", "12", "345"],
            &["Holm", "7", "890"],
            &["Southern towns"],
            &["Vik", "3", "120"],
        ],
        &[72.0, 180.0, 260.0],
    );
    let reading = read_pages(&[&content]);
    let under: Vec<&[String]> = reading
        .records
        .iter()
        .map(|record| reading.layouts[record.layout].under.as_slice())
        .collect();
    assert_eq!(
        under,
        [["Northern towns"], ["Northern towns"], ["Southern towns"]]
    );
}

#[test]
fn head_over_several_columns_names_each() {
    let rows = [
        (700.0, ["", "2022", "", "2023", ""]),
        (686.0, ["Place", "Boats", "Carts", "Boats", "Carts"]),
        (672.0, ["Lund", "12", "201", "14", "188"]),
        (658.0, ["Holm", "7", "95", "9", "90"]),
        (644.0, ["Vik", "21", "30", "22", "35"]),
    ];
    let mut all = Vec::new();
    for (y, cells) in rows {
        for (x, cell) in [72.0, 172.0, 252.0, 332.0, 412.0].into_iter().zip(cells) {
            if !cell.is_empty() {
                all.push((10.0, x, y, cell));
            }
        }
    }
    let reading = read_pages(&[&lines(&all)]);
    assert_eq!(
        records(&reading)[0],
        "Place=Lund; 2022 Boats=12; 2022 Carts=201; 2023 Boats=14; 2023 Carts=188"
    );
}

#[test]
fn cell_of_several_lines_is_one_cell() {
    let mut all = vec![
        (10.0, 72.0, 700.0, "Place"),
        (10.0, 150.0, 700.0, "Remark"),
        (10.0, 330.0, 700.0, "Cost"),
    ];
    let mut y = 688.0;
    for (place, cost) in [("Lund", "31,20"), ("Holm", "41,20"), ("Vik", "51,20")] {
        all.extend([
            (10.0, 72.0, y, place),
            (10.0, 150.0, y, "The weir was finished in the year of"),
            (10.0, 330.0, y, cost),
            (10.0, 150.0, y - 12.0, "the flood and served 431 people."),
        ]);
        y -= 24.0;
    }
    let reading = read_pages(&[&lines(&all)]);
    assert_eq!(
        records(&reading)[2],
        "Place=Vik; Remark=The weir was finished in the year of the flood and served 431 people.; Cost=51,20"
    );
    assert_eq!(reading.records.len(), 3);
}

#[test]
fn paragraph_between_tables_heads_neither() {
    let table = |y: f32, all: &mut Vec<(f32, f32, f32, &'static str)>| {
        for (index, cells) in [
            ["Place", "Sold"],
            ["Lund", "12"],
            ["Holm", "7"],
            ["Vik", "9"],
        ]
        .into_iter()
        .enumerate()
        {
            let y = y - 14.0 * f32::from(u8::try_from(index).expect("few rows"));
            all.push((10.0, 72.0, y, cells[0]));
            all.push((10.0, 172.0, y, cells[1]));
        }
    };
    let mut all = Vec::new();
    table(700.0, &mut all);
    all.push((
        10.0,
        72.0,
        630.0,
        "The boats of the lower valley were counted in another year.",
    ));
    table(602.0, &mut all);
    let reading = read_pages(&[&lines(&all)]);
    let rows = records(&reading);
    assert_eq!(rows.len(), 6, "{rows:?}");
    assert_eq!(rows[3], "Place=Lund; Sold=12");
}

#[test]
fn account_with_empty_cells_is_a_table() {
    let rows = [
        ["Date", "Text", "Debit", "Credit", "Balance"],
        ["02.01.", "Opening balance", "", "", "1.204,50"],
        ["05.01.", "Rent of the hall", "900,00", "", "304,50"],
        ["09.01.", "Ticket sales", "", "2.310,00", "2.614,50"],
        ["12.01.", "Cleaning", "95,20", "", "2.519,30"],
    ];
    let mut all = Vec::new();
    let mut y = 700.0;
    for cells in rows {
        for (x, cell) in [72.0, 130.0, 280.0, 350.0, 430.0].into_iter().zip(cells) {
            if !cell.is_empty() {
                all.push((10.0, x, y, cell));
            }
        }
        y -= 14.0;
    }
    let reading = read_pages(&[&lines(&all)]);
    assert_eq!(
        records(&reading)[2],
        "Date=09.01.; Text=Ticket sales; Credit=2.310,00; Balance=2.614,50"
    );
}
