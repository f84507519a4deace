//! What the fake says, read by async-stripe with its own types: whatever they need must be there.

use miniserde::json::from_str;
use stripe::{ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest as _};
use stripe_billing::billing_portal_session::CreateBillingPortalSession;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionPaymentIntentData,
    ExpireCheckoutSession, ListCheckoutSession, RetrieveCheckoutSession,
};
use stripe_checkout::{CheckoutSession, CheckoutSessionMode, CheckoutSessionPaymentStatus};
use stripe_core::customer::{
    CreateCustomer, ListCustomer, RetrieveCustomer, RetrieveCustomerReturned,
};
use stripe_core::{Charge, Dispute, Event, PaymentIntent};

use super::super::{Fake, PRICE};
use super::{get, list_trials, session};

list_trials![
    async_stripe_buys,
    async_stripe_retries_with_its_key,
    async_stripe_understands_errors,
    async_stripe_reads_all_that_happens_to_a_payment,
];

fn client(fake: &Fake) -> stripe::Client {
    let builder = ClientBuilder::new("sk_test_x").url(format!("{}/", fake.url));
    builder.build().unwrap()
}

fn purchase(customer: &str) -> CreateCheckoutSession {
    let metadata = [("purchase_id".to_owned(), "txn_1".to_owned())];
    let mut data = CreateCheckoutSessionPaymentIntentData::new();
    data.metadata = Some(metadata.clone().into());
    let mut item = CreateCheckoutSessionLineItems::new();
    item.price = Some(PRICE.to_owned());
    item.quantity = Some(500);
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .customer(customer)
        .client_reference_id("txn_1")
        .line_items(vec![item])
        .metadata(metadata)
        .payment_intent_data(data)
        .success_url("https://example.org/bought?stripe_status=success")
        .cancel_url("https://example.org/bought?stripe_status=cancel")
}

async fn async_stripe_buys(fake: Fake) {
    let client = client(&fake);
    let customer = CreateCustomer::new()
        .email("ada@example.org")
        .name("Ada Lovelace");
    let customer = customer.send(&client).await.unwrap();
    let list = ListCustomer::new().email("ada@example.org");
    let found = list.send(&client).await.unwrap();
    assert_eq!(found.data[0].id, customer.id);
    let found = RetrieveCustomer::new(customer.id.clone())
        .send(&client)
        .await;
    assert!(matches!(
        found.unwrap(),
        RetrieveCustomerReturned::Customer(_)
    ));

    let made = purchase(customer.id.as_str()).send(&client).await.unwrap();
    assert_eq!(made.amount_total, Some(500));
    assert!(
        made.url
            .unwrap()
            .starts_with("https://checkout.stripe.com/")
    );
    fake.pay(made.id.as_str()).await;
    let expand = ["payment_intent.latest_charge", "line_items"].map(str::to_owned);
    let paid = RetrieveCheckoutSession::new(made.id.clone()).expand(expand);
    let paid = paid.send(&client).await.unwrap();
    assert_eq!(paid.payment_status, CheckoutSessionPaymentStatus::Paid);
    let intent = paid.payment_intent.unwrap().into_object().unwrap();
    let charge = intent.latest_charge.unwrap().into_object().unwrap();
    assert_eq!(charge.metadata["purchase_id"], "txn_1");
    let price = paid.line_items.unwrap().data.remove(0).price.unwrap();
    assert_eq!(price.id.as_str(), PRICE);

    let other = purchase(customer.id.as_str()).send(&client).await.unwrap();
    let expired = ExpireCheckoutSession::new(other.id.clone())
        .send(&client)
        .await;
    assert_eq!(expired.unwrap().id, other.id);
    let listed = ListCheckoutSession::new().send(&client).await.unwrap();
    assert_eq!(listed.data.len(), 2);

    let portal = CreateBillingPortalSession::new()
        .customer(customer.id.as_str())
        .return_url("https://example.org/");
    let portal = portal.send(&client).await.unwrap();
    assert!(portal.url.starts_with("https://billing.stripe.com/"));
}

async fn async_stripe_retries_with_its_key(fake: Fake) {
    let client = client(&fake);
    fake.add_fault("POST", "/v1/customers", super::super::What::CutAfter, 1)
        .await;
    let create = CreateCustomer::new().email("ada@example.org");
    let send = || {
        let key = IdempotencyKey::new("txn_1").unwrap();
        let request = create
            .customize()
            .request_strategy(RequestStrategy::Idempotent(key));
        request.send(&client)
    };
    assert!(send().await.is_err());
    let customer = send().await.unwrap();
    let again = send().await.unwrap();
    assert_eq!(customer.id, again.id);
    assert_eq!(
        get(&fake, "/v1/customers").await.ids(),
        [customer.id.as_str()]
    );
}

async fn async_stripe_understands_errors(fake: Fake) {
    let client = client(&fake);
    let missing = purchase("cus_x").send(&client).await.unwrap_err();
    let StripeError::Stripe(error, 400) = missing else {
        panic!("{missing}");
    };
    assert_eq!(error.code, Some(stripe::ApiErrorsCode::ResourceMissing));
    assert_eq!(error.param.as_deref(), Some("customer"));
    for status in [409, 429, 500] {
        fake.add_fault(
            "POST",
            "/v1/customers",
            super::super::What::Status(status),
            1,
        )
        .await;
        let error = CreateCustomer::new().send(&client).await.unwrap_err();
        assert!(matches!(error, StripeError::Stripe(_, got) if got == status));
    }
}

async fn async_stripe_reads_all_that_happens_to_a_payment(fake: Fake) {
    let [card, slow, failing] = [
        session(&fake, 500).await,
        session(&fake, 500).await,
        session(&fake, 500).await,
    ];
    fake.pay(card.id()).await;
    fake.refund(card.id(), 100).await;
    let dispute = fake.open_dispute(card.id(), 400, "needs_response").await;
    fake.close_dispute(dispute["id"].as_str().unwrap(), "lost")
        .await;
    fake.pay_slowly(slow.id()).await;
    fake.settle(slow.id(), true).await;
    fake.pay_slowly(failing.id()).await;
    fake.settle(failing.id(), false).await;
    for delivery in fake.deliveries().await {
        let event: Event = from_str(&delivery.body).unwrap();
        assert_eq!(event.type_.as_str(), delivery.kind);
        let object: serde_json::Value = serde_json::from_str(&delivery.body).unwrap();
        let object = object["data"]["object"].to_string();
        let kind = &delivery.kind;
        if kind.starts_with("charge.dispute.") {
            from_str::<Dispute>(&object).expect(kind);
        } else if kind.starts_with("charge.") {
            from_str::<Charge>(&object).expect(kind);
        } else if kind.starts_with("payment_intent.") {
            from_str::<PaymentIntent>(&object).expect(kind);
        } else {
            from_str::<CheckoutSession>(&object).expect(kind);
        }
    }
}
