use super::super::testing::{break_in_many_ways, package, parts, read, relations, rows, unread};

const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"&quot;£&quot;#,##0\"/></numFmts>\
    <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"9\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
const STRINGS: &str = "<sst><si><t>Item</t></si><si><r><t>Co</t></r><r><t>st</t></r><rPh><t>kosuto</t></rPh></si><si><t>Bought</t></si>\
    <si><t>Millstone</t></si><si><t>Sack &amp; rope</t></si></sst>";

fn xlsx(sheets: &[(&str, &str, &str)], others: &[(&str, &str)]) -> Vec<u8> {
    let listed: Vec<String> = sheets
        .iter()
        .enumerate()
        .map(|(at, (name, state, _))| {
            format!("<sheet name=\"{name}\" sheetId=\"1\" state=\"{state}\" r:id=\"s{at}\"/>")
        })
        .collect();
    let main = format!("<workbook><sheets>{}</sheets></workbook>", listed.concat());
    let ids: Vec<(String, String)> = (0..sheets.len())
        .map(|at| (format!("s{at}"), format!("worksheets/sheet{at}.xml")))
        .collect();
    let mut related: Vec<(&str, &str, &str)> = ids
        .iter()
        .map(|(id, part)| (id.as_str(), "worksheet", part.as_str()))
        .collect();
    related.push(("x", "sharedStrings", "sharedStrings.xml"));
    related.push(("y", "styles", "styles.xml"));
    let related = relations(&related);
    let names: Vec<String> = ids.iter().map(|(_, part)| format!("xl/{part}")).collect();
    let texts: Vec<String> = sheets
        .iter()
        .map(|(_, _, cells)| format!("<worksheet>{cells}</worksheet>"))
        .collect();
    let mut all = vec![
        ("xl/_rels/workbook.xml.rels", related.as_str()),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", STYLES),
    ];
    all.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(texts.iter().map(String::as_str)),
    );
    all.extend(others);
    package("spreadsheetml.sheet", ("xl/workbook.xml", &main), &all)
}

const BUDGET: &str = "<cols><col min=\"5\" max=\"5\" hidden=\"1\"/></cols><sheetData>\
    <row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c><c r=\"D2\" t=\"s\"><v>2</v></c><c r=\"E2\" t=\"str\"><v>Secret</v></c></row>\
    <row r=\"3\"><c r=\"B3\" t=\"s\"><v>3</v></c><c r=\"C3\" s=\"3\"><v>4312</v></c><c r=\"D3\" s=\"1\"><v>43831</v></c><c r=\"E3\"><v>1</v></c></row>\
    <row r=\"4\" hidden=\"1\"><c r=\"B4\" t=\"str\"><v>Unseen</v></c></row>\
    <row r=\"5\"><c r=\"B5\" t=\"s\"><v>4</v></c><c r=\"C5\" s=\"3\"><f>SUM(A1)</f><v>96</v></c><c r=\"D5\" s=\"1\"><v>43832</v></c></row>\
    </sheetData>";

#[test]
fn cells_are_read_as_they_are_shown() {
    let bytes = xlsx(
        &[("Budget", "visible", BUDGET), ("Old", "hidden", BUDGET)],
        &[],
    );
    let reading = read("b.xlsx", &bytes);
    assert_eq!(
        reading.text,
        "Budget\n\nItem\tCost\tBought\nMillstone\t£4,312\t2020-01-01\nSack & rope\t£96\t2020-01-02"
    );
    let names = "Item|Cost|Bought".to_owned();
    assert_eq!(
        rows(&reading),
        ["Millstone|£4,312|2020-01-01", "Sack & rope|£96|2020-01-02"]
            .map(|cells| (names.clone(), cells.to_owned()))
    );
    let labels: Vec<String> = parts(&reading).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        labels,
        [
            "sheet Budget",
            "sheet Budget, row 2",
            "sheet Budget, row 3",
            "sheet Budget, row 5"
        ]
    );
    assert_eq!(reading.layouts[0].first_column, Some(1));
    assert_eq!(reading.layouts[0].under, ["Budget"]);
    let told = unread(&reading);
    for says in ["1 row is hidden", "1 column is hidden", "“Old” is hidden"] {
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn merged_cells_hold_for_each_row_and_column() {
    let cell = |at: &str, words: &str| {
        format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{words}</t></is></c>")
    };
    let sheet = format!(
        "<sheetData><row r=\"1\">{}</row><row r=\"3\">{}{}</row><row r=\"4\">{}{}{}</row><row r=\"5\">{}{}{}</row><row r=\"6\">{}{}</row></sheetData>\
         <mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A5:A6\"/><mergeCell ref=\"B3:C3\"/><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>",
        cell("A1", "Output of the mills"),
        cell("A3", "Mill"),
        cell("B3", "Tonnes"),
        cell("A4", ""),
        cell("B4", "2019"),
        cell("C4", "2020"),
        cell("A5", "Upper"),
        cell("B5", "410"),
        cell("C5", "388"),
        cell("B6", "12"),
        cell("C6", "14"),
    );
    let reading = read("b.xlsx", &xlsx(&[("Sheet1", "visible", &sheet)], &[]));
    let last = rows(&reading).pop().unwrap();
    assert_eq!(last.1, "Upper|12|14", "{}", reading.text);
    assert!(last.0.contains("Tonnes 2019|Tonnes 2020"), "{}", last.0);
    assert!(reading.text.starts_with("Output of the mills\n\n"));
}

#[test]
fn comments_on_cells_are_their_authors() {
    let related = relations(&[("c", "comments", "../comments1.xml")]);
    let comments = "<comments><authors><author>Ann Lee</author></authors><commentList><comment ref=\"C3\" authorId=\"0\"><text><r><t>Ann Lee:</t></r><r><t>\nI paid 4,000.</t></r></text></comment></commentList></comments>";
    let bytes = xlsx(
        &[("Budget", "visible", BUDGET)],
        &[
            ("xl/worksheets/_rels/sheet0.xml.rels", &related),
            ("xl/comments1.xml", comments),
        ],
    );
    let reading = read("b.xlsx", &bytes);
    let last = parts(&reading).pop().unwrap();
    assert_eq!(last.0, "sheet Budget, comment at C3 by Ann Lee");
    assert_eq!(last.1, "Comment by Ann Lee: I paid 4,000.");
    assert!(reading.places.last().unwrap().is_comment);
}

#[test]
fn formulas_without_a_result_are_told() {
    let sheet = "<sheetData><row><c><f>1+1</f></c><c><v>7</v></c></row></sheetData>";
    let reading = read("b.xlsx", &xlsx(&[("S", "visible", sheet)], &[]));
    assert!(unread(&reading).contains("1 formulas have no stored result"));
}

#[test]
fn huge_and_broken_workbooks_have_a_sound_answer() {
    let bytes = xlsx(&[("Budget", "visible", BUDGET)], &[]);
    break_in_many_ways("b.xlsx", &bytes);
    let wide = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>2</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>3</v></c></row></sheetData>";
    let reading = read("b.xlsx", &xlsx(&[("S", "visible", wide)], &[]));
    assert!(reading.text.len() < 10_000);
    let row = "<row><c t=\"s\"><v>3</v></c><c><v>1</v></c></row>";
    let many = format!("<sheetData>{}</sheetData>", row.repeat(300_000));
    let reading = read("b.xlsx", &xlsx(&[("S", "visible", &many)], &[]));
    assert!(unread(&reading).contains("Only the first"));
}
