//! `nearpeer-service [ADDRESS]`: serves on the loopback address unless told else, until Ctrl-C.

use nearpeer_service::{Settings, app};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    // A service of one's own puts the layer of `tracing-opentelemetry` here.
    tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .init();
    let address = std::env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:8080")).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let (router, _) = app(Settings::default());
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            // Without a handler of signals the process is ended by them.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await
}
