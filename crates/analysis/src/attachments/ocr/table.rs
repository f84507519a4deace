//! The table that tesseract writes: a line a word, its values parted by tabs. The program has read a stranger's picture, so
//! whatever it writes is looked at as a stranger's: a line that makes no sense is none.

/// The most words that are taken of one picture.
pub const MAX_WORDS: usize = 20_000;
/// The longest word, in characters.
const MAX_WORD: usize = 200;
/// What the table calls the level of words; the others are boxes around them.
const WORD_LEVEL: &str = "5";

/// A stretch of a picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    /// Where it ends.
    pub fn right(&self) -> u32 {
        self.left.saturating_add(self.width)
    }

    /// Where it ends below.
    pub fn bottom(&self) -> u32 {
        self.top.saturating_add(self.height)
    }
}

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Of a picture with several, counted from 1.
    pub page: u32,
    pub block: u32,
    pub paragraph: u32,
    pub line: u32,
    /// Its position in the picture as stored in the file.
    pub area: Area,
    /// The same once the picture is turned so that its lines read to the right.
    pub upright: Area,
    /// How sure the program is of it, in percent, rounded down.
    pub confidence: u8,
    pub text: String,
}

/// The words of a table, in its order.
pub fn words(table: &str) -> Vec<Word> {
    table.lines().filter_map(word).take(MAX_WORDS).collect()
}

fn word(line: &str) -> Option<Word> {
    let mut values = line.split('\t');
    let mut next = || values.next();
    if next()? != WORD_LEVEL {
        return None;
    }
    let mut number = || next()?.parse::<u32>().ok();
    let (page, block, paragraph, line) = (number()?, number()?, number()?, number()?);
    // Its number in the line says nothing that its order does not.
    number()?;
    let area = Area {
        left: number()?,
        top: number()?,
        width: number()?,
        height: number()?,
    };
    let confidence = percent(next()?)?;
    let text = next()?.trim();
    let is_word = !text.is_empty() && text.chars().count() <= MAX_WORD;
    (is_word && next().is_none()).then(|| Word {
        page,
        block,
        paragraph,
        line,
        area,
        upright: area,
        confidence,
        text: text.to_owned(),
    })
}

/// The whole part of `96.821121`; boxes around words have `-1`.
fn percent(number: &str) -> Option<u8> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let is_number = decimals.bytes().all(|byte| byte.is_ascii_digit());
    whole
        .parse()
        .ok()
        .filter(|percent| is_number && *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_give_words_with_their_places() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t1200\t500\t-1\t\n\
            5\t1\t1\t2\t3\t1\t60\t56\t58\t24\t91.6\tThe\n";
        let found = words(table);
        assert_eq!(found.len(), 1);
        let word = &found[0];
        assert_eq!((word.paragraph, word.line), (2, 3));
        assert_eq!((word.area.right(), word.area.bottom()), (118, 80));
        assert_eq!((word.confidence, word.text.as_str()), (91, "The"));
    }

    #[test]
    fn lines_that_make_no_sense_are_no_words() {
        for line in [
            "",
            "5",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\tNaN\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t101\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t-1\tword",
            "5\t1\t1\t1\t1\t1\t-4\t0\t9\t9\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t99999999999\t90\tword",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tword\tmore",
            "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t ",
        ] {
            assert_eq!(words(line), [], "{line}");
        }
        let long = format!("5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t{}", "x".repeat(201));
        assert_eq!(words(&long), []);
    }
}
