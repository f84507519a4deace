//! The settings of selling credits: Stripe's keys, its prices, and where people come back to. Checked here, once; whether
//! Stripe accepts them is the doctor's business.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::setting::{Given, RawSettings, SettingsError, parts};
use super::table::{
    CREDIT_RATES, STRIPE_API_BASE, STRIPE_PRICE_ID, STRIPE_RETURN_URL, STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET,
};

/// How Stripe is reached, and what is sold through it.
#[derive(Debug, Clone)]
pub struct Stripe {
    /// `None`: no credits are sold.
    pub secret_key: Option<SecretString>,
    /// None, one for all of the credit rates, or one for each, in their order.
    pub price_ids: Vec<String>,
    /// None, one, or two while they are being changed.
    pub webhook_secrets: Vec<SecretString>,
    /// `None`: Stripe's own.
    pub api_base: Option<Url>,
    /// Where the portal leads back to; `None`: the front end's address.
    pub return_url: Option<Url>,
}

impl Stripe {
    pub(super) fn read(raw: &RawSettings) -> Result<Self, SettingsError> {
        let price_ids = raw.get(&STRIPE_PRICE_ID)?;
        let rates = raw.get(&CREDIT_RATES)?.all().len();
        if price_ids.len() > 1 && price_ids.len() != rates {
            return Err(STRIPE_PRICE_ID.problem(format!(
                "has {} prices for the {rates} of CREDIT_RATES: takes one for all, or one for each",
                price_ids.len()
            )));
        }
        Ok(Self {
            secret_key: raw.get(&STRIPE_SECRET_KEY)?,
            price_ids,
            webhook_secrets: raw.get(&STRIPE_WEBHOOK_SECRET)?,
            api_base: raw.get(&STRIPE_API_BASE)?,
            return_url: raw.get(&STRIPE_RETURN_URL)?,
        })
    }

    /// Whether the secret key moves real money; `None` where there is none.
    pub fn is_live(&self) -> Option<bool> {
        let key = self.secret_key.as_ref()?.expose_secret();
        Some(key.starts_with("sk_live_") || key.starts_with("rk_live_"))
    }

    /// The price of a credit at the rate of this number, from 0.
    pub fn price_id(&self, rate: usize) -> Option<&str> {
        let only = (self.price_ids.len() == 1).then_some(0);
        self.price_ids.get(only.unwrap_or(rate)).map(String::as_str)
    }
}

/// What goes into a header or an address as it is.
fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

pub(super) fn secret_key(given: Given<'_>) -> Result<Option<SecretString>, SettingsError> {
    let key = given.secret()?;
    let is_key = |key: &SecretString| {
        let key = key.expose_secret();
        ["sk_test_", "sk_live_", "rk_test_", "rk_live_"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
            && is_word(key)
    };
    if key.as_ref().is_none_or(is_key) {
        Ok(key)
    } else {
        Err(given.problem(
            "takes a key of Stripe's that begins with `sk_test_`, `sk_live_`, `rk_test_` or `rk_live_`",
        ))
    }
}

pub(super) fn price_ids(given: Given<'_>) -> Result<Vec<String>, SettingsError> {
    given.list(
        "takes prices of Stripe's such as `price_1NEW`, comma-separated",
        |id| (id.starts_with("price_") && is_word(id)).then(|| id.to_owned()),
    )
}

pub(super) fn webhook_secrets(given: Given<'_>) -> Result<Vec<SecretString>, SettingsError> {
    const MAX_SECRETS: usize = 2;
    let Some(raw) = given.secret()? else {
        return Ok(Vec::new());
    };
    let secrets: Vec<SecretString> = parts(raw.expose_secret()).map(SecretString::from).collect();
    let is_secret = |secret: &SecretString| {
        let secret = secret.expose_secret();
        secret.len() >= 16 && secret.starts_with("whsec_")
    };
    if secrets.is_empty() || secrets.len() > MAX_SECRETS || !secrets.iter().all(is_secret) {
        return Err(given.problem(
            "takes a signing secret of Stripe's that begins with `whsec_`, or two, comma-separated",
        ));
    }
    Ok(secrets)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Stripe, SettingsError> {
        let said = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Stripe::read(&RawSettings::gather(
            |setting| said(setting.name),
            |_| None,
            &HashMap::new(),
        ))
    }

    #[test]
    fn a_key_says_whether_it_moves_real_money() {
        let live = |key| read(&[("STRIPE_SECRET_KEY", key)]).unwrap().is_live();
        assert_eq!(live("sk_test_1"), Some(false));
        assert_eq!(live("rk_live_1"), Some(true));
        assert_eq!(read(&[]).unwrap().is_live(), None);
    }

    #[test]
    fn prices_are_one_for_all_or_one_for_each_rate() {
        let rates = ("CREDIT_RATES", "5-99:100,100-1000:120");
        let one = read(&[rates, ("STRIPE_PRICE_ID", "price_1")]).unwrap();
        assert_eq!(
            (one.price_id(0), one.price_id(1)),
            (Some("price_1"), Some("price_1"))
        );
        let two = read(&[rates, ("STRIPE_PRICE_ID", "price_1, price_2")]).unwrap();
        assert_eq!(
            (two.price_id(0), two.price_id(1)),
            (Some("price_1"), Some("price_2"))
        );
        assert!(read(&[("STRIPE_PRICE_ID", "price_1,price_2")]).is_err());
        assert_eq!(read(&[]).unwrap().price_id(0), None);
    }

    #[test]
    fn what_stripe_never_made_is_refused_and_not_repeated() {
        for (name, value) in [
            ("STRIPE_SECRET_KEY", "pk_test_canary"),
            ("STRIPE_SECRET_KEY", "sk_test_can ary"),
            ("STRIPE_WEBHOOK_SECRET", "canary"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_canary"),
            (
                "STRIPE_WEBHOOK_SECRET",
                "whsec_canary00000,whsec_canary00001,whsec_canary00002",
            ),
        ] {
            let refused = read(&[(name, value)]).unwrap_err().to_string();
            assert!(
                refused.contains(name) && !refused.contains("canary"),
                "{refused}"
            );
        }
        assert!(read(&[("STRIPE_PRICE_ID", "prod_1")]).is_err());
        assert!(read(&[("STRIPE_API_BASE", "ftp://stripe")]).is_err());
    }
}
