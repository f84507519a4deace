//! The MCP server: lists the tools and calls them through dispatch. One handler serves every protocol version rmcp knows.
//! It must know no single operation, no service and no store.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ErrorData, Implementation,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{present, resources};
use crate::context::Context;
use crate::operations::caller::{Arrival, Face, Presented};
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry::{self, Entry};

/// How long a call may go on after the client has left.
const FAREWELL: Duration = Duration::from_millis(300);

/// What a model should know before its first call.
const INSTRUCTIONS: &str = "Clara checks facts. Call agent_analysis with a text and the files that are the evidence: it \
returns each claim with a verdict (supported, refuted, conflicting, not_enough_evidence) and exact quotes. It costs \
credits. Without an account: auth_register, auth_activate with the mailed code, auth_login.";

/// Clara as an MCP server.
#[derive(Clone)]
pub struct McpServer {
    context: Arc<Context>,
    presented: Presented,
    face: Face,
    closing: CancellationToken,
}

impl McpServer {
    /// A server for one connection. When `closing` is cancelled the client has left, and calls that only wait end.
    pub fn new(
        context: Arc<Context>,
        presented: Presented,
        face: Face,
        closing: CancellationToken,
    ) -> Self {
        Self {
            context,
            presented,
            face,
            closing,
        }
    }

    fn offered(&self) -> impl Iterator<Item = &'static Entry> {
        let toolsets = &self.context.settings.toolsets;
        registry::tools().filter(move |entry| toolsets.contains(&entry.spec.area))
    }

    /// Calls an operation on behalf of something that is no tool call.
    async fn ask(&self, tool: &str, arguments: serde_json::Value) -> Option<Answer> {
        let entry = registry::find(tool)?;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let request = Request {
            arrival: self.arrival(),
            user_id: None,
            arguments,
        };
        Some(dispatch(&self.context, entry, request).await)
    }

    fn arrival(&self) -> Arrival {
        let mut bytes = [0_u8; 8];
        self.context.randomness.fill(&mut bytes);
        Arrival {
            presented: self.presented.clone(),
            face: self.face,
            address: None,
            request_id: format!("{:016x}", u64::from_le_bytes(bytes)),
        }
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(
            ServerCapabilities::builder()
                .enable_tools()
                .enable_resources()
                .build(),
        );
        let mut implementation = Implementation::new("clara", env!("CARGO_PKG_VERSION"));
        implementation.title = Some("Clara, fact checks with quotes".to_owned());
        info.server_info = implementation;
        info.with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(
            self.offered().map(present::tool).collect(),
        ))
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        // Whoever may not list tasks has none to open.
        let answer = self
            .ask("task_view_all", json!({}))
            .await
            .filter(Answer::is_success);
        let reports = answer
            .map(|answer| resources::list(&answer.data))
            .unwrap_or_default();
        Ok(ListResourcesResult::with_all_items(reports))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(
            resources::templates(),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.as_str();
        let missing = || ErrorData::resource_not_found(format!("There is no {uri}."), None);
        let (task_id, report) = resources::task_of(uri).ok_or_else(missing)?;
        let answer = self
            .ask("task_view", json!({"task_id": task_id, "wait_seconds": 0}))
            .await
            .ok_or_else(missing)?;
        Ok(resources::content(uri, report, &answer)
            .ok_or_else(missing)?
            .into())
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        registry::find(name).map(present::tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        call: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let offered = registry::find(&request.name)
            .filter(|entry| self.context.settings.toolsets.contains(&entry.spec.area));
        let Some(entry) = offered else {
            let message = format!(
                "There is no tool `{}`; tools/list names them all.",
                request.name
            );
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = request.arguments.unwrap_or_default();
        let request = Request {
            arrival: self.arrival(),
            user_id: None,
            arguments,
        };
        let farewell = async {
            self.closing.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        };
        tokio::select! {
            answer = dispatch(&self.context, entry, request) => Ok(present::result(entry, answer).into()),
            () = call.ct.cancelled() => Err(ErrorData::internal_error("The call was cancelled.", None)),
            () = farewell => Err(ErrorData::internal_error("The client has left.", None)),
        }
    }
}
