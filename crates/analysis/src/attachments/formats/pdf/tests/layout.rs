//! Pages as typesetters of many makes lay them out.

use super::{lines, read_pages, read_with, text};

/// Two columns of lines, the right one beginning at `right`.
fn columns(left: &[&str], right_at: f32, right: &[&str]) -> String {
    let mut y = 700.0;
    let mut all = Vec::new();
    for index in 0..left.len().max(right.len()) {
        if let Some(line) = left.get(index) {
            all.push((10.0, 72.0, y, *line));
        }
        if let Some(line) = right.get(index) {
            all.push((10.0, right_at, y, *line));
        }
        y -= 12.0;
    }
    lines(&all)
}

const LEFT: [&str; 5] = [
    "The mill at the weir was built of oak,",
    "and in the year after the flood it was",
    "sold to a miller from the upper valley,",
    "who put a second wheel beside the first",
    "one and ran both of them until the war",
];
const RIGHT: [&str; 5] = [
    "came and the men were called away from",
    "their work. The wheels stood still then",
    "for nine years, until the son of the man",
    "came back from the coast with money, and",
    "with a plan for a works of his own.",
];

#[test]
fn close_columns_are_read_one_by_one() {
    // The gutter is hardly wider than the letters are high.
    let read = text(&columns(&LEFT, 256.0, &RIGHT));
    let whole = format!("{} {}", LEFT.join(" "), RIGHT.join(" "));
    assert_eq!(read, whole);
}

#[test]
fn longer_left_column_is_read_to_its_end() {
    let mut left = LEFT.to_vec();
    left.extend([
        "",
        "",
        "had begun in the north, and the miller sold",
        "everything that he had and left before it",
    ]);
    let read = text(&columns(&left, 320.0, &RIGHT));
    let (sold, came) = (
        read.find("everything that he had"),
        read.find("came and the men"),
    );
    assert!(sold.is_some() && sold < came, "{read}");
}

#[test]
fn headings_in_the_margin_stand_above_their_text() {
    let mut all = Vec::new();
    for (index, heading) in ["Purpose", "Bounds", "Faults"].into_iter().enumerate() {
        let y = 700.0 - 40.0 * f32::from(u8::try_from(index).expect("few headings"));
        all.push((11.0, 72.0, y, heading));
        all.push((
            10.0,
            140.0,
            y - 14.0,
            "It says what the works are for and to whom",
        ));
    }
    let read = text(&lines(&all));
    let said = "It says what the works are for and to whom";
    let parts = ["Purpose", "Bounds", "Faults"].map(|heading| format!("{heading}\n\n{said}"));
    assert_eq!(read, parts.join("\n\n"));
}

#[test]
fn note_at_a_columns_foot_interrupts_nothing() {
    let mut left: Vec<(f32, f32, f32, &str)> = Vec::new();
    let (mut y, mut foot) = (300.0, 0.0);
    for (one, other) in LEFT.iter().zip(RIGHT) {
        left.push((10.0, 72.0, y, one));
        left.push((10.0, 320.0, y, other));
        y -= 12.0;
        foot = y - 12.0;
    }
    left.push((
        7.0,
        72.0,
        foot,
        "1 As it was told by the miller of the weir himself.",
    ));
    let read = text(&lines(&left));
    assert!(read.contains("until the war came and the men"), "{read}");
    assert!(
        read.ends_with("1 As it was told by the miller of the weir himself."),
        "{read}"
    );
}

#[test]
fn page_number_far_from_the_foot_is_left_out() {
    let page = |number: &str, text: &str| {
        lines(&[
            (
                10.0,
                72.0,
                190.0,
                "The council of the town gave the money for it, and the men of the lower",
            ),
            (10.0, 72.0, 178.0, text),
            (10.0, 300.0, 130.0, number),
        ])
    };
    let first = page(
        "1",
        "valley, who had asked for the works in the year before the flood, gave their",
    );
    let second = page("2", "work.");
    let read = read_pages(&[&first, &second]).text;
    assert!(
        read.contains("gave their The council") || read.contains("gave their\n\nThe council"),
        "{read}"
    );
    assert!(!read.contains('1') && !read.contains('2'), "{read}");
}

#[test]
fn struck_out_words_are_left_out_and_named() {
    let content = "BT /F1 10 Tf 72 700 Td (The rent is 900 950 crowns.) Tj ET\n\
                   0.5 w 121 703 m 138 703 l S\n72 690 m 300 690 l S";
    let reading = read_pages(&[content]);
    assert_eq!(reading.text, "The rent is 950 crowns.");
    assert_eq!(
        reading.unread[0].reason,
        "Struck-out text was left out: “900”."
    );
}

#[test]
fn underlined_words_are_read() {
    let content =
        "BT /F1 10 Tf 72 700 Td (The rent is 900 crowns.) Tj ET\n0.5 w 72 698 m 170 698 l S";
    assert_eq!(text(content), "The rent is 900 crowns.");
}

#[test]
fn list_with_leaders_keeps_its_lines() {
    let content = lines(&[
        (
            10.0,
            72.0,
            700.0,
            "Ice rink ........................................................ 10,50",
        ),
        (
            10.0,
            72.0,
            688.0,
            "Grain store ................................................... 17,50",
        ),
    ]);
    assert_eq!(text(&content).lines().count(), 2);
}

#[test]
fn value_below_its_label_joins_it() {
    let field = |x: u32, value: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [{x} 676 {} 694] /V ({value}) >>",
            x + 180
        )
    };
    let annotations = format!("/Annots [{} {}]", field(72, "Ada"), field(300, "Lorne"));
    let content = lines(&[
        (9.0, 72.0, 700.0, "First name"),
        (9.0, 300.0, 700.0, "Family name"),
    ]);
    let read = read_with(&annotations, &content).text;
    assert!(
        read.contains("First name Ada") && read.contains("Family name Lorne"),
        "{read}"
    );
}

#[test]
fn letterhead_is_read_block_by_block() {
    let rows = [
        (10.0, 72.0, 740.0, "Orvane Works"),
        (10.0, 440.0, 740.0, "Invoice of the spring"),
        (10.0, 72.0, 728.0, "7 Quay Street"),
        (10.0, 440.0, 728.0, "Lonsby, 5 May"),
        (10.0, 72.0, 716.0, "4471 Lonsby"),
        (10.0, 72.0, 660.0, "Item"),
        (10.0, 400.0, 660.0, "Amount"),
        (10.0, 72.0, 646.0, "Ice time"),
        (10.0, 400.0, 646.0, "420"),
        (10.0, 72.0, 632.0, "Skates"),
        (10.0, 400.0, 632.0, "180"),
        (10.0, 72.0, 618.0, "Cleaning"),
        (10.0, 400.0, 618.0, "95"),
    ];
    let read = text(&lines(&rows));
    assert!(
        read.starts_with(
            "Orvane Works\n7 Quay Street\n4471 Lonsby\n\nInvoice of the spring\nLonsby, 5 May"
        ),
        "{read}"
    );
    assert!(read.contains("Ice time\t420"), "{read}");
}

#[test]
fn field_stands_where_the_page_has_it() {
    let annotations = "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /Rect [160 693 300 707] /V (Lorne) >> \
                       << /Type /Annot /Subtype /Widget /FT /Tx /Rect [160 663 300 677] /V (1987) >>]";
    // The content turns the page over and never turns it back.
    let content = "1 0 0 -1 0 792 cm BT /F1 10 Tf 1 0 0 -1 72 94 Tm (Family name) Tj ET\n\
                   BT /F1 10 Tf 1 0 0 -1 72 124 Tm (Year of birth) Tj ET";
    let read = read_with(annotations, content).text;
    assert_eq!(read, "Family name Lorne\n\nYear of birth 1987");
}

#[test]
fn space_over_a_letter_parts_no_word() {
    let content = "BT /F1 10 Tf 72 700 Td (He) Tj ET BT /F1 10 Tf 79.2 700 Td ( ) Tj ET\n\
                   BT /F1 10 Tf 84.6 700 Td (xton) Tj ET";
    assert_eq!(text(content), "Hexton");
}

#[test]
fn note_beside_a_sentence_stands_before_it() {
    let read = text(&lines(&[
        (
            10.0,
            72.0,
            700.0,
            "The mill at the weir was built of oak, and in the year after",
        ),
        (9.0, 400.0, 700.0, "The mill is closed for"),
        (
            10.0,
            72.0,
            688.0,
            "the flood it was sold to a miller from the upper valley, and",
        ),
        (9.0, 400.0, 688.0, "two years from May on."),
        (
            10.0,
            72.0,
            676.0,
            "he put a second wheel beside the first one and ran both of them until the war came.",
        ),
    ]));
    assert!(
        read.contains("from the upper valley, and he put a second"),
        "{read}"
    );
}

#[test]
fn slanting_word_is_one_word() {
    let content = format!(
        "{SEEN}BT 0.766 0.643 -0.643 0.766 200 300 Tm /F1 60 Tf (DRAFT) Tj ET",
        SEEN = lines(&[(10.0, 72.0, 700.0, "The seen line.")])
    );
    assert_eq!(text(&content), "The seen line.\n\nDRAFT");
}

#[test]
fn line_between_two_heights_interrupts_nothing() {
    let read = text(&lines(&[
        (
            10.0,
            72.0,
            700.0,
            "The mill at the weir was built of oak, and in the year after",
        ),
        (8.0, 420.0, 694.0, "It is closed for two years."),
        (
            10.0,
            72.0,
            687.0,
            "the flood it was sold to a miller from the upper valley.",
        ),
    ]));
    assert!(read.contains("in the year after the flood"), "{read}");
    assert!(read.contains("It is closed for two years."), "{read}");
}
