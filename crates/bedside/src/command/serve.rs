//! `bedside serve`: the BigQuery API on this machine's data.

use super::Context;
use crate::arguments::ServeArguments;
use crate::failure::Failure;
use crate::notice::{hint, say, warn};
use crate::session;
use bedside_bigquery::{Limits, Server, ServerOptions, Tls, Tokens};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often the server looks whether it shall end.
const LOOK: Duration = Duration::from_millis(50);

/// Serves until Ctrl-C.
pub(crate) fn run(context: &Context, arguments: &ServeArguments) -> Result<(), Failure> {
    let service = session::serving(context, &arguments.places)?;
    let tokens = if arguments.no_token { Tokens::NotDemanded } else { Tokens::Demanded };
    let tls = arguments.tls_cert.clone().zip(arguments.tls_key.clone());
    let options = ServerOptions {
        tokens,
        host_names: arguments.host_name.clone(),
        tls: tls.map(|(certificates, key)| Tls { certificates, key }),
        clock: session::now,
        limits: Limits::default(),
        grace: Duration::from_secs(arguments.grace),
    };
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(context.configuration.threads.max(2))
        .thread_name("bedside-front")
        .enable_all()
        .build()
        .map_err(|error| Failure::internal(format!("no threads: {error}")))?;
    let served = runtime.block_on(async {
        let server = Server::bind(service, arguments.listen, options).await?;
        announce(context, &format!("{scheme}://{}", server.address()), arguments);
        server.run(stopped(Arc::clone(&context.stop))).await;
        say("stopped");
        Ok(())
    });
    // A statement that is still planned has nobody who waits for it.
    runtime.shutdown_background();
    served
}

/// What to set, so that clients find the server.
fn announce(context: &Context, url: &str, arguments: &ServeArguments) {
    let program = &context.configuration.invocation;
    say(&format!("serving {} on {url}", context.configuration.home.display()));
    if arguments.no_token {
        say("no token is demanded: every program on this machine can read everything here");
    }
    if !arguments.listen.ip().is_loopback() && arguments.tls_cert.is_none() {
        warn("without --tls-cert everyone on the way can read tokens and rows");
    }
    hint("what to do next, in another terminal");
    let at = if url == "http://127.0.0.1:9050" { String::new() } else { format!(" --url {url}") };
    for (client, purpose) in [
        ("python", "google-cloud-bigquery, pandas-gbq, SQLAlchemy, ibis, %%bigquery"),
        ("bq", "the bq command"),
        ("r", "bigrquery"),
        ("jdbc", "DBeaver, DataGrip and others"),
    ] {
        say(&format!("  {:44} {purpose}", format!("{program} client-setup {client}{at}")));
    }
    say("Ctrl-C ends it; statements that run get a moment to finish, a second Ctrl-C ends it at once.");
}

async fn stopped(stop: Arc<AtomicBool>) {
    let mut look = tokio::time::interval(LOOK);
    while !stop.load(Ordering::Relaxed) {
        look.tick().await;
    }
}
