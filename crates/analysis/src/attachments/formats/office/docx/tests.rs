use super::super::testing::{
    archive, break_in_many_ways, break_parts_in_many_ways, package, parts, read, relations, rows,
    unread,
};

fn document(body: &str) -> String {
    format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

fn paragraph(words: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p>")
}

fn docx(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let body = document(body);
    package(
        "wordprocessingml.document",
        ("word/document.xml", body.as_str()),
        others,
    )
}

#[test]
fn paragraphs_lists_and_breaks_are_read_in_order() {
    let body = "<w:p><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr><w:r><w:t>The </w:t></w:r><w:r><w:t>mill</w:t></w:r></w:p>\
        <w:p><w:r><w:t>It grinds 40 t</w:t><w:br/><w:t>a day.</w:t></w:r></w:p>\
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>rye</w:t></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>oats</w:t></w:r></w:p>\
        <w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent><w:p><w:hyperlink r:id=\"r9\"><w:r><w:t>A &amp; B</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>\
        <w:p><w:r><w:t>Its area is 5 km</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>2</w:t></w:r>\
        <w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r></w:p>";
    let reading = read("mill.docx", &docx(body, &[]));
    assert_eq!(
        reading.text,
        "The mill\n\nIt grinds 40 t\na day.\n\nrye\noats\n\nA & B\n\nIts area is 5 km²"
    );
    assert_eq!(reading.unread, []);
}

#[test]
fn tables_are_rows_with_names() {
    let cell = |words: &str, look: &str| {
        format!("<w:tc><w:tcPr>{look}</w:tcPr>{}</w:tc>", paragraph(words))
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let plain = |words: &str| cell(words, "");
    let body = format!(
        "{}<w:tbl><w:tblPr><w:tblLook w:firstRow=\"1\"/></w:tblPr>{}{}{}{}</w:tbl>{}",
        paragraph("Output by mill"),
        row(&[plain("Mill"), cell("Year", ""), plain("Tonnes")]),
        row(&[
            cell("Upper", "<w:vMerge w:val=\"restart\"/>"),
            plain("2019"),
            plain("410")
        ]),
        row(&[cell("", "<w:vMerge/>"), plain("2020"), plain("388")]),
        row(&[plain("Lower"), plain("2020"), plain("96")]),
        paragraph("Source: the miller.")
    );
    let reading = read("mill.docx", &docx(&body, &[]));
    let names = "Mill|Year|Tonnes".to_owned();
    assert_eq!(
        rows(&reading),
        ["Upper|2019|410", "Upper|2020|388", "Lower|2020|96"]
            .map(|cells| (names.clone(), cells.to_owned()))
    );
    assert!(
        reading
            .text
            .starts_with("Output by mill\n\nMill\tYear\tTonnes\n")
    );
    assert!(reading.text.ends_with("\n\nSource: the miller."));
}

#[test]
fn deleted_text_is_left_out_and_told() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">The fee is </w:t></w:r>\
        <w:del w:author=\"A\"><w:r><w:delText>30</w:delText></w:r></w:del>\
        <w:ins w:author=\"A\"><w:r><w:t>45</w:t></w:r></w:ins><w:r><w:t xml:space=\"preserve\"> euros.</w:t></w:r>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>\
        <w:r><w:rPr><w:strike/></w:rPr><w:t>free</w:t></w:r><w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t xml:space=\"preserve\"> Kept.</w:t></w:r></w:p>\
        <w:moveFrom><w:p><w:r><w:t>moved</w:t></w:r></w:p></w:moveFrom>\
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">One </w:t></w:r></w:p><w:p><w:r><w:t>sentence.</w:t></w:r></w:p>";
    let reading = read("a.docx", &docx(body, &[]));
    assert_eq!(reading.text, "The fee is 45 euros. Kept.\n\nOne sentence.");
    let told = unread(&reading);
    for says in [
        "deletes was left out: “30”, “moved”",
        "Hidden text was left out: “unseen”",
        "“free”",
    ] {
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn notes_and_comments_have_their_names() {
    let body = "<w:p><w:r><w:t>Rye is 410</w:t></w:r><w:r><w:footnoteReference w:id=\"7\"/></w:r>\
        <w:commentRangeStart w:id=\"0\"/><w:r><w:t xml:space=\"preserve\"> tonnes.</w:t></w:r><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>";
    let rels = relations(&[
        ("r1", "footnotes", "footnotes.xml"),
        ("r2", "comments", "comments.xml"),
        ("r3", "header", "header1.xml"),
        ("r4", "header", "header2.xml"),
        ("r5", "image", "https://example.org/x.png"),
    ]);
    let header = format!("<w:hdr>{}</w:hdr>", paragraph("Mill report"));
    let notes = format!(
        "<w:footnotes><w:footnote w:id=\"0\" w:type=\"separator\">{}</w:footnote><w:footnote w:id=\"7\">{}</w:footnote></w:footnotes>",
        paragraph("line"),
        paragraph("Dry weight.")
    );
    let comments = format!(
        "<w:comments><w:comment w:id=\"0\" w:author=\"Ann Lee\">{}</w:comment></w:comments>",
        paragraph("I counted 380.")
    );
    let bytes = docx(
        body,
        &[
            ("word/_rels/document.xml.rels", &rels),
            ("word/header1.xml", &header),
            ("word/header2.xml", &header),
            ("word/footnotes.xml", &notes),
            ("word/comments.xml", &comments),
            ("word/vbaProject.bin", "macro"),
            ("word/media/image1.png", "picture"),
        ],
    );
    let reading = read("a.docx", &bytes);
    assert!(reading.text.starts_with("Rye is 410[1] tonnes.\n\n"));
    let expected = [
        ("header", "Mill report"),
        ("footnote 1", "Dry weight."),
        ("comment 1 by Ann Lee", "Comment by Ann Lee: I counted 380."),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(parts(&reading), expected);
    let comments: Vec<bool> = reading
        .places
        .iter()
        .map(|place| place.is_comment)
        .collect();
    assert_eq!(comments, [false, false, true]);
    let told = unread(&reading);
    for says in ["macros", "One picture was not read", "one thing outside"] {
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn pictures_and_boxes_follow_their_paragraph() {
    let body = "<w:p><w:r><w:t>Before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr=\"The mill in snow\"/>\
        <w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>\
        <mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>\
        <w:r><w:t xml:space=\"preserve\"> after.</w:t></w:r></w:p>";
    let reading = read("a.docx", &docx(body, &[]));
    assert_eq!(
        reading.text,
        "Before after.\n\nPicture: The mill in snow\n\nBoxed."
    );
}

#[test]
fn bombs_and_depth_end_with_a_reason() {
    let deep = docx(&"<w:tbl><w:tr><w:tc>".repeat(5_000), &[]);
    assert!(unread(&read("a.docx", &deep)).contains("nested too deeply"));
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:document><w:body><w:p><w:r><w:t>Words &b;.</w:t></w:r></w:p></w:body></w:document>";
    let reading = read(
        "a.docx",
        &package(
            "wordprocessingml.document",
            ("word/document.xml", entities),
            &[],
        ),
    );
    assert_eq!(reading.text, "Words .");
    assert!(unread(&reading).contains("not expanded"));
    let big = docx(&" ".repeat(80 * 1024 * 1024), &[]);
    assert!(big.len() < 1_000_000);
    assert!(unread(&read("a.docx", &big)).contains("unpacks to more than 64 MB"));
    let pictures: Vec<(String, &str)> = (0..10_000)
        .map(|number| (format!("word/media/image{number}.png"), "x"))
        .collect();
    let pictures: Vec<(&str, &str)> = pictures.iter().map(|(n, t)| (n.as_str(), *t)).collect();
    let reading = read("a.docx", &docx(&paragraph("Words."), &pictures));
    assert_eq!(reading.text, "Words.");
    assert!(unread(&reading).contains("10000 pictures were not read"));
}

#[test]
fn broken_documents_have_a_sound_answer() {
    let body = format!(
        "{}<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
        paragraph("One paragraph of words."),
        paragraph("a"),
        paragraph("b")
    );
    let bytes = docx(&body, &[]);
    break_in_many_ways("a.docx", &bytes);
    let root = relations(&[("rId1", "officeDocument", "word/document.xml")]);
    let parts = [
        ("_rels/.rels".to_owned(), root),
        ("word/document.xml".to_owned(), document(&body)),
        (
            "[Content_Types].xml".to_owned(),
            "<Types><Override ContentType=\"wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
    ];
    assert!(!read("a.docx", &archive(&parts)).text.is_empty());
    break_parts_in_many_ways("a.docx", &parts);
}
