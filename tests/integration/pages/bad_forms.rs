//! Forms that are not ours, or not as our pages send them: nothing is done, and nothing of them is shown as it came.

use super::rest::PASSWORD;
use super::{Browser, Shown, register, start};

const EMAIL: &str = "ada@example.org";

const POSTS: [&str; 16] = [
    "/register",
    "/activate",
    "/sign-in",
    "/password",
    "/account/key",
    "/account/sign-out",
    "/account/sessions/end",
    "/account/sessions/end-others",
    "/account/data",
    "/account/delete",
    "/account/second-factor/app",
    "/account/second-factor/mail",
    "/account/second-factor/recovery",
    "/account/second-factor/off",
    "/upload/remove",
    "/upload/decline",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_no_page_of_ours_sent_is_refused_on_every_route() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let ours = app.server.url.clone();
    let cases: [(&[(&str, &str)], bool); 12] = [
        (&[], false),
        (&[("sec-fetch-site", "same-origin")], true),
        (
            &[("sec-fetch-site", "same-origin"), ("origin", &ours)],
            true,
        ),
        (&[("origin", &ours)], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "none")], false),
        (
            &[("sec-fetch-site", "cross-site"), ("origin", &ours)],
            false,
        ),
        (
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-site", "cross-site"),
            ],
            false,
        ),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[("referer", &ours)], false),
    ];
    for path in POSTS {
        for (headers, is_ours) in cases {
            // No page has this field: a form that is let in is refused for that, and does nothing either.
            let mut request = browser.request(path).form(&[("no_such_field", "x")]);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let shown = browser.send(request).await;
            let expected = if is_ours { 400 } else { 403 };
            assert_eq!(shown.status, expected, "{path} {headers:?}: {}", shown.body);
            assert!(shown.cookies().is_empty());
        }
    }
    browser.get("/account").await.says(200, EMAIL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_of_ones_own_may_call_but_not_send_our_forms() {
    let app = start(&[("CLARA_CLIENT_URL", "https://app.example.org")]);
    let browser = app.signed_in_browser(EMAIL).await;
    let request = browser.request("/account/sign-out").form(&[("a", "b")]);
    let shown = browser
        .send(request.header("origin", "https://app.example.org"))
        .await;
    shown.says(403, "not sent from a page of Clara");
}

/// A form of this site with this body.
async fn raw(browser: &Browser, path: &str, kind: &str, body: Vec<u8>) -> Shown {
    let request = browser
        .request(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", kind)
        .body(body);
    browser.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_of_another_kind_or_said_twice_is_refused() {
    let app = start(&[]);
    let browser = app.browser();
    let form = "application/x-www-form-urlencoded";
    for path in POSTS {
        let long = raw(&browser, path, form, vec![b'a'; 16 * 1024 + 1]).await;
        assert_eq!(long.status, 413, "{path}");
        let other = raw(&browser, path, "application/json", b"{}".to_vec()).await;
        assert_eq!(other.status, 415, "{path}");
        let plain = raw(&browser, path, "text/plain", b"email=a".to_vec()).await;
        assert_eq!(plain.status, 415, "{path}");
        let twice = raw(&browser, path, form, b"code=1&code=2".to_vec()).await;
        assert_eq!(twice.status, 400, "{path}");
        assert_ne!(browser.get(path).await.status, 404, "{path}");
    }
    let full = vec![b'a'; 16 * 1024 - 6];
    let full = raw(
        &browser,
        "/sign-in",
        form,
        [b"email=".to_vec(), full].concat(),
    )
    .await;
    assert_eq!(full.status, 400, "a long address is one that does not fit");
    let broken = raw(
        &browser,
        "/sign-in",
        form,
        b"email=%ff%fe&password=%00".to_vec(),
    )
    .await;
    assert!((400..500).contains(&broken.status), "{}", broken.status);
    let packed = browser
        .request("/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", form)
        .header("content-encoding", "gzip")
        .body("x");
    assert_eq!(browser.send(packed).await.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_typed_is_shown_as_text() {
    const EVIL: [&str; 4] = [
        "\"><script>alert(1)</script>",
        "' onfocus='alert(1)",
        "\" autofocus onfocus=\"alert(1)",
        "</title></input><img src=x onerror=alert(1)>",
    ];
    let app = start(&[]);
    let browser = app.browser();
    for evil in EVIL {
        let forms: [(&str, Vec<(&str, &str)>); 5] = [
            (
                "/register",
                vec![
                    ("first_name", evil),
                    ("last_name", evil),
                    ("email", evil),
                    ("password", evil),
                ],
            ),
            ("/activate", vec![("user_email", evil), ("code", evil)]),
            (
                "/activate",
                vec![("user_email", evil), ("code", evil), ("act", "send")],
            ),
            (
                "/sign-in",
                vec![("email", evil), ("password", evil), ("code", evil)],
            ),
            (
                "/password",
                vec![
                    ("user_email", evil),
                    ("code", evil),
                    ("totp", evil),
                    ("password", evil),
                ],
            ),
        ];
        for (path, form) in forms {
            let shown = browser.post(path, &form).await;
            assert!(shown.status >= 400, "{path}");
            is_harmless(&shown, path);
        }
        // Signing in in two steps repeats the address in words too.
        let sent = browser
            .post(
                "/sign-in",
                &[("email", evil), ("password", PASSWORD), ("act", "send")],
            )
            .await;
        is_harmless(&sent, "/sign-in");
    }
    // Names are whatever their owner calls themselves.
    let named = app.browser();
    let form = [
        ("first_name", "<b>Ada</b>"),
        ("last_name", "\"'&"),
        ("email", EMAIL),
        ("password", PASSWORD),
    ];
    named
        .post("/register", &form)
        .await
        .goes_to("/activate?notice=registered");
    is_harmless(&named.get("/account").await, "/account");
    for query in [
        "notice=<script>",
        "notice=sent&next=https://evil.example",
        "request=\"><script>",
    ] {
        let shown = named.get(&format!("/sign-in?{query}")).await;
        is_harmless(&shown, query);
        assert!(!shown.body.contains("evil.example"));
    }
}

const TAGS: &str = " !doctype html head meta title link body header a main h1 h2 p form div label input span button ul li dl dt \
dd code strong ";
const ATTRIBUTES: &str = " html lang charset name content rel href role class method action novalidate for id type value \
autocomplete hidden readonly required autocapitalize spellcheck aria-invalid aria-describedby autofocus ";

/// Whether the page has our elements with our attributes, and no others.
#[track_caller]
fn is_harmless(shown: &Shown, what: &str) {
    let mut rest = shown.body.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        let mut outside = String::new();
        let mut quoted = false;
        let mut length = 0;
        for character in after.chars() {
            length += character.len_utf8();
            match character {
                '"' => quoted = !quoted,
                '>' if !quoted => break,
                _ if quoted => {}
                other => outside.push(other),
            }
        }
        let mut words = outside.split_whitespace();
        let tag = words.next().unwrap_or_default().trim_start_matches('/');
        assert!(
            TAGS.contains(&format!(" {tag} ")),
            "{what}: <{tag}> {}",
            shown.body
        );
        for word in words {
            let name = word.trim_end_matches('=');
            assert!(
                ATTRIBUTES.contains(&format!(" {name} ")),
                "{what}: {name} {}",
                shown.body
            );
        }
        rest = &after[length..];
    }
}

#[test]
fn this_test_sees_what_it_should() {
    for evil in [
        "<script>",
        "<p onclick=\"x\">",
        "<input value=\"\" onfocus=x \"\">",
        "<img src=x>",
    ] {
        let shown = Shown {
            status: 200,
            headers: reqwest::header::HeaderMap::default(),
            body: evil.to_owned(),
        };
        let seen = std::panic::catch_unwind(|| is_harmless(&shown, "evil"));
        assert!(seen.is_err(), "{evil}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_somebody_made_up_is_nobodys() {
    let app = start(&[]);
    let browser = app.signed_in_browser(EMAIL).await;
    let token = browser.cookie("clara").unwrap();
    let key = browser.post("/account/key", &[]).await.body;
    let key = key
        .split("clara_api_")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let made_up = [
        String::new(),
        "nonsense".to_owned(),
        format!("{token}x"),
        format!("clara_api_{key}"),
        super::rest::PUBLIC.to_owned(),
        super::rest::PRIVATE.to_owned(),
        format!("Bearer {token}"),
        format!("{token}; clara={token}"),
    ];
    for value in made_up {
        let thief = app.browser();
        thief.put_cookie("clara", &value);
        for path in ["/account", "/account/data", "/account/delete"] {
            let shown = thief.get(path).await;
            assert_eq!(shown.status, 303, "{path} with {value}");
            assert!(shown.location().starts_with("/sign-in"));
        }
        assert_eq!(thief.post("/account/key", &[]).await.status, 303);
    }
    // Over REST and MCP a cookie is nothing at all.
    for path in ["/api/v1/users/x", "/mcp"] {
        let shown = browser.get(path).await;
        assert!(shown.status >= 400, "{path}: {}", shown.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_held_to_the_limits_of_its_address() {
    let app = start(&[]);
    let guesser = app.browser();
    let wrong = async |browser: &Browser, number: u16| {
        // At one account alone there would be a wait sooner.
        let email = format!("a{number}@example.org");
        let form = [
            ("email", email.as_str()),
            ("password", "not this one at all"),
        ];
        browser.post("/sign-in", &form).await
    };
    for number in 0..10 {
        assert_eq!(wrong(&guesser, number).await.status, 401);
    }
    let eleventh = wrong(&guesser, 10).await;
    eleventh.says(429, "There were too many wrong sign-ins.");
    assert!(eleventh.headers.contains_key("retry-after"));
    let mut elsewhere = app.browser();
    elsewhere.headers.push(super::support::from_address(7));
    assert_eq!(wrong(&elsewhere, 0).await.status, 401);
    for number in 0..5 {
        let made = register(&app.browser(), &format!("a{number}@example.org")).await;
        assert_eq!(made.status, 303, "{}", made.body);
    }
    register(&app.browser(), "a6@example.org")
        .await
        .says(429, "Too many accounts were made in your network.");
}
