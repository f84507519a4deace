use crate::attachments::extractor::is_sound;
use crate::attachments::garbled_tests::{Seeded, garble};
use crate::attachments::testing::{records, verdict};
use crate::attachments::{Reading, read_here};
use clara_domain::verdict::Verdict;

const CATALOG: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- mills -->\n<catalog xmlns=\"urn:x\" region=\"Kell\">\n\
    <mill id=\"m1\"><name>Old Mill</name><builtIn>1871</builtIn><weight unit=\"t\">4</weight><visitors year=\"1890\">310</visitors></mill>\n\
    <mill id=\"m2\"><name>New &amp; Tall</name><builtIn>1933</builtIn><note>The mill was moved in 1950.</note></mill>\n\
    <about>The <b>mills</b> of Kell are two.</about></catalog>";

fn reasons(reading: &Reading) -> String {
    let reasons: Vec<&str> = reading
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    reasons.join("\n")
}

#[test]
fn repeated_elements_are_records() {
    let reading = read_here("a.xml", CATALOG.as_bytes());
    assert!(is_sound(&reading), "{reading:?}");
    assert_eq!(
        records(&reading),
        [
            "catalog /  region=Kell",
            "catalog / mill / 1: id=m1 name=Old Mill built in=1871 weight=4 t",
            "catalog / mill /  visitors=310 year=1890",
            "catalog / mill / 2: id=m2 name=New & Tall built in=1933",
        ]
    );
    assert_eq!(reading.records[1].parent, Some(0));
    assert_eq!(reading.records[2].parent, Some(1));
    assert!(
        reading
            .text
            .contains("id: m2; name: New & Tall; built in: 1933"),
        "{}",
        reading.text
    );
    assert!(reading.text.contains("\n\nThe mill was moved in 1950.\n"));
    assert!(reading.text.ends_with("The mills of Kell are two."));
    assert_eq!(reasons(&reading), "");
}

#[test]
fn units_of_values_are_theirs() {
    let text = "<?xml version='1.0'?><mills><mill><name>Old Mill</name><price currency='EUR'>1200</price><visitors year='1890'>310</visitors></mill></mills>";
    let reading = read_here("a.xml", text.as_bytes());
    let said = |claim| verdict(claim, "a.xml", &reading);
    assert_eq!(
        said("The Old Mill's price is 1200 EUR."),
        Verdict::Supported
    );
    assert_ne!(
        said("The Old Mill's price is 1200 USD."),
        Verdict::Supported
    );
    assert_ne!(
        said("The Old Mill had 310 visitors in 1891."),
        Verdict::Supported
    );
}

#[test]
fn pages_within_feeds_are_read_as_seen() {
    let feed = "<?xml version='1.0'?><rss><item><title>Ferry ends</title><description><![CDATA[<p>The ferry was <b>withdrawn</b> in 1934.</p><script>x()</script>]]></description></item></rss>";
    let reading = read_here("a.xml", feed.as_bytes());
    assert_eq!(
        reading.text,
        "title: Ferry ends\n\nThe ferry was withdrawn in 1934."
    );
}

#[test]
fn entities_are_never_expanded() {
    let mut bomb = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"lol\">".to_owned();
    for at in 1..30 {
        let ten = format!("&l{};", at - 1).repeat(10);
        bomb = format!("{bomb}<!ENTITY l{at} \"{ten}\">");
    }
    bomb.push_str("<!ENTITY file SYSTEM \"file:///etc/passwd\">]><a><b>&l29;x</b><c>&file;</c><d e=\"&l29;\">y</d></a>");
    let reading = read_here("a.xml", bomb.as_bytes());
    assert!(reading.text.len() < 100, "{}", reading.text);
    assert!(!reading.text.contains("root:") && !reading.text.contains("lol"));
    let reasons = reasons(&reading);
    assert!(
        reasons.contains("document type") && reasons.contains("2 entities"),
        "{reasons}"
    );
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = format!(
        "<?xml version=\"1.0\"?>{}The mill.{}",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let reading = read_here("a.xml", deep.as_bytes());
    assert!(is_sound(&reading) && reading.text.ends_with("The mill."));
    assert!(reasons(&reading).contains("nested deeper"));
    let wide = format!(
        "<?xml version=\"1.0\"?><a>{}</a>",
        "<b c='1'/>".repeat(110_000)
    );
    let reading = read_here("a.xml", wide.as_bytes());
    assert!(is_sound(&reading) && reasons(&reading).contains("100,000"));
}

#[test]
fn attributes_without_end_are_named() {
    let many: String = (0..300).map(|at| format!(" a{at}='{at}'")).collect();
    let reading = read_here(
        "a.xml",
        format!("<?xml version='1.0'?><a{many}/>").as_bytes(),
    );
    assert!(
        reasons(&reading).contains("more than 200 attributes"),
        "{reading:?}"
    );
}

#[test]
fn broken_xml_keeps_what_stands_before() {
    let reading = read_here("a.xml", b"<?xml version='1.0'?>\n<a><m><name>Old</name><year>1871</year></m>\n<m><name>New</wrong></m></a>");
    assert!(
        reading.text.starts_with("name: Old; year: 1871"),
        "{}",
        reading.text
    );
    assert!(
        reasons(&reading).contains("broken at line 3"),
        "{}",
        reasons(&reading)
    );
    let none = read_here("a.xml", b"no element");
    assert!(reasons(&none).contains("no XML"));
}

#[test]
fn encodings_of_xml_are_read() {
    let western = b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a><town>K\xf8ll</town><mills>2</mills></a>";
    assert!(read_here("a.xml", western).text.contains("town: Køll"));
    let wide: Vec<u8> =
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?><a><town>Køll</town></a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
    assert!(read_here("a.xml", &wide).text.contains("town: Køll"));
}

#[test]
fn garbled_xml_has_a_sound_answer() {
    let mut seeded = Seeded(0x1234_5678_9abc_def1);
    for round in 0..200 {
        let mut bytes = CATALOG.as_bytes().to_vec();
        for _ in 0..=round / 60 {
            bytes = garble(&bytes, &mut seeded);
        }
        let reading = read_here("a.xml", &bytes);
        assert!(is_sound(&reading), "{}", String::from_utf8_lossy(&bytes));
    }
}
