//! The nearest tool to a name that nobody has: models mistype, and clients put prefixes of their own before a name.

use crate::operations::registry::Entry;

/// The tool whose name or title is most like what was asked for, where any is at all.
pub fn nearest(name: &str, offered: &[&'static Entry]) -> Option<&'static str> {
    const MIN_SIMILARITY: f64 = 0.35;
    let asked = name.replace(['.', '-', ' '], "_").to_lowercase();
    // Clients put their own prefix before a name: `mcp__clara__agent_analysis`.
    let asked = asked.rsplit("__").next().unwrap_or(&asked);
    let likeness = |entry: &&&'static Entry| {
        let title = entry.spec.title.replace([' ', '-'], "_").to_lowercase();
        let own = entry.spec.tool.split_once('_').map_or("", |(_, own)| own);
        [entry.spec.tool, own, &title]
            .into_iter()
            .map(|known| strsim::sorensen_dice(asked, known))
            .fold(0.0, f64::max)
    };
    let best = offered
        .iter()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(&best) >= MIN_SIMILARITY).then_some(best.spec.tool)
}
