//! Which elements belong to the page and not to what it says: menus, footers, adverts, cookie notices.

use dom_query::NodeRef;

const ROLES: [&str; 9] = [
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "menu",
    "menubar",
    "toolbar",
    "dialog",
    "alertdialog",
];

/// Words of a class or id that say so.
const NOTICES: [&str; 12] = [
    "footer",
    "cookie",
    "cookies",
    "consent",
    "newsletter",
    "subscribe",
    "promo",
    "advert",
    "advertisement",
    "ad",
    "ads",
    "popup",
];
/// Words that say so where most of the text is links: a restaurant's menu is none.
const LINKS: [&str; 15] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "share",
    "sharing",
    "social",
    "related",
    "sponsored",
    "pagination",
    "masthead",
    "toolbar",
];

/// Whether the element and all in it is furniture. `in_main` is whether it stands in the page's main part.
pub fn is_furniture(node: &NodeRef, name: &str, in_main: bool) -> bool {
    match name {
        "footer" if !in_main => return true,
        "aside" if !in_main => return is_mostly_links(node),
        "header" if !in_main && !holds_heading(node) => return true,
        // The page itself is no furniture, whatever its class is.
        "html" | "body" | "main" | "article" => return false,
        _ => {}
    }
    if let Some(role) = node.attr("role")
        && ROLES.contains(&&*role)
    {
        return true;
    }
    let names: Vec<String> = ["class", "id"]
        .into_iter()
        .filter_map(|attribute| node.attr(attribute))
        .flat_map(|value| {
            let names = value.split_whitespace().map(str::to_ascii_lowercase);
            names.collect::<Vec<_>>()
        })
        .collect();
    let says = |words: &[&str]| names.iter().any(|name| says_so(name, words));
    (says(&NOTICES) || (says(&LINKS) && is_mostly_links(node))) && !holds_main(node)
}

/// The last word of a class, or its only one: `site-footer`, `footer`; not `has-sidebar-left`.
fn says_so(class: &str, known: &[&str]) -> bool {
    let words: Vec<&str> = class
        .split(['-', '_'])
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [only] => known.contains(only),
        [first, .., last] => {
            (known.contains(last)
                || (matches!(*first, "cookie" | "consent") && known.contains(first)))
                && !matches!(*first, "has" | "with" | "no")
        }
        [] => false,
    }
}

/// Whether at least half of the text is links.
fn is_mostly_links(node: &NodeRef) -> bool {
    let letters = |node: &NodeRef| node.text().chars().filter(|c| !c.is_whitespace()).count();
    let links: usize = node
        .descendants_it()
        .filter(|inner| inner.has_name("a"))
        .map(|link| letters(&link))
        .sum();
    links * 2 >= letters(node)
}

fn holds_heading(node: &NodeRef) -> bool {
    node.descendants_it()
        .take(500)
        .any(|inner| inner.has_name("h1"))
}

fn holds_main(node: &NodeRef) -> bool {
    node.descendants_it()
        .take(2_000)
        .any(|inner| inner.has_name("main") || inner.has_name("article") || inner.has_name("h1"))
}
