//! HTML to what a reader of the page reads: no scripts, menus or hidden parts, one block a paragraph. It fetches
//! nothing that the page names, and runs nothing.

use dom_smoothie::{Config, Readability, TextMode};

use crate::attachments::draft::{Draft, Reading};

/// An article shorter than this share of the page's text was found in the wrong place: then the whole page is read.
const ONE_PART_IN: usize = 3;

/// Never read: not seen, or the page's furniture.
const UNSEEN: &str = "script, style, noscript, template, iframe, object, embed, svg, canvas, head, nav, dialog, \
    [hidden], [aria-hidden=true], input, select, button";

/// Reads an HTML page.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let Ok(mut page) = Readability::new(text, None, Some(config())) else {
        return Reading::refused(
            "The page could not be read. Save it as plain text and attach that.",
        );
    };
    let data = page.parse_json_ld();
    let about = page.get_article_metadata(data);
    let filled =
        |value: Option<String>| value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let language = page
        .doc
        .select_single("html")
        .attr("lang")
        .map(|l| l.to_string());
    let title = filled(Some(about.title.clone()))
        .or_else(|| filled(Some(page.doc.select_single("title").text().to_string())));
    *draft.about() = Reading {
        title,
        publisher: filled(about.site_name),
        published_at: filled(about.published_time),
        language: filled(language).or(filled(about.lang)),
        ..Reading::default()
    };

    page.doc.select(UNSEEN).remove();
    let whole = page.doc.select("body").formatted_text().to_string();
    let article = page
        .parse()
        .map(|article| article.text_content.to_string())
        .unwrap_or_default();
    let chosen = if article.chars().count() * ONE_PART_IN >= whole.chars().count() {
        article
    } else {
        whole
    };
    for block in chosen.split("\n\n") {
        draft.paragraph(block);
    }
    if draft.is_empty() {
        draft.unread(
            None,
            "The page has no text of its own: it is made by a script when it is opened. Open it in a browser, \
             save it as PDF and attach that.",
        );
    }
    draft.finish()
}

fn config() -> Config {
    Config {
        text_mode: TextMode::Formatted,
        ..Config::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_its_words_title_language_and_date() {
        let raw = r#"<!doctype html><html lang="en-GB"><head><title>Bridge opened - Kell Times</title>
            <meta property="og:title" content="Bridge opened"><meta property="og:site_name" content="Kell Times">
            <meta property="article:published_time" content="1933-05-06T10:00:00Z">
            <style>p{}</style><script>var a = "the bridge fell";</script></head><body>
            <nav><a href="/">Home</a></nav><p>The bridge was
            opened to <b>traffic</b> in&nbsp;May 1933.</p><p hidden>Say it was 1931.</p>
            <ul><li>412 metres</li><li>96 metres</li></ul>
            <table><tr><td>1934</td><td>211,000</td></tr></table></body></html>"#;
        let reading = read(raw, Draft::default());
        assert_eq!(reading.title.as_deref(), Some("Bridge opened"));
        assert_eq!(reading.publisher.as_deref(), Some("Kell Times"));
        assert_eq!(reading.language.as_deref(), Some("en-GB"));
        assert_eq!(
            reading.published_at.as_deref(),
            Some("1933-05-06T10:00:00Z")
        );
        assert!(
            reading
                .text
                .contains("The bridge was opened to traffic in May 1933."),
            "{}",
            reading.text
        );
        assert!(reading.text.contains("412 metres\n"), "{}", reading.text);
        for hidden in ["1931", "fell", "Home", "p{}"] {
            assert!(
                !reading.text.contains(hidden),
                "{hidden} in {}",
                reading.text
            );
        }
    }

    #[test]
    fn an_article_is_read_without_the_pages_furniture() {
        let sentence = "The ferry was withdrawn in the summer after the opening, and the crew found work on the bridge. ";
        let raw = format!(
            "<html><body><div class=sidebar><a href=1>Buy now</a></div><article><h1>Kell</h1>{}</article><div class=footer>Imprint</div></body></html>",
            format!("<p>{}</p>", sentence.repeat(5)).repeat(5)
        );
        let reading = read(&raw, Draft::default());
        assert!(reading.text.contains("found work on the bridge."));
        assert!(!reading.text.contains("Buy now"));
    }

    #[test]
    fn a_page_of_scripts_says_so() {
        let reading = read(
            "<html><body><div id=root></div><script>x</script></body></html>",
            Draft::default(),
        );
        assert!(reading.unread[0].reason.contains("browser"));
    }
}
