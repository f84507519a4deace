//! Who calls: what a face was shown, and what dispatch made of it. Made once a call, by dispatch; operations only read it.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;

use super::Access;
use super::authorization_header::{self, ParsedAuthorization};
pub use super::credential::{ProcessIdentity, require_operator};
use super::credential::{from_page, from_process, from_proof, unauthenticated};
use super::limits;
use crate::context::Context;
use crate::domain::email::Email;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::request_id::RequestId;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
pub use crate::services::call_control::{CallControl, Progress};
use crate::services::{Identity, Origin};

/// Through which door a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Stdio,
    Terminal,
    Rest,
    McpHttp,
    /// A page of our own, in somebody's browser.
    Page,
}

impl Face {
    /// The word in logs and the audit table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Terminal => "terminal",
            Self::Rest => "rest",
            Self::McpHttp => "mcp_http",
            Self::Page => "page",
        }
    }

    /// Whether a model's client calls.
    pub fn is_mcp(self) -> bool {
        matches!(self, Self::Stdio | Self::McpHttp)
    }

    /// Whether the caller sits at this machine and started the process, and so may name its files.
    pub fn is_local(self) -> bool {
        matches!(self, Self::Stdio | Self::Terminal)
    }
}

/// What a face was shown as proof, before anything of it was believed.
#[derive(Debug, Clone)]
pub enum RawCredential {
    /// The headers of an HTTP request.
    Headers {
        authorization: Option<SecretString>,
        user_id: Option<String>,
    },
    /// A page of our own, with the session that its cookie holds, if there is one. It is the deployment's front end, and so
    /// worth its public key; through any other face it proves nothing.
    OwnPage { session: Option<SecretString> },
    /// The process itself.
    Process(Arc<ProcessIdentity>),
    /// The process as the operator: whoever can start one on the database has all that the private key opens. The
    /// terminal's alone; through any other face it proves nothing.
    Operator,
}

/// What the proof turned out to be.
#[derive(Debug, Clone)]
pub enum Credential {
    None,
    PublicKey,
    /// An address and a password, not yet checked: only Login does.
    Password {
        email: String,
        password: SecretString,
    },
    /// A signed-in account; `session` is `None` for the local account, which never signed in.
    Session {
        user: Box<User>,
        session: Option<SessionId>,
    },
    ApiKey {
        user: Box<User>,
    },
    Operator,
}

/// Who calls, through which door, and for whom.
#[derive(Debug, Clone)]
pub struct Caller {
    pub credential: Credential,
    pub face: Face,
    /// The client's address, where there is a network between.
    pub address: Option<IpAddr>,
    pub request_id: RequestId,
    /// What ends a wait of this call before its time, and who hears of its progress.
    pub waiting: CallControl,
    process: Option<Arc<ProcessIdentity>>,
    subject: Option<Box<User>>,
}

impl Caller {
    /// The account the call is about: the caller's own, or for the operator the one the path names.
    pub fn user(&self) -> Result<&User, Fault> {
        self.subject
            .as_deref()
            .ok_or_else(|| Fault::new(FaultKind::Forbidden))
    }

    /// The session the caller is signed in with, where there is one.
    pub fn session(&self) -> Option<&SessionId> {
        match &self.credential {
            Credential::Session { session, .. } => session.as_ref(),
            _ => None,
        }
    }

    /// The account together with its session, where the caller signed in.
    pub fn identity(&self) -> Option<Identity> {
        let user = self.subject.as_deref()?.clone();
        Some(Identity {
            user,
            session: Some(self.session()?.clone()),
        })
    }

    /// From where the call came, for the audit table.
    pub fn origin(&self) -> Origin {
        Origin {
            by_operator: matches!(self.credential, Credential::Operator),
            ..self.from().origin()
        }
    }

    pub(super) fn from(&self) -> CallOrigin<'_> {
        CallOrigin {
            address: self.address,
            face: self.face,
            request_id: &self.request_id,
        }
    }

    /// From now on the process acts for the account this token belongs to; elsewhere it changes nothing.
    pub fn bind_process(&self, token: &str) {
        if let Some(process) = &self.process {
            process.set_session(Some(token.to_owned().into()));
        }
    }

    /// The process acts again for whom its settings name.
    pub fn release_process(&self) {
        if let Some(process) = &self.process {
            process.set_session(None);
        }
    }
}

/// Whose thing a call names, as far as a face could tell.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// `{user_id}` of a REST path.
    pub user_id: Option<String>,
    /// `{user_email}` of a REST path, or the argument of that name.
    pub user_email: Option<String>,
}

/// From where a call came, before its proof was looked at.
#[derive(Debug, Clone)]
pub struct CallContext {
    pub presented: RawCredential,
    pub face: Face,
    pub address: Option<IpAddr>,
    pub request_id: RequestId,
    pub waiting: CallControl,
}

impl CallContext {
    pub(super) fn from(&self) -> CallOrigin<'_> {
        CallOrigin {
            address: self.address,
            face: self.face,
            request_id: &self.request_id,
        }
    }
}

/// Where a call came from, whoever it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallOrigin<'a> {
    pub(super) address: Option<IpAddr>,
    pub(super) face: Face,
    request_id: &'a RequestId,
}

impl CallOrigin<'_> {
    pub(super) fn origin(&self) -> Origin {
        Origin {
            address: self.address.map(|address| address.to_string()),
            face: self.face.name(),
            request_id: self.request_id.clone(),
            by_operator: false,
        }
    }
}

/// Proves who calls and that they may: rate, credential, activation, whose path, in the contract's order.
pub(super) async fn admit(
    context: &Context,
    arrival: CallContext,
    access: Access,
    while_inactive: bool,
    subject: &Subject,
    is_counted: bool,
) -> Result<Caller, Fault> {
    let (credential, process) = match &arrival.presented {
        RawCredential::Headers {
            authorization,
            user_id,
        } => {
            let from = arrival.from();
            // Where nothing is asked and nothing counted, what is shown is not even read.
            let proof = if access == Access::Open && !limits::count_calls(context) {
                ParsedAuthorization::None
            } else {
                let proof = authorization_header::read(context, authorization.as_ref());
                match (access, proof) {
                    // These doors ask for no key, so a wrong one in hand is nothing.
                    (Access::Open | Access::Password, ParsedAuthorization::WrongKey) => {
                        ParsedAuthorization::None
                    }
                    (_, proof) => proof,
                }
            };
            if is_counted {
                limits::call(context, &proof, &from).await?;
            } else {
                limits::guess(context, &proof, &from).await?;
            }
            let user_id = user_id.as_deref();
            let credential = from_proof(context, proof, user_id, access, &from).await?;
            (credential, None)
        }
        RawCredential::Process(process) => (
            from_process(context, process, access).await?,
            Some(process.clone()),
        ),
        RawCredential::OwnPage { session } if arrival.face == Face::Page => {
            let from = arrival.from();
            let credential = from_page(context, session.as_ref(), access, &from).await?;
            (credential, None)
        }
        RawCredential::Operator if arrival.face == Face::Terminal => (Credential::Operator, None),
        RawCredential::Operator | RawCredential::OwnPage { .. } => {
            return Err(unauthenticated(access));
        }
    };
    let mut caller = Caller {
        credential,
        face: arrival.face,
        address: arrival.address,
        request_id: arrival.request_id,
        waiting: arrival.waiting,
        process,
        subject: None,
    };
    check_kind(access, &caller)?;
    // Whoever started the process may ask for a code for any address, signed in as somebody else or not; so may whoever
    // sits before a page.
    if (caller.process.is_some() || caller.face == Face::Page)
        && access == Access::PublicKeyOrSession
        && names_other_email(subject, &caller.credential)
    {
        caller.credential = Credential::PublicKey;
    }
    if let Credential::Session { user, .. } | Credential::ApiKey { user } = &caller.credential {
        if !user.is_active && !while_inactive {
            return Err(Fault::new(FaultKind::Inactive).with_hint(format!(
                "Call auth_activate with user_email {} and the six digits from the mail; auth_send_otp with otp_type ACTIVATION sends new ones.",
                user.email
            )));
        }
        let other_id = subject
            .user_id
            .as_ref()
            .is_some_and(|named| named != user.id.as_str());
        let other_email =
            access == Access::PublicKeyOrSession && names_other_email(subject, &caller.credential);
        if other_id || other_email {
            return Err(Fault::new(FaultKind::Forbidden)
                .with_hint("A signed-in caller acts for its own account only."));
        }
        caller.subject = Some(user.clone());
    } else if let (Credential::Operator, Some(named)) = (&caller.credential, &subject.user_id) {
        let user = named_account(context, named, caller.face).await?;
        caller.subject = Some(Box::new(user));
    }
    Ok(caller)
}

/// The account that the operator names: by its identifier, or in the terminal by its address too.
async fn named_account(context: &Context, named: &str, face: Face) -> Result<User, Fault> {
    let accounts = &context.services.accounts;
    if let Ok(id) = named.parse::<UserId>() {
        return accounts.view(&id).await;
    }
    match named.parse::<Email>() {
        Ok(email) if face == Face::Terminal => accounts.view_by_address(&email).await,
        _ => Err(FaultKind::NotFound(Resource::User).into()),
    }
}

/// Whether the path's address is another than that of whoever is signed in.
fn names_other_email(subject: &Subject, credential: &Credential) -> bool {
    match (credential, &subject.user_email) {
        (Credential::Session { user, .. } | Credential::ApiKey { user }, Some(named)) => {
            let named = named.parse::<Email>();
            named.map_or(true, |named| named.key() != user.email.key())
        }
        _ => false,
    }
}

/// Whether this kind of credential opens this kind of door at all.
fn check_kind(access: Access, caller: &Caller) -> Result<(), Fault> {
    let credential = &caller.credential;
    let own_process = caller.process.is_some();
    if caller.face == Face::McpHttp && matches!(credential, Credential::Operator) {
        return Err(Fault::new(FaultKind::Unauthenticated).with_hint(
            "The operator's key is taken over REST and by `clara admin`, never over MCP.",
        ));
    }
    let admitted = match access {
        Access::Open => true,
        Access::PublicKey => {
            own_process || matches!(credential, Credential::PublicKey | Credential::Operator)
        }
        Access::PublicKeyOrSession => {
            own_process
                || matches!(
                    credential,
                    Credential::PublicKey | Credential::Operator | Credential::Session { .. }
                )
        }
        // Over MCP and on a page the proof stands in the arguments; REST takes it from the header alone.
        Access::Password => {
            own_process
                || matches!(caller.face, Face::McpHttp | Face::Page)
                || matches!(credential, Credential::Password { .. })
        }
        Access::Session | Access::Person => matches!(
            credential,
            Credential::Session { .. } | Credential::Operator
        ),
        Access::SessionOrKey => {
            matches!(
                credential,
                Credential::Session { .. } | Credential::ApiKey { .. } | Credential::Operator
            )
        }
        Access::Operator => matches!(credential, Credential::Operator),
    };
    if admitted {
        Ok(())
    } else {
        Err(unauthenticated(access))
    }
}
