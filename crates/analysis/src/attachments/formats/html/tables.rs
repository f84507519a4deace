//! Tables of a page: cells over several rows or columns stand in each of them.

use dom_query::NodeRef;

use super::walk::Walk;
use crate::attachments::rows::{Header, Line, Table};

/// As far as HTML lets a cell reach.
const MAX_COLUMNS: usize = 1_000;
const MAX_ROWS: usize = 65_534;
/// The most cells of one table after those that reach over several stand in each.
const MAX_CELLS: usize = 2_000_000;
/// A cell with more characters is no cell but a column of the page.
const MAX_CELL: usize = 1_000;

/// Whether the table only puts things in their place on the page.
pub fn is_layout(table: &NodeRef) -> bool {
    if table
        .attr("role")
        .is_some_and(|role| matches!(&*role, "presentation" | "none"))
    {
        return true;
    }
    let mut widest = 0;
    let mut row_count = 0;
    for row in rows(table) {
        row_count += 1;
        let cells = cells(&row);
        widest = widest.max(cells.len());
    }
    let has_block = table.descendants_it().any(|inner| {
        ["table", "h1", "h2", "h3", "form", "article", "section"]
            .iter()
            .any(|name| inner.has_name(name))
    });
    let is_long = || {
        rows(table).any(|row| {
            cells(&row)
                .iter()
                .any(|cell| cell.text().trim().chars().take(MAX_CELL + 1).count() > MAX_CELL)
        })
    };
    has_block
        || widest < 2
        || (row_count < 2 && !table.descendants_it().any(|inner| inner.has_name("th")))
        || is_long()
}

/// The rows of the table itself.
fn rows<'a>(table: &NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    table.children_it(false).flat_map(|child| {
        let is_row = child.has_name("tr");
        let group = ["thead", "tbody", "tfoot"]
            .iter()
            .any(|name| child.has_name(name));
        let inner: Vec<NodeRef> = if is_row {
            vec![child]
        } else if group {
            child
                .children_it(false)
                .filter(|row| row.has_name("tr"))
                .collect()
        } else {
            Vec::new()
        };
        inner
    })
}

fn cells<'a>(row: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    row.children_it(false)
        .filter(|cell| cell.has_name("td") || cell.has_name("th"))
        .collect()
}

fn span(cell: &NodeRef, name: &str, most: usize) -> usize {
    let given = cell
        .attr(name)
        .and_then(|value| value.trim().parse::<usize>().ok());
    match given {
        // `rowspan=0` reaches to the end.
        Some(0) if name == "rowspan" => most,
        Some(given) => given.clamp(1, most),
        None => 1,
    }
}

/// A cell that reaches into the rows beneath.
#[derive(Debug, Clone, Default)]
struct Reaching {
    rows: usize,
    text: String,
    /// How many columns to the right are the same cell.
    columns: usize,
}

/// The table, under its caption or heading.
pub fn table(node: &NodeRef, under: Option<String>, walk: &mut Walk) -> Table {
    let mut lines: Vec<Line> = Vec::new();
    let mut reaching: Vec<Reaching> = Vec::new();
    let mut header_rows = 0;
    let mut in_header = true;
    let mut names_rows = false;
    let mut total = 0;
    for row in rows(node) {
        let own = cells(&row);
        let in_head = row.parent().is_some_and(|group| group.has_name("thead"));
        let all_names = !own.is_empty()
            && own
                .iter()
                .all(|cell| cell.has_name("th") || cell.text().trim().is_empty());
        in_header &= in_head || all_names;
        names_rows |= !in_header
            && own.first().is_some_and(|cell| cell.has_name("th"))
            && own.iter().any(|cell| cell.has_name("td"));
        let line = line(&own, &mut reaching, in_header, walk);
        total += line.cells.len();
        if total > MAX_CELLS {
            break;
        }
        if line.text.trim().is_empty() {
            continue;
        }
        header_rows += usize::from(in_header);
        lines.push(line);
    }
    let width = lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let header = if header_rows == lines.len() {
        Header::Unknown { unsure: true }
    } else if header_rows > 0 || (names_rows && width == 2) {
        Header::Rows(header_rows)
    } else {
        Header::Unknown { unsure: false }
    };
    Table {
        under: under.into_iter().collect(),
        header,
        lines,
        first_column: None,
    }
}

fn line(own: &[NodeRef], reaching: &mut Vec<Reaching>, in_header: bool, walk: &mut Walk) -> Line {
    let mut line = Line::default();
    let mut column = 0;
    let only = own.len() == 1 && reaching.iter().all(|above| above.rows == 0);
    let mut own = own.iter();
    loop {
        if let Some(above) = reaching.get_mut(column).filter(|above| above.rows > 0) {
            above.rows -= 1;
            let (text, columns) = (above.text.clone(), above.columns);
            // A name over two header rows is said once.
            push(&mut line, if in_header { "" } else { &text }, columns);
            column += columns;
            continue;
        }
        let Some(cell) = own.next() else {
            if column < reaching.len() {
                column += 1;
                // Nothing here, but a cell from above may stand further to the right.
                if reaching[column - 1..].iter().any(|above| above.rows > 0) {
                    push(&mut line, "", 1);
                    continue;
                }
            }
            return line;
        };
        let columns = span(cell, "colspan", MAX_COLUMNS)
            .min(MAX_COLUMNS.saturating_sub(column))
            .max(1);
        let rows = span(cell, "rowspan", MAX_ROWS);
        let text = walk.text_of(cell);
        // A row of one cell over all columns is a title inside the table.
        push(
            &mut line,
            &text,
            if only && column == 0 { 1 } else { columns },
        );
        if reaching.len() < column + columns {
            reaching.resize(column + columns, Reaching::default());
        }
        reaching[column] = Reaching {
            rows: rows - 1,
            text,
            columns,
        };
        column += columns;
        if column >= MAX_COLUMNS {
            return line;
        }
    }
}

/// Adds a cell, once in the text and once for each of its columns.
fn push(line: &mut Line, text: &str, columns: usize) {
    line.push(text, "\t");
    if let Some(range) = line.cells.last().cloned() {
        line.cells.extend(std::iter::repeat_n(range, columns - 1));
    }
}

/// The first child of this name.
pub fn child_of<'a>(node: &NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    node.children_it(false).find(|child| child.has_name(name))
}
