//! The HTTP server: routes, layers, start and graceful end.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, ServiceExt as _, extract::DefaultBodyLimit, routing::get, serve::ListenerExt as _};
use diario_projections::webhooks::dispatch::{Dispatcher, Wall};
use tokio::net::TcpListener;
use tower::Layer as _;
use tower::util::MapRequestLayer;
use utoipa::OpenApi as _;
use utoipa_swagger_ui::SwaggerUi;

use super::{App, layers, operations};
use crate::{
    admin,
    cli::{Context, Failure},
    gestion_nube, lummy, lunara, lunatel, nexus, webhooks,
};

/// The largest body that is taken: a sale of some thousand lines.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// How long a start waits for a tenant's read models.
const CATCH_UP: Duration = Duration::from_secs(5);
/// How long open requests may go on after the end was asked for.
const DRAIN: Duration = Duration::from_secs(20);

/// Every route of every surface.
pub fn router(app: App) -> Router {
    let _ = app.nexus.set(nexus::routes().with_state(app.clone()));
    Router::new()
        .merge(nexus::routes())
        .merge(lunara::routes())
        .merge(gestion_nube::routes())
        .merge(lummy::routes())
        .merge(lunatel::routes())
        .merge(admin::routes())
        .route("/healthz", get(operations::healthz))
        .route("/readyz", get(operations::readyz))
        .route("/metrics", get(operations::metrics))
        .merge(documents())
        .fallback(layers::no_route)
        .method_not_allowed_fallback(layers::no_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn(layers::around))
        .with_state(app)
}

/// The pages that explain the surfaces, and the documents behind them.
fn documents() -> SwaggerUi {
    SwaggerUi::new("/docs").urls(vec![
        ("/openapi.json".into(), nexus::OpenApi::openapi()),
        ("/openapi/nexus.json".into(), nexus::OpenApi::openapi()),
        ("/openapi/lunara.json".into(), lunara::OpenApi::openapi()),
        ("/openapi/gestion_nube.json".into(), gestion_nube::OpenApi::openapi()),
        ("/openapi/lummy.json".into(), lummy::OpenApi::openapi()),
        ("/openapi/lunatel.json".into(), lunatel::OpenApi::openapi()),
        ("/openapi/admin.json".into(), admin::OpenApi::openapi()),
    ])
}

/// Serves until told to stop, then finishes what was begun. `ready` is called with the address once it answers.
pub async fn run(context: Context, listen: &str, ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
    let app = App::new(&context, metrics).await?;
    let listener =
        TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = listener.local_addr()?;
    let watching = tokio::spawn({
        let projections = context.projections.clone();
        async move { projections.watch_directory().await }
    });
    let world = webhooks::World::new(context.commands.clone(), context.webhooks_allow_loopback);
    let dispatcher = Dispatcher::start(
        context.log.clone(),
        Arc::new(world),
        Arc::new(Wall),
        context.db.server_name()?,
        context.projections.heads(),
    );
    let releasing = tokio::spawn({
        let commands = context.commands.clone();
        async move {
            loop {
                tokio::time::sleep(diario_commands::OVERDUE_EVERY).await;
                commands.release_overdue();
            }
        }
    });
    // What a killed process had acknowledged and not yet folded is readable before the first request is taken.
    for (tenant, head) in context.db.lagging().await? {
        if !context.projections.caught_up(tenant, head, CATCH_UP).await {
            tracing::warn!(%tenant, head, "the read models are behind the log and catch up while serving");
        }
    }
    let service = MapRequestLayer::new(layers::without_final_slash).layer(router(app));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
    });
    let mut begin_drain = stopped.clone();
    // An answer is one small packet: it must not wait for another one.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    ready(address);
    let serving = axum::serve(listener, service.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            let _ = begin_drain.wait_for(|stop| *stop).await;
        });
    let mut overdue = stopped;
    tokio::select! {
        served = serving => served?,
        () = async {
            let _ = overdue.wait_for(|stop| *stop).await;
            tokio::time::sleep(DRAIN).await;
        } => tracing::warn!("requests were still open after {DRAIN:?}"),
    }
    releasing.abort();
    dispatcher.stop().await;
    context.close().await;
    watching.abort();
    tracing::info!("stopped");
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
