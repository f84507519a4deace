//! Running heads, footers and page numbers.

use super::{lines, read, read_pages};
use crate::attachments::draft::Draft;
use clara_pdf_writer::{Page, document};

#[test]
fn running_heads_interrupt_no_sentence() {
    let page = |number: usize, first: &str, second: &str| {
        lines(&[
            (9.0, 72.0, 800.0, "Holm Navigation Company, report for 1871"),
            (10.0, 72.0, 740.0, first),
            (10.0, 72.0, 728.0, second),
            (9.0, 290.0, 40.0, &number.to_string()),
        ])
    };
    let long = "the lock at the upper end of the canal was built of oak and was closed by two";
    let pages = [
        page(
            1,
            long,
            "men, who lived in the house beside it with their wives and children, and had",
        ),
        page(
            2,
            long,
            "men, who lived in the house beside it with their wives and children, and had",
        ),
        page(3, long, "men until the end."),
    ];
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let reading = read_pages(&pages);
    assert!(!reading.text.contains("Navigation"), "{}", reading.text);
    assert!(
        reading
            .text
            .contains("their wives and children, and had the lock at the upper end"),
        "{}",
        reading.text
    );
    assert!(!reading.text.contains('3'), "{}", reading.text);
    let told = format!("{:?}", reading.unread);
    assert!(
        told.contains("Holm Navigation Company, report for #"),
        "{told}"
    );
}

#[test]
fn first_lines_of_two_pages_stay() {
    let pages = [
        Page::Lines(vec![
            "The first page has this line on it.",
            "And another one.",
        ]),
        Page::Lines(vec![
            "The second page has that line on it.",
            "And one more.",
        ]),
    ];
    let reading = read(&document("", "en", &pages), Draft::default());
    assert!(reading.text.contains("The first page has this line on it."));
    assert!(
        reading
            .text
            .contains("The second page has that line on it.")
    );
    assert!(reading.unread.is_empty());
}
