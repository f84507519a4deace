//! The walk through the groups of a rich-text file.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::super::grid::{Cell, Grid};
use super::super::story::{Piece, Story};
use super::tokens::{Token, Tokens};
use crate::attachments::draft::Draft;

/// How deeply groups may be nested.
const MAX_DEPTH: usize = 2_000;
/// The most fonts that are looked at.
const MAX_FONTS: usize = 5_000;
/// The most cells of a row.
const MAX_CELLS: usize = 1_000;

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    Text,
    Nowhere,
    Fonts,
    Title,
    Author,
    Note,
    Comment,
    /// A header or footer.
    Edge(&'static str),
}

/// What holds inside a group.
#[derive(Debug, Clone, Copy)]
struct State {
    destination: Destination,
    encoding: &'static Encoding,
    hidden: bool,
    struck: bool,
    deleted: bool,
    /// -1 lowered, 1 raised.
    shift: i8,
    /// How many bytes stand in for a letter that old programs do not know.
    stand_ins: usize,
    is_heading: bool,
    is_item: bool,
    in_table: bool,
}

/// The walk.
pub struct Walk<'d> {
    story: Story<'d>,
    state: State,
    groups: Vec<State>,
    bytes: Vec<u8>,
    text: String,
    /// Bytes still to be passed over as stand-ins.
    pass: usize,
    high: Option<u16>,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    usual: &'static Encoding,
    grid: Option<Grid>,
    cells: Vec<Cell>,
    notes: Vec<(String, Vec<String>)>,
    comments: Vec<(String, Vec<String>)>,
    note_count: usize,
    author: String,
    title: String,
    /// Whether the group that was opened last says that it may be passed over.
    may_pass: bool,
    depth_cut: bool,
}

impl<'d> Walk<'d> {
    pub fn new(draft: &'d mut Draft) -> Self {
        let usual = encoding_rs::WINDOWS_1252;
        Self {
            story: Story::new(draft),
            state: State {
                destination: Destination::Text,
                encoding: usual,
                hidden: false,
                struck: false,
                deleted: false,
                shift: 0,
                stand_ins: 1,
                is_heading: false,
                is_item: false,
                in_table: false,
            },
            groups: Vec::new(),
            bytes: Vec::new(),
            text: String::new(),
            pass: 0,
            high: None,
            fonts: HashMap::new(),
            font: 0,
            usual,
            grid: None,
            cells: Vec::new(),
            notes: Vec::new(),
            comments: Vec::new(),
            note_count: 0,
            author: String::new(),
            title: String::new(),
            may_pass: false,
            depth_cut: false,
        }
    }

    /// Reads the file; whether it ended as it should.
    pub fn read(&mut self, bytes: &[u8]) -> bool {
        let mut tokens = Tokens::new(bytes);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => {
                    self.flush();
                    self.pass = 0;
                    if self.groups.len() >= MAX_DEPTH {
                        self.depth_cut = true;
                        break;
                    }
                    self.groups.push(self.state);
                }
                Token::Close => {
                    self.close_group();
                    if self.groups.is_empty() {
                        // What follows the document is none of it.
                        return true;
                    }
                }
                Token::Word("bin", count) => {
                    tokens.pass(
                        count
                            .and_then(|count| usize::try_from(count).ok())
                            .unwrap_or(0),
                    );
                }
                Token::Word(word, number) => self.word(word, number),
                Token::Sign(sign) => self.sign(sign),
                Token::Byte(byte) => {
                    if self.pass > 0 {
                        self.pass -= 1;
                    } else {
                        self.flush_letters();
                        self.bytes.push(byte);
                    }
                }
            }
        }
        while !self.groups.is_empty() {
            self.close_group();
        }
        false
    }

    fn close_group(&mut self) {
        self.flush();
        self.pass = 0;
        let Some(outer) = self.groups.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.state, outer);
        if inner.destination == outer.destination {
            return;
        }
        match inner.destination {
            Destination::Note => {
                let held = self.story.close();
                self.note_count += 1;
                let mark = self.note_count.to_string();
                self.story.inline.superscript(&mark, true);
                self.notes.push((format!("note {mark}"), held));
            }
            Destination::Edge(name) => {
                let held = self.story.close();
                let entry = (name.to_owned(), held);
                if !entry.1.is_empty() && !self.notes.contains(&entry) {
                    self.notes.push(entry);
                }
            }
            Destination::Comment => {
                let held = self.story.close();
                let author = std::mem::take(&mut self.author);
                self.comments.push((author, held));
            }
            _ => {}
        }
    }

    fn enter(&mut self, destination: Destination) {
        if self.state.destination == Destination::Nowhere {
            return;
        }
        if matches!(
            destination,
            Destination::Note | Destination::Comment | Destination::Edge(_)
        ) {
            // A note within a note belongs to it.
            if self.state.destination != Destination::Text || self.groups.is_empty() {
                return;
            }
            self.flush();
            self.story.open();
        }
        self.state.destination = destination;
    }

    fn sign(&mut self, sign: u8) {
        if sign == b'*' {
            self.may_pass = true;
            return;
        }
        let letter = match sign {
            b'~' => '\u{a0}',
            b'_' => '-',
            b'{' | b'}' | b'\\' => char::from(sign),
            b'\r' | b'\n' => {
                self.end_paragraph();
                return;
            }
            _ => return,
        };
        if self.pass > 0 {
            self.pass -= 1;
        } else {
            self.letter(letter);
        }
    }

    fn letter(&mut self, letter: char) {
        self.flush_bytes();
        self.text.push(letter);
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let may_pass = std::mem::take(&mut self.may_pass);
        self.pass = 0;
        let is_on = number != Some(0);
        match word {
            "u" => self.code_unit(number.unwrap_or(0)),
            "uc" => {
                self.state.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1)
            }
            "ansicpg" => {
                if let Some(encoding) = number.and_then(of_code_page) {
                    self.usual = encoding;
                    self.state.encoding = encoding;
                }
            }
            "mac" => {
                self.usual = encoding_rs::MACINTOSH;
                self.state.encoding = self.usual;
            }
            "f" => {
                self.flush();
                self.font = number.unwrap_or(0);
                let known = self.fonts.get(&self.font).copied();
                self.state.encoding = known.unwrap_or(self.usual);
            }
            "fcharset" if self.state.destination == Destination::Fonts => {
                if let Some(encoding) = number.and_then(of_character_set)
                    && self.fonts.len() < MAX_FONTS
                {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => {
                self.flush();
                if self.is_text() {
                    self.story.inline.line_break();
                }
            }
            "tab" => self.letter('\t'),
            "emdash" => self.letter('—'),
            "endash" => self.letter('–'),
            "lquote" => self.letter('‘'),
            "rquote" => self.letter('’'),
            "ldblquote" => self.letter('“'),
            "rdblquote" => self.letter('”'),
            "bullet" => self.letter('•'),
            "emspace" | "enspace" | "qmspace" => self.letter(' '),
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.end_row(),
            "intbl" => self.state.in_table = true,
            "pard" => {
                self.flush();
                self.state.is_heading = false;
                self.state.is_item = false;
                self.state.in_table = false;
            }
            "outlinelevel" => self.state.is_heading = number.is_some_and(|level| level < 9),
            "ls" => self.state.is_item = is_on,
            "plain" => {
                self.flush();
                self.state.hidden = false;
                self.state.struck = false;
                self.state.deleted = false;
                self.state.shift = 0;
            }
            "v" => self.change(|state| state.hidden = is_on),
            "strike" | "striked" => self.change(|state| state.struck = is_on),
            "deleted" => self.change(|state| state.deleted = is_on),
            "super" => self.change(|state| state.shift = i8::from(is_on)),
            "sub" => self.change(|state| state.shift = -i8::from(is_on)),
            "nosupersub" => self.change(|state| state.shift = 0),
            _ => self.destination(word, may_pass),
        }
    }

    fn destination(&mut self, word: &str, may_pass: bool) {
        match word {
            "fonttbl" => self.enter(Destination::Fonts),
            "title" => self.enter(Destination::Title),
            "atnauthor" => self.enter(Destination::Author),
            "footnote" => self.enter(Destination::Note),
            "annotation" => self.enter(Destination::Comment),
            "header" | "headerl" | "headerr" | "headerf" => self.enter(Destination::Edge("header")),
            "footer" | "footerl" | "footerr" | "footerf" => self.enter(Destination::Edge("footer")),
            "info" | "shptxt" | "shpinst" | "shp" | "shprslt" | "fldrslt" | "field" | "upr"
            | "ud" => {}
            "colortbl" | "stylesheet" | "pict" | "object" | "objdata" | "fldinst" | "themedata"
            | "author" | "operator" | "company" | "creatim" | "revtim" | "printim" | "keywords"
            | "subject" | "doccomm" | "comment" | "category" | "manager" | "hlinkbase" | "sp"
            | "listtext" | "pntext" | "xe" | "tc" | "nonesttables" | "datafield" | "formfield" => {
                self.enter(Destination::Nowhere);
            }
            // A group that older programs may pass over, and that is not known here, is none of the text.
            _ if may_pass => self.enter(Destination::Nowhere),
            _ => {}
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut State)) {
        self.flush();
        change(&mut self.state);
    }

    /// A unit of UTF-16; letters beyond the first plane come in two.
    fn code_unit(&mut self, number: i32) {
        // Programs write what is above 32,767 as negative.
        let unit = u16::try_from(number.rem_euclid(0x1_0000)).unwrap_or(0);
        self.pass = self.state.stand_ins;
        let before = self.high.take();
        if (0xd800..0xdc00).contains(&unit) {
            self.flush_bytes();
            self.high = Some(unit);
            return;
        }
        let units = before.into_iter().chain([unit]);
        self.flush_bytes();
        for letter in char::decode_utf16(units) {
            // Signs of a font of signs mean nothing without it.
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            if !matches!(letter, '\u{e000}'..='\u{f8ff}') {
                self.text.push(letter);
            }
        }
    }

    fn flush_bytes(&mut self) {
        if !self.bytes.is_empty() {
            let (text, _) = self.state.encoding.decode_without_bom_handling(&self.bytes);
            self.text.push_str(&text);
            self.bytes.clear();
        }
    }

    /// Letters that came before further bytes keep their place.
    fn flush_letters(&mut self) {
        self.high = None;
    }

    fn is_text(&self) -> bool {
        matches!(
            self.state.destination,
            Destination::Text | Destination::Note | Destination::Comment | Destination::Edge(_)
        )
    }

    fn flush(&mut self) {
        self.flush_bytes();
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        match self.state.destination {
            Destination::Author => {
                self.author.push_str(&text);
                return;
            }
            Destination::Title => {
                self.title.push_str(&text);
                return;
            }
            Destination::Nowhere | Destination::Fonts => return,
            _ => {}
        }
        let words = self.story.clean(&text);
        let left_out = if self.state.deleted {
            Some(&mut self.story.left_out.deleted)
        } else if self.state.hidden {
            Some(&mut self.story.left_out.hidden)
        } else if self.state.struck {
            Some(&mut self.story.left_out.struck)
        } else {
            None
        };
        if let Some(left_out) = left_out {
            left_out.add(&words);
            self.story.draft.left_out(words.chars().count());
            self.story.inline.keep_apart();
        } else if self.state.shift > 0 {
            self.story.inline.superscript(&words, false);
        } else if self.state.shift < 0 {
            self.story.inline.subscript(&words);
        } else {
            self.story.inline.push(&words);
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        if !self.is_text() {
            return;
        }
        if self.state.in_table && self.state.destination == Destination::Text {
            // A cell of several paragraphs.
            self.story.inline.space();
            return;
        }
        if self.state.destination == Destination::Text {
            self.end_table();
        }
        self.story.end(if self.state.is_heading {
            Piece::Heading
        } else if self.state.is_item {
            Piece::Line
        } else {
            Piece::Paragraph
        });
    }

    fn end_cell(&mut self) {
        self.flush();
        if self.state.destination != Destination::Text {
            self.story.inline.space();
            return;
        }
        let words = self.story.inline.take();
        if self.cells.len() < MAX_CELLS {
            self.cells.push(Cell::Own(words.trim().to_owned()));
        }
    }

    fn end_row(&mut self) {
        self.flush();
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            self.grid
                .get_or_insert_with(|| Grid::new(true))
                .push(&cells);
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        if let Some(grid) = self.grid.take() {
            // What was begun after the table follows it.
            let begun = std::mem::take(&mut self.story.inline);
            self.story.table(grid);
            self.story.inline = begun;
        }
    }

    /// Ends the text, and adds notes and comments.
    pub fn finish(mut self) {
        self.flush();
        self.end_table();
        self.story.end(Piece::Paragraph);
        for (name, held) in std::mem::take(&mut self.notes) {
            self.story.begin_part(&name, false);
            for words in held {
                self.story.paragraph(&words);
            }
        }
        for (number, (author, held)) in (1..).zip(std::mem::take(&mut self.comments)) {
            let author = self.story.clean(&author);
            let place = format!("comment {number}");
            self.story.comment(&place, &author, &held.join(" "));
        }
        if !self.title.trim().is_empty() {
            self.story.draft.about().title = Some(self.title);
        }
        self.story.finish();
    }
}

fn of_code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        65_001 => "utf-8".to_owned(),
        866 => "ibm866".to_owned(),
        874 | 1250..=1258 => format!("windows-{number}"),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// By the number that fonts give their letters.
fn of_character_set(number: i32) -> Option<&'static Encoding> {
    of_code_page(match number {
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
