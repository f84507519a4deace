//! Tables in JSON that are no lists of objects, told by their shape.

use serde_json::value::RawValue;

use super::names::are_indices;
use super::pieces::{Members, Value, is_number, is_scalar, parse, scalars};
use crate::attachments::headers::ROWS_LOOKED_AT;

/// The lists of a list that has nothing else, each of scalars.
pub fn lists(items: &[&RawValue]) -> bool {
    items.len() > 1
        && items.iter().all(|item| item.get().starts_with('['))
        && items
            .iter()
            .take(ROWS_LOOKED_AT)
            .all(|item| scalars(item).is_some_and(|row| !row.is_empty()))
}

/// The members that are lists of equal length, one of numbers among them: columns of a table.
pub fn columns(members: &Members<'_>) -> Vec<usize> {
    let lists: Vec<(usize, Vec<&RawValue>)> = members
        .iter()
        .enumerate()
        .filter_map(|(at, (_, value))| Some((at, scalars(value)?)))
        .filter(|(_, list)| !list.is_empty())
        .collect();
    let Some((_, first)) = lists.first() else {
        return Vec::new();
    };
    let equal = first.len() > 1 && lists.iter().all(|(_, list)| list.len() == first.len());
    let numbers = lists
        .iter()
        .any(|(_, list)| list.iter().all(|value| is_number(value)));
    if lists.len() > 1 && equal && numbers && split_table(members).is_none() {
        lists.into_iter().map(|(at, _)| at).collect()
    } else {
        Vec::new()
    }
}

/// `{"columns": […], "data": [[…], […]]}`.
#[derive(Debug, Clone, Copy)]
pub struct SplitTable {
    pub names: usize,
    pub rows: usize,
    index: Option<usize>,
}

impl SplitTable {
    /// Whether the member is a part of the table.
    pub fn takes(self, member: usize) -> bool {
        member == self.names || member == self.rows || Some(member) == self.index
    }
}

/// The table that an object is, by its members' shapes.
pub fn split_table(members: &Members<'_>) -> Option<SplitTable> {
    let (rows, width, count) = members.iter().enumerate().find_map(|(at, (_, value))| {
        let Value::List(items) = parse(value) else {
            return None;
        };
        let width = scalars(items.first()?)?.len();
        let fits = |item: &&RawValue| scalars(item).is_some_and(|row| row.len() == width);
        (lists(&items) && items.iter().take(ROWS_LOOKED_AT).all(fits)).then_some((
            at,
            width,
            items.len(),
        ))
    })?;
    let names = members.iter().position(|(_, value)| {
        scalars(value).is_some_and(|list| {
            list.len() == width && list.iter().all(|name| name.get().starts_with('"'))
        })
    })?;
    let index = members.iter().position(|(name, value)| {
        name == "index" && scalars(value).is_some_and(|list| list.len() == count)
    });
    Some(SplitTable { names, rows, index })
}

/// Whether every member is an object with the same names, and those only count.
pub fn are_columns_by_index(members: &Members<'_>) -> bool {
    let mut shared: Option<Vec<String>> = None;
    members.len() > 1
        && members.iter().all(|(_, value)| {
            let Value::Object(cells) = parse(value) else {
                return false;
            };
            if !cells.iter().all(|(_, cell)| is_scalar(cell)) {
                return false;
            }
            let names: Vec<String> = cells
                .into_iter()
                .map(|(name, _)| name.into_owned())
                .collect();
            if !are_indices(names.iter().map(String::as_str)) {
                return false;
            }
            *shared.get_or_insert_with(|| names.clone()) == names
        })
}
