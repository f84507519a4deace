//! Short words that several rooms use.

use clara::domain::code::OtpCode;
use clara::domain::credits::Credits;
use clara::domain::email::Email;
use clara::domain::ids::UserId;
use clara::domain::operator::Act;
use clara::domain::page::Page;
use clara::domain::submission::Submission;
use clara::domain::task::{Task, TaskError};
use clara::fault::{Fault, FaultKind};
use serde_json::Value;

use crate::store::harness::{World, origin};

pub const PRICE: Credits = Credits::whole(20);

pub fn email(raw: &str) -> Email {
    raw.parse().unwrap()
}

pub fn kind<T: std::fmt::Debug>(result: Result<T, Fault>) -> FaultKind {
    result.unwrap_err().kind().clone()
}

/// Whether it was refused for want of a right second factor.
pub fn asks_for_factor<T: std::fmt::Debug>(result: Result<T, Fault>) -> bool {
    matches!(kind(result), FaultKind::SecondFactorRequired { .. })
}

pub fn other_than(code: &OtpCode) -> OtpCode {
    let wrong = if code.as_str() == "111111" {
        "222222"
    } else {
        "111111"
    };
    wrong.parse().unwrap()
}

pub fn text_only() -> Submission {
    Submission {
        text: "The moon is made of rock.".to_owned(),
        attachments: Vec::new(),
        ..Submission::default()
    }
}

pub async fn submit(world: &World, user: &UserId) -> Task {
    let tasks = &world.services.tasks;
    tasks
        .submit(user, &text_only().into(), PRICE, &origin())
        .await
        .unwrap()
}

pub async fn balance(world: &World, user: &UserId) -> Credits {
    world.services.accounts.view(user).await.unwrap().credits
}

pub fn reason() -> TaskError {
    TaskError {
        message: "It broke.".to_owned(),
        retryable: true,
    }
}

/// Something the operator does, with a name and a reason.
pub fn signed(reason: &str) -> Act {
    Act {
        operator: Some("grace".parse().unwrap()),
        reason: Some(reason.parse().unwrap()),
        origin: origin(),
    }
}

/// The newest row of the trail: what, whose, whether it was let through, details.
pub async fn newest_audit(world: &World) -> (String, Option<UserId>, bool, Value) {
    let newest = Page {
        limit: 1,
        offset: 0,
    };
    let trail = world.store.audit_trail(None, newest).await.unwrap();
    let row = trail.into_iter().next().unwrap();
    let details = serde_json::from_str(&row.details).unwrap();
    (row.event, row.user_id, row.good, details)
}
