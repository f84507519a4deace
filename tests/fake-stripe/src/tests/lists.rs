//! Lists, their filters and their pages, and what is put into an answer in place of an id.

use super::super::Fake;
use super::{CUSTOMERS, SESSIONS, get, list_trials, post, session};

list_trials![
    lists_come_in_pages_newest_first,
    events_are_found_by_type_and_time,
    references_are_expanded,
];

async fn lists_come_in_pages_newest_first(fake: Fake) {
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.insert(0, post(&fake, CUSTOMERS, &[]).await.id().to_owned());
    }
    let page = get(&fake, CUSTOMERS).await;
    assert_eq!(page.ids(), ids[..10], "ten where none are asked for");
    assert_eq!(page.body["has_more"], true);
    assert_eq!(page.body["url"], CUSTOMERS);
    let next = get(
        &fake,
        &format!("{CUSTOMERS}?limit=2&starting_after={}", ids[9]),
    )
    .await;
    assert_eq!(next.ids(), ids[10..]);
    assert_eq!(next.body["has_more"], false);
    for wrong in ["limit=0", "limit=101", "limit=x", "starting_after=cus_x"] {
        let refused = get(&fake, &format!("{CUSTOMERS}?{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
}

async fn events_are_found_by_type_and_time(fake: Fake) {
    let start = 1_800_000_000;
    fake.set_now(start).await;
    let session = session(&fake, 100).await;
    fake.pay(session.id()).await;
    fake.advance_clock(60).await;
    fake.refund(session.id(), 40).await;
    let kinds = |answer: super::Answer| {
        let data = answer.body["data"].as_array().unwrap();
        let kinds = data
            .iter()
            .map(|event| event["type"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    let [completed, intent, succeeded, refunded] = [
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.succeeded",
        "charge.refunded",
    ];
    let minute = start + 60;
    for (query, wanted) in [
        (String::new(), vec![refunded, completed, intent, succeeded]),
        (format!("type={completed}"), vec![completed]),
        ("type=charge.*".to_owned(), vec![refunded, succeeded]),
        (
            format!("types[]={completed}&types[]={refunded}"),
            vec![refunded, completed],
        ),
        (format!("types[0]={intent}"), vec![intent]),
        (format!("created[gte]={minute}"), vec![refunded]),
        (format!("created[gt]={minute}"), vec![]),
        (
            format!("created[lt]={minute}&type=charge.*"),
            vec![succeeded],
        ),
        (format!("created%5Blte%5D={start}&limit=1"), vec![completed]),
        (format!("created={minute}"), vec![refunded]),
    ] {
        let found = get(&fake, &format!("/v1/events?{query}")).await;
        assert_eq!(kinds(found), wanted, "{query}");
    }
    let events = get(&fake, "/v1/events?limit=1").await;
    let event = get(&fake, &format!("/v1/events/{}", events.ids()[0])).await;
    assert_eq!(event.body, events.body["data"][0]);
    let both = get(&fake, "/v1/events?type=a&types[]=b").await;
    assert_eq!(both.status, 400);
}

async fn references_are_expanded(fake: Fake) {
    let session = session(&fake, 100).await;
    let path = format!("{SESSIONS}/{}", session.id());
    let open = get(
        &fake,
        &format!("{path}?expand[]=payment_intent.latest_charge"),
    )
    .await;
    assert!(open.body["payment_intent"].is_null(), "not there yet");
    fake.pay(session.id()).await;
    let expand = "expand[]=payment_intent.latest_charge&expand[]=line_items";
    let paid = get(&fake, &format!("{path}?{expand}")).await;
    let intent = &paid.body["payment_intent"];
    assert_eq!(intent["latest_charge"]["amount"], 100, "{}", paid.body);
    assert_eq!(paid.body["line_items"]["data"][0]["quantity"], 100);
    let plain = get(&fake, &path).await;
    assert!(plain.body["payment_intent"].is_string());
    assert!(plain.body.get("line_items").is_none());
    let listed = get(&fake, &format!("{SESSIONS}?expand[]=data.payment_intent")).await;
    assert_eq!(listed.body["data"][0]["payment_intent"]["id"], intent["id"]);
    let wrong = get(&fake, &format!("{path}?expand[]=soup")).await;
    assert_eq!(wrong.error(), (400, "", "expand"));
}
