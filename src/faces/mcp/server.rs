//! The MCP server: lists the tools and calls them through dispatch. One handler serves every protocol version rmcp knows
//! and every transport. It must know no single operation, no service and no store.

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CancelledNotificationParam,
    CompleteRequestParams, CompleteResult, DiscoverResult, ErrorData, Extensions,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::json;

use super::asking::{Outcome, Way};
use super::calls::{Calls, Listener, ToolCall};
use super::incoming::{Incoming, Source};
use super::{present, prompts, resources};
use crate::context::Context;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry::{self, Entry};
use crate::operations::standing::Standing;

/// How long a client may keep what depends on nobody: the next release may change it.
const SAME_FOR_ALL_MS: u64 = 3_600_000;
/// How long a client may keep its tool list, which changes with its proof alone.
const OWN_TOOLS_MS: u64 = 300_000;

/// What a model should know before its first call.
const INSTRUCTIONS: &str = "Clara checks facts. Call agent_analysis with a text and the files that are the evidence: it \
returns each claim with a verdict (supported, refuted, conflicting, not_enough_evidence) and exact quotes. It costs \
credits. Without an account: auth_register, auth_activate with the mailed code, auth_login.";

/// Clara as an MCP server, for one connection or session. It holds nothing that grows with the number of tools.
#[derive(Clone)]
pub struct McpServer {
    context: Arc<Context>,
    source: Source,
    calls: Calls,
}

impl McpServer {
    /// A server whose requests come from `source`.
    pub fn new(context: Arc<Context>, source: Source) -> Self {
        Self {
            context,
            source,
            calls: Calls::default(),
        }
    }

    fn incoming(&self, extensions: &Extensions) -> Incoming {
        self.source.incoming(&self.context, extensions)
    }

    /// Whether an entry is a tool of this server at all, whoever asks.
    fn is_tool(&self, entry: &Entry) -> bool {
        let toolsets = &self.context.settings.toolsets;
        toolsets.contains(&entry.spec.area) && Standing::anybody_is_offered(entry.spec.access)
    }

    fn find(&self, tool: &str) -> Option<&'static Entry> {
        registry::find(tool).filter(|entry| self.is_tool(entry))
    }

    /// Calls an operation on behalf of something that is no tool call.
    async fn ask(
        &self,
        extensions: &Extensions,
        tool: &str,
        arguments: serde_json::Value,
    ) -> Option<Answer> {
        let entry = self.find(tool)?;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let request = Request {
            arrival: self.incoming(extensions).arrival,
            user_id: None,
            arguments,
        };
        Some(dispatch(&self.context, entry, request).await)
    }

    /// The caller's latest tasks; none for whoever may not list any.
    async fn latest_tasks(&self, extensions: &Extensions, limit: usize) -> serde_json::Value {
        let answer = self
            .ask(extensions, resources::LIST, json!({"limit": limit}))
            .await
            .filter(Answer::is_success);
        answer.map(|answer| answer.data).unwrap_or_default()
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(
            ServerCapabilities::builder()
                .enable_tools()
                .enable_resources()
                .enable_prompts()
                .enable_completions()
                .build(),
        );
        let mut implementation = Implementation::new("clara", env!("CARGO_PKG_VERSION"));
        implementation.title = Some("Clara, fact checks with quotes".to_owned());
        info.server_info = implementation;
        info.with_instructions(INSTRUCTIONS)
    }

    async fn discover(
        &self,
        _context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        Ok(DiscoverResult::from_server_info(versions, self.get_info())
            .with_ttl_ms(SAME_FOR_ALL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        call: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let arrival = self.incoming(&call.extensions).arrival;
        let standing = Standing::of(&self.context, &arrival).await;
        let standing = standing.map_err(|fault| {
            let answer = Answer::from_fault(&fault, &arrival.request_id);
            ErrorData::internal_error(answer.message, Some(answer.data))
        })?;
        let offered =
            |entry: &&Entry| self.is_tool(entry) && standing.is_offered(entry.spec.access);
        let tools = registry::ALL
            .iter()
            .filter(offered)
            .map(present::tool)
            .collect();
        Ok(ListToolsResult::with_all_items(tools)
            .with_ttl_ms(OWN_TOOLS_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        call: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let tasks = self
            .latest_tasks(&call.extensions, resources::MOST_LISTED)
            .await;
        Ok(ListResourcesResult::with_all_items(resources::list(&tasks))
            .with_ttl_ms(0)
            .with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(
            ListResourceTemplatesResult::with_all_items(resources::templates())
                .with_ttl_ms(SAME_FOR_ALL_MS)
                .with_cache_scope(CacheScope::Public),
        )
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.as_str();
        let missing = || {
            ErrorData::resource_not_found(format!("There is no {uri}."), Some(json!({"uri": uri})))
        };
        let (task_id, report) = resources::task_of(uri).ok_or_else(missing)?;
        let asked = json!({"task_id": task_id, "wait_seconds": 0});
        let answer = self
            .ask(&call.extensions, resources::READ, asked)
            .await
            .ok_or_else(missing)?;
        Ok(resources::content(uri, report, &answer)
            .ok_or_else(missing)?
            .into())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(
            prompts::all()
                .iter()
                .map(prompts::Written::listed)
                .collect(),
        )
        .with_ttl_ms(SAME_FOR_ALL_MS)
        .with_cache_scope(CacheScope::Public))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompts::fill(&request.name, &request.arguments.unwrap_or_default()).map(Into::into)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        if !resources::is_completed(&request) {
            return Ok(CompleteResult::default());
        }
        let tasks = self
            .latest_tasks(&call.extensions, rmcp::model::CompletionInfo::MAX_VALUES)
            .await;
        Ok(resources::completion(&tasks, &request.argument.value))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.find(name).map(present::tool)
    }

    async fn call_tool(
        &self,
        mut request: CallToolRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.find(&request.name) else {
            let message = format!(
                "There is no tool `{}`; tools/list names them all.",
                request.name
            );
            return Err(ErrorData::invalid_params(message, None));
        };
        let listener = call.meta.get_progress_token().map(|token| Listener {
            peer: call.peer.clone(),
            token,
        });
        let call = ToolCall {
            entry,
            way: Way::of(entry, &mut request, &call)?,
            incoming: self.incoming(&call.extensions),
            arguments: request.arguments.unwrap_or_default(),
            listener,
            id: call.id,
        };
        match self.calls.run(&self.context, call).await {
            Some(Outcome::Answered(answer, decision)) => {
                Ok(present::result(entry, answer, decision).into())
            }
            Some(Outcome::Asks(asks)) => Ok((*asks).into()),
            Some(Outcome::Refused(unopened)) => {
                let problem = format!(
                    "The requestState {unopened}. Nothing was done; call again without it."
                );
                Err(ErrorData::invalid_params(problem, None))
            }
            None => Err(ErrorData::internal_error("The client has left.", None)),
        }
    }

    async fn on_cancelled(
        &self,
        notification: CancelledNotificationParam,
        _context: NotificationContext<RoleServer>,
    ) {
        if let Some(id) = &notification.request_id {
            self.calls.withdraw(id);
        }
    }
}
