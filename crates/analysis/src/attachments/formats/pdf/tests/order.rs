//! Lines and words in the order in which a person reads them.

use super::{lines, read_pages, read_with, text};

#[test]
fn indented_first_line_stays_first() {
    for (size, leading) in [(9.0, 10.0), (10.0, 12.0), (11.0, 13.0), (12.0, 14.4)] {
        for indent in [3.0, 8.0, 15.0, 30.0, 72.0] {
            let content = lines(&[
                (
                    size,
                    72.0 + indent,
                    700.0,
                    "The weir at Holm was finished in the spring of 1871, and",
                ),
                (
                    size,
                    72.0,
                    700.0 - leading,
                    "the lock beside it was never opened to barges, though it had been",
                ),
                (size, 72.0, 700.0 - 2.0 * leading, "paid for."),
            ]);
            assert_eq!(
                text(&content),
                "The weir at Holm was finished in the spring of 1871, and the lock beside it was never opened to \
                 barges, though it had been paid for.",
                "size {size}, leading {leading}, indent {indent}"
            );
        }
    }
}

#[test]
fn outdented_line_follows_its_clause() {
    let content = lines(&[
        (
            10.0,
            110.0,
            700.0,
            "\\(b\\) the tenant keeps the garden in order, and the owner does not",
        ),
        (
            10.0,
            90.0,
            688.0,
            "share the cost of it. The lease ends on 30 June 2031.",
        ),
    ]);
    assert_eq!(
        text(&content),
        "(b) the tenant keeps the garden in order, and the owner does not share the cost of it. The lease ends on 30 \
         June 2031."
    );
}

#[test]
fn centred_and_right_lines_keep_their_order() {
    let centred = lines(&[
        (12.0, 250.0, 700.0, "Yearly account"),
        (12.0, 190.0, 687.0, "of the Holm Navigation Company"),
    ]);
    assert_eq!(
        text(&centred),
        "Yearly account\nof the Holm Navigation Company"
    );
    let right = lines(&[
        (10.0, 400.0, 700.0, "17 Canal Street"),
        (10.0, 386.0, 688.0, "Holm, NY 12180"),
    ]);
    assert_eq!(text(&right), "17 Canal Street\nHolm, NY 12180");
}

#[test]
fn drawing_order_is_not_reading_order() {
    let content = lines(&[
        (10.0, 72.0, 660.0, "The third line ends it."),
        (10.0, 72.0, 700.0, "The first line begins it."),
        (10.0, 72.0, 680.0, "The second line goes between."),
    ]);
    assert_eq!(
        text(&content),
        "The first line begins it.\nThe second line goes between.\nThe third line ends it."
    );
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "The ferry crossed the sound nine",
        "times a day until the bridge was",
        "built, and then it was laid up.",
    ];
    let right = [
        "The bridge took its place in May",
        "and was crossed by four hundred",
        "carts in the first week of it.",
    ];
    let mut all = Vec::new();
    for (index, (one, other)) in left.iter().zip(right).enumerate() {
        let y = 700.0 - 12.0 * f32::from(u8::try_from(index).expect("few lines"));
        all.push((10.0, 72.0, y, *one));
        all.push((10.0, 320.0, y, other));
    }
    assert_eq!(
        text(&lines(&all)),
        "The ferry crossed the sound nine times a day until the bridge was built, and then it was laid up.\n\nThe \
         bridge took its place in May and was crossed by four hundred carts in the first week of it."
    );
}

#[test]
fn turned_page_is_read_whole() {
    let upright = lines(&[
        (
            12.0,
            60.0,
            760.0,
            "The dam was raised in 1904 and holds three million tons.",
        ),
        (12.0, 60.0, 300.0, "It was lowered again in 1961."),
    ]);
    for turn in [0, 90, 180, 270] {
        let entries = format!("/MediaBox [0 0 595 842] /Rotate {turn}");
        let reading = read_with(&entries, &upright);
        for sentence in [
            "The dam was raised in 1904 and holds three million tons.",
            "It was lowered again in 1961.",
        ] {
            assert!(reading.text.contains(sentence), "{turn}: {}", reading.text);
        }
        assert!(reading.unread.is_empty(), "{turn}: {:?}", reading.unread);
    }
}

#[test]
fn sideways_text_on_a_turned_page_reads_down() {
    // As programs make a landscape page: the text runs up the sheet, and the sheet is turned.
    let content = "BT /F1 12 Tf 0 1 -1 0 100 60 Tm (The first line of the sheet.) Tj ET\n\
                   BT /F1 12 Tf 0 1 -1 0 130 60 Tm (The second line of the sheet.) Tj ET";
    let reading = read_with("/MediaBox [0 0 595 842] /Rotate 90", content);
    assert_eq!(
        reading.text,
        "The first line of the sheet.\nThe second line of the sheet."
    );
}

#[test]
fn text_beyond_a_turned_box_is_read_and_told() {
    let content = lines(&[
        (12.0, 60.0, 760.0, "The upper gate was closed."),
        (12.0, 60.0, 300.0, "The lower was not."),
    ]);
    let reading = read_with("/MediaBox [0 0 842 595] /Rotate 90", &content);
    assert!(
        reading.text.contains("The upper gate was closed."),
        "{}",
        reading.text
    );
    assert!(format!("{:?}", reading.unread).contains("beyond its edge"));
}

#[test]
fn letters_drawn_thrice_count_once() {
    let bold = [0.0, 0.3, 0.6].map(|shift| (12.0, 72.0 + shift, 700.0, "Total bill of the hall"));
    let bold = lines(&bold);
    assert_eq!(text(&bold), "Total bill of the hall");
}

#[test]
fn words_are_parted_without_space_letters() {
    // Each word is placed by itself, with little more than a tenth of the size between.
    let content = "BT /F1 10 Tf 72 700 Td [(the)-180(gate)-170(was)-190(painted)-175(green)] TJ ET";
    assert_eq!(text(content), "the gate was painted green");
}

#[test]
fn a_drop_cap_joins_its_word() {
    let content = lines(&[
        (36.0, 72.0, 676.0, "T"),
        (
            10.0,
            96.0,
            700.0,
            "he canal froze over in the second week of January, and the boats",
        ),
        (
            10.0,
            96.0,
            688.0,
            "lay where they were until the thaw came in the middle of March",
        ),
        (10.0, 72.0, 664.0, "of that year."),
    ]);
    let text = text(&content);
    assert!(text.starts_with("The canal froze over"), "{text}");
}

#[test]
fn a_sentence_over_two_pages_is_whole() {
    let first = lines(&[
        (
            10.0,
            72.0,
            112.0,
            "The company was founded in 1820 by four merchants of the town, who had bought",
        ),
        (
            10.0,
            72.0,
            100.0,
            "the land beside the river from the crown and meant to build a canal that would",
        ),
    ]);
    let second = lines(&[
        (
            10.0,
            72.0,
            700.0,
            "join the two lakes within five years of that day. It took eleven years and more",
        ),
        (10.0, 72.0, 688.0, "money than they had."),
    ]);
    let reading = read_pages(&[&first, &second]);
    assert!(
        reading
            .text
            .contains("a canal that would join the two lakes"),
        "{}",
        reading.text
    );
    let turn = reading.text.find("join the two").expect("it is there");
    assert_eq!(reading.places[1].page, Some(2));
    assert_eq!(reading.places[1].start, turn);
}

#[test]
fn blocks_far_apart_are_read_each_for_itself() {
    let mut all = Vec::new();
    for (y, left, right) in [
        (700.0, "Seller", "Buyer"),
        (688.0, "Ada Lorne", "Bert Vik"),
        (676.0, "17 Canal Street", "3 Mill Lane"),
    ] {
        all.push((10.0, 60.0, y, left));
        all.push((10.0, 400.0, y, right));
    }
    all.push((
        10.0,
        60.0,
        620.0,
        "The seller delivers the boat in June, and the buyer pays for it in the same month.",
    ));
    assert_eq!(
        text(&lines(&all)),
        "Seller\nAda Lorne\n17 Canal Street\n\nBuyer\nBert Vik\n3 Mill Lane\n\nThe seller delivers the boat in June, and \
         the buyer pays for it in the same month."
    );
}

#[test]
fn labels_far_from_their_values_stay_with_them() {
    let content = lines(&[
        (10.0, 60.0, 700.0, "Name:"),
        (10.0, 300.0, 700.0, "Ada Lorne"),
        (10.0, 60.0, 686.0, "Place:"),
        (10.0, 300.0, 686.0, "Holm on the Brask"),
    ]);
    assert_eq!(text(&content), "Name: Ada Lorne\nPlace: Holm on the Brask");
}

#[test]
fn line_numbers_interrupt_no_sentence() {
    let said = [
        "The seller delivers the goods to the house of the buyer on the first day",
        "of May, and the buyer pays the price within thirty days after that, or",
        "returns the goods unopened. The seller bears the risk until then, and he",
        "insures them.",
    ];
    let mut all = Vec::new();
    for (index, (number, line)) in ["1", "2", "3", "4"].into_iter().zip(said).enumerate() {
        let y = 700.0 - 14.0 * f32::from(u8::try_from(index).expect("few lines"));
        all.push((10.0, 50.0, y, number));
        all.push((10.0, 80.0, y, line));
    }
    let reading = read_pages(&[&lines(&all)]);
    assert!(
        reading
            .text
            .contains("on the first day of May, and the buyer pays"),
        "{}",
        reading.text
    );
    assert!(format!("{:?}", reading.unread).contains("4 line numbers"));
}
