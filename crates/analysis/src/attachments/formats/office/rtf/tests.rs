use super::super::testing::{break_in_many_ways, parts, read, rows, unread};

const LETTER: &[u8] = b"{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Times;}{\\f1\\fcharset204 Arial Cyr;}}{\\colortbl;\\red0;}\
    {\\stylesheet{\\s1 heading 1;}}{\\info{\\title The mill}{\\author Somebody}}{\\header Mill Ltd\\par}\
    {\\pard\\outlinelevel0 Caf\\'e9 \\u8364?40\\par}\n\
    {\\pard The fee is {\\deleted 30}{\\revised 45} euros{\\footnote {\\super\\chftn} Dry \\i weight\\i0 .}{\\v unseen}.\\~Area 5 km{\\super 2}.\\par}\
    {\\*\\generator Word;}{\\pict\\pngblip 89504e47}{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}}\
    {\\f1 \\'cc\\'e8\\'eb}\\u-10179?\\u-8704?\\par\
    \\trowd\\cellx1\\cellx2\\pard\\intbl Mill\\cell Tonnes\\cell\\row\\trowd\\pard\\intbl Upper\\cell 410\\cell\\row\\trowd\\clvmrg\\cellx1\\cellx2\\pard\\intbl \\cell 96\\cell\\row\
    \\pard After.{\\*\\atnid AL}{\\*\\atnauthor Ann Lee}\\chatn{\\*\\annotation{\\*\\atndate 1}I counted 380.}\\par}trailing";

#[test]
fn words_tables_notes_and_comments_are_read() {
    let reading = read("a.rtf", LETTER);
    assert!(
        reading.text.starts_with(
            "Café €40\n\nThe fee is 45 euros[1]. Area 5 km².\n\nlinkМил😀\n\nMill\tTonnes\nUpper\t410\nUpper\t96\n\nAfter.\n\n"
        ),
        "{}",
        reading.text
    );
    assert_eq!(
        rows(&reading)[0],
        ("Mill|Tonnes".to_owned(), "Upper|410".to_owned())
    );
    let expected = [
        ("header", "Mill Ltd"),
        ("note 1", "Dry weight."),
        ("comment 1 by Ann Lee", "Comment by Ann Lee: I counted 380."),
    ];
    let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(parts(&reading), expected);
    assert_eq!(reading.title.as_deref(), Some("The mill"));
    let told = unread(&reading);
    assert!(told.contains("deletes was left out: “30”"), "{told}");
    assert!(
        told.contains("Hidden text was left out: “unseen”"),
        "{told}"
    );
    assert!(!reading.text.contains("trailing"));
}

#[test]
fn broken_rich_text_has_a_sound_answer() {
    break_in_many_ways("a.rtf", LETTER);
    let deep = [
        b"{\\rtf1 words".as_slice(),
        "{".repeat(1_000_000).as_bytes(),
    ]
    .concat();
    let reading = read("a.rtf", &deep);
    assert_eq!(reading.text, "words");
    assert!(unread(&reading).contains("nested too deeply"));
    assert_eq!(
        read("a.rtf", b"{\\rtf1}").unread[0].reason,
        "The file has no text."
    );
}
