//! The texts that name a bucket and a prefix in it.

use crate::source::SourceError;

/// `s3://bucket/prefix/`, `gs://bucket/prefix/`, or an S3 access point by its ARN.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) cloud: Cloud,
    pub(super) bucket: String,
    /// Without a slash at either end.
    pub(super) prefix: String,
    pub(super) access_point: Option<AccessPoint>,
    /// The whole text again, ending in a slash.
    pub(super) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cloud {
    Amazon,
    Google,
}

/// The host of an access point and the region that it is signed for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AccessPoint {
    pub(super) endpoint: String,
    pub(super) region: String,
}

impl Place {
    pub(super) fn parse(text: &str) -> Result<Self, SourceError> {
        let refuse = |reason: &str| not_a_source(text, reason.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(|| refuse("it is no URL"))?;
        let cloud = match scheme.to_ascii_lowercase().as_str() {
            "s3" => Cloud::Amazon,
            "gs" => Cloud::Google,
            _ => return Err(refuse("it is neither s3:// nor gs://")),
        };
        if rest.starts_with("arn:") {
            return access_point(text, rest);
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if bucket.is_empty() || !bucket.bytes().all(named) {
            return Err(refuse("a bucket has a name of letters, digits, dots and dashes"));
        }
        Ok(Self::new(cloud, bucket, prefix, &format!("{}://{bucket}", scheme.to_ascii_lowercase())))
    }

    /// The error for what no store can be made of.
    pub(super) fn refuse(&self, reason: String) -> SourceError {
        not_a_source(&self.name, reason)
    }

    fn new(cloud: Cloud, bucket: &str, prefix: &str, root: &str) -> Self {
        let prefix = prefix.trim_matches('/').to_owned();
        let name = if prefix.is_empty() { format!("{root}/") } else { format!("{root}/{prefix}/") };
        Self { cloud, bucket: bucket.to_owned(), prefix, access_point: None, name }
    }
}

/// `arn:aws:s3:us-east-1:724665945834:accesspoint/mimiciv-v3-1-01/mimiciv/3.1`, the form in which PhysioNet grants
/// credentialed projects (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html>).
fn access_point(text: &str, arn: &str) -> Result<Place, SourceError> {
    let refuse = |reason: &str| not_a_source(text, reason.to_owned());
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (_, partition, service, region, account, resource) = (next(), next(), next(), next(), next(), next());
    let Some(resource) = resource.strip_prefix("accesspoint").and_then(|rest| rest.strip_prefix(['/', ':'])) else {
        return Err(refuse("of ARNs only those of access points (`…:accesspoint/NAME`) name a source"));
    };
    if (partition, service) != ("aws", "s3") || region.is_empty() {
        return Err(refuse("of access points only those of S3 in one region (`arn:aws:s3:REGION:…`) can be read"));
    }
    let (point, prefix) = resource.split_once('/').unwrap_or((resource, ""));
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if ![region, account, point].into_iter().all(plain) {
        return Err(refuse("the region, account or name of the access point is malformed"));
    }
    let root = format!("s3://arn:aws:s3:{region}:{account}:accesspoint/{point}");
    let mut place = Place::new(Cloud::Amazon, &format!("{point}-{account}"), prefix, &root);
    let endpoint = format!("https://{point}-{account}.s3-accesspoint.{region}.amazonaws.com");
    place.access_point = Some(AccessPoint { endpoint, region: region.to_owned() });
    Ok(place)
}

fn not_a_source(text: &str, reason: String) -> SourceError {
    SourceError::NotASource {
        text: text.to_owned(),
        reason,
        hint: "write it like s3://physionet-open/mimic-iv-demo/2.2/, \
               s3://arn:aws:s3:us-east-1:724665945834:accesspoint/mimiciv-v3-1-01/mimiciv/3.1/ or \
               gs://mimiciv-3.1.physionet.org"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_and_a_prefix() {
        #[track_caller]
        fn check(text: &str, expected: Option<(Cloud, &str, &str, &str)>) {
            let place = Place::parse(text).ok();
            let found = place
                .as_ref()
                .map(|place| (place.cloud, place.bucket.as_str(), place.prefix.as_str(), place.name.as_str()));
            assert_eq!(found, expected, "{text}");
        }
        let demo = (Cloud::Amazon, "physionet-open", "mimic-iv-demo/2.2", "s3://physionet-open/mimic-iv-demo/2.2/");
        check("s3://physionet-open/mimic-iv-demo/2.2/", Some(demo));
        check("S3://physionet-open/mimic-iv-demo/2.2", Some(demo));
        let google = "gs://mimiciii-1.4.physionet.org";
        check(google, Some((Cloud::Google, "mimiciii-1.4.physionet.org", "", "gs://mimiciii-1.4.physionet.org/")));
        check("s3:///x", None);
        check("gs://us er:pw@b/x", None);
    }

    #[test]
    fn an_access_point_has_a_host_of_its_own() {
        let text = "s3://arn:aws:s3:us-east-1:724665945834:accesspoint/mimiciv-v3-1-01/mimiciv/3.1/";
        let place = Place::parse(text).unwrap();
        assert_eq!(place.name, text);
        assert_eq!(place.prefix, "mimiciv/3.1");
        assert_eq!(
            place.access_point.unwrap().endpoint,
            "https://mimiciv-v3-1-01-724665945834.s3-accesspoint.us-east-1.amazonaws.com"
        );
        for refused in [
            "s3://arn:aws:s3:::mimic-iii-physionet",
            "s3://arn:aws:s3::1:accesspoint/x.mrap",
            "s3://arn:aws:s3-outposts:us-east-1:1:accesspoint/x",
            "s3://arn:aws:s3:us-east-1:1:accesspoint/evil.host/x",
        ] {
            assert!(Place::parse(refused).is_err(), "{refused}");
        }
    }
}
