//! What Clara is measured beside: the protocol library's own server behind plain axum, whose tools answer what Clara's do and
//! do nothing else, so it is what the protocol and the database themselves cost. `echo` says back what it was told.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt as _;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::Outcome;
use crate::rows::{Rows, envelope};

#[derive(Clone)]
struct Bare(Rows);

impl Bare {
    /// The envelope that Clara answers for this tool.
    async fn answer(&self, tool: &str) -> Outcome<Value> {
        Ok(match tool {
            "user_view" => envelope("User fetched successfully.", &self.0.user().await?),
            "transaction_view_all" => envelope(
                "Transactions fetched successfully.",
                &self.0.entries().await?,
            ),
            _ => envelope(
                "Version check successful.",
                &json!({"version": env!("CARGO_PKG_VERSION")}),
            ),
        })
    }
}

impl ServerHandler for Bare {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _call: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(vec![tool("echo")]))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Some(tool(name))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _call: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name == "echo" {
            let arguments = request.arguments.unwrap_or_default();
            let text = arguments.get("text").and_then(|text| text.as_str());
            let text = text.unwrap_or_default().to_owned();
            return Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into());
        }
        let envelope = self
            .answer(&request.name)
            .await
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let message = envelope["message"].as_str().unwrap_or_default();
        let text = format!("{message}\n{}", envelope["data"]);
        let mut result = CallToolResult::structured(envelope);
        result.content = vec![ContentBlock::text(text)];
        Ok(result.into())
    }
}

fn tool(name: &str) -> Tool {
    let schema = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    let schema = schema.as_object().cloned().unwrap_or_default();
    Tool::new(name.to_owned(), "Answers.", Arc::new(schema))
}

/// The same answer over plain HTTP; what fails has no data.
async fn answer(bare: Bare, tool: &str) -> impl IntoResponse {
    let answer = bare.answer(tool).await;
    let failed = |error: Box<dyn Error>| json!({"status": "error", "message": error.to_string()});
    let body = answer.unwrap_or_else(failed).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body)
}

/// Serves until killed: `/mcp` answers with JSON and without sessions, `/sessions` with both, the rest as REST does.
pub async fn serve(database: &Path, user_id: &str) -> Result<(), Box<dyn Error>> {
    let bare = Bare(Rows::open(database, user_id));
    let service = |sessions: bool| {
        let bare = bare.clone();
        StreamableHttpService::new(
            move || Ok(bare.clone()),
            Arc::new(LocalSessionManager::default()),
            StreamableHttpServerConfig::default()
                .with_json_response(true)
                .with_legacy_session_mode(sessions),
        )
    };
    let plain =
        |tool: &'static str| get(async move |State(bare): State<Bare>| answer(bare, tool).await);
    let router = Router::new()
        .nest_service("/mcp", service(false))
        .nest_service("/sessions", service(true))
        .route("/api/v1/version", plain("misc_version"))
        .route("/api/v1/users/{user_id}", plain("user_view"))
        .route(
            "/api/v1/users/{user_id}/transactions",
            plain("transaction_view_all"),
        )
        .with_state(bare.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("bare rmcp listens on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}
