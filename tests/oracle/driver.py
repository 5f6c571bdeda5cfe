"""Asks Google's reference implementation of GoogleSQL, with the language set to what BigQuery has.

The package `zetasql` carries the reference implementation; starting it takes about half a minute, a statement some
milliseconds. Answers are exact: values are read from the service's own messages, not from text.
"""

import base64
import re
import struct
from datetime import date, datetime, timedelta

from google.protobuf import empty_pb2
from zetasql.api import CatalogBuilder
from zetasql.core import ZetaSqlLocalService
from zetasql.types import LanguageOptions, ZetaSQLBuiltinFunctionOptions
from zetasql.types.proto_model.generated import LanguageFeature, ProductMode
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2
from zetasql.wasi._pb2.zetasql.proto import options_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public_pb2, type_pb2

# What the reference implementation can do and BigQuery does not have, or has otherwise
# (https://cloud.google.com/bigquery/docs/reference/standard-sql/).
NOT_IN_BIGQUERY = (
    "TIMESTAMP_NANOS",
    "TIMESTAMP_PICOS",
    "TIMESTAMP_PRECISION",
    "ARRAY_EQUALITY",  # "Equality comparisons for arrays are not supported"
    "ARRAY_ORDERING",
    "ARRAY_GREATEST_LEAST",
    "UUID_TYPE",
    "LATERAL_JOIN",
    "LITERAL_CONCATENATION",
    "LIMIT_OFFSET_EXPRESSIONS",
    "IMPLICIT_COERCION_STRING_LITERAL_TO_BYTES",
    "AGGREGATE_FILTERING",
    "MULTILEVEL_AGGREGATION",
    "MULTILEVEL_AGGREGATION_ON_UDAS",
    "JSON_TYPE_COMPARISON",
    "BITWISE_AGGREGATE_BYTES_SIGNATURES",
    "SINGLETON_UNNEST_INFERS_ALIAS",
    "PROTO_BASE",
    "LATERAL_COLUMN_REFERENCES",
)

# What BigQuery has and the reference implementation keeps for later.
IN_BIGQUERY = ("LIKE_ANY_SOME_ALL_ARRAY", "LIKE_ANY_SOME_ALL_SUBQUERY")

TYPE_NAMES = {"DOUBLE": "FLOAT64"}
EPOCH = datetime(1970, 1, 1)


class Oracle:
    """One running reference implementation."""

    def __init__(self):
        language = LanguageOptions.maximum_features()
        without = {getattr(LanguageFeature, f"FEATURE_{name}") for name in NOT_IN_BIGQUERY}
        features = [f for f in language.enabled_language_features if f not in without]
        language.enabled_language_features = features + [getattr(LanguageFeature, f"FEATURE_{name}") for name in IN_BIGQUERY]
        language.product_mode = ProductMode.PRODUCT_EXTERNAL
        language.reserved_keywords = ["QUALIFY"]
        functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
        catalog = CatalogBuilder("oracle").with_builtin_functions(functions).build()
        self.service = ZetaSqlLocalService.get_instance()
        self.catalog = self.service.register_catalog(simple_catalog=catalog).registered_id
        self.options = options_pb2.AnalyzerOptionsProto(
            default_timezone="UTC", error_message_mode=public_pb2.ERROR_MESSAGE_ONE_LINE
        )
        self.options.language_options.CopyFrom(language.to_proto())

    def _call(self, name, request, answer):
        return self.service.wasm_client.call_grpc_func(f"ZetaSqlLocalService_{name}", request, answer)

    def answer(self, statement):
        """Names, types and rows, or the refusal, as the gold files have them."""
        request = local_service_pb2.PrepareQueryRequest(
            sql=statement, options=self.options, registered_catalog_id=self.catalog
        )
        try:
            prepared = self._call("PrepareQuery", request, local_service_pb2.PrepareQueryResponse).prepared
        except Exception as error:
            return {"refusal": refusal("analysis", error)}
        try:
            request = local_service_pb2.EvaluateQueryRequest(prepared_query_id=prepared.prepared_query_id)
            content = self._call("EvaluateQuery", request, local_service_pb2.EvaluateQueryResponse).content
            columns = [[column.name, type_name(column.type)] for column in prepared.columns]
            types = [column.type for column in prepared.columns]
            rows = [[cell(v, t) for v, t in zip(row.cell, types, strict=True)] for row in content.table_data.row]
            return {"columns": columns, "rows": rows}
        except Exception as error:
            return {"refusal": refusal("run", error)}
        finally:
            request = local_service_pb2.UnprepareQueryRequest(prepared_query_id=prepared.prepared_query_id)
            self._call("UnprepareQuery", request, empty_pb2.Empty)


def refusal(stage, error):
    """The message without its place, and the place."""
    code = getattr(error, "code", None)
    if code is None:
        raise error
    message = error.raw_error.split("Message: ", 1)[-1]
    found = re.search(r" \[at (\d+):(\d+)\]", message)
    place = f"{found[1]}:{found[2]}" if found else None
    if found:
        message = message[: found.start()] + message[found.end() :]
    return {"stage": stage, "code": code.name, "message": message, "at": place}


def type_name(t):
    """`ARRAY<STRUCT<a INT64, STRING>>`."""
    if t.HasField("array_type"):
        return f"ARRAY<{type_name(t.array_type.element_type)}>"
    if t.HasField("range_type"):
        return f"RANGE<{type_name(t.range_type.element_type)}>"
    if t.HasField("struct_type"):
        fields = [f"{f.field_name} {type_name(f.field_type)}".strip() for f in t.struct_type.field]
        return f"STRUCT<{', '.join(fields)}>"
    name = type_pb2.TypeKind.Name(t.type_kind).removeprefix("TYPE_")
    return TYPE_NAMES.get(name, name)


def cell(value, t):
    """A value as JSON: see README.md."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [cell(v, t.array_type.element_type) for v in value.array_value.element]
    if kind == "struct_value":
        return [cell(v, f.field_type) for v, f in zip(value.struct_value.field, t.struct_type.field, strict=True)]
    if kind == "range_value":
        return [cell(end, t.range_type.element_type) for end in (value.range_value.start, value.range_value.end)]
    read = READERS.get(kind)
    if read is None:
        raise ValueError(f"no reading for {kind}")
    return read(getattr(value, kind))


def decimal_text(data, scale):
    """Two's complement, low byte first, times ten to the power of the scale."""
    number = int.from_bytes(data, "little", signed=True)
    digits = str(abs(number)).rjust(scale + 1, "0")
    text = f"{digits[:-scale]}.{digits[-scale:]}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 else text


def datetime_text(value):
    bits = value.bit_field_datetime_seconds
    fields = bits >> 26, bits >> 22 & 15, bits >> 17 & 31, bits >> 12 & 31, bits >> 6 & 63, bits & 63
    return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*fields) + f".{value.nanos // 1000:06}"


def time_text(bits):
    seconds, nanos = bits >> 30, bits & 0x3FFFFFFF
    return f"{seconds >> 12 & 31:02}:{seconds >> 6 & 63:02}:{seconds & 63:02}.{nanos // 1000:06}"


def timestamp_text(value):
    moment = EPOCH + timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    return f"{moment.year:04}-{moment:%m-%d %H:%M:%S.%f}"


def interval_text(data):
    """Months, days and microseconds; months stand with a sign of their own above what is left of nanoseconds."""
    micros, days, packed = struct.unpack("<qiI", data)
    months = packed >> 13 & 0x3FFFF
    return f"{-months if packed >> 31 else months} {days} {micros}"


READERS = {
    "int64_value": lambda v: v,
    "bool_value": lambda v: v,
    "double_value": lambda v: repr(v).replace("nan", "NaN"),
    "string_value": lambda v: v,
    "json_value": lambda v: v,
    "bytes_value": lambda v: base64.b64encode(v).decode(),
    "numeric_value": lambda v: decimal_text(v, 9),
    "bignumeric_value": lambda v: decimal_text(v, 38),
    "date_value": lambda v: (date(1970, 1, 1) + timedelta(days=v)).isoformat(),
    "datetime_value": datetime_text,
    "time_value": time_text,
    "timestamp_value": timestamp_text,
    "interval_value": interval_text,
}
