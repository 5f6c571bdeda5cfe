//! The messages of the protocol, with the fields that this server reads or writes
//! (<https://github.com/googleapis/googleapis/tree/master/google/cloud/bigquery/storage/v1>). Others are skipped, as protobuf
//! has it.

/// `DataFormat.ARROW`.
pub(crate) const ARROW: i32 = 2;

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct CreateReadSessionRequest {
    /// `projects/P`.
    #[prost(string, tag = "1")]
    pub(crate) parent: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) read_session: Option<ReadSession>,
    /// The most streams; 0 is the server's choice.
    #[prost(int32, tag = "3")]
    pub(crate) max_stream_count: i32,
    #[prost(int32, tag = "4")]
    pub(crate) preferred_min_stream_count: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadSession {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) expire_time: Option<Timestamp>,
    #[prost(int32, tag = "3")]
    pub(crate) data_format: i32,
    #[prost(message, optional, tag = "5")]
    pub(crate) arrow_schema: Option<ArrowSchema>,
    /// `projects/P/datasets/D/tables/T`.
    #[prost(string, tag = "6")]
    pub(crate) table: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) table_modifiers: Option<TableModifiers>,
    #[prost(message, optional, tag = "8")]
    pub(crate) read_options: Option<TableReadOptions>,
    #[prost(message, repeated, tag = "10")]
    pub(crate) streams: Vec<ReadStream>,
    #[prost(int64, tag = "12")]
    pub(crate) estimated_total_bytes_scanned: i64,
    #[prost(string, tag = "13")]
    pub(crate) trace_id: String,
    #[prost(int64, tag = "14")]
    pub(crate) estimated_row_count: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Timestamp {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TableModifiers {
    #[prost(message, optional, tag = "1")]
    pub(crate) snapshot_time: Option<Timestamp>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TableReadOptions {
    #[prost(string, repeated, tag = "1")]
    pub(crate) selected_fields: Vec<String>,
    /// A condition in GoogleSQL.
    #[prost(string, tag = "2")]
    pub(crate) row_restriction: String,
    #[prost(double, optional, tag = "5")]
    pub(crate) sample_percentage: Option<f64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadStream {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// An IPC message with a schema.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ArrowSchema {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) serialized_schema: bytes::Bytes,
}

/// An IPC message with a batch and without a schema.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ArrowRecordBatch {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) serialized_record_batch: bytes::Bytes,
    #[prost(int64, tag = "2")]
    pub(crate) row_count: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadRowsRequest {
    #[prost(string, tag = "1")]
    pub(crate) read_stream: String,
    #[prost(int64, tag = "2")]
    pub(crate) offset: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct ReadRowsResponse {
    #[prost(message, optional, tag = "2")]
    pub(crate) stats: Option<StreamStats>,
    #[prost(message, optional, tag = "4")]
    pub(crate) arrow_record_batch: Option<ArrowRecordBatch>,
    #[prost(int64, tag = "6")]
    pub(crate) row_count: i64,
    /// In the first message of every stream.
    #[prost(message, optional, tag = "8")]
    pub(crate) arrow_schema: Option<ArrowSchema>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct StreamStats {
    #[prost(message, optional, tag = "2")]
    pub(crate) progress: Option<Progress>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Progress {
    #[prost(double, tag = "1")]
    pub(crate) at_response_start: f64,
    #[prost(double, tag = "2")]
    pub(crate) at_response_end: f64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SplitReadStreamRequest {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(double, tag = "2")]
    pub(crate) fraction: f64,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SplitReadStreamResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) primary_stream: Option<ReadStream>,
    #[prost(message, optional, tag = "2")]
    pub(crate) remainder_stream: Option<ReadStream>,
}

#[cfg(test)]
mod tests {
    use super::{ArrowRecordBatch, ReadRowsResponse};
    use prost::Message;

    #[test]
    fn messages_are_on_the_wire_what_googles_are() {
        // Of the published definition: field 4 is the batch, field 6 the count, field 8 the schema.
        let batch = ArrowRecordBatch { serialized_record_batch: "ab".into(), row_count: 1 };
        let response =
            ReadRowsResponse { arrow_record_batch: Some(batch), row_count: 1, ..ReadRowsResponse::default() };
        assert_eq!(response.encode_to_vec(), [0x22, 6, 0x0a, 2, b'a', b'b', 0x10, 1, 0x30, 1]);
    }
}
