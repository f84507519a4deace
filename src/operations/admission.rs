//! Whether a caller may: limits, credential, activation and whose path, in the contract's order, before an argument is looked at.

use super::Access;
use super::authorization_header::{self, ParsedAuthorization};
use super::caller::{CallContext, Caller, Credential, Face, RawCredential, Subject};
use super::credential::{from_page, from_process, from_proof, unauthenticated};
use super::throttling;
use crate::context::Context;
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};

/// Proves who calls and that they may: rate, credential, activation, whose path, in the contract's order. The steps are boxed:
/// few calls need more than two of them, and none should carry the room for all.
pub(super) async fn admit(
    context: &Context,
    call_context: CallContext,
    access: Access,
    while_inactive: bool,
    subject: &Subject,
    is_counted: bool,
) -> Result<Caller, Fault> {
    let (credential, process) = match &call_context.raw_credential {
        RawCredential::Headers {
            authorization,
            user_id,
        } => {
            let from = call_context.from();
            // Where nothing is asked and nothing counted, what is shown is not even read.
            let proof = if access == Access::Open && !throttling::count_calls(context) {
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
            if is_counted && throttling::count_calls(context) {
                Box::pin(throttling::call(context, &proof, &from)).await?;
            } else if matches!(proof, ParsedAuthorization::WrongKey) {
                Box::pin(throttling::guess(context, &proof, &from)).await?;
            }
            if access == Access::Open {
                // An open door asks for nothing, so a wrong key in hand is no reason to refuse.
                (Credential::None, None)
            } else {
                let user_id = user_id.as_deref();
                let credential = Box::pin(from_proof(context, proof, user_id, access, &from));
                (credential.await?, None)
            }
        }
        RawCredential::Process(process) => (
            Box::pin(from_process(context, process, access)).await?,
            Some(process.clone()),
        ),
        RawCredential::OwnPage { session } if call_context.face == Face::Page => {
            let from = call_context.from();
            let credential = Box::pin(from_page(context, session.as_ref(), access, &from));
            (credential.await?, None)
        }
        RawCredential::Operator if call_context.face == Face::Terminal => {
            (Credential::Operator, None)
        }
        RawCredential::Operator | RawCredential::OwnPage { .. } => {
            return Err(unauthenticated(access));
        }
    };
    let mut caller = Caller {
        credential,
        face: call_context.face,
        address: call_context.address,
        request_id: call_context.request_id,
        call_control: call_context.call_control,
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
        let user = Box::pin(named_account(context, named, caller.face)).await?;
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

/// Refuses whoever does not show the operator's key, counted as any call is. For plain routes; operations are opened by
/// dispatch.
pub async fn require_operator(context: &Context, call_context: &CallContext) -> Result<(), Fault> {
    let RawCredential::Headers { authorization, .. } = &call_context.raw_credential else {
        return Err(FaultKind::Forbidden.into());
    };
    let whence = call_context.from();
    let proof = authorization_header::read(context, authorization.as_ref());
    throttling::call(context, &proof, &whence).await?;
    match proof {
        ParsedAuthorization::OperatorKey => throttling::check_key(context, &whence),
        _ => Err(FaultKind::Forbidden.into()),
    }
}
