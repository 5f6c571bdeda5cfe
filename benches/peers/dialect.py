"""Writes a definition in GoogleSQL as SQL of DuckDB that gives the same rows.

sqlglot knows the functions; what it leaves different is mended here, each with its reason. Whether the rows are the same is
checked on every run before anything is timed.
"""

import sqlglot
from sqlglot import exp


def duckdb(text: str) -> str:
    tree = sqlglot.parse_one(text, read="bigquery")
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            alias = table.args.get("alias")
            plain = exp.Table(this=exp.to_identifier(table.name), db=exp.to_identifier(table.db))
            plain.set("alias", alias or exp.TableAlias(this=exp.to_identifier(table.name)))
            table.replace(plain)
    for kind in list(tree.find_all(exp.DataType)):
        # NUMERIC has 38 digits, 9 of them decimals; DuckDB's DECIMAL alone has 18 and 3.
        if kind.this == exp.DataType.Type.DECIMAL:
            kind.set("expressions", [exp.DataTypeParam(this=exp.Literal.number(number)) for number in (38, 9)])
    for call in list(tree.find_all(exp.Greatest, exp.Least)):
        # GREATEST and LEAST of a NULL are NULL; DuckDB's pass over it.
        operands = [call.this, *call.expressions]
        anything_null = exp.or_(*[exp.Is(this=operand.copy(), expression=exp.Null()) for operand in operands])
        call.replace(exp.Case(ifs=[exp.If(this=anything_null, true=exp.Null())], default=call.copy()))
    return tree.sql("duckdb")
