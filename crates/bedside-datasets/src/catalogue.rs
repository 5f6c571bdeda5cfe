//! The facts of `datasets/`, embedded and read once.

mod document;
mod resolve;

use crate::model::{Catalogue, Family};
use std::sync::LazyLock;

/// The embedded files, by the name under `datasets/`.
const FILES: [(&str, &str); 4] = [
    ("mimiciii.toml", include_str!("../../../datasets/mimiciii.toml")),
    ("mimiciv.toml", include_str!("../../../datasets/mimiciv.toml")),
    ("mimiciv_ed.toml", include_str!("../../../datasets/mimiciv_ed.toml")),
    ("mimiciv_note.toml", include_str!("../../../datasets/mimiciv_note.toml")),
];

/// What MIMIC is. Read from the embedded files at the first call (about ten milliseconds), then shared.
pub fn catalogue() -> &'static Catalogue {
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| read(&FILES).expect("the embedded catalogue is sound"));
    &CATALOGUE
}

/// Reads documents; the message names the file and what is wrong in it.
fn read(files: &[(&str, &str)]) -> Result<Catalogue, String> {
    let families = files
        .iter()
        .map(|(name, text)| read_family(text).map_err(|why| format!("datasets/{name}: {why}")))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Catalogue { families })
}

fn read_family(text: &str) -> Result<Family, String> {
    let document: document::Document = toml::from_str(text).map_err(|error| error.to_string())?;
    resolve::family(&document)
}

#[cfg(test)]
mod tests;
