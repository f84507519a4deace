//! The report as others see it: snapshots of every rendering, hostile text made harmless, and the budget of a model.

use serde_json::Value;

use super::fixture::{Case, bridge, hostile, long};
use super::*;
use clara_domain::evidence::{Field, Layout, Place, Record};
use clara_domain::text::Span;
use clara_domain::verdict::Stance;

const RESOURCE: &str = "clara://tasks/task_0123456789abcdef0123456789abcdef/report";

#[test]
fn markdown_for_a_person() {
    insta::assert_snapshot!("markdown", markdown(&bridge().report()));
    insta::assert_snapshot!("markdown_hostile", markdown(&hostile().report()));
}

#[test]
fn a_page_of_html() {
    insta::assert_snapshot!("html", html(&bridge().report()).unwrap());
    insta::assert_snapshot!("html_hostile", html(&hostile().report()).unwrap());
}

#[test]
fn claim_reviews_of_decided_claims() {
    let reviews = claim_reviews(&bridge().report(), Some("https://clara.example/reports/1"));
    assert_eq!(reviews["@graph"].as_array().unwrap().len(), 3);
    insta::assert_json_snapshot!("claim_reviews", reviews);
}

#[test]
fn a_report_in_a_terminal() {
    let report = bridge().report();
    insta::assert_snapshot!("terminal", terminal(&report, false, 80));
    insta::assert_snapshot!("terminal_narrow_colour", terminal(&report, true, 40));
    insta::assert_snapshot!("terminal_hostile", terminal(&hostile().report(), false, 80));
}

#[test]
fn a_report_for_a_model() {
    let shown = for_model(&bridge().report(), RESOURCE);
    insta::assert_json_snapshot!("for_model", shown.structured);
    insta::assert_snapshot!("for_model_text", shown.text);
    insta::assert_snapshot!(
        "for_model_text_hostile",
        for_model(&hostile().report(), RESOURCE).text
    );
}

#[test]
fn no_rendering_lets_text_from_outside_act() {
    let report = hostile().report();
    let page = html(&report).unwrap();
    let shown = for_model(&report, RESOURCE).text;
    for rendering in [
        &markdown(&report),
        &shown,
        &page,
        &terminal(&report, false, 80),
    ] {
        for character in ['\u{1b}', '\u{7}', '\r', '\u{202e}', '\u{200b}', '\u{e0041}'] {
            assert!(
                !rendering.contains(character),
                "{character:?} in {rendering}"
            );
        }
    }
    for rendering in [&markdown(&report), &shown, &page] {
        for tag in [
            "<system>",
            "<script",
            "</blockquote><",
            "<b>",
            "<img",
            "<|im_start",
        ] {
            assert!(!rendering.contains(tag), "{tag} in {rendering}");
        }
    }
    for rendering in [&markdown(&report), &shown] {
        // An escaped bracket shows itself and links nothing.
        let unescaped = rendering.replace("\\]", "");
        assert!(
            !unescaped.contains("]("),
            "a link or picture in {rendering}"
        );
        assert!(
            !rendering.contains("https://"),
            "a bare link in {rendering}"
        );
        assert!(!rendering.lines().any(|line| line.starts_with("# Now")));
    }
    assert!(
        !page.contains("href"),
        "no address of a source may be followed"
    );
}

#[test]
fn a_long_report_fits_a_model_and_says_what_is_left() {
    let report = long().report();
    let shown = for_model(&report, RESOURCE);
    let text = Value::String(shown.text.clone());
    for value in [&shown.structured, &text] {
        let tokens = value.to_string().chars().count().div_ceil(4);
        assert!(tokens <= BUDGET_TOKENS, "{tokens} tokens");
        assert!(tokens > BUDGET_TOKENS / 2, "the budget is used: {tokens}");
    }
    let claims = shown.structured["claims"].as_array().unwrap();
    assert!(claims.iter().all(|claim| claim["verdict"] == "refuted"));
    assert_eq!(shown.structured["more"]["claims_left"], 500 - claims.len());
    assert_eq!(shown.structured["more"]["resource"], RESOURCE);
    let left = format!("Not shown: {} claims", 500 - claims.len());
    assert!(shown.text.contains(&left));
}

#[test]
fn a_cut_quote_still_stands_in_its_source() {
    let case = long();
    let shown = for_model(&case.report(), RESOURCE).structured;
    let quote = &shown["claims"][0]["evidence"][0];
    assert_eq!(quote["cut"], true);
    let position = |name: &str| usize::try_from(quote[name].as_u64().unwrap()).unwrap();
    let span = clara_domain::text::Span::new(position("start"), position("end"));
    assert_eq!(case.sources[0].text.slice(span), quote["quote"]);
}

#[test]
fn both_forms_for_a_model_carry_the_same_facts() {
    for report in [bridge().report(), long().report()] {
        let shown = for_model(&report, RESOURCE);
        let claims = shown.structured["claims"].as_array().unwrap();
        for claim in claims {
            let head = format!("{}: ", claim["id"].as_str().unwrap());
            assert_eq!(
                shown.text.lines().filter(|l| l.starts_with(&head)).count(),
                1
            );
            for quote in claim["evidence"].as_array().unwrap() {
                let place = format!("characters {}–{}", quote["start"], quote["end"]);
                assert!(shown.text.contains(&place), "{place}");
            }
        }
        let heads = shown
            .text
            .lines()
            .filter(|l| l.contains(" (confidence "))
            .count();
        assert_eq!(heads, claims.len());
    }
}

#[test]
fn the_name_of_a_part_is_shown() {
    let mut case = Case::new("The bridge has two towers. The bridge opened in 1931.");
    let slides = case.attach(
        "a.pptx",
        "Towers\nThe bridge has *two* towers.\nIt opened late.",
    );
    let place = |start, label: &str| Place {
        start,
        label: Some(label.to_owned()),
        ..Place::default()
    };
    slides.places = vec![place(0, "slide 1"), place(7, "slide\u{1b} 2, *notes*")];
    case.judge(
        "The bridge has two towers.",
        Verdict::Supported,
        0.9,
        "It says so.",
        &[("s1", "The bridge has *two* towers.", Stance::Supports)],
    );
    let report = case.report();
    let quote = &report.claims[0].evidence[0];
    assert_eq!(quote.place.as_deref(), Some("slide\u{1b} 2, *notes*"));
    assert!(markdown(&report).contains("slide␛ 2, \\*notes\\*, characters 7–35"));
    assert!(terminal(&report, false, 100).contains("slide␛ 2, *notes*, characters 7–35"));
    assert!(
        html(&report)
            .unwrap()
            .contains("2, *notes*, characters 7–35")
    );
    let shown = for_model(&report, RESOURCE);
    assert_eq!(
        shown.structured["claims"][0]["evidence"][0]["place"],
        "slide\u{1b} 2, *notes*"
    );
    assert!(
        shown.text.contains("2, \\*notes\\*, characters"),
        "{}",
        shown.text
    );
    let mut moved = report.clone();
    moved.claims[0].evidence[0].place = Some("slide 1".to_owned());
    assert!(verify(&moved, &case.submission, &case.sources).is_err());
}

#[test]
fn a_cell_of_a_sheet_has_its_letter() {
    let mut case = Case::new("The stone cost £4,312.");
    let sheet = case.attach("a.xlsx", "Item\tCost\nStone\t£4,312");
    sheet.places = vec![Place {
        start: 10,
        label: Some("sheet Budget, row 3".to_owned()),
        ..Place::default()
    }];
    sheet.layouts = vec![Layout {
        names: vec!["Item".to_owned(), "Cost".to_owned()],
        first_column: Some(1),
        ..Layout::default()
    }];
    let field = |name, start, end| Field {
        name,
        value: Span::new(start, end),
    };
    sheet.records = vec![Record {
        layout: 0,
        span: Span::new(10, 22),
        row: Some(1),
        parent: None,
        fields: vec![field(0, 10, 15), field(1, 16, 22)],
    }];
    let judgement = case.judge(
        "The stone cost £4,312.",
        Verdict::Supported,
        0.9,
        "The row says so.",
        &[("s1", "Stone\t£4,312", Stance::Supports)],
    );
    judgement.quotes[0].column = Some("Cost".to_owned());
    let quote = &case.report().claims[0].evidence[0];
    assert_eq!(quote.place.as_deref(), Some("sheet Budget, row 3, C"));
}
