//! A till in Stripe's place, inside the test: it sells pages to pay on and counts them, and knows nothing else. What Stripe
//! itself would say to wrong requests is asked of the fake Stripe of the money tests.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

/// What credits a test buys.
pub fn purchase() -> Value {
    json!({"amount": 5, "return_path": "billing"})
}

pub struct Till {
    url: String,
    sold: Arc<AtomicUsize>,
    heard: Heard,
}

/// Every request with its headers and its body, as it came.
type Heard = Arc<Mutex<Vec<String>>>;

impl Till {
    /// Lives as long as the test's runtime.
    pub async fn open() -> Self {
        let sold = Arc::new(AtomicUsize::new(0));
        let heard = Heard::default();
        let none = async || answer(&json!({"object": "list", "data": [], "has_more": false}));
        let router = Router::new()
            .route("/v1/customers", get(none).post(customer))
            .route("/v1/events", get(none))
            .route("/v1/checkout/sessions", post(session))
            .route("/v1/billing_portal/sessions", post(portal))
            .with_state(sold.clone())
            .layer(from_fn_with_state(heard.clone(), hear));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, sold, heard }
    }

    /// How a Clara buys here.
    pub fn settings(&self) -> [(&str, &str); 3] {
        [
            ("CLARA_STRIPE_SECRET_KEY", "sk_test_of_the_till"),
            ("CLARA_STRIPE_PRICE_ID", "price_credit"),
            ("CLARA_STRIPE_API_BASE", &self.url),
        ]
    }

    /// How many pages were made so far.
    pub fn sold(&self) -> usize {
        self.sold.load(Ordering::SeqCst)
    }

    /// All that was said to it so far.
    pub fn heard(&self) -> String {
        self.heard.lock().unwrap().join("\n")
    }
}

async fn hear(State(heard): State<Heard>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let said = format!("{parts:?}\n{}", String::from_utf8_lossy(&body));
    heard.lock().unwrap().push(said);
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn answer(object: &Value) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "application/json")], object.to_string())
}

async fn customer() -> impl IntoResponse {
    // Each account has a customer of its own.
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let id = format!("cus_{}", MADE.fetch_add(1, Ordering::SeqCst));
    answer(&json!({"id": id, "object": "customer", "created": 1, "livemode": false}))
}

async fn session(State(sold): State<Arc<AtomicUsize>>, form: String) -> impl IntoResponse {
    let number = sold.fetch_add(1, Ordering::SeqCst) + 1;
    let quantity = url::form_urlencoded::parse(form.as_bytes())
        .find(|(name, _)| name == "line_items[0][quantity]");
    // A credit costs a cent.
    let cents: i64 = quantity.unwrap().1.parse().unwrap();
    answer(&json!({
        "id": format!("cs_{number}"),
        "object": "checkout.session",
        "url": format!("https://checkout.stripe.com/c/pay/cs_{number}"),
        "status": "open",
        "payment_status": "unpaid",
        "mode": "payment",
        "amount_total": cents,
        "currency": "usd",
        "livemode": false,
    }))
}

async fn portal(State(sold): State<Arc<AtomicUsize>>) -> impl IntoResponse {
    let number = sold.fetch_add(1, Ordering::SeqCst) + 1;
    let url = format!("https://billing.stripe.com/p/session/bps_{number}");
    answer(&json!({"id": format!("bps_{number}"), "object": "billing_portal.session", "url": url}))
}
