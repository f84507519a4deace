//! Files that were cut off, garbled, or made to take long: each has an answer that keeps what the rest builds on.

use super::extractor::is_sound;
use super::{MAX_CHARACTERS, read_here};

const FILES: [(&str, &str); 9] = [
    (
        "a.csv",
        "Visitors by region,,\n,2021,,2022,\nRegion,In,Out,In,Out\nNorth,\"1,204\",5,\"a \"\"b\"\"\nc\",7\nSouth,1,2,3,4\n* note\n",
    ),
    (
        "a.json",
        "{\"name\": \"Z\\u00fcrich \\ud83d\\ude00\", \"reports\": [{\"year\": 2022, \"by\": {\"a\": [1, 2]}}], \"x\": [1, 2], \"y\": [3, 4], \"t\": [[\"a\", \"b\"], [1, 2]]}",
    ),
    (
        "lines.json",
        "{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2, \"b\": \"y\"}\n{\"a\": 3, \"b\": \"z\"}\n",
    ),
    (
        "a.md",
        "---\ntitle: T\n---\n# Head\n\n| a | b |\n|---|--:|\n| *x* | `y|` \\| |\n\n~~old~~ new[^1] &#8203; <sup>2</sup> <!-- c -->\n\n[^1]: n\n\n<table><tr><td>a<td>b&#x200b;<tr><td>1<td>2</table>\n\n- a\n  1. b\n\n```\nx\n```\n",
    ),
    (
        "a.html",
        "<!doctype html><meta charset=windows-1252><title>T</title><style>.h{display:none}</style><body><nav>n</nav><h1>Mill</h1><p class=h>no<p>4<sup>2</sup> <del>a</del><ins>b</ins>&#x200b;&nbsp;x<table><caption>c<tr><th rowspan=2>A<th colspan=2>B<tr><th>1<th>2<tr><td>x&#8203;<td colspan=9 rowspan=0>y</table><dl><dt>k<dd>v</dl><pre> a\n b</pre>",
    ),
    (
        "a.srt",
        "1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>One</i> <50\r\n\r\nmore\r\n2\r\n00:00:04,000 --> 00:00:06,000\r\n{\\an8}Two\r\n",
    ),
    (
        "a.vtt",
        "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 align:start\n<v.loud Mary>the mill\n\n00:02.000 --> 00:03.000\nthe mill\nwas<00:02.500><c> built</c>\n",
    ),
    (
        "a.txt",
        "Region      Shops   Visitors\nNorth          12        345\nSouth           7        890\n\na\tb\n1\t2\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\u{c}The end of a line that is wrapped somewhere in the middle of the\nsentence.\n",
    ),
    (
        "cyrillic.txt",
        "Мост был открыт в мае 1933 года, а паром снят с линии следующим летом.",
    ),
];

/// A small generator with a seed: the same files in every run.
pub struct Seeded(pub u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % bound.max(1)
    }
}

pub fn garble(bytes: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut garbled = bytes.to_vec();
    if garbled.is_empty() {
        return garbled;
    }
    match seeded.below(4) {
        0 => garbled.truncate(seeded.below(bytes.len())),
        1 => {
            for _ in 0..=seeded.below(6) {
                let at = seeded.below(garbled.len());
                garbled[at] = u8::try_from(seeded.below(256)).unwrap();
            }
        }
        2 => {
            let from = seeded.below(bytes.len());
            let length = seeded.below(40);
            let piece = bytes[from..bytes.len().min(from + length)].to_vec();
            let at = seeded.below(bytes.len());
            garbled.splice(at..at, piece);
        }
        _ => {
            let from = seeded.below(bytes.len());
            let to = bytes.len().min(from + seeded.below(30));
            garbled.drain(from..to);
        }
    }
    garbled
}

#[test]
fn garbled_files_have_a_sound_answer() {
    let mut seeded = Seeded(0x9e37_79b9_7f4a_7c15);
    for round in 0..200 {
        for (name, content) in FILES {
            let mut bytes = content.as_bytes().to_vec();
            for _ in 0..=round / 60 {
                bytes = garble(&bytes, &mut seeded);
            }
            let reading = read_here(name, &bytes);
            let shown = String::from_utf8_lossy(&bytes);
            assert!(is_sound(&reading), "{name}: {shown:?}: {reading:?}");
            assert!(
                !reading.text.is_empty()
                    || !reading.unread.is_empty()
                    || !shown.contains(char::is_alphanumeric),
                "{name}: {shown:?}"
            );
        }
    }
}

#[test]
fn whole_files_are_sound() {
    for (name, content) in FILES {
        let reading = read_here(name, content.as_bytes());
        assert!(is_sound(&reading), "{name}: {reading:?}");
        let share = reading.read.unwrap();
        assert!(
            share.read > 0 && share.read <= share.of,
            "{name}: {share:?}"
        );
    }
}

#[test]
fn a_table_of_a_million_cells_is_read() {
    let row = vec!["7"; 1_000].join(",");
    let table = vec![row; 1_000].join("\n");
    let reading = read_here("a.csv", table.as_bytes());
    assert!(is_sound(&reading));
    assert_eq!(reading.records.len(), 1_000);
    assert!(reading.unread.is_empty(), "{:?}", reading.unread);
    let sent = serde_json::to_vec(&reading).unwrap();
    assert!(sent.len() < 24 * 1024 * 1024, "{}", sent.len());
}

#[test]
fn a_line_of_ten_megabytes_is_cut_and_named() {
    for line in ["x,".repeat(5_000_000), "\"x,".repeat(800_000)] {
        let reading = read_here("a.csv", format!("a,b\n{line}").as_bytes());
        assert!(is_sound(&reading));
        assert_eq!(reading.text.chars().count(), MAX_CHARACTERS);
        let reasons = format!("{:?}", reading.unread);
        assert!(reasons.contains("2,000,000"), "{reasons}");
    }
}

#[test]
fn a_page_nested_without_end_is_read() {
    for tags in [
        "<div><b>",
        "<table><tr><td>",
        "<ul><li>",
        "<p><font><a>",
        "<span>",
    ] {
        let page = format!("<html><body>{}deep", tags.repeat(100_000));
        let reading = read_here("a.html", page.as_bytes());
        assert!(is_sound(&reading));
        assert_eq!(reading.text.trim(), "deep", "{tags}");
        assert!(reading.unread[0].reason.contains("nested"), "{tags}");
    }
}

#[test]
fn subtitles_of_a_day_keep_their_seconds() {
    use std::fmt::Write as _;
    let mut day = "WEBVTT\n\n".to_owned();
    for second in 0..86_400 {
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        let time = format!("{hour:02}:{minute:02}:{:02}", second % 60);
        writeln!(day, "{time}.000 --> {time}.900\nSecond {second}.\n").unwrap();
    }
    let reading = read_here("a.vtt", day.as_bytes());
    assert_eq!(reading.places.len(), 86_400);
    assert_eq!(reading.places[86_399].seconds, Some(86_399.0));
    assert!(reading.unread.is_empty());
}
