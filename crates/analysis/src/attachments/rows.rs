//! A table on its way into a draft: its header rows as lines, each row of data as a line and a record, what stands around it
//! as prose. Formats make the lines and say where the cells stand in them.

use std::ops::Range;

use super::draft::Draft;
use super::headers::{self, Headers, ROWS_LOOKED_AT};
use super::values::{Look, look};
use clara_domain::evidence::Layout;

/// The most columns that are named.
pub const MAX_COLUMNS: usize = 1_000;

/// So many lines apart from a table may be notes to it.
const MAX_NOTES: usize = 5;
const MAX_TITLE_WORDS: usize = 20;
/// So many lines before a table are its title.
const MAX_TITLES: usize = 2;
/// A title between rows has at most so many words.
const MAX_WORDS: usize = 6;

/// A row: one line, and the byte range of each cell in it. A cell over several columns stands once for each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub cells: Vec<Range<usize>>,
    /// What the row is called in its file, where it has a name of its own: `sheet Budget, row 12`.
    pub place: Option<String>,
}

impl Line {
    /// Adds the line to the draft as no row.
    fn write(&self, draft: &mut Draft) {
        self.begin(draft);
        draft.clean_line(&self.text);
    }

    /// Says where the line stands in its file.
    fn begin(&self, draft: &mut Draft) {
        if let Some(place) = &self.place {
            draft.named_place(place, "\n");
        }
    }

    /// Adds a cell at the end.
    pub fn push(&mut self, cell: &str, separator: &str) {
        if !self.cells.is_empty() {
            self.text.push_str(separator);
        }
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells.push(start..self.text.len());
    }

    /// The cells' texts.
    pub fn values(&self) -> Vec<&str> {
        self.cells
            .iter()
            .map(|cell| &self.text[cell.clone()])
            .collect()
    }
}

/// What is known of a table's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// The source says so: this many rows at the beginning.
    Rows(usize),
    /// To be found; whether the first row is one where nothing speaks for or against it.
    Unknown { unsure: bool },
}

/// A table's lines in the order of the source. A line without cells is empty: it ends a block.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its caption or the heading over it, which stands in the text already.
    pub under: Vec<String>,
    pub header: Header,
    pub lines: Vec<Line>,
    /// Of a spreadsheet's table, the column of the sheet that its rows begin with, counted from 0.
    pub first_column: Option<u32>,
}

impl Table {
    /// Adds the table to the draft: what is no row is a line of its own. Gives how many of its lines were taken.
    pub fn write(&self, draft: &mut Draft) -> usize {
        let mut taken = 0;
        let mut layout: Option<Layout> = None;
        let mut above = Vec::new();
        let mut number = 0;
        let blocks = self.blocks();
        let widest = blocks.iter().map(Block::usual).max().unwrap_or(0);
        for block in &blocks {
            if draft.is_full() {
                break;
            }
            draft.end_block();
            // Titles and notes have fewer cells than the rows they stand over or under.
            let is_narrow = block.usual() < widest && block.lines.len() <= MAX_NOTES;
            let parts = block.parts(layout.is_some());
            let parts = parts.filter(|(_, headers)| !is_narrow || headers.is_certain);
            let Some((lines, headers)) = parts else {
                if layout.is_none() && block.lines.len() <= MAX_TITLES {
                    above.extend(block.lines.iter().filter_map(title));
                }
                for line in block.lines {
                    line.write(draft);
                    taken += usize::from(!draft.is_full());
                }
                continue;
            };
            let (before, after) = lines.split_at(headers.data);
            let (titles, header) = before.split_at(headers.first);
            for line in titles {
                line.write(draft);
            }
            if !titles.is_empty() {
                draft.end_block();
            }
            for line in header {
                line.write(draft);
            }
            if !header.is_empty() || layout.is_none() {
                let mut under = self.under.clone();
                under.append(&mut above);
                under.extend(titles.iter().filter_map(title));
                let width = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
                let mut names = headers.names;
                names.resize(width.min(MAX_COLUMNS), String::new());
                layout = Some(Layout {
                    under,
                    names,
                    first_column: self.first_column,
                });
                number = 0;
            }
            taken += before.len();
            if let Some(layout) = &layout {
                taken += block.write_data(draft, after, layout, &mut number);
            }
        }
        draft.end_block();
        taken
    }

    fn blocks(&self) -> Vec<Block<'_>> {
        self.lines
            .split(|line| line.cells.is_empty())
            .filter(|lines| !lines.is_empty())
            .map(|lines| Block {
                lines,
                header: self.header,
            })
            .collect()
    }
}

/// Lines without an empty one between them.
struct Block<'a> {
    lines: &'a [Line],
    header: Header,
}

impl<'a> Block<'a> {
    /// How many cells most of its lines have.
    fn usual(&self) -> usize {
        headers::usual_width(&self.head())
    }

    fn head(&self) -> Vec<Vec<&'a str>> {
        let lines = self.lines.iter().take(ROWS_LOOKED_AT);
        lines.map(Line::values).collect()
    }

    /// The block's header, or `None` where it is no table. A block after the first needs a header that is certain to be a
    /// table of its own.
    fn parts(&self, follows: bool) -> Option<(&'a [Line], Headers)> {
        let head = self.head();
        if headers::usual_width(&head) < 2 {
            let one_column = headers::find(&head, false);
            return one_column.is_certain.then_some((self.lines, one_column));
        }
        let headers = match self.header {
            Header::Rows(rows) if !follows => {
                let rows = rows.min(head.len());
                // One cell over all columns is the table's title.
                let titles = head[..rows].iter().take_while(|row| row.len() == 1);
                let first = titles.count();
                Headers {
                    first,
                    data: rows,
                    names: headers::join_names(&head[first..rows]),
                    is_certain: true,
                }
            }
            Header::Rows(_) => Headers::default(),
            Header::Unknown { unsure } => headers::find(&head, unsure && !follows),
        };
        Some((self.lines, headers))
    }

    fn write_data(
        &self,
        draft: &mut Draft,
        lines: &[Line],
        layout: &Layout,
        number: &mut u32,
    ) -> usize {
        let usual = self.usual();
        let last_row = lines
            .iter()
            .rposition(|line| !is_prose(line, usual))
            .map_or(0, |at| at + 1);
        let mut within = draft.layout(layout.clone());
        for (at, line) in lines.iter().enumerate() {
            if draft.is_full() {
                return at - 1;
            }
            if is_prose(line, usual) {
                if at == last_row {
                    draft.end_block();
                }
                line.write(draft);
                if at < last_row
                    && let Some(section) = section(line)
                {
                    let mut layout = layout.clone();
                    layout.under.push(section);
                    within = draft.layout(layout);
                }
                continue;
            }
            *number = number.saturating_add(1);
            let cells = &line.cells[..line.cells.len().min(MAX_COLUMNS)];
            line.begin(draft);
            draft.row(within, *number, &line.text, cells);
        }
        lines.len() - usize::from(draft.is_full())
    }
}

/// A line among the rows that is none: a remark, or one cell where the others have several.
fn is_prose(line: &Line, usual: usize) -> bool {
    if usual < 2 {
        return false;
    }
    let values = line.values();
    (headers::filled(&values) == 1
        && (values.len() == 1 || values[0].split_whitespace().count() > 4))
        || headers::is_remark(&values, usual)
}

/// A title between the rows: one cell over all columns, which holds for the rows beneath it.
fn section(line: &Line) -> Option<String> {
    let short = line.text.split_whitespace().count() <= MAX_WORDS;
    // A picture's caption with a year is none; a year alone may be.
    let plain = look(&line.text) == Look::Year || !line.text.contains(|c: char| c.is_ascii_digit());
    (line.cells.len() == 1 && short && plain && !headers::is_remark(&line.values(), 2))
        .then(|| title(line))
        .flatten()
}

/// The title in a line before the header, from its first cell that is not empty to its last.
fn title(line: &Line) -> Option<String> {
    let mut filled = line.cells.iter().filter(|cell| !cell.is_empty());
    let first = filled.next()?;
    let last = filled.next_back().unwrap_or(first);
    let words: Vec<&str> = line.text[first.start..last.end]
        .split_whitespace()
        .collect();
    let is_remark = words.first()?.starts_with(['#', '*', '†']) || words.len() > MAX_TITLE_WORDS;
    (!is_remark).then(|| words.join(" "))
}
