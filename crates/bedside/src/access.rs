//! How sources are reached: logins from the environment or a netrc file, keys for buckets from the environment. None of it
//! is ever printed.

use crate::failure::Failure;
use bedside_load::source::{Access, Login};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::{env, fs};

/// The only host that sees the login of the environment, so that a mistyped address cannot collect it.
const PHYSIONET: &str = "physionet.org";
/// What clients of buckets read.
const BUCKET_PREFIXES: [&str; 2] = ["AWS_", "GOOGLE_"];

/// Access with the login of PHYSIONET_USERNAME and PHYSIONET_PASSWORD, the netrc file (`named`, else NETRC, else
/// `~/.netrc`, which need not exist), and the variables AWS_… and GOOGLE_….
///
/// # Errors
/// A netrc file that was named but cannot be read.
pub(crate) fn access(named: Option<&Path>, stop: &Arc<AtomicBool>) -> Result<Access, Failure> {
    let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let chosen = named.map(Path::to_owned).or_else(|| variable("NETRC").map(PathBuf::from));
    if let Some(path) = &chosen {
        fs::File::open(path)
            .map_err(|error| Failure::io(format!("cannot read the netrc file {}", path.display()), &error))?;
    }
    let login = match (variable("PHYSIONET_USERNAME"), variable("PHYSIONET_PASSWORD")) {
        (Some(user), Some(password)) => Some(Login { host: Some(PHYSIONET.to_owned()), user, password }),
        _ => None,
    };
    let bucket_options =
        env::vars().filter(|(name, _)| BUCKET_PREFIXES.iter().any(|prefix| name.starts_with(prefix))).collect();
    Ok(Access {
        logins: login.into_iter().collect(),
        netrc: chosen.or_else(|| Some(etcetera::home_dir().ok()?.join(".netrc"))),
        bucket_options,
        stop: Some(stop.clone()),
        ..Access::default()
    })
}
