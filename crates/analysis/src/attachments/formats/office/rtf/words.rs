//! What the control words of rich text do.

use super::super::grid::Cell;
use super::encodings::{of_character_set, of_code_page};
use super::walk::{Destination, MAX_CELLS, MAX_FONTS, State, Walk};

impl Walk<'_> {
    pub fn sign(&mut self, sign: u8) {
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

    pub fn word(&mut self, word: &str, number: Option<i32>) {
        let may_pass = std::mem::take(&mut self.may_pass);
        self.pass = 0;
        let is_on = number != Some(0);
        match word {
            "u" => self.code_unit(number.unwrap_or(0)),
            "uc" => {
                self.state.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
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
            "trowd" => {
                self.merges.clear();
                self.merge = None;
            }
            "clvmrg" => self.merge = Some(Cell::Above),
            "clmrg" => self.merge = Some(Cell::Left),
            "cellx" => {
                if self.merges.len() < MAX_CELLS {
                    self.merges.push(self.merge.take());
                }
            }
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
            "colortbl" | "stylesheet" | "pict" | "object" | "objdata" | "fldinst" | "themedata"
            | "author" | "operator" | "company" | "creatim" | "revtim" | "printim" | "keywords"
            | "subject" | "doccomm" | "comment" | "category" | "manager" | "hlinkbase" | "sp"
            | "listtext" | "pntext" | "xe" | "tc" | "nonesttables" | "datafield" | "formfield" => {
                self.enter(Destination::Nowhere);
            }
            // A group that older programs may pass over, and that is not known here, is none of the text.
            _ if may_pass && !matches!(word, "shpinst" | "shptxt" | "ud") => {
                self.enter(Destination::Nowhere);
            }
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
}
