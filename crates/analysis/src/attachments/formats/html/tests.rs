use super::*;
use crate::attachments::testing::records;

fn page(body: &str) -> Reading {
    read(
        &format!("<!doctype html><html><head><title>T</title></head><body>{body}</body></html>"),
        Draft::default(),
    )
}

fn text(body: &str) -> String {
    page(body).text
}

fn notes(reading: &Reading) -> String {
    let reasons = reading.unread.iter().map(|unread| unread.reason.as_str());
    reasons.collect::<Vec<_>>().join(
        "
",
    )
}

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
    assert!(!reading.text.contains("Imprint"));
}

#[test]
fn a_menu_of_dishes_is_no_menu_of_links() {
    let reading = page(
        "<a href=#main>Skip to content</a><div class=menu><a href=a>Home</a> <a href=b>About</a></div>\
         <div id=menu><h2>Lunch</h2><p>Soup of the day for 6.00</p></div><aside><p>The mill was built in 1912.</p></aside>",
    );
    assert_eq!(
        reading.text,
        "Lunch\n\nSoup of the day for 6.00\n\nThe mill was built in 1912."
    );
}

#[test]
fn a_page_of_scripts_says_so() {
    let reading = read(
        "<html><body><div id=root></div><script>x</script></body></html>",
        Draft::default(),
    );
    assert!(reading.unread[0].reason.contains("browser"));
}

#[test]
fn lists_and_details_are_lines_of_their_own() {
    assert_eq!(
        text(
            "<dl><dt>Founded</dt><dd>1912</dd><dt>Staff:</dt><dd>410</dd><dt>Shut</dt></dl>\
             <details><summary>More</summary>The mill stands.</details>\
             <figure><img src=a><figcaption>The mill in 1920</figcaption></figure>Tail\
             <ul><li>One<li>Two<ul><li>Inner</ul></ul>"
        ),
        "Founded: 1912\nStaff: 410\nShut\n\nMore\n\nThe mill stands.\n\nThe mill in 1920\n\nTail\n\nOne\nTwo\nInner"
    );
}

#[test]
fn summary_stands_before_its_details() {
    assert_eq!(
        text("<details>It was built in 1912.<summary>How old?</summary><p>It stands.</details>"),
        "How old?\n\nIt was built in 1912.\n\nIt stands."
    );
}

#[test]
fn rows_of_a_table_are_records() {
    let reading = page(
        "<h2>Data</h2><table><tr><th>Item<th>Value<tr><td>Weight<td>8.2 kg<tr><td>Power<td>1,450 W</table>",
    );
    assert_eq!(
        reading.text,
        "Data\n\nItem\tValue\nWeight\t8.2 kg\nPower\t1,450 W"
    );
    assert_eq!(
        records(&reading),
        [
            "Data / 1: Item=Weight Value=8.2 kg",
            "Data / 2: Item=Power Value=1,450 W"
        ]
    );
}

#[test]
fn spanning_cells_hold_for_each_row_and_column() {
    let reading = page(
        "<table><caption>Trade</caption><thead><tr><th rowspan=2>Region<th colspan=2>2022<th colspan=2>2023\
         <tr><th>In<th>Out<th>In<th>Out</thead><tbody><tr><th rowspan=2>North<td>1<td>2<td>3<td>4\
         <tr><td>5<td colspan=2>n/a<td>8</table>",
    );
    assert_eq!(
        reading.text,
        "Trade\n\nRegion\t2022\t2023\n\tIn\tOut\tIn\tOut\nNorth\t1\t2\t3\t4\nNorth\t5\tn/a\t8"
            .replace("\n\tIn", "\nIn")
    );
    assert_eq!(
        records(&reading),
        [
            "Trade / 1: Region=North 2022 In=1 2022 Out=2 2023 In=3 2023 Out=4",
            "Trade / 2: Region=North 2022 In=5 2022 Out=n/a 2023 In=n/a 2023 Out=8"
        ]
    );
}

#[test]
fn a_title_between_rows_holds_for_those_beneath() {
    let reading = page(
        "<table><tr><th>Town<th>Staff<tr><td colspan=2>North<tr><td>Brask<td>31<tr><td colspan=2>South<tr><td>Tolm<td>12\
         <tr><td colspan=2>Source: the office</table>",
    );
    assert_eq!(
        records(&reading),
        [
            "North / 1: Town=Brask Staff=31",
            "South / 2: Town=Tolm Staff=12"
        ]
    );
}

#[test]
fn an_infobox_has_a_title_and_lists() {
    let reading = page(
        "<table><tr><th colspan=2>Brask Mill<tr><td colspan=2>The mill in 1920<tr><th>Founded<td>1912\
         <tr><th>Founders<td><ul><li>Ada Lorne<li>Jon Moe</ul></table>",
    );
    assert_eq!(
        records(&reading),
        [
            "Brask Mill / 1: =Founded =1912",
            "Brask Mill / 2: =Founders =Ada Lorne, Jon Moe"
        ]
    );
    assert!(reading.text.contains("The mill in 1920"));
}

#[test]
fn an_infobox_has_no_header_row() {
    let reading = page("<table><tr><th>Founded<td>1912<tr><th>Staff<td>410</table>");
    assert_eq!(records(&reading), ["1: =Founded =1912", "2: =Staff =410"]);
}

#[test]
fn a_table_that_only_lays_out_is_blocks() {
    let reading = page(
        "<table><tr><td><h1>Mill</h1><p>It stands.<td><table><tr><th>Year<th>Staff<tr><td>1912<td>410</table></table>",
    );
    assert_eq!(reading.text, "Mill\n\nIt stands.\n\nYear\tStaff\n1912\t410");
    assert_eq!(records(&reading), ["Mill / 1: Year=1912 Staff=410"]);
}

#[test]
fn struck_out_text_is_left_out_and_named() {
    let reading = page(
        "<style>.old { text-decoration: line-through }</style><p>The lamp costs <del>50</del><ins>40</ins> euros, \
         the chair <span class=old>£90</span> £70, the rug <span style='text-decoration: line-through red'>5</span> 4.",
    );
    assert_eq!(
        reading.text,
        "The lamp costs 40 euros, the chair £70, the rug 4."
    );
    assert!(
        notes(&reading).contains("“50”, “£90”, “5”"),
        "{}",
        notes(&reading)
    );
}

#[test]
fn an_insertion_is_not_glued_to_its_neighbour() {
    assert_eq!(
        text("<p>All <del>nine</del><ins>seven</ins>teen, now<del>50</del><ins>40</ins>."),
        "All seven teen, now 40."
    );
}

#[test]
fn hidden_text_is_no_evidence_and_is_named() {
    let reading = page(
        "<style>.x, #y b{display : none} @media print { p { display: none } }</style><p>Seen.</p><p class=x>One</p>\
         <p id=y>Two<b>Three</b></p><p style='visibility:hidden'>Four</p><p style='color:#FFF'>Five</p>\
         <p style='font-size:0'>Six</p><span aria-hidden=true>Icon</span>",
    );
    assert_eq!(reading.text, "Seen.\n\nTwo\n\nIcon");
    for hidden in ["One", "Three", "Four", "Five", "Six"] {
        assert!(notes(&reading).contains(hidden), "{hidden}");
    }
}

#[test]
fn white_letters_on_a_dark_ground_are_seen() {
    assert_eq!(
        text("<div style='background:#000'><p style='color:white'>Seen.</p></div>"),
        "Seen."
    );
}

#[test]
fn raised_figures_keep_apart_from_numbers() {
    assert_eq!(
        text(
            "<p>4,312<sup>2</sup> people, 10<sup>6</sup> cells, 410<sup><a href='#f'>1</a></sup> hands, 5 km<sup>2</sup>, CO<sub>2</sub></p>"
        ),
        "4,312[2] people, 10⁶ cells, 410[1] hands, 5 km², CO₂"
    );
}

#[test]
fn walls_are_named() {
    for (body, says) in [
        (
            "<p>Please sign in to continue reading.</p>",
            "a sign-in page",
        ),
        (
            "<form>Name <input name=a> Password <input type=password></form>",
            "a sign-in page",
        ),
        (
            "<div id=cookie-banner>We use cookies.<button>Accept all</button></div>",
            "consent",
        ),
    ] {
        assert!(notes(&page(body)).contains(says), "{body}");
    }
    let small = page(
        "<div class=cookie-consent role=dialog>We value your privacy</div><h1>Mill</h1><p>Built in 1912.",
    );
    assert_eq!(small.text, "Mill\n\nBuilt in 1912.");
    assert!(small.unread.is_empty(), "{}", notes(&small));
    let reading = page(
        "<p>The mill stands on the river and employs four hundred people, most of them from the town of Brask. It was \
         built in 1912 by Ada Lorne, who had come there from the coast to look for water that falls.</p>\
         <div class=cookies>We use cookies.<button>Accept all</button></div>",
    );
    assert!(reading.unread.is_empty(), "{}", notes(&reading));
    let long = "<p>The mill stands on the river and employs four hundred people.</p>".repeat(40);
    let reading = page(&format!("{long}<div class=cookies>We use cookies.</div>"));
    assert!(reading.unread.is_empty() && !reading.text.contains("cookies"));
}

#[test]
fn notes_made_before_are_kept() {
    let mut draft = Draft::default();
    draft.unread(None, "Some characters could not be read.");
    let reading = read("<p>Text", draft);
    assert_eq!(reading.unread.len(), 1);
}
