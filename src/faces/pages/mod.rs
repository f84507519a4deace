//! Pages for people: making an account, proving its address, signing in, choosing a password, and looking after the account.
//! Plain HTML that needs no script. A page knows no service: each thing it does is a call of an operation, by our own front end,
//! and its fault is told in words beside the field it is about.

mod account;
mod consent;
mod cookies;
mod export_delete;
mod extract;
mod factor;
mod factor_switch;
mod fields;
mod form;
mod messages;
mod notices;
mod origin;
mod password;
mod received;
mod register;
mod render;
mod sign_in;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::http::HttpState;

const STYLE: &str = include_str!("../../../templates/pages/pages.css");
/// What makes dropping files nicer where scripts run.
const UPLOAD_SCRIPT: &str = include_str!("../../../templates/pages/upload.js");

/// Where each page is.
mod paths {
    pub const REGISTER: &str = "/register";
    pub const ACTIVATE: &str = "/activate";
    pub const SIGN_IN: &str = "/sign-in";
    pub const CONSENT: &str = "/sign-in/answer";
    pub const KNOWN: &str = "/sign-in/requests/{id}";
    pub const UPLOAD: &str = "/upload";
    pub const REMOVE_UPLOAD: &str = "/upload/remove";
    pub const DECLINE_UPLOAD: &str = "/upload/decline";
    pub const KNOWN_UPLOAD: &str = "/upload/requests/{id}";
    pub const PASSWORD: &str = "/password";
    pub const ACCOUNT: &str = "/account";
    pub const DATA: &str = "/account/data";
    pub const DELETE: &str = "/account/delete";
    pub const FACTOR: &str = "/account/second-factor";
    pub const FACTOR_APP: &str = "/account/second-factor/app";
    pub const FACTOR_MAIL: &str = "/account/second-factor/mail";
    pub const FACTOR_RECOVERY: &str = "/account/second-factor/recovery";
    pub const FACTOR_OFF: &str = "/account/second-factor/off";
    pub const KEY: &str = "/account/key";
    pub const SIGN_OUT: &str = "/account/sign-out";
    pub const END_SESSION: &str = "/account/sessions/end";
    pub const END_OTHERS: &str = "/account/sessions/end-others";
}

/// Serves every page and their style.
pub fn router(site: &Arc<HttpState>) -> Router {
    Router::new()
        .route(
            paths::REGISTER,
            get(register::register_form).post(register::register),
        )
        .route(
            paths::ACTIVATE,
            get(register::activate_form).post(register::activate),
        )
        .route(paths::SIGN_IN, get(sign_in::form).post(sign_in::sign_in))
        .route(paths::CONSENT, post(consent::answer))
        .route(paths::KNOWN, get(consent::is_known))
        .route(paths::UPLOAD, get(upload::view).post(upload::receive))
        .route(paths::REMOVE_UPLOAD, post(upload::remove))
        .route(paths::DECLINE_UPLOAD, post(upload::decline))
        .route(paths::KNOWN_UPLOAD, get(upload::is_known))
        .route(paths::PASSWORD, get(password::form).post(password::change))
        .route(paths::ACCOUNT, get(account::view))
        .route(paths::KEY, post(account::show_key))
        .route(paths::SIGN_OUT, post(account::sign_out))
        .route(paths::END_SESSION, post(account::end_session))
        .route(paths::END_OTHERS, post(account::end_others))
        .route(
            paths::DATA,
            get(export_delete::export_form).post(export_delete::export),
        )
        .route(
            paths::DELETE,
            get(export_delete::delete_form).post(export_delete::delete),
        )
        .route(paths::FACTOR, get(factor_switch::view))
        .route(
            paths::FACTOR_APP,
            get(factor_switch::app::form).post(factor_switch::app::set_up),
        )
        .route(
            paths::FACTOR_MAIL,
            get(factor_switch::mail_form).post(factor_switch::by_mail),
        )
        .route(
            paths::FACTOR_RECOVERY,
            get(factor_switch::recovery_form).post(factor_switch::new_recovery),
        )
        .route(
            paths::FACTOR_OFF,
            get(factor_switch::off_form).post(factor_switch::turn_off),
        )
        .layer(from_fn_with_state(site.clone(), origin::one_name))
        .route(
            "/pages.css",
            get(async || constant("text/css; charset=utf-8", STYLE)),
        )
        .route(
            "/upload.js",
            get(async || constant("text/javascript; charset=utf-8", UPLOAD_SCRIPT)),
        )
        .with_state(site.clone())
}

/// What is the same for everybody.
fn constant(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, content).into_response()
}
