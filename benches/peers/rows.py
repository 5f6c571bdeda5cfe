"""Whether two results are the same rows: the same multiset, whatever order and whatever width of numbers.

Floats may differ by one part in 10^9, as engines add in different orders; everything else has to be equal.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

TOLERANCE = 1e-9


def difference(left_path, right_path):
    """None if the two Arrow files hold the same rows, else what is different, in words."""
    left, right = plain(read(left_path)), plain(read(right_path))
    if left.num_columns != right.num_columns:
        return f"{left.num_columns} and {right.num_columns} columns"
    if left.num_rows != right.num_rows:
        return f"{left.num_rows} and {right.num_rows} rows"
    types = [(a.type, b.type) for a, b in zip(left.columns, right.columns)]
    if any(a != b for a, b in types):
        return f"types {next(f'{a} and {b}' for a, b in types if a != b)}"
    left, right = in_order(left), in_order(right)
    for name in left.column_names:
        unlike = count_unlike(left[name], right[name])
        if unlike:
            return f"{unlike} of {left.num_rows} values of column {name}"
    return None


def read(path):
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def plain(table):
    """Columns by position, and of each kind of value one type."""
    columns = []
    for column in table.columns:
        kind = column.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_floating(kind) or (pa.types.is_decimal(kind) and kind.scale > 0):
            target = pa.float64()
        elif pa.types.is_integer(kind) or pa.types.is_decimal(kind):
            target = pa.int64()
        elif pa.types.is_timestamp(kind):
            target = pa.timestamp("us")
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
            target = pa.large_string()
        else:
            target = kind
        columns.append(column.cast(target, safe=False).combine_chunks())
    return pa.table(columns, names=[f"c{index}" for index in range(len(columns))])


def in_order(table):
    """Floats last, so that their last digits hardly ever decide about the order."""
    is_float = {field.name: pa.types.is_floating(field.type) for field in table.schema}
    names = sorted(table.column_names, key=lambda name: is_float[name])
    rounded = table
    for index, name in enumerate(table.column_names):
        if is_float[name]:
            rounded = rounded.set_column(index, name, pc.round(table[name], ndigits=6))
    return table.take(pc.sort_indices(rounded, sort_keys=[(name, "ascending") for name in names]))


def count_unlike(left, right):
    if pa.types.is_floating(left.type):
        same = pc.equal(left, right)
        larger = pc.max_element_wise(pc.abs(left), pc.abs(right))
        near = pc.less_equal(pc.abs(pc.subtract(left, right)), pc.add(pc.multiply(larger, TOLERANCE), 1e-12))
        both_nan = pc.and_(pc.is_nan(left), pc.is_nan(right))
        same = pc.or_(pc.or_(same, near), both_nan)
    else:
        same = pc.equal(left, right)
    same = pc.or_(pc.fill_null(same, False), pc.and_(pc.is_null(left), pc.is_null(right)))
    return len(same) - (pc.sum(same).as_py() or 0)
