//! Stripe's objects as its API writes them, each with all of its fields as far as they can be of use here. Whether they are
//! right is not for us to say: Stripe's own published schema does, in the step `stripe's contract` of the gate.

use serde_json::{Value, json};

/// Fields without a value are written too.
fn with_nulls(mut object: Value, names: &[&str]) -> Value {
    for name in names {
        object[*name] = Value::Null;
    }
    object
}

pub fn customer(id: &str, created: i64) -> Value {
    let object = json!({
        "id": id,
        "object": "customer",
        "balance": 0,
        "created": created,
        "delinquent": false,
        "invoice_prefix": "FAKE0001",
        "invoice_settings": {
            "custom_fields": null,
            "default_payment_method": null,
            "footer": null,
            "rendering_options": null,
        },
        "livemode": false,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    });
    with_nulls(
        object,
        &[
            "address",
            "currency",
            "default_source",
            "description",
            "discount",
            "email",
            "name",
            "phone",
            "shipping",
            "test_clock",
        ],
    )
}

pub fn price(id: &str, decimal: &str, currency: &str, active: bool, created: i64) -> Value {
    let object = json!({
        "id": id,
        "object": "price",
        "active": active,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": currency,
        "livemode": false,
        "metadata": {},
        "product": "prod_fake",
        "tax_behavior": "unspecified",
        "type": "one_time",
        // Null where a unit is not worth whole cents.
        "unit_amount": decimal.parse::<i64>().ok(),
        "unit_amount_decimal": decimal,
    });
    with_nulls(
        object,
        &[
            "custom_unit_amount",
            "lookup_key",
            "nickname",
            "recurring",
            "tiers_mode",
            "transform_quantity",
        ],
    )
}

pub fn portal_session(id: &str, customer: &str, return_url: Option<&str>, created: i64) -> Value {
    json!({
        "id": id,
        "object": "billing_portal.session",
        "configuration": "bpc_fake",
        "created": created,
        "customer": customer,
        "flow": null,
        "livemode": false,
        "locale": null,
        "on_behalf_of": null,
        "return_url": return_url,
        "url": format!("https://billing.stripe.com/p/session/{id}"),
    })
}

/// An open session; what the request says is set afterwards.
pub fn checkout_session(id: &str, created: i64) -> Value {
    let object = json!({
        "id": id,
        "object": "checkout.session",
        "automatic_tax": { "enabled": false, "status": null },
        "created": created,
        "custom_fields": [],
        "custom_text": { "shipping_address": null, "submit": null },
        "livemode": false,
        "metadata": {},
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": ["card", "us_bank_account"],
        "payment_status": "unpaid",
        "phone_number_collection": { "enabled": false },
        "shipping_options": [],
        "status": "open",
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page",
        "url": format!("https://checkout.stripe.com/c/pay/{id}"),
    });
    with_nulls(
        object,
        &[
            "after_expiration",
            "allow_promotion_codes",
            "amount_subtotal",
            "amount_total",
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "consent",
            "consent_collection",
            "currency",
            "currency_conversion",
            "customer",
            "customer_creation",
            "customer_details",
            "customer_email",
            "expires_at",
            "invoice",
            "invoice_creation",
            "locale",
            "payment_intent",
            "payment_link",
            "recovered_from",
            "setup_intent",
            "shipping_address_collection",
            "shipping_cost",
            "submit_type",
            "subscription",
            "success_url",
        ],
    )
}

pub fn line_item(id: &str, price: &Value, quantity: i64, total: i64) -> Value {
    json!({
        "id": id,
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": "Credits",
        "price": price,
        "quantity": quantity,
    })
}

pub fn list(address: &str, data: &[Value], has_more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": has_more, "url": address })
}

/// The payment that a session leads to; who pays and how it stands is set afterwards.
pub fn payment_intent(id: &str, session: &Value, metadata: &Value, created: i64) -> Value {
    let object = json!({
        "id": id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": format!("{id}_secret_fake"),
        "confirmation_method": "automatic",
        "created": created,
        "currency": session["currency"],
        "customer": session["customer"],
        "livemode": false,
        "metadata": metadata,
        "payment_method": "pm_fake",
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "status": "requires_payment_method",
    });
    with_nulls(
        object,
        &[
            "application",
            "application_fee_amount",
            "automatic_payment_methods",
            "canceled_at",
            "cancellation_reason",
            "description",
            "last_payment_error",
            "latest_charge",
            "next_action",
            "on_behalf_of",
            "processing",
            "receipt_email",
            "review",
            "setup_future_usage",
            "shipping",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        ],
    )
}

/// How somebody pays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Card,
    /// Days pass until it is certain.
    BankDebit,
}

impl Method {
    fn details(self) -> Value {
        match self {
            Self::Card => json!({
                "type": "card",
                "card": {
                    "brand": "visa",
                    "checks": null,
                    "country": "US",
                    "exp_month": 8,
                    "exp_year": 2031,
                    "fingerprint": "fake",
                    "funding": "credit",
                    "installments": null,
                    "last4": "4242",
                    "mandate": null,
                    "network": "visa",
                    "three_d_secure": null,
                    "wallet": null,
                },
            }),
            Self::BankDebit => json!({
                "type": "us_bank_account",
                "us_bank_account": {
                    "account_holder_type": "individual",
                    "account_type": "checking",
                    "bank_name": "A BANK",
                    "fingerprint": "fake",
                    "last4": "6789",
                    "routing_number": "110000000",
                },
            }),
        }
    }
}

/// A pending charge of a payment intent.
pub fn charge(id: &str, intent: &Value, method: Method, created: i64) -> Value {
    let object = json!({
        "id": id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": { "address": null, "email": null, "name": null, "phone": null },
        "calculated_statement_descriptor": "CLARA",
        "captured": false,
        "created": created,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "disputed": false,
        "fraud_details": {},
        "livemode": false,
        "metadata": intent["metadata"],
        "outcome": {
            "network_status": "approved_by_network",
            "reason": null,
            "risk_level": "normal",
            "risk_score": 7,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": false,
        "payment_intent": intent["id"],
        "payment_method": "pm_fake",
        "payment_method_details": method.details(),
        "refunded": false,
        "status": "pending",
    });
    with_nulls(
        object,
        &[
            "application",
            "application_fee",
            "application_fee_amount",
            "balance_transaction",
            "description",
            "failure_balance_transaction",
            "failure_code",
            "failure_message",
            "on_behalf_of",
            "receipt_email",
            "receipt_number",
            "receipt_url",
            "review",
            "shipping",
            "source_transfer",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_data",
            "transfer_group",
        ],
    )
}

pub fn dispute(id: &str, charge: &Value, amount: i64, status: &str, created: i64) -> Value {
    json!({
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": { "enhanced_evidence": {} },
        "evidence_details": {
            "due_by": created + 7 * 24 * 60 * 60,
            "enhanced_eligibility": {},
            "has_evidence": false,
            "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": status.starts_with("warning"),
        "livemode": false,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": status,
    })
}
