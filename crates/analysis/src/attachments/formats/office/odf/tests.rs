use super::super::testing::{archive, break_in_many_ways, parts, read, rows, unread};

fn open_document(kind: &str, styles: &str, body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    );
    let mut parts = vec![
        ("mimetype", mimetype.as_str()),
        ("content.xml", content.as_str()),
    ];
    parts.extend(others);
    archive(&parts)
}

fn owned<const N: usize>(list: [(&str, &str); N]) -> [(String, String); N] {
    list.map(|(name, text)| (name.to_owned(), text.to_owned()))
}

const STYLES: &str = "<style:style style:name=\"S\"><style:text-properties style:text-line-through-style=\"solid\"/></style:style>\
    <style:style style:name=\"U\"><style:text-properties style:text-position=\"super 58%\"/></style:style>\
    <style:style style:name=\"H\"><style:text-properties text:display=\"none\"/></style:style>\
    <style:style style:name=\"X\"><style:table-properties table:display=\"false\"/></style:style>";

const TEXT: &str = "<office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>A</dc:creator></office:change-info><text:p>30</text:p></text:deletion></text:changed-region></text:tracked-changes>\
    <text:h>The   mill</text:h><text:p>It costs <text:change/>45<text:s text:c=\"2\"/>euros<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A day.</text:p></text:note-body></text:note>,\n  \
    <text:span text:style-name=\"S\">free</text:span><text:span text:style-name=\"H\">unseen</text:span> 5 km<text:span text:style-name=\"U\">2</text:span>.\
    <office:annotation><dc:creator>Ann Lee</dc:creator><dc:date>2020</dc:date><text:p>I paid 40.</text:p></office:annotation></text:p>\
    <text:list><text:list-item><text:p>rye</text:p></text:list-item><text:list-item><text:p>oats</text:p></text:list-item></text:list>\
    <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Mill</text:p></table:table-cell><table:table-cell><text:p>Year</text:p></table:table-cell><table:table-cell><text:p>Tonnes</text:p></table:table-cell></table:table-row></table:table-header-rows>\
    <table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>Upper</text:p></table:table-cell><table:table-cell><text:p>2019</text:p></table:table-cell><table:table-cell><text:p>410</text:p></table:table-cell></table:table-row>\
    <table:table-row><table:covered-table-cell/><table:table-cell><text:p>2020</text:p></table:table-cell><table:table-cell><text:p>388</text:p></table:table-cell></table:table-row></table:table>\
    <text:p>End.<draw:frame><draw:image/><svg:desc>The weir</svg:desc></draw:frame></text:p></office:text>";

#[test]
fn text_is_read_with_notes_comments_and_tables() {
    let common = "<office:document-styles><office:master-styles><style:master-page><style:header><text:p>Mill Ltd</text:p></style:header></style:master-page></office:master-styles></office:document-styles>";
    let meta = "<office:document-meta><office:meta><dc:title>Report</dc:title><dc:language>en-GB</dc:language></office:meta></office:document-meta>";
    let bytes = open_document(
        "text",
        STYLES,
        TEXT,
        &[("styles.xml", common), ("meta.xml", meta)],
    );
    let reading = read("a.odt", &bytes);
    assert!(
        reading.text.starts_with(
            "The mill\n\nIt costs 45  euros[1], 5 km².\n\nrye\noats\n\nMill\tYear\tTonnes\nUpper\t2019\t410\nUpper\t2020\t388\n\nEnd.\n\nPicture: The weir\n\n"
        ),
        "{}",
        reading.text
    );
    assert_eq!(
        rows(&reading)[1],
        ("Mill|Year|Tonnes".to_owned(), "Upper|2020|388".to_owned())
    );
    assert_eq!(
        parts(&reading),
        owned([
            ("header", "Mill Ltd"),
            ("note 1", "A day."),
            ("comment 1 by Ann Lee", "Comment by Ann Lee: I paid 40."),
        ])
    );
    assert_eq!(
        (reading.title.as_deref(), reading.language.as_deref()),
        (Some("Report"), Some("en-GB"))
    );
    let told = unread(&reading);
    for says in [
        "deletes was left out: “30”",
        "Hidden text was left out: “unseen”",
        "“free”",
    ] {
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn sheets_are_read_as_they_are_shown() {
    let cell =
        |words: &str| format!("<table:table-cell><text:p>{words}</text:p></table:table-cell>");
    let body = format!(
        "<office:spreadsheet><table:table table:name=\"Budget\"><table:table-column table:number-columns-repeated=\"16384\"/>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row>{}{}{}</table:table-row><table:table-row>{}<table:table-cell><office:annotation><dc:creator>Ann</dc:creator><text:p>Paid 40.</text:p></office:annotation><text:p>£4,312</text:p></table:table-cell>{}</table:table-row>\
         <table:table-row table:visibility=\"collapse\">{}</table:table-row><table:table-row>{}{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/></table:table-row></table:table>\
         <table:table table:name=\"Old\" table:style-name=\"X\"><table:table-row>{}</table:table-row></table:table></office:spreadsheet>",
        cell("Item"),
        cell("Cost"),
        cell("Bought"),
        cell("Millstone"),
        cell("2020-01-01"),
        cell("Unseen"),
        cell("Sack"),
        cell("£96"),
        cell("2020-01-02"),
        cell("Old")
    );
    let reading = read("b.ods", &open_document("spreadsheet", STYLES, &body, &[]));
    let names = "Item|Cost|Bought".to_owned();
    assert_eq!(
        rows(&reading),
        ["Millstone|£4,312|2020-01-01", "Sack|£96|2020-01-02"]
            .map(|cells| (names.clone(), cells.to_owned()))
    );
    let labels: Vec<String> = parts(&reading).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        labels,
        [
            "sheet Budget",
            "sheet Budget, row 3",
            "sheet Budget, row 4",
            "sheet Budget, row 6",
            "sheet Budget, comment at B4 by Ann"
        ]
    );
    let told = unread(&reading);
    assert!(
        told.contains("1 row is hidden") && told.contains("“Old” is hidden"),
        "{told}"
    );
}

#[test]
fn slides_are_read_with_their_notes() {
    let styles = "<style:style style:name=\"dp\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style>";
    let body = "<office:presentation><draw:page><draw:frame presentation:class=\"title\"><draw:text-box><text:p>Harvest</text:p></draw:text-box></draw:frame>\
        <draw:frame><draw:text-box><text:list><text:list-item><text:p>Rye is up.</text:p></text:list-item></text:list></draw:text-box></draw:frame>\
        <draw:frame presentation:class=\"page-number\"><draw:text-box><text:p>1</text:p></draw:text-box></draw:frame>\
        <presentation:notes><draw:frame><draw:text-box><text:p>Say why.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>\
        <draw:page draw:style-name=\"dp\"><draw:frame><draw:text-box><text:p>Unshown</text:p></draw:text-box></draw:frame></draw:page></office:presentation>";
    let reading = read("a.odp", &open_document("presentation", styles, body, &[]));
    assert_eq!(
        parts(&reading),
        owned([
            ("slide 1", "Harvest\n\nRye is up."),
            ("slide 1, notes", "Say why.")
        ])
    );
    assert_eq!(unread(&reading), "Slide 2 is hidden and was left out.");
}

#[test]
fn locked_and_broken_files_have_a_sound_answer() {
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked = open_document("text", "", TEXT, &[("META-INF/manifest.xml", manifest)]);
    assert!(unread(&read("a.odt", &locked)).contains("needs a password"));
    break_in_many_ways("a.odt", &open_document("text", STYLES, TEXT, &[]));
    let many = "<office:spreadsheet><table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"><text:p>9</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>";
    let reading = read("b.ods", &open_document("spreadsheet", "", many, &[]));
    assert!(reading.text.len() <= 2_000_000);
    let drawing = open_document("graphics", "", "", &[]);
    assert!(unread(&read("a.odg", &drawing)).contains("Export it as PDF"));
}
