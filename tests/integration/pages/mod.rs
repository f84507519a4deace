//! The pages for people, asked for as a browser asks for them: by the real binary, with a jar of cookies and no script. What
//! only a browser enforces is tested in one, see `tests/clients/pages.mjs`.

mod access;
mod bad_forms;
mod factor_switch;
mod headers;
mod second_factor;
mod waiting;
mod walk;
mod words;

use clara_test_support::{self as support, browser, rest};

use browser::{Browser, Shown};
use support::{Folder, Server};

/// A served Clara and somebody before it.
pub struct House {
    pub folder: Folder,
    pub server: Server,
}

impl House {
    pub fn with(settings: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let mut all = vec![
            ("CLARA_PUBLIC_API_KEY", rest::PUBLIC),
            ("CLARA_PRIVATE_API_KEY", rest::PRIVATE),
            ("CLARA_WORKERS", "0"),
        ];
        all.extend_from_slice(settings);
        let server = Server::start(&folder, &all);
        Self { folder, server }
    }

    pub fn open() -> Self {
        Self::with(&[])
    }

    pub fn browser(&self) -> Browser {
        Browser::at(&self.server.url)
    }

    /// Runs statements past the server, as somebody with the database's file would.
    pub async fn tamper(&self, sql: &'static str) {
        use sqlx::Connection as _;
        let url = format!("sqlite://{}/clara.db", self.folder.data().display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }

    /// Somebody who made an account and activated it, and is signed in.
    pub async fn settled(&self, email: &str) -> Browser {
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

pub async fn register(browser: &Browser, email: &str) -> Shown {
    let form = [
        ("first_name", "Ada"),
        ("last_name", "Marsh"),
        ("email", email),
        ("password", rest::PASSWORD),
    ];
    browser.post("/register", &form).await
}
