//! The whole of it, over HTTP: real servers, four of them on one database, and a Stripe that sends its events itself.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::money::harness::{World, cases};
use crate::money::rest::{Account, PRIVATE, PUBLIC, account, ask, client, data};
use crate::money::support::{Folder, Server};
use clara_fake_stripe::{Delivery, Fake, PRICE, Push, SECRET};

cases![
    credits_are_there_when_stripe_has_its_answer,
    fifty_copies_at_four_servers_are_one_purchase,
    a_hundred_analyses_at_four_servers_with_credits_for_seven_are_seven,
    the_webhook_answers_as_the_contract_says,
    a_purchase_that_is_said_wrong_starts_nothing,
];

const SECRET_KEY: &str = "a root secret of these tests 0123456789";

/// Servers on one database, and an account that bought nothing yet.
struct Town {
    servers: Vec<Server>,
    fake: Fake,
    ada: Account,
    _folders: Vec<Folder>,
}

impl Town {
    async fn found(world: &World, servers: usize) -> Self {
        let fake = Fake::start();
        let folders: Vec<Folder> = (0..servers).map(|_| Folder::new()).collect();
        let settings = [
            ("CLARA_DATABASE_URL", world.url.as_str()),
            ("CLARA_SECRET_KEY", SECRET_KEY),
            ("CLARA_PUBLIC_API_KEY", PUBLIC),
            ("CLARA_PRIVATE_API_KEY", PRIVATE),
            ("CLARA_SIGNUP_CREDITS", "0"),
            ("CLARA_WORKERS", "0"),
            ("CLARA_STRIPE_SECRET_KEY", "sk_test_of_the_town"),
            ("CLARA_STRIPE_PRICE_ID", PRICE),
            ("CLARA_STRIPE_WEBHOOK_SECRET", SECRET),
            ("CLARA_STRIPE_API_BASE", fake.url.as_str()),
        ];
        let servers: Vec<Server> = folders
            .iter()
            .map(|folder| Server::start(folder, &settings))
            .collect();
        let ada = account_at(&folders, &servers).await;
        Self {
            servers,
            fake,
            ada,
            _folders: folders,
        }
    }

    fn webhook(&self, server: usize) -> String {
        self.servers[server % self.servers.len()].at("/api/v1/stripe/settle")
    }

    async fn buy(&self, dollars: u32) -> String {
        let wish = json!({"amount": dollars, "return_path": "billing"});
        let server = &self.servers[0];
        let page = data(server, "POST", "/stripe/buy", &self.ada.session, Some(wish)).await;
        let url = page["url"].as_str().unwrap();
        url.rsplit_once('/').unwrap().1.to_owned()
    }

    async fn credits(&self) -> Value {
        let path = &self.ada.path;
        data(&self.servers[0], "GET", path, &self.ada.session, None).await["credits"].clone()
    }

    async fn post(
        &self,
        server: usize,
        body: impl Into<reqwest::Body>,
        signatures: &[&str],
    ) -> (u16, Value) {
        let mut request = client().post(self.webhook(server)).body(body);
        for signature in signatures {
            request = request.header("Stripe-Signature", *signature);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap())
    }

    async fn deliver(&self, server: usize, delivery: &Delivery) -> u16 {
        let body = delivery.body.clone();
        self.post(server, body, &[&delivery.signature]).await.0
    }
}

/// Whichever server sends the mail, its folder has it.
async fn account_at(folders: &[Folder], servers: &[Server]) -> Account {
    let (server, one) = (&servers[0], &folders[0]);
    if folders.len() == 1 {
        return account(one, server).await;
    }
    let session = crate::money::rest::register(server).await;
    let code = folders
        .iter()
        .find_map(|folder| {
            crate::money::support::newest_code(
                &folder.data().join("outbox"),
                crate::money::rest::EMAIL,
            )
        })
        .expect("the mail was handed over with the answer");
    crate::money::rest::activate(server, session, &code).await
}

async fn credits_are_there_when_stripe_has_its_answer(world: World) {
    let town = Town::found(&world, 1).await;
    let session = town.buy(5).await;
    town.fake.push_to(Push::to(town.webhook(0))).await;
    town.fake.pay(&session).await;
    assert_eq!(town.credits().await, 500.0);
    town.fake.refund(&session, 200).await;
    assert_eq!(town.credits().await, 300.0);
    let sent = town.fake.sent().await;
    assert!(
        sent.iter().all(|sent| sent.status == Some(200)),
        "unknown kinds too: {sent:?}"
    );
    // Nobody listens for a while; what was not taken is sent again.
    let session = town.buy(5).await;
    town.fake.push_to(Push::to("http://127.0.0.1:9/")).await;
    town.fake.pay(&session).await;
    assert_eq!(town.credits().await, 300.0);
    town.fake.push_to(Push::to(town.webhook(0))).await;
    assert_eq!(town.fake.retry(3).await, 0);
    assert_eq!(town.credits().await, 800.0);
    // Late, twice and in another order.
    let first = town.buy(10).await;
    let second = town.buy(20).await;
    let push = Push {
        copies: 3,
        shuffled_by: Some(7),
        held: true,
        at_once: true,
        ..Push::to(town.webhook(0))
    };
    town.fake.push_to(push).await;
    town.fake.pay(&first).await;
    town.fake.pay(&second).await;
    town.fake.refund(&first, 500).await;
    assert_eq!(town.credits().await, 800.0);
    town.fake.release().await;
    assert_eq!(town.credits().await, 3300.0);
}

async fn fifty_copies_at_four_servers_are_one_purchase(world: World) {
    let town = Town::found(&world, 4).await;
    let session = town.buy(5).await;
    town.fake.pay(&session).await;
    let event = town.fake.deliveries_of("checkout.session.completed").await;
    let copies = (0..50).map(|number| town.deliver(number, &event[0]));
    let answers = join_all(copies).await;
    assert_eq!(answers, [200; 50]);
    assert_eq!(town.credits().await, 500.0);
    let path = format!("{}/transactions", town.ada.path);
    let lines = data(&town.servers[0], "GET", &path, &town.ada.session, None).await;
    assert_eq!(lines.as_array().unwrap().len(), 1);
    assert_eq!(lines[0]["description"], "User bought 500 credits for $5.");
    assert_eq!(lines[0]["value_in_fiat"], 5.0);
}

async fn a_hundred_analyses_at_four_servers_with_credits_for_seven_are_seven(world: World) {
    let town = Town::found(&world, 4).await;
    let path = format!("/users/{}/credits", town.ada.id);
    let enough = json!({"credits": 159.99});
    data(&town.servers[0], "PUT", &path, PRIVATE, Some(enough)).await;
    let path = format!("{}/agent/analysis", town.ada.path);
    let key = town.ada.key();
    let starts = (0..100).map(|number| {
        let text = json!({"text": "The bridge opened in 1931."});
        ask(&town.servers[number % 4], "POST", &path, &key, Some(text))
    });
    let mut statuses: Vec<u16> = join_all(starts)
        .await
        .iter()
        .map(|(status, _)| *status)
        .collect();
    statuses.sort_unstable();
    let mut expected = vec![201; 7];
    expected.extend([403; 93]);
    assert_eq!(statuses, expected);
    assert_eq!(town.credits().await, 19.99);
}

async fn the_webhook_answers_as_the_contract_says(world: World) {
    let town = Town::found(&world, 1).await;
    let session = town.buy(5).await;
    town.fake.pay(&session).await;
    let event = town.fake.deliveries_of("checkout.session.completed").await;
    let event = &event[0];
    let (body, signature) = (event.body.as_str(), event.signature.as_str());
    let before = world.number("SELECT COUNT(*) FROM stripe_events").await;
    let changed = body.replacen("completed", "complete_", 1);
    let old = town.fake.delivery_at(&event.event, 1_000_000_000).await;
    let refused: [(&str, &[&str]); 7] = [
        (body, &[]),
        (body, &[""]),
        (body, &["t=1,v1=1"]),
        (body, &[signature, signature]),
        (&changed, &[signature]),
        ("", &[signature]),
        (&old.body, &[&old.signature]),
    ];
    for (body, signatures) in refused {
        let (status, answer) = town.post(0, body.to_owned(), signatures).await;
        assert_eq!(status, 400, "{signatures:?}: {answer}");
        assert_eq!(answer["data"]["errors"][0]["field"], "Stripe-Signature");
    }
    let (status, answer) = town.post(0, vec![b' '; 10_000_000], &[signature]).await;
    assert_eq!(
        (status, &answer["data"]["limit_bytes"]),
        (413, &json!(262_144))
    );
    assert_eq!(town.credits().await, 0.0);
    assert_eq!(
        world.number("SELECT COUNT(*) FROM stripe_events").await,
        before
    );
    let foreign = town.buy(5).await;
    town.fake.pay(&foreign).await;
    let foreign = town.fake.deliveries_of("checkout.session.completed").await;
    town.fake
        .alter(&foreign[0].event, "account", "acct_of_somebody_else")
        .await;
    let foreign = town.fake.delivery(&foreign[0].event).await;
    let (status, answer) = town.post(0, foreign.body, &[&foreign.signature]).await;
    assert_eq!((status, &answer["data"]), (200, &Value::Null));
    assert_eq!(town.credits().await, 0.0);
    let (status, answer) = town.post(0, body.to_owned(), &[signature]).await;
    assert_eq!(
        (status, answer),
        (
            200,
            json!({"status": "success", "message": "Checkout session settled successfully.", "data": null})
        )
    );
    assert_eq!(town.credits().await, 500.0);
    let metrics = client()
        .get(town.servers[0].at("/metrics"))
        .header("Authorization", PRIVATE);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    for counted in [
        r#"clara_stripe_events_total{kind="unproven",outcome="refused"} 6"#,
        r#"clara_stripe_events_total{kind="checkout.session.completed",outcome="foreign"} 1"#,
        r#"clara_stripe_events_total{kind="checkout.session.completed",outcome="settled"} 1"#,
    ] {
        assert!(metrics.contains(counted), "{counted} in {metrics}");
    }
}

async fn a_purchase_that_is_said_wrong_starts_nothing(world: World) {
    let town = Town::found(&world, 1).await;
    let server = &town.servers[0];
    let wrong_amounts = [
        json!(null),
        json!(0),
        json!(-5),
        json!(5.5),
        json!("5"),
        json!([5]),
        json!(1e30),
    ];
    for amount in wrong_amounts {
        let wish = json!({"amount": amount, "return_path": "billing"});
        let (status, answer) =
            ask(server, "POST", "/stripe/buy", &town.ada.session, Some(wish)).await;
        assert_eq!(status, 400, "{amount}");
        assert_eq!(answer["data"]["errors"][0]["field"], "amount");
    }
    let missing = json!({"return_path": "billing"});
    let (status, _) = ask(
        server,
        "POST",
        "/stripe/buy",
        &town.ada.session,
        Some(missing),
    )
    .await;
    assert_eq!(status, 400);
    for amount in [1, 4, 10_001, 4_294_967_295_u32] {
        let wish = json!({"amount": amount, "return_path": "billing"});
        let (status, answer) =
            ask(server, "POST", "/stripe/buy", &town.ada.session, Some(wish)).await;
        assert_eq!(status, 404, "{amount}");
        assert_eq!(
            answer["message"],
            "No credits rate found for the given amount."
        );
        assert_eq!(
            answer["data"],
            json!({"lower_limit": 5, "upper_limit": 10_000})
        );
    }
    for path in [
        "https://evil.example",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "a\u{0}b",
        "a\r\nSet-Cookie: x",
        "../../x",
        "javascript:alert(1)",
    ] {
        let wish = json!({"amount": 5, "return_path": path});
        let (status, answer) =
            ask(server, "POST", "/stripe/buy", &town.ada.session, Some(wish)).await;
        assert_eq!(status, 400, "{path:?}");
        assert_eq!(answer["data"]["errors"][0]["field"], "return_path");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM purchases").await, 0);
    // Servers ask now and then what happened; nothing was asked for.
    let requests = town.fake.requests().await;
    assert!(requests.iter().all(|request| request.method == "GET"));
}
