//! Export: everything that is kept of an account as one JSON document, without the secrets that guard it.
//! Knows the exports service; how the document looks is in `shape`, how it is put together in `writing`.

mod shape;
mod tasks;
mod writing;

use std::borrow::Cow;

use schemars::JsonSchema;

use crate::context::Context;
use crate::domain::operator::Act;
use crate::domain::second_factor::SecondFactorMethod;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::reauth::{self, ReauthInput, ReauthOutcome, make_sure};
use crate::operations::throttling::OperationLimit;
use crate::operations::{Access, Area, Body, Document, Hints, Operation, Route, Spec, Success};

/// Returns all that is kept of the account as one JSON document: profile, sessions, transactions, purchases, tasks with their
/// texts, reports and kept sources, mails and the audit trail. Not in it are the password's hash, tokens and codes, and the
/// content of files: of those still kept it has name, size and SHA-256. The owner gives the password again; the operator need not.
#[derive(JsonSchema)]
pub struct Export;

/// The document, which is sent from where it was written.
#[derive(Debug)]
pub struct Exported(Document);

impl serde::Serialize for Exported {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl JsonSchema for Exported {
    fn schema_name() -> Cow<'static, str> {
        shape::ExportView::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        shape::ExportView::json_schema(generator)
    }
}

impl Operation for Export {
    type Input = ReauthInput;
    type Output = Exported;
    const SPEC: Spec = Spec {
        tool: "user_export",
        title: "Export an account",
        area: Area::User,
        route: Route::post("/users/{user_id}/export"),
        access: Access::Person,
        while_inactive: false,
        about_account: true,
        body: Body::Optional,
        success: Success::ok("User exported successfully."),
        hints: Hints::ADD,
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::EmptyBody,
        FaultKind::SecondFactorRequired {
            method: SecondFactorMethod::Mail,
        },
        FaultKind::Unavailable(Service::PasswordHashing),
    ];
    const LIMIT: OperationLimit = reauth::LIMIT;

    async fn run(
        context: &Context,
        caller: &Caller,
        input: ReauthInput,
    ) -> Result<Exported, Fault> {
        let (proven, act) = match make_sure(context, caller, input).await? {
            ReauthOutcome::Owner(proven) => (Some(proven), Act::from(&caller.origin())),
            ReauthOutcome::Operator(act) => (None, act),
        };
        let exports = &context.services.exports;
        let export = exports.begin(&caller.user()?.id, proven, &act).await?;
        writing::written(&export).await.map(Exported)
    }

    fn document(output: &Exported) -> Option<Document> {
        Some(output.0.clone())
    }
}
