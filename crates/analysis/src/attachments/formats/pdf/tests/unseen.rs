//! What the file holds and no eye sees, what it shows without holding text, and what it holds too much of.

use super::{lines, read, read_pages, read_with};
use crate::attachments::draft::Draft;
use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use clara_pdf_writer::Pdf;

const SEEN: &str = "BT /F1 10 Tf 72 700 Td (The seen line.) Tj ET\n";

#[test]
fn unseen_text_is_left_out_and_told() {
    for (why, content) in [
        (
            "colour of its background",
            "1 g BT /F1 10 Tf 72 600 Td (unseen) Tj ET",
        ),
        (
            "colour of its background",
            "0 0 0 0 k BT /F1 10 Tf 72 600 Td (unseen) Tj ET",
        ),
        (
            "colour of its background",
            "0.3 g 60 590 200 30 re f 0.3 g BT /F1 10 Tf 72 600 Td (unseen) Tj ET",
        ),
        (
            "drawn invisibly",
            "BT 3 Tr /F1 10 Tf 72 600 Td (unseen) Tj ET",
        ),
        ("too small", "BT /F1 0.4 Tf 72 600 Td (unseen) Tj ET"),
        ("outside", "BT /F1 10 Tf 72 -600 Td (unseen) Tj ET"),
        (
            "outside",
            "q 0 0 50 50 re W n BT /F1 10 Tf 72 600 Td (unseen) Tj ET Q",
        ),
        (
            "painted over",
            "BT /F1 10 Tf 72 600 Td (unseen) Tj ET 0 g 60 590 200 30 re f",
        ),
    ] {
        let reading = read_pages(&[&format!("{SEEN}{content}")]);
        assert_eq!(reading.text, "The seen line.", "{content}");
        let told = format!("{:?}", reading.unread);
        assert!(told.contains(why), "{content}: {told}");
        assert_eq!(reading.unread[0].page, Some(1));
    }
}

#[test]
fn white_text_on_a_dark_ground_is_seen() {
    let content = "0.1 g 60 590 200 30 re f 1 g BT /F1 10 Tf 72 600 Td (A light line.) Tj ET";
    let reading = read_pages(&[content]);
    assert_eq!(reading.text, "A light line.");
    assert!(reading.unread.is_empty());
}

#[test]
fn recognised_text_of_a_scan_is_read() {
    let content = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \u{0} EI Q\n\
                   BT 3 Tr /F1 10 Tf 72 600 Td (The scanned line.) Tj ET";
    assert_eq!(read_pages(&[content]).text, "The scanned line.");
}

#[test]
fn filled_in_fields_stand_with_their_labels() {
    let mut pdf = Pdf::default();
    let info = pdf.add("<< >>");
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let labels = lines(&[
        (10.0, 72.0, 700.0, "Name of the boat:"),
        (10.0, 72.0, 670.0, "Home port:"),
    ]);
    let content = pdf.stream("", labels.as_bytes());
    let field = |name: &str, value: &str, y: u32| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T ({name}) /V ({value}) /Rect [200 {y} 400 {}] >>",
            y + 18
        )
    };
    let first = pdf.add(field("a", "Swift", 695));
    let second = pdf.add(field("b", "Holm", 665));
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Annots [{first} 0 R {second} 0 \
         R] /Resources << /Font << /F1 {font} 0 R >> >> >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let reading = read(&pdf.finish(root, info), Draft::default());
    assert_eq!(reading.text, "Name of the boat: Swift\nHome port: Holm");
}

#[test]
fn a_font_without_a_map_is_named() {
    let mut pdf = Pdf::default();
    let info = pdf.add("<< >>");
    let inner = pdf.add(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Shapes /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
         /Supplement 0 >> /DW 500 >>",
    );
    let font = pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Shapes /Encoding /Identity-H /DescendantFonts [{inner} 0 R] >>"
    ));
    let content = pdf.stream("", b"BT /F1 10 Tf 72 700 Td <004100420043> Tj ET");
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 \
         {font} 0 R >> >> >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let reading = read(&pdf.finish(root, info), Draft::default());
    assert_eq!(reading.text, "");
    let told = format!("{:?}", reading.unread);
    assert!(told.contains("font Shapes have no meaning"), "{told}");
}

#[test]
fn letters_without_end_at_one_place_come_to_one() {
    let many = "(aaaaaaaaaa) Tj 72 600 Td 0 0 Td -72 -600 Td ".repeat(10_000);
    let reading = read_pages(&[&format!("BT /F1 10 Tf 72 600 Td {many} ET")]);
    assert!(reading.text.chars().count() < 100, "{}", reading.text.len());
}

#[test]
fn forms_within_forms_come_to_an_end() {
    // Each form draws the next one ten times: a milliard letters if somebody counted them.
    let mut pdf = Pdf::default();
    let info = pdf.add("<< >>");
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let mut inner = pdf.stream(
        &format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 {font} 0 R >> >>"),
        b"BT /F1 10 Tf 72 700 Td (deep) Tj ET",
    );
    for _ in 0..9 {
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X {inner} 0 R >> >>"
        );
        inner = pdf.stream(&entries, "/X Do ".repeat(10).as_bytes());
    }
    let content = pdf.stream("", b"/X Do");
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /XObject << /X \
         {inner} 0 R >> >> >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let reading = read(&pdf.finish(root, info), Draft::default());
    assert_eq!(reading.text, "deep");
    assert!(format!("{:?}", reading.unread).contains("more than is read of one page"));
}

#[test]
fn an_encryption_that_is_not_read_is_named() {
    let reading = {
        let mut pdf = Pdf::default();
        let info = pdf.add("<< >>");
        let tree = pdf.next(1);
        let page = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] >>"
        ));
        pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
        let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
        let bytes = pdf.finish(root, info);
        let text = String::from_utf8_lossy(&bytes).replace(
            "/Info",
            "/ID [(0123456789abcdef) (0123456789abcdef)] /Encrypt << /Filter /Standard /V 5 /R 5 /Length 256 /P -4 /O \
             (0123456789abcdef0123456789abcdef0123456789abcdef) /U (0123456789abcdef0123456789abcdef0123456789abcdef) \
             /OE (0123456789abcdef0123456789abcdef) /UE (0123456789abcdef0123456789abcdef) >> /Info",
        );
        read(text.as_bytes(), Draft::default())
    };
    assert!(reading.text.is_empty());
    let told = format!("{:?}", reading.unread);
    assert!(
        told.contains("encrypt") || told.contains("password") || told.contains("damaged"),
        "{told}"
    );
}

#[test]
fn a_turned_page_keeps_its_own_edges() {
    let reading = read_with(
        "/MediaBox [0 0 595 842] /CropBox [0 400 595 842]",
        "BT /F1 10 Tf 72 100 Td (cut off) Tj ET",
    );
    assert!(reading.text.is_empty());
    assert!(format!("{:?}", reading.unread).contains("outside the visible page"));
}

const PROSE: [&str; 12] = [
    "The mill at the weir was built of oak and stood for ninety years",
    "before the flood of the spring carried its wheel and half of the",
    "lower floor away. The miller had seen the water rising since noon",
    "and brought his family over the bridge in good time, with all the",
    "flour that three carts could hold. Nobody believed him in the town,",
    "where the river had never come higher than the second step of the",
    "market hall. By evening it stood at the windows of the houses near",
    "the tannery, and people carried beds and cupboards up their stairs.",
    "When it went down again, the council met in the school and decided",
    "that a wall should be built along the eastern bank, higher than any",
    "water that the oldest among them remembered, and that every family",
    "should give either money for it or a week of work before the winter.",
];

fn prose(change: impl Fn(char) -> char) -> String {
    let mut y = 740.0;
    let changed: Vec<String> = PROSE
        .iter()
        .map(|line| line.chars().map(&change).collect())
        .collect();
    let set: Vec<(f32, f32, f32, &str)> = changed
        .iter()
        .map(|line| {
            y -= 13.0;
            (10.0, 72.0, y, line.as_str())
        })
        .collect();
    lines(&set)
}

#[test]
fn letters_turned_into_others_are_named() {
    let turned = prose(|character| match character {
        'a'..='y' => char::from_u32(u32::from(character) + 1).unwrap(),
        'z' => 'a',
        other => other,
    });
    let reading = read_pages(&[&turned]);
    assert_eq!(reading.text, "");
    assert!(reading.unread[0].reason.contains("make no words"));
    assert!(
        read_pages(&[&prose(|character| character)])
            .unread
            .is_empty()
    );
}

#[test]
fn garbled_pdfs_have_a_sound_answer() {
    let mut pdf = Pdf::default();
    let info = pdf.add("<< /Title (T) >>");
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let content = pdf.stream("", prose(|character| character).as_bytes());
    let tree = pdf.next(1);
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 {font} \
         0 R >> >> >>"
    ));
    pdf.add(format!("<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let whole = pdf.finish(root, info);
    let mut seeded = Seeded(0x2545_f491_4f6c_dd1d);
    for round in 0..200 {
        let mut bytes = whole.clone();
        for _ in 0..=round / 60 {
            bytes = garble(&bytes, &mut seeded);
        }
        let reading = read(&bytes, Draft::default());
        assert!(is_sound(&reading), "{round}");
    }
}
