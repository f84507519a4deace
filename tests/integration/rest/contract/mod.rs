//! Every operation once with real data, at the paths, statuses and messages that are documented.

mod account;
mod work;

use std::sync::Mutex;

use clara::operations::Method;
use clara::operations::registry::ALL;
use serde_json::{Value, json};

use super::support::app::{Reply, TestApp};

/// Asks, and remembers what was asked.
struct Walk {
    app: TestApp,
    asked: Mutex<Vec<(String, String)>>,
}

impl Walk {
    /// The same app under a new server, which counts from nothing: one mail address gets a code a minute.
    fn later(self) -> Self {
        Self {
            app: TestApp::restart(self.app.stop(), &[]),
            asked: self.asked,
        }
    }

    /// Remembers what was asked.
    fn note(&self, method: &str, path: &str) {
        let path = path.split('?').next().unwrap().to_owned();
        self.asked.lock().unwrap().push((method.to_owned(), path));
    }

    async fn ask(&self, method: &str, path: &str, proof: &str, body: Value) -> Reply {
        self.note(method, path);
        if body.is_null() {
            self.app.ask(method, path, proof).await
        } else {
            self.app.tell(method, path, proof, &body).await
        }
    }

    fn code(&self, email: &str) -> Value {
        json!({"code": self.app.folder.code_for(email)})
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, said): (&&str, &&str)| wanted.starts_with('{') || wanted == said;
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_documented() {
    let walk = Walk {
        app: TestApp::start(&[]),
        asked: Mutex::default(),
    };
    account::registers(&walk).await;
    let person = account::signs_in(&walk).await;
    let walk = walk.later();
    account::turns_on_two_factors(&walk, &person).await;
    let walk = walk.later();
    account::signs_in_with_a_code(&walk).await;
    let walk = walk.later();
    account::turns_off_two_factors(&walk, &person).await;
    work::analyses(&walk, &person).await;
    work::money(&walk, &person).await;
    work::operators(&walk, &person).await;

    let asked = walk.asked.lock().unwrap();
    for entry in ALL.iter() {
        let route = entry.spec.route;
        let method = match route.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        let walked = asked
            .iter()
            .any(|(said, path)| said == method && fits(route.path, path));
        assert!(walked, "{method} {} was never asked", route.path);
    }
}

struct Account {
    id: String,
    session: String,
    key: String,
}

const EMAIL: &str = "ada@example.org";
