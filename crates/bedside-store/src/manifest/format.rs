//! The JSON form of a manifest.

use super::{FORMAT, Manifest};
use crate::error::{Error, Result};
use crate::place;
use bedside_types::ReleaseId;
use serde::Deserialize;
use std::path::Path;

/// The format alone, read before the rest, whose shape depends on it.
#[derive(Deserialize)]
struct Header {
    format: u32,
}

/// The JSON text of a manifest: fields and keys in one order always.
pub(crate) fn write(manifest: &Manifest, path: &Path) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(manifest)
        .map_err(|error| Error::Encode { path: path.to_path_buf(), why: error.to_string() })?;
    text.push(b'\n');
    Ok(text)
}

/// A manifest from its JSON text. `release` is the folder that it was found in.
pub(crate) fn read(text: &[u8], path: &Path, release: &ReleaseId) -> Result<Manifest> {
    check_format(text, path, FORMAT)?;
    let manifest: Manifest = serde_json::from_slice(text).map_err(|error| Error::decode(path, error))?;
    if manifest.release != *release {
        return Err(Error::decode(path, format_args!("it is of release {}", manifest.release)));
    }
    // A manifest from elsewhere must not make a query read the host's files.
    if let Some(outside) = manifest.paths().find(|path| !place::is_inside(path, release)) {
        return Err(Error::decode(path, format_args!("`{outside}` is outside the release")));
    }
    Ok(manifest)
}

/// Refuses a document of a format that this program does not know.
pub(crate) fn check_format(text: &[u8], path: &Path, known: u32) -> Result<()> {
    let header: Header = serde_json::from_slice(text).map_err(|error| Error::decode(path, error))?;
    match header.format {
        found if found > known => Err(Error::NewerFormat { path: path.to_path_buf(), found, known }),
        0 => Err(Error::decode(path, "format 0 does not exist")),
        _ => Ok(()),
    }
}

/// Declares a module for serde's `with` that keeps a value as text.
macro_rules! as_text {
    ($module:ident, $type:ty, $write:expr, $read:expr) => {
        pub(crate) mod $module {
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            pub(crate) fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$type) -> String = $write;
                serializer.serialize_str(&write(value))
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let read: fn(&str) -> Result<$type, String> = $read;
                read(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

as_text!(release, bedside_types::ReleaseId, |release| release.to_string(), |text| text
    .parse()
    .map_err(|error: bedside_types::IdentifierError| error.to_string()));
as_text!(sql_type, bedside_types::SqlType, |sql_type| sql_type.to_string(), |text| text
    .parse()
    .map_err(|error: bedside_types::TypeNameError| error.to_string()));
as_text!(kind, bedside_types::ReleaseKind, |kind| kind.word().to_owned(), |text| {
    use bedside_types::ReleaseKind;
    [ReleaseKind::Full, ReleaseKind::Local, ReleaseKind::Demo, ReleaseKind::Synthetic]
        .into_iter()
        .find(|kind| kind.word() == text)
        .ok_or_else(|| format!("`{text}` is no kind of release"))
});
