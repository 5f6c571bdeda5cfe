//! Files on their way into a bucket.

use super::{BucketServer, watch};
use crate::source::SourceError;
use crate::source::remote::Failure;
use object_store::path::Path as Location;
use object_store::{Error, ObjectStore, PutMultipartOptions, PutOptions, PutPayload};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

/// Larger files go in parts of this size, bytes. Both clouds take 10,000 parts of one object: 160 GB.
const PART: usize = 16 << 20;

impl BucketServer {
    /// Puts a file below the prefix, whole or not at all. No single request may take longer than `patience` without an answer.
    pub(crate) async fn put(&self, path: &str, file: &Path, patience: Duration) -> Result<(), Failure> {
        let location = self.location(path)?;
        let place = file.display().to_string();
        let unreadable = |source| Failure::Final(SourceError::Read { place: place.clone(), source });
        let mut file = File::open(file).map_err(unreadable)?;
        let first = next_part(&mut file).map_err(unreadable)?;
        let is_whole = first.len() < PART;
        let work = async {
            if is_whole {
                let put = self.store.put_opts(&location, PutPayload::from(first), PutOptions::default());
                return in_time(patience, put).await.map(drop);
            }
            put_parts(&*self.store, &location, first, file, patience).await
        };
        watch::watched(work).await.map_err(|(error, seen)| self.failure(path, &error, seen))
    }
}

async fn put_parts(
    store: &dyn ObjectStore,
    location: &Location,
    first: Vec<u8>,
    mut file: File,
    patience: Duration,
) -> Result<(), Error> {
    let options = PutMultipartOptions::default();
    let mut upload = in_time(patience, store.put_multipart_opts(location, options)).await?;
    let all = async {
        let mut part = first;
        while !part.is_empty() {
            in_time(patience, upload.put_part(PutPayload::from(part))).await?;
            part = next_part(&mut file).map_err(|error| generic(error.into()))?;
        }
        in_time(patience, upload.complete()).await.map(drop)
    };
    let done = all.await;
    if done.is_err() {
        // Parts that stay cost the owner of the bucket money; what cannot be taken back now, the bucket's own rules take.
        drop(in_time(patience, upload.abort()).await);
    }
    done
}

/// The next so many bytes of a file, fewer at its end.
fn next_part(file: &mut File) -> io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART as u64).read_to_end(&mut part)?;
    Ok(part)
}

async fn in_time<T>(patience: Duration, request: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let silent = || generic(format!("no answer within {} s", patience.as_secs_f32()).into());
    tokio::time::timeout(patience, request).await.unwrap_or_else(|_| Err(silent()))
}

fn generic(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Generic { store: "bucket", source }
}
