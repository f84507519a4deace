//! What is asked of its pages, as a browser asks.

use super::{PASSWORD, TestApp};
use crate::browser::{Browser, Shown};

impl TestApp {
    pub fn browser(&self) -> Browser {
        Browser::at(&self.server.url)
    }

    /// Somebody who made an account and activated it, and is signed in.
    pub async fn signed_in_browser(&self, email: &str) -> Browser {
        let browser = self.browser();
        register(&browser, email)
            .await
            .goes_to("/activate?notice=registered");
        let code = self.folder.code_for(email);
        let form = [("user_email", email), ("code", code.as_str())];
        let activated = browser.post("/activate", &form).await;
        activated.goes_to("/account?notice=activated");
        browser
    }
}

/// Sends the form that makes an account.
pub async fn register(browser: &Browser, email: &str) -> Shown {
    let form = [
        ("first_name", "Ada"),
        ("last_name", "Marsh"),
        ("email", email),
        ("password", PASSWORD),
    ];
    browser.post("/register", &form).await
}
