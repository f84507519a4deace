//! Who this process acts for: whoever its settings name, the local account, or who signed in through it.

use std::sync::{PoisonError, RwLock};

use secrecy::SecretString;

use crate::context::Context;
use crate::domain::ids::UserId;
use crate::fault::Fault;

/// Who the process acts for when no request carries a credential: over stdio and in the terminal.
#[derive(Debug, Default)]
pub struct ProcessIdentity {
    /// `USER_ID`, which must be whom the token belongs to.
    pub user_id: Option<UserId>,
    /// `API_KEY_TOKEN`.
    pub api_key_token: Option<SecretString>,
    /// The zero-setup account.
    pub local_account: Option<UserId>,
    signed_in: RwLock<Option<SecretString>>,
}

impl ProcessIdentity {
    /// Who the settings name; where they name nobody and the database is the embedded one, the local account, which is
    /// made and filled up here.
    pub async fn from_settings(context: &Context) -> Result<Self, Fault> {
        let settings = &context.settings;
        let mut identity = Self {
            user_id: settings.user_id.clone(),
            api_key_token: settings.api_key_token.clone(),
            ..Self::default()
        };
        if identity.api_key_token.is_none()
            && settings.database.is_embedded()
            && let Some(email) = &settings.local_account
        {
            let user = context
                .services
                .accounts
                .local_account(email, settings.local_credits)
                .await?;
            identity.local_account = Some(user.id);
        }
        Ok(identity)
    }

    pub(super) fn session(&self) -> Option<SecretString> {
        self.signed_in
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set_session(&self, token: Option<SecretString>) {
        *self
            .signed_in
            .write()
            .unwrap_or_else(PoisonError::into_inner) = token;
    }
}
