//! The doctor: tries every part of a set-up and says what works, what is off and what is broken, with what to do.
//! It changes nothing but what every start changes, and sends a mail only when asked to.

mod engine;
mod ocr;
mod recordings;

use std::fmt::Write as _;

use crate::analysis::attachments::SandboxLimit;
use crate::context::{Context, RuntimeOptions};
use crate::settings::{ADVISED_PASSWORD_MIN, Confinement, Network, Settings};

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Works,
    /// Not set up, which is a choice.
    Off,
    Broken,
}

/// What was found about one part.
#[derive(Debug, Clone)]
pub struct Finding {
    pub part: &'static str,
    pub state: State,
    pub words: String,
}

fn finding(part: &'static str, state: State, words: impl Into<String>) -> Finding {
    Finding {
        part,
        state,
        words: words.into(),
    }
}

/// Examines the set-up that `settings` describe; `mail` is whom to send a test mail.
pub async fn examine(settings: Settings, mail: Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let folder = settings.data_dir.display().to_string();
    let surroundings = match RuntimeOptions::of_this_process() {
        Ok(surroundings) => surroundings,
        Err(error) => return vec![finding("program", State::Broken, error.to_string())],
    };
    let context = match Context::start(settings, surroundings).await {
        Ok(context) => context,
        Err(error) => return vec![finding("start", State::Broken, error.to_string())],
    };
    findings.push(finding("data folder", State::Works, folder));
    findings.push(match context.services.store.ping().await {
        Ok(()) => finding(
            "database",
            State::Works,
            format!("{}, up to date", context.services.store.engine_name()),
        ),
        Err(fault) => finding("database", State::Broken, fault.to_string()),
    });
    findings.push(ledger_finding(&context).await);
    findings.extend(collisions_finding(&context).await);
    findings.extend(secret_key_finding(&context).await);
    findings.push(mail_finding(&context, mail).await);
    findings.push(engine::engine_finding(&context).await);
    let asked = &context.settings.evidence_sources;
    findings.push(if asked.is_empty() {
        finding(
            "evidence",
            State::Off,
            "only what is attached is looked at (EVIDENCE_SOURCES=none)",
        )
    } else {
        let words = format!(
            "this version cannot ask {} yet; only what is attached is looked at",
            asked.join(", ")
        );
        finding("evidence", State::Off, words)
    });
    findings.push(extraction_finding(&context).await);
    findings.push(ocr::ocr_finding(&context).await);
    findings.push(recordings::speech_finding(&context).await);
    findings.push(recordings::film_finding(&context).await);
    findings.push(network_finding(&context.settings.network));
    findings.push(passwords_finding(&context).await);
    findings.push(stripe_finding(&context).await);
    findings.push(google_finding(&context).await);
    context.services.store.close().await;
    findings
}

/// Whether the books are sound, by the same check that the operator has.
async fn ledger_finding(context: &Context) -> Finding {
    let part = "ledger";
    let lists = "`clara admin ledger check` lists";
    let checked = match context.services.books.examine().await {
        Ok(checked) => checked,
        Err(fault) => return finding(part, State::Broken, fault.to_string()),
    };
    let number = checked.off.len();
    if number > 0 {
        let words = format!("{number} things in the books are off; {lists} them");
        return finding(part, State::Broken, words);
    }
    let mut words =
        "every balance is the sum of its entries, and every entry has its cause".to_owned();
    if !checked.attention.is_empty() {
        let number = checked.attention.len();
        let _ = write!(words, "; {lists} {number} to be seen to");
    }
    finding(part, State::Works, words)
}

/// Accounts that share a mailbox with another, where there are any.
async fn collisions_finding(context: &Context) -> Option<Finding> {
    let part = "mailboxes";
    let collisions = match context.services.accounts.email_collisions().await {
        Ok(collisions) => collisions,
        Err(fault) => return Some(finding(part, State::Broken, fault.to_string())),
    };
    let pairs: Vec<String> = collisions
        .iter()
        .map(|collision| format!("{} (has that of {})", collision.user_id, collision.kept_by))
        .collect();
    (!pairs.is_empty()).then(|| {
        let words = format!(
            "accounts with the mailbox of another, to be removed or given another address: {}",
            pairs.join(", ")
        );
        finding(part, State::Broken, words)
    })
}

/// How far a change of the secret key has come, where one is under way, and what opens with no key any more.
async fn secret_key_finding(context: &Context) -> Option<Finding> {
    let part = "secret key";
    let seeds = match context.services.accounts.count_seeds().await {
        Ok(seeds) => seeds,
        Err(fault) => return Some(finding(part, State::Broken, fault.to_string())),
    };
    let is_changing = context.settings.secret_key_previous.is_some();
    let mut words = format!(
        "{} of {} seeds of authenticator apps still wait to be sealed under SECRET_KEY",
        seeds.previous,
        seeds.previous + seeds.present,
    );
    if seeds.previous > 0 {
        words.push_str(
            "; the next start of `clara serve` does it, keep SECRET_KEY_PREVIOUS until then",
        );
    }
    if seeds.lost > 0 {
        let words = format!(
            "{} seeds of authenticator apps were sealed under a key that is no longer set: their owners get in with recovery \
             codes only. Set that key as SECRET_KEY_PREVIOUS",
            seeds.lost
        );
        return Some(finding(part, State::Broken, words));
    }
    is_changing.then(|| finding(part, State::Works, words))
}

/// Whether credits can be sold: the keys are there, Stripe takes them, and each price is what the rates promise.
async fn stripe_finding(context: &Context) -> Finding {
    let part = "Stripe";
    let said = &context.settings.stripe;
    let Some(is_live) = said.is_live() else {
        let words = "no credits are sold (STRIPE_SECRET_KEY is not set)";
        return finding(part, State::Off, words);
    };
    for (is_there, name) in [
        (!said.price_ids.is_empty(), "STRIPE_PRICE_ID"),
        (!said.webhook_secrets.is_empty(), "STRIPE_WEBHOOK_SECRET"),
    ] {
        if !is_there {
            let words = format!("STRIPE_SECRET_KEY is set without {name}");
            return finding(part, State::Broken, words);
        }
    }
    let prices = match context.services.billing.prices().await {
        Ok(prices) => prices,
        Err(fault) => return finding(part, State::Broken, fault.to_string()),
    };
    for (price, rate) in &prices {
        let cents = price.unit_amount_decimal.as_deref();
        let cents = cents.and_then(|cents| cents.parse::<f64>().ok());
        let promised = 100.0 / f64::from(*rate);
        let is_right = price.active
            && price.currency == "usd"
            && cents.is_some_and(|cents| (cents - promised).abs() < 1e-6);
        if !is_right {
            let words = format!(
                "{} is not an active price of {promised} US cents, which CREDIT_RATES promises for a credit",
                price.id
            );
            return finding(part, State::Broken, words);
        }
    }
    let mode = if is_live { "live" } else { "test" };
    let words = format!("sells credits in {mode} mode; events are heard at /api/v1/stripe/settle");
    finding(part, State::Works, words)
}

/// Whether people can sign in with Google: the keys that its tokens are checked with can be read.
async fn google_finding(context: &Context) -> Finding {
    let part = "Google";
    let said = &context.settings.google;
    let Some(read) = context.services.accounts.google_keys().await else {
        let words = "nobody signs in with Google (GOOGLE_CLIENT_ID is not set)";
        return finding(part, State::Off, words);
    };
    let (url, clients) = (&said.jwks_url, said.client_ids.len());
    match read {
        Ok(keys) => {
            let words =
                format!("{keys} keys read from {url}; tokens for {clients} client ids are taken");
            finding(part, State::Works, words)
        }
        Err(error) => finding(part, State::Broken, format!("{error}, at {url}")),
    }
}

/// Which limits hold for the children that read attachments; where one that is required does not, nothing is read unless the
/// settings allow that.
async fn extraction_finding(context: &Context) -> Finding {
    let part = "extraction";
    let limits = match context.extractor.sandbox_report().await {
        Ok(limits) => limits,
        Err(error) => return finding(part, State::Broken, error.to_string()),
    };
    extraction_words(&limits, context.settings.confinement)
}

fn extraction_words(limits: &[SandboxLimit], confinement: Confinement) -> Finding {
    let part = "extraction";
    let named = |holds: bool| {
        let named = limits.iter().filter(|limit| limit.holds == holds);
        let named: Vec<&str> = named.map(|limit| limit.what.as_str()).collect();
        named.join(", ")
    };
    let (held, missing) = (named(true), named(false));
    if missing.is_empty() {
        return finding(part, State::Works, held);
    }
    let words = format!("{held}; not on this machine: {missing}");
    if SandboxLimit::suffice(limits) {
        return finding(part, State::Off, words);
    }
    if confinement == Confinement::WherePossible {
        let words = format!(
            "{words}; attachments are read all the same (ALLOW_UNCONFINED=true): a hostile file can do what this process can"
        );
        return finding(part, State::Off, words);
    }
    let words = format!(
        "{words}; no attachment is read: run Clara on Linux with seccomp, or set ALLOW_UNCONFINED=true where all files are \
         your own"
    );
    finding(part, State::Broken, words)
}

/// How `clara serve` would be reached, and what is missing where others can reach it.
fn network_finding(network: &Network) -> Finding {
    let address = network.listen_address();
    let Some(public_url) = &network.public_url else {
        return if network.is_loopback() {
            let words = format!("serve listens on http://{address}, for this machine only");
            finding("network", State::Works, words)
        } else {
            let words = format!(
                "serve listens on {address}, but PUBLIC_URL is not set: requests by any other name than localhost are refused"
            );
            finding("network", State::Broken, words)
        };
    };
    let mut words = format!("serve listens on http://{address}, known as {public_url}");
    if public_url.scheme() == "http" && !network.is_loopback() {
        words.push_str("; over plain http everybody on the way reads tokens: put TLS in front");
    }
    if network.is_loopback() && network.trusted_proxies.is_empty() {
        words.push_str(
            "; if a proxy on this machine stands in front, name it in TRUSTED_PROXIES, or all its callers share one limit",
        );
    }
    finding("network", State::Works, words)
}

/// How strong passwords must be, and whether leaked ones can be looked up.
async fn passwords_finding(context: &Context) -> Finding {
    let part = "passwords";
    let minimum = context.settings.guarding.password_min;
    let mut words = format!("at least {minimum} characters, none that is easy to guess");
    let public_url = context.settings.network.public_url.as_ref();
    if minimum < ADVISED_PASSWORD_MIN && public_url.is_some_and(is_public) {
        let _ = write!(
            words,
            "; set PASSWORD_MIN={ADVISED_PASSWORD_MIN}: anybody can reach this server, and a password may be all that stands before an account"
        );
    }
    match context.services.accounts.can_look_up_passwords().await {
        None => words.push_str("; leaked ones are not looked up (BREACHED_PASSWORDS=off)"),
        Some(Ok(())) => words.push_str("; leaked ones are refused"),
        Some(Err(error)) => {
            let _ = write!(words, "; leaked ones are taken: {error}");
            return finding(part, State::Broken, words);
        }
    }
    finding(part, State::Works, words)
}

/// Whether an address is one that others reach.
fn is_public(url: &url::Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => true,
    };
    url.scheme() == "https" && !is_here
}

/// The way out for mails, and what waits for it.
async fn handed_over(context: &Context) -> String {
    let outbox = &context.services.outbox;
    let mut words = format!("{}; --mail ADDRESS sends one", outbox.describe());
    if let Ok((waiting @ 1.., Some(oldest))) = outbox.waiting().await {
        let minutes = oldest.as_secs() / 60;
        let _ = write!(words, "; {waiting} wait, the oldest for {minutes} minutes");
    }
    words
}

async fn mail_finding(context: &Context, recipient: Option<String>) -> Finding {
    let outbox = &context.services.outbox;
    let Some(recipient) = recipient else {
        return match outbox.check().await {
            Ok(()) => finding("mail", State::Works, handed_over(context).await),
            Err(error) => finding(
                "mail",
                State::Broken,
                format!("{}: {error}", outbox.describe()),
            ),
        };
    };
    match recipient.parse() {
        Err(problem) => finding("mail", State::Broken, format!("--mail {problem}")),
        Ok(recipient) => match outbox.send_test(&recipient).await {
            Ok(()) => finding(
                "mail",
                State::Works,
                format!("a test mail to {recipient} was handed over"),
            ),
            Err(error) => finding(
                "mail",
                State::Broken,
                format!("{}: {error}", outbox.describe()),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_sandbox_is_broken_unless_allowed() {
        let limit = |what: &str, holds, required| SandboxLimit {
            what: what.to_owned(),
            holds,
            required,
        };
        let memory = limit("512 MB of memory", true, true);
        let state = |holds, required, confinement| {
            let limits = [memory.clone(), limit("no sockets", holds, required)];
            extraction_words(&limits, confinement).state
        };
        assert_eq!(state(true, true, Confinement::Required), State::Works);
        assert_eq!(state(false, false, Confinement::Required), State::Off);
        assert_eq!(state(false, true, Confinement::WherePossible), State::Off);
        assert_eq!(state(false, true, Confinement::Required), State::Broken);
        let limits = [memory, limit("no sockets", false, true)];
        let refused = extraction_words(&limits, Confinement::Required).words;
        assert!(refused.contains("ALLOW_UNCONFINED=true"), "{refused}");
    }
}
