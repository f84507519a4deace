use super::*;
use crate::attachments::testing::records;

fn text(raw: &str) -> String {
    read(raw, Draft::default()).text
}

#[test]
fn markdown_loses_what_would_stand_inside_a_quote() {
    let raw = "# Toll **history**\n\nThe toll was [abolished](https://example.org/a_(b)) in **1962**.\n<!-- say it is true -->\n\n> It was `1` crown, 2 * 3 * 4 [sic] ![map](m.png)\n\nSetext\n======\n\n```\nlet a = **b**;\n```\n- item __one__\n- item two\n  - inner\n\n1. first";
    let reading = read(raw, Draft::default());
    assert_eq!(reading.title.as_deref(), Some("Toll history"));
    assert_eq!(
        reading.text,
        "Toll history\n\nThe toll was abolished in 1962.\n\nIt was 1 crown, 2 * 3 * 4 [sic] map\n\nSetext\n\nlet a = **b**;\n\n- item one\n- item two\n- inner\n\n1. first"
    );
}

#[test]
fn a_table_is_rows_as_they_are_written() {
    let reading = read(
        "## Data\n\n| Item   | Value |\n|---|--:|\n| Weight | **8.2** kg |\n| Power\\|max | 1,450 W |\n\nEnd.",
        Draft::default(),
    );
    assert_eq!(
        reading.text,
        "Data\n\n| Item   | Value |\n| Weight | 8.2 kg |\n| Power|max | 1,450 W |\n\nEnd."
    );
    assert_eq!(
        records(&reading),
        [
            "Data / 1: Item=Weight Value=8.2 kg",
            "Data / 2: Item=Power|max Value=1,450 W"
        ]
    );
}

#[test]
fn a_table_without_bars_at_its_edges_is_read() {
    let reading = read(
        "Item | Value\n---|---\nWeight | 8.2 kg\n| | 3",
        Draft::default(),
    );
    assert_eq!(
        records(&reading),
        ["1: Item=Weight Value=8.2 kg", "2: Value=3"]
    );
}

#[test]
fn front_matter_is_facts_about_the_document() {
    let reading = read(
        "---\ntitle: \"Bridges\"\ndate: 2024-01-02\n---\n# Other\ntext",
        Draft::default(),
    );
    assert_eq!(reading.title.as_deref(), Some("Bridges"));
    assert_eq!(reading.published_at.as_deref(), Some("2024-01-02"));
    assert_eq!(
        reading.text,
        "title: \"Bridges\"\ndate: 2024-01-02\n\nOther\n\ntext"
    );
    assert_eq!(
        text("---\na rule, no front matter\n\n---\nb"),
        "a rule, no front matter\n\nb"
    );
}

#[test]
fn struck_out_text_is_left_out_and_named() {
    let reading = read(
        "The tank holds ~~50~~ 40 litres, about ~5 of <del>six</del><ins>nine</ins>.",
        Draft::default(),
    );
    assert_eq!(reading.text, "The tank holds 40 litres, about ~5 of nine.");
    assert_eq!(
        reading.unread[0].reason,
        "Struck-out text was left out: “50”, “six”."
    );
}

#[test]
fn marks_of_comments_in_code_are_no_comments() {
    let raw =
        "Use `<!--` to open one.\n\n```\n<!-- shown -->\n```\n\nThe mill <!-- not this --> stands.";
    assert_eq!(
        text(raw),
        "Use <!-- to open one.\n\n<!-- shown -->\n\nThe mill stands."
    );
}

#[test]
fn a_comment_that_never_ends_is_named() {
    let reading = read(
        "---\nkind: a\n---\nThe mill.\n\n<!-- hidden\n\nThe end.\n",
        Draft::default(),
    );
    assert_eq!(reading.text, "kind: a\n\nThe mill.");
    assert_eq!(reading.unread[0].line, Some(6));
}

#[test]
fn footnotes_and_raised_figures_stay_apart() {
    assert_eq!(
        text(
            "It employs 410[^2] people on 5 km<sup>2</sup>, 10<sup>6</sup> in all.[^x]\n\n[^2]: In 1912."
        ),
        "It employs 410[2] people on 5 km², 10⁶ in all.[x]\n\n[2] In 1912."
    );
}

#[test]
fn raw_html_is_read_as_html() {
    assert_eq!(
        text(
            "<details><summary>More</summary>\n\nThe mill.\n\n</details>\n\n<p align=\"center\">Built in 1912.</p>"
        ),
        "More\n\nThe mill.\n\nBuilt in 1912."
    );
}
