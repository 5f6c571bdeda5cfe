//! Numbers and booleans as Google's clients write them: some as JSON numbers, some as texts.

use serde::de::{Deserializer, Error, Visitor};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// A whole number, as a number or a text; absent and null are `None`.
pub(crate) fn number<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(NumberVisitor(PhantomData))
}

/// A boolean, as such or as a text; absent and null are `None`.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    deserializer.deserialize_any(BooleanVisitor)
}

/// A value that may be null, which then is the default.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: serde::Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Whether a text says yes.
pub(crate) fn boolean_of_text(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

struct NumberVisitor<T>(PhantomData<T>);

impl<T: FromStr> Visitor<'_> for NumberVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number in range")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Some).map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // `1e9` and `5.0`, which some JSON writers make of whole numbers.
        self.visit_str(&format!("{value}"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

struct BooleanVisitor;

impl Visitor<'_> for BooleanVisitor {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        boolean_of_text(text).map(Some).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Sample {
        #[serde(deserialize_with = "super::number")]
        n: Option<u64>,
        #[serde(deserialize_with = "super::boolean")]
        b: Option<bool>,
        #[serde(deserialize_with = "super::or_default")]
        list: Vec<u8>,
    }

    #[test]
    fn numbers_and_booleans_may_be_texts() {
        for (text, n, b) in [
            ("{}", None, None),
            (r#"{"n":null,"b":null,"list":null}"#, None, None),
            (r#"{"n":5,"b":true}"#, Some(5), Some(true)),
            (r#"{"n":"5","b":"False"}"#, Some(5), Some(false)),
            (r#"{"n":1e3,"unknown":{}}"#, Some(1000), None),
        ] {
            assert_eq!(serde_json::from_str::<Sample>(text).unwrap(), Sample { n, b, list: vec![] }, "{text}");
        }
        for text in [r#"{"n":-1}"#, r#"{"n":1.5}"#, r#"{"n":"x"}"#, r#"{"n":{}}"#, r#"{"b":"maybe"}"#, r#"{"b":2}"#] {
            assert!(serde_json::from_str::<Sample>(text).is_err(), "{text}");
        }
    }
}
