//! Where statements, loads and extracts may read and write files.

use clap::Args;
use std::path::PathBuf;

/// Places outside the home; none unless somebody names them.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PlaceArguments {
    /// Folder that loads (LOAD DATA) may read and extracts (EXPORT DATA) may write; may be repeated
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Vec<PathBuf>,
    /// Bucket, or a place in one, that loads may read and extracts may write with the AWS_… and GOOGLE_… variables of the
    /// environment; may be repeated
    #[arg(long, value_name = "URL", value_parser = bucket)]
    pub(crate) bucket: Vec<String>,
}

/// A place in a bucket.
fn bucket(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("gs://").or_else(|| text.strip_prefix("s3://"));
    match rest.map(|rest| rest.trim_matches('/')) {
        Some(rest) if !rest.is_empty() => Ok(text.to_owned()),
        _ => Err("write it as gs://bucket or s3://bucket/folder".to_owned()),
    }
}
