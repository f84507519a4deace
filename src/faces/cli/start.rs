//! Starting and stopping: logs, context, identity and workers of the commands that run for a while.
//! A start that fails says why in one line; a stop gives running tasks back before it ends.

use std::process::ExitCode;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::output::Output;
use crate::context::{Context, RuntimeOptions, StartError};
use crate::faces::http::{self, HttpState};
use crate::faces::{mcp, serve};
use crate::operations::caller::{CallContext, CallControl, Face, ProcessIdentity, RawCredential};
use crate::settings::Settings;
use crate::worker::Workers;

/// Logs go to standard error; short commands speak up only when something is wrong.
pub fn log(settings: &Settings, serves: bool) {
    let said = if serves || settings.log != "info" {
        settings.log.as_str()
    } else {
        "warn"
    };
    let mut filter = EnvFilter::try_new(said).unwrap_or_else(|_| EnvFilter::new("info"));
    // The protocol library logs whole messages, passwords and documents included, and what a caller got wrong word for
    // word: only its errors are heard.
    if let Ok(quiet) = "rmcp=error".parse() {
        filter = filter.add_directive(quiet);
    }
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let _ = if settings.log_json {
        subscriber.json().try_init()
    } else {
        subscriber.try_init()
    };
}

/// How long a command waits for the mail server before it ends.
const MAIL_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(10);

/// A context with its workers, for somebody who sits at this machine.
pub struct Running {
    pub context: Arc<Context>,
    pub identity: Arc<ProcessIdentity>,
    workers: Workers,
}

impl Running {
    /// Opens everything; `works` says whether analyses are done in this process.
    pub async fn start(settings: Settings, works: bool) -> Result<Self, StartError> {
        let count = if works { settings.workers } else { 0 };
        let context = Arc::new(Context::start(settings, runtime_options()?).await?);
        let identity = ProcessIdentity::from_settings(&context).await;
        let identity = identity
            .map_err(|fault| StartError(format!("cannot use the local account: {fault}")))?;
        let workers = Workers::start(&context, count);
        Ok(Self {
            context,
            identity: Arc::new(identity),
            workers,
        })
    }

    /// A call from the terminal.
    pub fn call_context(&self) -> CallContext {
        CallContext {
            raw_credential: RawCredential::Process(self.identity.clone()),
            face: Face::Terminal,
            address: None,
            request_id: "terminal".into(),
            call_control: CallControl::default(),
        }
    }

    /// Sends the mails that this command caused, then stops; for commands that end by themselves.
    pub async fn finish(self) {
        let delivered =
            tokio::time::timeout(MAIL_TIMEOUT, self.context.services.outbox.deliver_due()).await;
        if !matches!(delivered, Ok(Ok(_))) {
            Output::tell("A mail could not be sent yet; the next start of Clara tries it again.");
        }
        self.stop().await;
    }

    /// Gives running tasks back and ends.
    pub async fn stop(self) {
        self.workers.stop().await;
        self.context.close().await;
    }
}

fn runtime_options() -> Result<RuntimeOptions, StartError> {
    let options = RuntimeOptions::of_this_process()?;
    #[cfg(debug_assertions)]
    let options = with_test_hooks(options);
    Ok(options)
}

/// The hooks of the crash tests. Released binaries lack them: `cargo test` cannot switch a feature of its own package on, so
/// that debug builds have them, as they have the sandbox probe.
#[cfg(debug_assertions)]
fn with_test_hooks(options: RuntimeOptions) -> RuntimeOptions {
    let hook = |name: &str| -> Option<u64> { std::env::var(name).ok()?.parse().ok() };
    RuntimeOptions {
        abort_at_statement: hook("CLARA_TEST_ABORT_AT_STATEMENT"),
        leases_advanced_by: std::time::Duration::from_secs(
            hook("CLARA_TEST_LEASES_ADVANCED_BY").unwrap_or(0),
        ),
        ..options
    }
}

/// A context without workers and without anybody's account, for the operator.
pub async fn context(settings: Settings) -> Result<Context, StartError> {
    Context::start(settings, runtime_options()?).await
}

/// `clara stdio`.
pub async fn stdio(settings: Settings) -> Result<ExitCode, StartError> {
    let running = Running::start(settings, true).await?;
    follow_the_secret_key(&running.context).await;
    let stop = stop_on_signal();
    let served = mcp::serve_stdio(running.context.clone(), running.identity.clone(), stop).await;
    running.stop().await;
    served.map_err(|error| StartError(format!("the connection broke: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// `clara serve`.
pub async fn serve(settings: Settings) -> Result<ExitCode, StartError> {
    let address = settings.network.listen_address();
    let listening = http::listen(address)
        .await
        .map_err(|error| StartError(format!("cannot listen on {address}: {error}")))?;
    let metrics = http::record_metrics()
        .map_err(|error| StartError(format!("cannot record metrics: {error}")))?;
    let context = Arc::new(Context::start(settings, runtime_options()?).await?);
    follow_the_secret_key(&context).await;
    let stop = stop_on_signal();
    let workers = Workers::start(&context, context.settings.workers);
    let site = HttpState::new(
        context.clone(),
        listening.address,
        workers.liveness(),
        metrics,
        stop.clone(),
    );
    // A start that is refused here has workers to end, too.
    if let Ok(site) = &site {
        let router = serve::router(site);
        Output::tell(&format!("Clara listens on http://{}", listening.address));
        let network = &context.settings.network;
        listening.serve(router, network, stop).await;
    }
    workers.stop().await;
    context.close().await;
    site.map(|_| ExitCode::SUCCESS)
}

/// Puts what is still sealed under the previous secret key under the present one. What fails is done at its next use.
async fn follow_the_secret_key(context: &Context) {
    match context.services.accounts.reseal_all().await {
        Ok(0) => {}
        Ok(seeds) => tracing::info!(seeds, "seeds were put under the present secret key"),
        Err(fault) => tracing::warn!(%fault, "seeds stay under the previous secret key"),
    }
}

/// `clara worker`.
pub async fn worker(settings: Settings) -> Result<ExitCode, StartError> {
    let context = Arc::new(Context::start(settings, runtime_options()?).await?);
    let workers = Workers::start(&context, context.settings.workers.max(1));
    stop_on_signal().cancelled().await;
    workers.stop().await;
    context.close().await;
    Ok(ExitCode::SUCCESS)
}

/// `clara migrate`.
pub async fn migrate(mut settings: Settings) -> Result<ExitCode, StartError> {
    settings.auto_migrate = true;
    let context = Context::start(settings, runtime_options()?).await?;
    context.close().await;
    Output::tell("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// A token that SIGINT and SIGTERM cancel.
fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        signalled().await;
        stopping.cancel();
    });
    stop
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}
