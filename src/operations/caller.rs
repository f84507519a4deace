//! Who calls: what a face was shown, and what dispatch made of it. Made once a call, by dispatch; operations only read it.

use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;

pub use super::process_identity::ProcessIdentity;
use crate::domain::ids::SessionId;
use crate::domain::request_id::RequestId;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind};
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
    pub call_control: CallControl,
    pub(super) process: Option<Arc<ProcessIdentity>>,
    pub(super) subject: Option<Box<User>>,
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
    pub raw_credential: RawCredential,
    pub face: Face,
    pub address: Option<IpAddr>,
    pub request_id: RequestId,
    pub call_control: CallControl,
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
