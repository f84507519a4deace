//! When Google is asked for its keys, and what becomes of its answers. The clock is moved by hand.

use super::*;

async fn refusal(google: &Google, token: &IdToken) -> Option<Refusal> {
    match google.identify(token, None).await {
        Ok(_) => None,
        Err(GoogleError::Refused(refusal)) => Some(refusal),
        Err(GoogleError::Unavailable(error)) => panic!("{error}"),
    }
}

async fn unavailable(google: &Google, token: &IdToken) -> KeysError {
    match google.identify(token, None).await {
        Err(GoogleError::Unavailable(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn naming(key: &str, private: &[u8]) -> IdToken {
    let mut header = header();
    header["kid"] = json!(key);
    signed(private, &header, &long_lived())
}

/// So that the clock can be moved without the token's dying.
fn long_lived() -> Value {
    let mut claims = claims();
    claims["exp"] = json!(NOW.seconds() + 1_000_000);
    claims
}

fn both() -> String {
    published(&[public("first", FIRST), public("second", SECOND)])
}

#[tokio::test]
async fn keys_are_read_once_and_kept_for_an_hour_at_most() {
    let (clock, provider) = (clock(), Provider::start(both()).await);
    let google = provider.google(&clock);
    for _ in 0..3 {
        assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
        assert_eq!(refusal(&google, &naming("second", SECOND)).await, None);
    }
    assert_eq!(provider.asked(), 1);
    clock.advance(Duration::from_secs(3599));
    assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
    assert_eq!(
        provider.asked(),
        1,
        "six hours are allowed, an hour is taken"
    );
    clock.advance(Duration::from_secs(1));
    assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
    assert_eq!(provider.asked(), 2);
}

#[tokio::test]
async fn an_answer_says_how_long_it_is_fresh() {
    for (headers, seconds) in [
        ("Cache-Control: max-age=600\r\n", 600),
        (
            "Cache-Control: public, MAX-AGE=600, must-revalidate\r\n",
            600,
        ),
        ("Cache-Control: max-age=600\r\nAge: 200\r\n", 400),
        ("Cache-Control: max-age=600\r\nAge: 20000\r\n", 60),
        ("Cache-Control: max-age=1\r\n", 60),
        ("Cache-Control: no-store\r\n", 60),
        ("Cache-Control: max-age=none\r\n", 300),
        ("", 300),
        ("Cache-Control: max-age=99999999999999999999\r\n", 300),
        ("Cache-Control: max-age=999999\r\n", 3600),
    ] {
        let body = json!({"keys": [public("first", FIRST)]}).to_string();
        let (clock, provider) = (clock(), Provider::start(answer(headers, &body)).await);
        let google = provider.google(&clock);
        assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
        clock.advance(Duration::from_secs(seconds - 1));
        assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
        assert_eq!(provider.asked(), 1, "{headers}");
        clock.advance(Duration::from_secs(1));
        assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
        assert_eq!(provider.asked(), 2, "{headers}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let (clock, provider) = (
        clock(),
        Provider::start(published(&[public("first", FIRST)])).await,
    );
    let google = provider.google(&clock);
    for number in 0..20 {
        let token = naming(&format!("made up {number}"), SECOND);
        assert_eq!(refusal(&google, &token).await, Some(Refusal::UnknownKey));
    }
    assert_eq!(provider.asked(), 1);
    clock.advance(Duration::from_mins(1));
    provider.says(both());
    assert_eq!(
        refusal(&google, &naming("second", SECOND)).await,
        None,
        "it was rotated in"
    );
    assert_eq!(
        refusal(&google, &naming("third", SECOND)).await,
        Some(Refusal::UnknownKey)
    );
    assert_eq!(provider.asked(), 2);
}

#[tokio::test]
async fn a_key_that_was_taken_back_signs_nobody_in() {
    let (clock, provider) = (clock(), Provider::start(both()).await);
    let google = provider.google(&clock);
    assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
    provider.says(published(&[public("second", SECOND)]));
    clock.advance(Duration::from_hours(1));
    assert_eq!(
        refusal(&google, &naming("first", FIRST)).await,
        Some(Refusal::UnknownKey)
    );
}

#[tokio::test]
async fn many_at_once_ask_once() {
    let (clock, provider) = (clock(), Provider::start(both()).await);
    let google = provider.google(&clock);
    let asking: Vec<_> = (0..50)
        .map(|number| {
            let google = google.clone();
            tokio::spawn(async move {
                let key = if number % 2 == 0 { "first" } else { "made up" };
                refusal(&google, &naming(key, FIRST)).await
            })
        })
        .collect();
    for (number, asked) in asking.into_iter().enumerate() {
        let expected = (number % 2 == 1).then_some(Refusal::UnknownKey);
        assert_eq!(asked.await.unwrap(), expected);
    }
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn while_google_is_away_an_older_key_does_for_an_hour_and_no_longer() {
    let body = json!({"keys": [public("first", FIRST)]}).to_string();
    let (clock, provider) = (clock(), Provider::start(answer("", &body)).await);
    let google = provider.google(&clock);
    assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
    provider.says("HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    clock.advance(Duration::from_mins(30));
    assert_eq!(refusal(&google, &naming("first", FIRST)).await, None);
    assert_eq!(provider.asked(), 3, "asked again, and once more");
    assert!(matches!(
        unavailable(&google, &naming("second", SECOND)).await,
        KeysError::AMomentAgo
    ));
    clock.advance(Duration::from_mins(30));
    let error = unavailable(&google, &naming("first", FIRST)).await;
    assert!(matches!(error, KeysError::Status(500)), "{error}");
}

#[tokio::test]
async fn a_failure_is_not_repeated_for_a_few_seconds_and_then_forgotten() {
    let (clock, provider) = (
        clock(),
        Provider::start("HTTP/1.1 503 No\r\n\r\n".to_owned()).await,
    );
    let google = provider.google(&clock);
    for _ in 0..5 {
        unavailable(&google, &token()).await;
    }
    assert_eq!(provider.asked(), 2, "one fetch, tried twice");
    provider.says(both());
    clock.advance(Duration::from_secs(5));
    assert_eq!(refusal(&google, &token()).await, None);
}

#[tokio::test]
async fn an_answer_that_holds_no_keys_is_none() {
    let no_keys = |body: &str| answer("", body);
    let mut of_another_kind = public("first", FIRST);
    of_another_kind["use"] = json!("enc");
    let mut for_another_use = public("first", FIRST);
    for_another_use["alg"] = json!("RS512");
    let mut even = public("first", FIRST);
    even["e"] = json!("AQAA");
    for answer in [
        no_keys(""),
        no_keys("<html>Sign in to this network</html>"),
        no_keys("{}"),
        no_keys(r#"{"keys": {}}"#),
        no_keys(r#"{"keys": []}"#),
        no_keys(r#"{"keys": [1, null, {}, {"kty": "RSA", "kid": "first"}]}"#),
        published(&[
            public("first", SHORT),
            of_another_kind,
            for_another_use,
            even,
        ]),
        published(&[json!({"kty": "oct", "kid": "first", "k": "c2VjcmV0"})]),
        "HTTP/1.1 204 No\r\n\r\n".to_owned(),
        "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
        answer("", &"x".repeat(65 * 1024)),
        "nothing of HTTP".to_owned(),
    ] {
        let provider = Provider::start(answer.clone()).await;
        unavailable(&provider.google(&clock()), &token()).await;
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_given_up() {
    let provider = Provider::start(String::new()).await;
    let google = provider.waited_for(Duration::from_millis(20), &clock());
    let error = unavailable(&google, &token()).await;
    assert!(matches!(error, KeysError::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let elsewhere = Provider::start(both()).await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.url
    );
    let provider = Provider::start(redirect).await;
    let error = unavailable(&provider.google(&clock()), &token()).await;
    assert!(matches!(error, KeysError::Status(302)), "{error}");
    assert_eq!(elsewhere.asked(), 0);
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let endless = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
        "{".repeat(1_000_000)
    );
    let provider = Provider::start(endless).await;
    let error = unavailable(&provider.google(&clock()), &token()).await;
    assert!(matches!(error, KeysError::TooLarge), "{error}");
}

#[tokio::test]
async fn one_bad_key_does_not_hide_a_good_one() {
    let mut unnamed = public("x", SECOND);
    unnamed.as_object_mut().unwrap().remove("kid");
    let keys = [
        unnamed,
        public("short", SHORT),
        json!({"kty": "EC"}),
        public("first", FIRST),
    ];
    let provider = Provider::start(published(&keys)).await;
    let google = provider.google(&clock());
    assert_eq!(refusal(&google, &token()).await, None);
    assert_eq!(
        refusal(&google, &naming("short", SHORT)).await,
        Some(Refusal::UnknownKey)
    );
    assert_eq!(google.count_keys().await.unwrap(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_the_fetch() {
    let (clock, provider) = (clock(), Provider::start(both()).await);
    let google = provider.google(&clock);
    let token = token();
    {
        let mut asking = std::pin::pin!(google.identify(&token, None));
        let once = std::future::poll_fn(|context| {
            std::task::Poll::Ready(asking.as_mut().poll(context).is_pending())
        });
        assert!(once.await, "it is under way");
    }
    assert_eq!(refusal(&google, &token).await, None);
    assert_eq!(provider.asked(), 1);
}
