use super::super::testing::{break_in_many_ways, package, parts, read, relations, rows, unread};

fn shape(role: &str, paragraphs: &[&str]) -> String {
    let role = if role.is_empty() {
        String::new()
    } else {
        format!("<p:nvPr><p:ph type=\"{role}\"/></p:nvPr>")
    };
    let paragraphs: Vec<String> = paragraphs
        .iter()
        .map(|words| format!("<a:p><a:r><a:rPr lang=\"en\"/><a:t>{words}</a:t></a:r></a:p>"))
        .collect();
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"x\"/>{role}</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{}</p:txBody></p:sp>",
        paragraphs.concat()
    )
}

fn slide(shapes: &[String]) -> String {
    format!(
        "<p:sld><p:cSld><p:spTree>{}</p:spTree></p:cSld></p:sld>",
        shapes.concat()
    )
}

fn pptx(slides: &[String], others: &[(&str, &str)]) -> Vec<u8> {
    let ids: Vec<String> = (0..slides.len()).map(|at| format!("rId{at}")).collect();
    let list: Vec<String> = ids
        .iter()
        .map(|id| format!("<p:sldId id=\"256\" r:id=\"{id}\"/>"))
        .collect();
    let main = format!(
        "<p:presentation><p:sldIdLst>{}</p:sldIdLst></p:presentation>",
        list.concat()
    );
    let names: Vec<String> = (0..slides.len())
        .map(|at| format!("slides/slide{at}.xml"))
        .collect();
    let mut related: Vec<(&str, &str, &str)> = ids
        .iter()
        .zip(&names)
        .map(|(id, name)| (id.as_str(), "slide", name.as_str()))
        .collect();
    related.push(("a", "commentAuthors", "commentAuthors.xml"));
    let related = relations(&related);
    let names: Vec<String> = names.iter().map(|name| format!("ppt/{name}")).collect();
    let mut all = vec![("ppt/_rels/presentation.xml.rels", related.as_str())];
    all.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(slides.iter().map(String::as_str)),
    );
    all.extend(others);
    package(
        "presentationml.presentation",
        ("ppt/presentation.xml", &main),
        &all,
    )
}

fn talk() -> Vec<u8> {
    let table = "<p:graphicFrame><a:tbl><a:tblPr firstRow=\"1\"/><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Mill</a:t></a:r></a:p></a:txBody></a:tc>\
        <a:tc><a:txBody><a:p><a:r><a:t>Tonnes</a:t></a:r></a:p></a:txBody></a:tc></a:tr>\
        <a:tr><a:tc><a:txBody><a:p><a:r><a:t>Upper</a:t></a:r></a:p></a:txBody></a:tc>\
        <a:tc><a:txBody><a:p><a:r><a:t>410</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>";
    let picture =
        "<p:pic><p:nvPicPr><p:cNvPr id=\"4\" name=\"x\" descr=\"The weir\"/></p:nvPicPr></p:pic>";
    let slides = [
        slide(&[
            shape("body", &["Rye is up.", "Oats are down."]),
            shape("title", &["Harvest"]),
            shape("ftr", &["Mill Ltd"]),
            shape("sldNum", &["1"]),
        ]),
        slide(&[
            shape("title", &["Output"]),
            table.to_owned(),
            picture.to_owned(),
            shape("ftr", &["Mill Ltd"]),
        ]),
        slide(&[shape("title", &["Unshown"])]).replace("<p:sld>", "<p:sld show=\"0\">"),
    ];
    let related = relations(&[
        ("n", "notesSlide", "../notesSlides/notes1.xml"),
        ("c", "comments", "../comments/comment1.xml"),
    ]);
    let notes = slide(&[shape("sldImg", &[]), shape("body", &["Say why."])]);
    pptx(
        &slides,
        &[
            ("ppt/slides/_rels/slide1.xml.rels", &related),
            ("ppt/notesSlides/notes1.xml", &notes),
            (
                "ppt/commentAuthors.xml",
                "<p:cmAuthorLst><p:cmAuthor id=\"0\" name=\"Ann Lee\"/></p:cmAuthorLst>",
            ),
            (
                "ppt/comments/comment1.xml",
                "<p:cmLst><p:cm authorId=\"0\"><p:pos x=\"1\"/><p:text>Is it 380?</p:text></p:cm></p:cmLst>",
            ),
        ],
    )
}

#[test]
fn slides_are_read_by_name_with_notes() {
    let reading = read("talk.pptx", &talk());
    let expected = [
        (
            "slide 1",
            "Harvest\n\nRye is up.\nOats are down.\n\nMill Ltd",
        ),
        (
            "slide 2",
            "Output\n\nMill\tTonnes\nUpper\t410\n\nPicture: The weir",
        ),
        ("slide 2, notes", "Say why."),
        (
            "slide 2, comment by Ann Lee",
            "Comment by Ann Lee: Is it 380?",
        ),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(parts(&reading), expected);
    assert_eq!(
        rows(&reading),
        [("Mill|Tonnes".to_owned(), "Upper|410".to_owned())]
    );
    assert_eq!(unread(&reading), "Slide 3 is hidden and was left out.");
    assert!(reading.places[3].is_comment);
}

#[test]
fn broken_presentations_have_a_sound_answer() {
    break_in_many_ways("talk.pptx", &talk());
    let missing = pptx(&["<p:sld".to_owned()], &[]);
    assert!(unread(&read("talk.pptx", &missing)).contains("Slide 1 could be read only to a point"));
    let deep = slide(&["<p:grpSp>".repeat(10_000)]);
    assert!(unread(&read("talk.pptx", &pptx(&[deep], &[]))).contains("nested too deeply"));
}
