//! Calls of tools that never reach dispatch, and so are counted by no limit on calls: they take from the limit on messages.

use rmcp::RoleServer;
use rmcp::model::{ErrorCode, ErrorData};
use rmcp::service::RequestContext;

use super::McpServer;
use crate::faces::mcp::RATE_LIMITED;
use crate::faces::mcp::http_common::words_of;
use crate::faces::mcp::nearest::nearest;
use crate::fault::{Fault, FaultKind, MAX_REPEATED};
use crate::operations::auth_level::{AuthLevel, Identified};
use crate::operations::caller::CallContext;
use crate::operations::dispatch::Answer;
use crate::operations::protocol_message;
use crate::operations::registry;

impl McpServer {
    /// The answer to a call of a tool that is not there, with the nearest one that is.
    pub(super) async fn unknown_tool(&self, name: &str, call_context: &CallContext) -> ErrorData {
        let standing = match self.count_refusal(call_context).await {
            Ok(standing) => standing,
            Err(problem) => return problem,
        };
        let shown: String = name.chars().take(MAX_REPEATED).collect();
        let offered: Vec<_> = registry::ALL
            .iter()
            .filter(|entry| self.is_offered(entry, standing))
            .collect();
        let message = match nearest(name, &offered) {
            Some(near) => format!(
                "There is no tool `{shown}`: did you mean `{near}`? tools/list names them all."
            ),
            None => format!("There is no tool `{shown}`; tools/list names them all."),
        };
        ErrorData::invalid_params(message, None)
    }

    /// Counts a call that is refused with `problem`; past the limit, the limit is the answer.
    pub(super) async fn refuse_call(
        &self,
        call_context: &CallContext,
        problem: ErrorData,
    ) -> ErrorData {
        self.count_refusal(call_context)
            .await
            .err()
            .unwrap_or(problem)
    }

    /// The same for a call whose params fit no type.
    pub(super) async fn refuse_custom_call(
        &self,
        call: &RequestContext<RoleServer>,
        problem: ErrorData,
    ) -> ErrorData {
        let call_context = self.incoming(&call.extensions).call_context;
        self.refuse_call(&call_context, problem).await
    }

    async fn count_refusal(&self, call_context: &CallContext) -> Result<AuthLevel, ErrorData> {
        let counted = async {
            let identified = Identified::before_call(&self.context, call_context).await?;
            if !call_context.face.is_local() {
                protocol_message(&self.context, &identified.key, call_context).await?;
            }
            Ok::<_, Fault>(identified.standing)
        };
        counted.await.map_err(|fault| {
            let answer = Answer::from_fault(&fault, &call_context.request_id);
            let code = match fault.kind() {
                FaultKind::RateLimited { .. } => ErrorCode(RATE_LIMITED),
                _ => ErrorCode::INTERNAL_ERROR,
            };
            ErrorData::new(code, words_of(&answer), Some(answer.data))
        })
    }
}
