//! Plain text: wrapped lines are joined, tables whose columns are certain are rows, the rest stays as it is.

mod aligned;

use crate::attachments::draft::{Draft, Reading};
use crate::attachments::paragraphs::Wrapping;
use aligned::Part;

/// Nobody breaks lines as evenly as a machine: a line this share below the width still counts as full.
const SLACK: f64 = 0.08;

/// Reads plain text.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(&across_pages(text));
    let wrapping = Wrapping::of(&clean, SLACK);
    for part in aligned::parts(&clean) {
        match part {
            Part::Prose(prose) => {
                draft.clean_paragraph(&wrapping.unwrap(prose));
            }
            Part::Table(table) => {
                table.write(&mut draft);
            }
        }
        if !draft.is_full() {
            draft.end_block();
        }
    }
    draft.finish()
}

/// A page's end is no paragraph's end: the sentence goes on.
fn across_pages(text: &str) -> String {
    if !text.contains('\u{c}') {
        return text.to_owned();
    }
    let pages = text.split('\u{c}');
    let pages: Vec<&str> = pages.map(|page| page.trim_matches(['\n', '\r'])).collect();
    pages.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::testing::records;

    #[test]
    fn plain_text_keeps_its_words_and_joins_its_lines() {
        let raw = "Title\r\n\r\nThe first sentence of this paragraph is broken over two lines by\r\nits author. Second one.\r\n";
        let reading = read(raw, Draft::default());
        assert_eq!(
            reading.text,
            "Title\n\nThe first sentence of this paragraph is broken over two lines by its author. Second one."
        );
        assert!(reading.unread.is_empty());
    }

    #[test]
    fn a_sentence_goes_on_over_a_page() {
        let raw = "The first sentence of this paragraph is broken over two pages by\n\u{c}\nits author. Second one, which is as long as the first one is.\n";
        assert!(
            read(raw, Draft::default())
                .text
                .contains("pages by its author.")
        );
    }

    #[test]
    fn aligned_columns_are_rows_as_they_are_written() {
        let raw = "Visitors by region in the year of the opening\n\nRegion      Shops   Visitors\nNorth          12        345\nSouth           7        890\nEast                      12\n\nThe end.";
        let reading = read(raw, Draft::default());
        assert_eq!(reading.text, raw);
        assert_eq!(
            records(&reading),
            [
                "1: Region=North Shops=12 Visitors=345",
                "2: Region=South Shops=7 Visitors=890",
                "3: Region=East Visitors=12"
            ]
        );
    }

    #[test]
    fn drawn_tables_are_rows() {
        for raw in [
            "+--------+-------+\n| Item   | Value |\n+--------+-------+\n| Weight | 8.2 kg|\n| Power  | 90 W  |\n+--------+-------+",
            "| Item   | Value |\n|--------|-------|\n| Weight | 8.2 kg|\n| Power  | 90 W  |",
            "Item    Value\n------  ------\nWeight  8.2 kg\nPower   90 W",
            "Item\tValue\nWeight\t8.2 kg\nPower\t90 W",
            "Item ....... Value\nWeight ..... 8.2 kg\nPower ...... 90 W",
        ] {
            let reading = read(raw, Draft::default());
            assert_eq!(
                records(&reading),
                ["1: Item=Weight Value=8.2 kg", "2: Item=Power Value=90 W"],
                "{raw}"
            );
            assert!(
                reading.text.contains("Weight") && !reading.text.contains("--"),
                "{reading:?}"
            );
        }
    }

    #[test]
    fn prose_with_wide_gaps_is_no_table() {
        for raw in [
            "The bridge was opened.  It carries the road.\nThe ferry was taken off.  It made the crossing eleven times.",
            "The  bridge   over the sound of  Kell was\nopened   to  traffic in   May of the  year",
            "  indented   once",
        ] {
            assert!(read(raw, Draft::default()).records.is_empty(), "{raw}");
        }
    }
}
