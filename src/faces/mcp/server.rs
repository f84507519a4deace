//! The MCP server: lists the tools and calls them through dispatch. One handler serves every protocol version rmcp knows
//! and every transport. It must know no single operation, no service and no store.

use std::sync::{Arc, LazyLock};

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CancelledNotificationParam,
    CompleteRequestParams, CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode,
    ErrorData, Extensions, GetPromptRequestParams, GetPromptResponse, Implementation,
    InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, RequestMetaObject, ServerCapabilities,
    ServerConfig, ServerResult, Tool,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::json;

mod refused;

use super::calls::{Calls, Listener, ToolCall};
use super::elicitation::{ElicitationMode, Outcome};
use super::incoming::{Incoming, Source};
use super::{instructions, params, present, prompts, resources};
use crate::context::Context;
use crate::operations::auth_level::{Account, AuthLevel};
use crate::operations::dispatch::{Answer, Request, dispatch_uncounted};
use crate::operations::registry::{self, Entry};

/// How long a client may keep what depends on nobody: the next release may change it.
const SAME_FOR_ALL_MS: u64 = 3_600_000;
/// How long a client may keep its tool list, which changes with its proof alone.
const OWN_TOOLS_MS: u64 = 300_000;

/// What a server says of itself. The protocol library asks for it at every request without a session.
static INFO: LazyLock<ServerConfig> = LazyLock::new(|| {
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
    implementation.icons = Some(vec![present::icon()]);
    info.server_info = implementation;
    info
});

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
        toolsets.contains(&entry.spec.area) && entry.spec.is_tool()
    }

    /// Whether a tool is offered to who stands there.
    fn is_offered(&self, entry: &Entry, standing: AuthLevel) -> bool {
        self.is_tool(entry) && standing.is_offered(entry.spec.access)
    }

    /// How things stand with this caller. What cannot be told now is left out: a handshake does not fail over it.
    async fn instructions(&self, extensions: &Extensions) -> Option<String> {
        let call_context = self.incoming(extensions).call_context;
        let account = Account::of(&self.context, &call_context).await.ok()?;
        let price = self.context.settings.analysis_credits;
        self.offered_words(&instructions::for_account(&account, price))
    }

    /// Words for a model without the sentences about tools that this server does not offer. A way in is told of over HTTP
    /// too, though some tools of it are behind the deployment's key there.
    fn offered_words(&self, words: &str) -> Option<String> {
        present::offered_advice(words, |entry| self.is_tool(entry))
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
            call_context: self.incoming(extensions).call_context,
            user_id: None,
            arguments,
        };
        Some(dispatch_uncounted(&self.context, entry, request).await)
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

/// Under which key the client says that a call is the same as an earlier one: `idempotencyKey` in `_meta`, however it is
/// written and whatever prefix stands before it.
fn idempotency_key(meta: &RequestMetaObject) -> Option<String> {
    let is_key = |name: &str| {
        let own = name.rsplit('/').next().unwrap_or(name);
        let letters = own.bytes().filter(|byte| !b"-_".contains(byte));
        letters
            .map(|byte| byte.to_ascii_lowercase())
            .eq(*b"idempotencykey")
    };
    let given = meta.iter().find(|(name, _)| is_key(name));
    given.and_then(|(_, key)| key.as_str().map(str::to_owned))
}

fn typed<T: serde::de::DeserializeOwned>(params: serde_json::Value) -> Result<T, ErrorData> {
    serde_json::from_value(params)
        .map_err(|_| ErrorData::invalid_params("The params do not fit this method.", None))
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        INFO.clone()
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        call.peer.set_peer_info(request.clone());
        let mut result = self.negotiate_initialize(&request)?;
        result.instructions = self.instructions(&call.extensions).await;
        Ok(result)
    }

    async fn discover(
        &self,
        _context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut info = self.get_info();
        // Kept for everybody alike, so it says nothing of this caller.
        info.instructions = self.offered_words(&instructions::for_anybody());
        Ok(DiscoverResult::from_server_info(versions, info)
            .with_ttl_ms(SAME_FOR_ALL_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        call: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let call_context = self.incoming(&call.extensions).call_context;
        let account = Account::of(&self.context, &call_context)
            .await
            .map_err(|fault| {
                let answer = Answer::from_fault(&fault, &call_context.request_id);
                ErrorData::internal_error(answer.message, Some(answer.data))
            })?;
        let offered = registry::ALL
            .iter()
            .filter(|entry| self.is_offered(entry, account.standing));
        let tools = offered
            .map(|entry| present::listed(entry, account.refusal.as_deref()))
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
            .latest_tasks(&call.extensions, resources::MAX_LISTED)
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
        if answer.is_unauthenticated() {
            // Whether there is such a task is nothing for whoever is not signed in.
            let next = answer.next().unwrap_or_default();
            let problem = format!("Sign in to read {uri}. {next}");
            return Err(ErrorData::resource_not_found(
                problem,
                Some(json!({"uri": uri})),
            ));
        }
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
        let mut incoming = self.incoming(&call.extensions);
        let Some(entry) = self.find(&request.name) else {
            return Err(self
                .unknown_tool(&request.name, &incoming.call_context)
                .await);
        };
        let call_context = incoming.call_context.clone();
        let listener = call.meta.get_progress_token().map(|token| Listener {
            peer: call.peer.clone(),
            token,
        });
        incoming.call_context.call_control.idempotency_key = idempotency_key(&call.meta);
        let way = match ElicitationMode::of(entry, &mut request, &call) {
            Ok(way) => way,
            Err(problem) => return Err(self.refuse_call(&call_context, problem).await),
        };
        let call = ToolCall {
            entry,
            way,
            incoming,
            arguments: request.arguments.unwrap_or_default(),
            listener,
            id: call.id,
        };
        match self.calls.run(&self.context, call).await {
            Some(Outcome::Answered(answer, decision)) => {
                let next = answer.next().and_then(|next| self.offered_words(next));
                let answer = answer.with_next(next);
                Ok(present::result(entry, answer, decision).into())
            }
            Some(Outcome::Asks(asks)) => Ok((*asks).into()),
            Some(Outcome::Refused(unopened)) => {
                let problem = format!(
                    "The requestState {unopened}. Nothing was done; call again without it."
                );
                let problem = ErrorData::invalid_params(problem, None);
                Err(self.refuse_call(&call_context, problem).await)
            }
            None => Err(ErrorData::internal_error("The client has left.", None)),
        }
    }

    /// Requests whose params fit no type of the protocol library come here as well as methods that it does not know.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        call: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let CustomRequest { method, params, .. } = request;
        let is_legacy = call
            .protocol_version()
            .is_none_or(|version| version < ProtocolVersion::V_2026_07_28);
        let result = match (
            method.as_str(),
            params::with_parsed_arguments(params.as_ref()),
        ) {
            ("tools/call", Some(params)) => {
                let params = match typed(params) {
                    Ok(params) => params,
                    Err(problem) => return Err(self.refuse_custom_call(&call, problem).await),
                };
                let called = self.call_tool(params, call).await?;
                serde_json::to_value(ServerResult::from(called))
            }
            ("prompts/get", Some(params)) => {
                let filled = self.get_prompt(typed(params)?, call).await?;
                serde_json::to_value(ServerResult::from(filled))
            }
            _ => {
                let is_call = method == "tools/call";
                let problem = params::problem(&method, params.as_ref())
                    .unwrap_or_else(|| ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method, None));
                return Err(if is_call {
                    self.refuse_custom_call(&call, problem).await
                } else {
                    problem
                });
            }
        };
        let mut result =
            result.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        // Results say what kind they are only from 2026-07-28 on.
        if is_legacy && let Some(members) = result.as_object_mut() {
            members.remove("resultType");
        }
        Ok(CustomResult::new(result))
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
