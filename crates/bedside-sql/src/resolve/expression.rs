//! Expressions: paths, operators, conditionals, constructors, casts.

use super::scope::{Context, ambiguous};
use super::{Resolver, function, literal, not_if};
use crate::coerce;
use crate::error::{Result, SqlError};
use crate::syntax::{Access, Binary, Name, Node, NodeKind, Test};
use crate::tree::{Expression, ExpressionKind, OnError};
use bedside_types::{Position, SqlType, StructField, Value, nearest};

impl Resolver<'_> {
    pub(super) fn expression(&mut self, node: &Node, context: &Context<'_>) -> Result<Expression> {
        let position = node.position;
        match &node.kind {
            NodeKind::Null => Ok(literal(Value::Null, SqlType::Int64, position)),
            NodeKind::Bool(value) => Ok(literal(Value::Bool(*value), SqlType::Bool, position)),
            NodeKind::Integer(text) => super::literal::integer(text, "", position),
            NodeKind::Float(text) => super::literal::float(text, position),
            NodeKind::String(text) => Ok(literal(Value::String(text.clone()), SqlType::String, position)),
            NodeKind::Bytes(bytes) => Ok(literal(Value::Bytes(bytes.clone()), SqlType::Bytes, position)),
            NodeKind::Typed(sql_type, text) => super::literal::typed(sql_type, text, position),
            NodeKind::Parameter(name) => self.named_parameter(name, position),
            NodeKind::Positional(index) => self.positional_parameter(*index, position),
            NodeKind::Path(path) => self.path(path, context),
            NodeKind::Field(operand, name) => {
                let operand = self.expression(operand, context)?;
                field(operand, name)
            }
            NodeKind::Subscript(array, access, index) => self.subscript(array, *access, index, context),
            NodeKind::Negate(operand) => self.negate(operand, position, context),
            NodeKind::Plus(operand) => {
                let operand = self.expression(operand, context)?;
                let number = [SqlType::Int64, SqlType::Float64, SqlType::Numeric, SqlType::BigNumeric];
                if number.contains(&operand.sql_type) {
                    return Ok(operand);
                }
                Err(no_operator("+", &[&operand], position))
            }
            NodeKind::BitNot(operand) => self.unary("~", "$bit_not", operand, position, context),
            NodeKind::Not(operand) => self.unary("NOT", "$not", operand, position, context),
            NodeKind::Binary(binary, left, right) => self.binary(*binary, left, right, position, context),
            NodeKind::And(operands) => self.connective("AND", "$and", operands, position, context),
            NodeKind::Or(operands) => self.connective("OR", "$or", operands, position, context),
            NodeKind::Concat(operands) => {
                let operands = self.expressions(operands, context)?;
                refuse_null("||", &operands)?;
                self.operator("||", "$concat", super::call::as_text(operands), position)
            }
            NodeKind::Is { operand, test, negated } => self.is_test(operand, *test, *negated, position, context),
            NodeKind::DistinctFrom { left, right, negated } => {
                let operands = vec![self.expression(left, context)?, self.expression(right, context)?];
                let found = self.operator("IS DISTINCT FROM", "$is_distinct_from", operands, position)?;
                Ok(not_if(*negated, found))
            }
            NodeKind::Like { operand, pattern, negated } => {
                let operands = vec![self.expression(operand, context)?, self.expression(pattern, context)?];
                refuse_null("LIKE", &operands)?;
                Ok(not_if(*negated, self.operator("LIKE", "$like", operands, position)?))
            }
            NodeKind::Between { operand, low, high, negated } => {
                let operands = [operand, low, high];
                let operands = operands.into_iter().map(|n| self.expression(n, context)).collect::<Result<Vec<_>>>()?;
                Ok(not_if(*negated, self.between(operands, position)?))
            }
            NodeKind::InList { operand, values, negated } => {
                let mut operands = vec![self.expression(operand, context)?];
                operands.extend(self.expressions(values, context)?);
                Ok(not_if(*negated, self.in_list(operands, position)?))
            }
            NodeKind::InUnnest { operand, array, negated } => {
                let operand = self.expression(operand, context)?;
                let array = self.expression(array, context)?;
                Ok(not_if(*negated, self.in_array(operand, array, position)?))
            }
            NodeKind::InQuery { operand, query, negated } => {
                let found = self.in_query(operand, query, position, context)?;
                Ok(not_if(*negated, found))
            }
            NodeKind::Exists(query) => self.exists(query, position, context),
            NodeKind::Scalar(query) => self.scalar(query, position, context),
            NodeKind::ArrayQuery { element, query } => self.array_query(element.as_ref(), query, position, context),
            NodeKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), position, context)
            }
            NodeKind::Cast { operand, to, safe, format } => {
                self.cast(operand, to, *safe, format.as_deref(), position, context)
            }
            NodeKind::Extract { part, operand, zone } => {
                self.extract(part, operand, zone.as_deref(), position, context)
            }
            NodeKind::Interval { amount, part, to } => self.interval(amount, part, to.as_ref(), position, context),
            NodeKind::Array { element, values } => self.array(element.as_ref(), values, position, context),
            NodeKind::Struct { declared, values } => self.structure(declared.as_ref(), values, position, context),
            NodeKind::Tuple(values) => {
                let values = self.expressions(values, context)?;
                let fields = values.iter().map(|v| StructField { name: None, sql_type: v.sql_type.clone() }).collect();
                Ok(function("$struct", values, SqlType::Struct(fields), position))
            }
            NodeKind::Call(call) => self.call(call, position, context),
        }
    }

    pub(super) fn expressions(&mut self, nodes: &[Node], context: &Context<'_>) -> Result<Vec<Expression>> {
        nodes.iter().map(|node| self.expression(node, context)).collect()
    }

    fn path(&mut self, path: &[Name], context: &Context<'_>) -> Result<Expression> {
        let (mut expression, used) = match self.path_start(path, context)? {
            Some(found) => found,
            None => return self.nothing_named(path, context),
        };
        for name in &path[used..] {
            expression = field(expression, name)?;
        }
        Ok(expression)
    }

    /// What the first parts of a path mean, and how many parts that took.
    fn path_start(&mut self, path: &[Name], context: &Context<'_>) -> Result<Option<(Expression, usize)>> {
        let first = &path[0];
        let mut here = Some(context);
        let mut level = 0;
        while let Some(place) = here {
            let found = self.path_start_here(path, place)?;
            if let Some((expression, used)) = found {
                let expression = if level == 0 { expression } else { outward(expression, first)? };
                return Ok(Some((expression, used)));
            }
            here = place.outer;
            level += 1;
        }
        Ok(None)
    }

    fn path_start_here(&mut self, path: &[Name], place: &Context<'_>) -> Result<Option<(Expression, usize)>> {
        let first = &path[0];
        let position = first.position;
        if let Some(aliases) = place.aliases {
            // A table's alias before a dot is the table's, whatever the list calls its columns.
            let qualified = path.len() > 1 && place.scope.range(first).is_some();
            if let (false, Some(index)) = (qualified, aliases.get(first)?) {
                let mut expression = self.copy(&aliases.items[index])?;
                expression.position = position;
                return Ok(Some((expression, 1)));
            }
        }
        // `FROM `project.dataset.age`` gives `age` only as a qualifier; a column of that name is meant where it stands alone.
        let alone = path.len() == 1 && place.scope.range(first).is_some_and(|range| range.weak);
        if alone && let Some(column) = place.scope.column(first)? {
            return Ok(Some((column.expression(position), 1)));
        }
        if let Some(range) = place.scope.range(first) {
            if let Some(second) = path.get(1) {
                if let Some(column) = range.column(second)? {
                    return Ok(Some((column.expression(position), 2)));
                }
                if range.value.is_none() {
                    let near = nearest(&second.text, range.columns.iter().filter_map(|c| c.name.as_deref()));
                    let near = near.map(|n| format!("; Did you mean {n}?")).unwrap_or_default();
                    let message = format!("Name {} not found inside {}{near}", second.text, first.text);
                    return Err(SqlError::name(message, second.position));
                }
            }
            return Ok(Some((range.row(position), 1)));
        }
        Ok(place.scope.column(first)?.map(|column| (column.expression(position), 1)))
    }

    /// A name that no table has: CURRENT_DATE and its like are functions without parentheses.
    fn nothing_named(&mut self, path: &[Name], context: &Context<'_>) -> Result<Expression> {
        let first = &path[0];
        let name = first.text.to_ascii_lowercase();
        let clock = ["current_date", "current_datetime", "current_time", "current_timestamp"];
        if path.len() == 1 && clock.contains(&name.as_str()) {
            return self.named_function(&name, Vec::new(), OnError::Fail, first.position);
        }
        Err(context.unrecognized(first))
    }

    fn subscript(&mut self, array: &Node, access: Access, index: &Node, context: &Context<'_>) -> Result<Expression> {
        let position = array.position;
        let array = self.expression(array, context)?;
        let index = self.expression(index, context)?;
        let (name, written) = match access {
            Access::Plain | Access::Offset => ("$array_at_offset", "OFFSET"),
            Access::SafeOffset => ("$safe_array_at_offset", "SAFE_OFFSET"),
            Access::Ordinal => ("$array_at_ordinal", "ORDINAL"),
            Access::SafeOrdinal => ("$safe_array_at_ordinal", "SAFE_ORDINAL"),
        };
        let SqlType::Array(element) = array.sql_type.clone() else {
            let subscript = if access == Access::Plain {
                format!("[{}]", index.sql_type)
            } else {
                format!("[{written}({})]", index.sql_type)
            };
            let message =
                format!("Subscript access using {subscript} is not supported on values of type {}", array.sql_type);
            return Err(SqlError::types(message, position));
        };
        if coerce::distance(&index, &SqlType::Int64).is_none() {
            let message =
                format!("Array position in [] must be coercible to INT64 type, but has type {}", index.sql_type);
            return Err(SqlError::types(message, index.position));
        }
        let index = coerce::coerce(index, &SqlType::Int64)?;
        Ok(function(name, vec![array, index], *element, position))
    }

    /// `-x`; the minus belongs to a number that follows, so that the smallest INT64 can be written.
    fn negate(&mut self, operand: &Node, position: Position, context: &Context<'_>) -> Result<Expression> {
        if let NodeKind::Integer(text) = &operand.kind {
            return super::literal::integer(text, "-", position);
        }
        if let NodeKind::Float(text) = &operand.kind {
            return super::literal::float(&format!("-{text}"), position);
        }
        self.unary("-", "$negate", operand, position, context)
    }

    fn unary(
        &mut self,
        symbol: &str,
        name: &'static str,
        operand: &Node,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = vec![self.expression(operand, context)?];
        refuse_null(symbol, &operand)?;
        self.operator(symbol, name, operand, position)
    }

    fn binary(
        &mut self,
        binary: Binary,
        left: &Node,
        right: &Node,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operands = vec![self.expression(left, context)?, self.expression(right, context)?];
        refuse_null(binary.symbol, &operands)?;
        self.operator(binary.symbol, binary.function, operands, position)
    }

    fn connective(
        &mut self,
        symbol: &'static str,
        name: &'static str,
        nodes: &[Node],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut operands = Vec::new();
        for node in nodes {
            let operand = self.expression(node, context)?;
            match operand.kind {
                // `(a AND b) AND c` is one AND of three.
                ExpressionKind::Call { function, arguments, .. } if function == name => operands.extend(arguments),
                _ => operands.push(operand),
            }
        }
        if operands.iter().any(|o| coerce::distance(o, &SqlType::Bool).is_none()) {
            return Err(no_operator(symbol, &operands.iter().collect::<Vec<_>>(), position));
        }
        let operands = operands.into_iter().map(|o| coerce::coerce(o, &SqlType::Bool)).collect::<Result<_>>()?;
        Ok(function(name, operands, SqlType::Bool, position))
    }

    fn is_test(
        &mut self,
        operand: &Node,
        test: Test,
        negated: bool,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = vec![self.expression(operand, context)?];
        let tested = match test {
            Test::Null => function("$is_null", operand, SqlType::Bool, position),
            Test::True => self.operator("IS TRUE", "$is_true", operand, position)?,
            Test::False => self.operator("IS FALSE", "$is_false", operand, position)?,
        };
        Ok(not_if(negated, tested))
    }

    fn between(&mut self, operands: Vec<Expression>, position: Position) -> Result<Expression> {
        let wanted = coerce::supertype(operands.iter()).filter(coerce::is_orderable);
        let Some(wanted) = wanted else {
            return Err(no_operator("BETWEEN", &operands.iter().collect::<Vec<_>>(), position));
        };
        let mut operands = operands.into_iter().map(|o| coerce::coerce(o, &wanted)).collect::<Result<Vec<_>>>()?;
        let (Some(high), Some(low), Some(value)) = (operands.pop(), operands.pop(), operands.pop()) else {
            return Err(SqlError::internal("BETWEEN lost an operand", position));
        };
        let again = self.copy(&value)?;
        let above = function("$greater_or_equal", vec![value, low], SqlType::Bool, position);
        let below = function("$less_or_equal", vec![again, high], SqlType::Bool, position);
        Ok(function("$and", vec![above, below], SqlType::Bool, position))
    }

    fn in_list(&mut self, operands: Vec<Expression>, position: Position) -> Result<Expression> {
        let wanted = coerce::supertype(operands.iter()).filter(coerce::is_comparable);
        let Some(wanted) = wanted else {
            let values: Vec<String> = operands[1..].iter().map(argument_type).collect();
            let message = format!(
                "No matching signature for operator IN for argument types {} and {{{}}}",
                argument_type(&operands[0]),
                values.join(", ")
            );
            return Err(SqlError::types(message, position));
        };
        let operands = operands.into_iter().map(|o| coerce::coerce(o, &wanted)).collect::<Result<_>>()?;
        Ok(function("$in", operands, SqlType::Bool, position))
    }

    fn in_array(&mut self, operand: Expression, array: Expression, position: Position) -> Result<Expression> {
        if let ExpressionKind::Call { function: "$array", arguments, .. } = &array.kind
            && !arguments.is_empty()
        {
            let mut operands = vec![operand];
            operands.extend(arguments.iter().cloned());
            return self.in_list(operands, position);
        }
        let SqlType::Array(element) = &array.sql_type else {
            let message = format!("Second argument of IN UNNEST must be an array but was {}", array.sql_type);
            return Err(SqlError::types(message, array.position));
        };
        // The array's element is a value like a column's; a stand-in finds the common type.
        let stand_in = super::column(crate::tree::ColumnId(u32::MAX), (**element).clone(), array.position);
        let wanted = coerce::supertype([&operand, &stand_in].into_iter()).filter(coerce::is_comparable);
        let Some(wanted) = wanted.filter(|w| **element == *w || matches!(array.kind, ExpressionKind::Literal(_)))
        else {
            let message = format!(
                "No matching signature for operator IN UNNEST for argument types: {}, {}",
                argument_type(&operand),
                array.sql_type
            );
            return Err(SqlError::types(message, position));
        };
        let operand = coerce::coerce(operand, &wanted)?;
        let array = coerce::coerce(array, &SqlType::Array(Box::new(wanted)))?;
        Ok(function("$in_array", vec![operand, array], SqlType::Bool, position))
    }

    fn case(
        &mut self,
        operand: Option<&Node>,
        arms: &[(Node, Node)],
        otherwise: Option<&Node>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for (condition, result) in arms {
            conditions.push(self.expression(condition, context)?);
            results.push(self.expression(result, context)?);
        }
        let conditions = match operand {
            Some(operand) => {
                let operand = self.expression(operand, context)?;
                self.case_of(operand, conditions, position)?
            }
            None => {
                if let Some(bad) = conditions.iter().find(|c| coerce::distance(c, &SqlType::Bool).is_none()) {
                    let message = format!(
                        "No matching signature for operator CASE; all WHEN argument types must be BOOL but found: {}",
                        bad.sql_type
                    );
                    return Err(SqlError::types(message, position));
                }
                conditions
            }
        };
        if let Some(otherwise) = otherwise {
            results.push(self.expression(otherwise, context)?);
        }
        let Some(wanted) = coerce::supertype(results.iter()) else {
            let message = format!(
                "No matching signature for operator CASE; all THEN/ELSE arguments must be coercible to a common type but found: {}",
                argument_types(&results.iter().collect::<Vec<_>>())
            );
            return Err(SqlError::types(message, position));
        };
        let mut results = results.into_iter().map(|r| coerce::coerce(r, &wanted)).collect::<Result<Vec<_>>>()?;
        let otherwise = if otherwise.is_some() { results.pop().map(Box::new) } else { None };
        let conditions = conditions.into_iter().map(|c| coerce::coerce(c, &SqlType::Bool));
        let arms = conditions.zip(results).map(|(c, r)| c.map(|c| (c, r))).collect::<Result<_>>()?;
        Ok(Expression { kind: ExpressionKind::Case { arms, otherwise }, sql_type: wanted, position })
    }

    /// The conditions of `CASE operand WHEN value`.
    fn case_of(&mut self, operand: Expression, values: Vec<Expression>, position: Position) -> Result<Vec<Expression>> {
        let all = std::iter::once(&operand).chain(&values);
        let Some(wanted) = coerce::supertype(all.clone()).filter(coerce::is_comparable) else {
            let types = argument_types(&all.collect::<Vec<_>>());
            let message = format!("No matching signature for operator CASE for argument types: {types}");
            return Err(SqlError::types(message, position));
        };
        let operand = coerce::coerce(operand, &wanted)?;
        let mut conditions = Vec::new();
        for value in values {
            let at = value.position;
            let pair = vec![self.copy(&operand)?, coerce::coerce(value, &wanted)?];
            conditions.push(function("$equal", pair, SqlType::Bool, at));
        }
        Ok(conditions)
    }

    fn cast(
        &mut self,
        operand: &Node,
        to: &SqlType,
        safe: bool,
        format: Option<&Node>,
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let operand = self.expression(operand, context)?;
        if !coerce::is_null(&operand) && !coerce::castable(&operand.sql_type, to) {
            let empty = matches!(&operand.kind, ExpressionKind::Call { function: "$array", arguments, .. } if arguments.is_empty());
            if !(empty && matches!(to, SqlType::Array(_))) {
                let message = format!("Invalid cast from {} to {to}", operand.sql_type);
                return Err(SqlError::types(message, operand.position));
            }
            return coerce::coerce(operand, to);
        }
        let format = match format {
            Some(node) => {
                let format = self.expression(node, context)?;
                if format.sql_type != SqlType::String {
                    let message = format!("CAST FORMAT must be STRING, but is {}", format.sql_type);
                    return Err(SqlError::types(message, format.position));
                }
                Some(Box::new(format))
            }
            None => None,
        };
        // A cast of a NULL literal to its own type must not look like a literal again: it has a type now.
        let on_error = if safe { OnError::Null } else { OnError::Fail };
        if operand.sql_type == *to && format.is_none() && !matches!(operand.kind, ExpressionKind::Literal(_)) {
            return Ok(Expression { position, ..operand });
        }
        let kind = ExpressionKind::Cast { operand: Box::new(operand), on_error, format };
        Ok(Expression { kind, sql_type: to.clone(), position })
    }

    fn array(
        &mut self,
        element: Option<&SqlType>,
        values: &[Node],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let values = self.expressions(values, context)?;
        let wanted = match element {
            Some(element) => element.clone(),
            None => coerce::supertype(values.iter()).ok_or_else(|| {
                let types = argument_types(&values.iter().collect::<Vec<_>>());
                let message = format!("Array elements of types {{{types}}} do not have a common supertype");
                SqlError::types(message, position)
            })?,
        };
        if matches!(wanted, SqlType::Array(_)) {
            let message = "Cannot construct array with element type ARRAY because nested arrays are not supported";
            return Err(SqlError::types(message, position));
        }
        for value in &values {
            if coerce::distance(value, &wanted).is_none() {
                let message = format!("Array element type {} does not coerce to {wanted}", value.sql_type);
                return Err(SqlError::types(message, value.position));
            }
        }
        let values = values.into_iter().map(|v| coerce::coerce(v, &wanted)).collect::<Result<_>>()?;
        Ok(function("$array", values, SqlType::Array(Box::new(wanted)), position))
    }

    fn structure(
        &mut self,
        declared: Option<&SqlType>,
        values: &[(Node, Option<Name>)],
        position: Position,
        context: &Context<'_>,
    ) -> Result<Expression> {
        let mut fields = Vec::new();
        let mut arguments = Vec::new();
        for (node, name) in values {
            let value = self.expression(node, context)?;
            let implied = match &node.kind {
                NodeKind::Path(path) => path.last().map(|n| n.text.clone()),
                NodeKind::Field(_, name) => Some(name.text.clone()),
                _ => None,
            };
            let name = name.as_ref().map(|n| n.text.clone()).or(implied);
            fields.push(StructField { name, sql_type: value.sql_type.clone() });
            arguments.push(value);
        }
        let Some(SqlType::Struct(wanted)) = declared else {
            return Ok(function("$struct", arguments, SqlType::Struct(fields), position));
        };
        if wanted.len() != arguments.len() {
            let message =
                format!("STRUCT type has {} fields but constructor call has {} fields", wanted.len(), arguments.len());
            return Err(SqlError::types(message, position));
        }
        let mut coerced = Vec::new();
        for (index, (value, field)) in arguments.into_iter().zip(wanted).enumerate() {
            if coerce::distance(&value, &field.sql_type).is_none() {
                let message = format!(
                    "Struct field {} has type {} which does not coerce to {}",
                    index + 1,
                    value.sql_type,
                    field.sql_type
                );
                return Err(SqlError::types(message, value.position));
            }
            coerced.push(coerce::coerce(value, &field.sql_type)?);
        }
        Ok(function("$struct", coerced, SqlType::Struct(wanted.clone()), position))
    }

    /// An operator by its signatures.
    pub(super) fn operator(
        &mut self,
        symbol: &str,
        name: &'static str,
        operands: Vec<Expression>,
        position: Position,
    ) -> Result<Expression> {
        let chosen = crate::registry::lookup(name)
            .and_then(|registered| super::signature::choose(&registered.signatures, &operands));
        let Some(chosen) = chosen else {
            return Err(no_operator(symbol, &operands.iter().collect::<Vec<_>>(), position));
        };
        let operands = chosen.coerce(operands)?;
        Ok(function(name, operands, chosen.result, position))
    }
}

/// A column of an enclosing query, seen from inside a subquery.
fn outward(mut expression: Expression, name: &Name) -> Result<Expression> {
    match expression.kind {
        ExpressionKind::Column(id) => expression.kind = ExpressionKind::OuterColumn(id),
        ExpressionKind::Field { ref mut operand, .. } => {
            let inner = std::mem::replace(&mut **operand, super::query::null(SqlType::Int64, name.position));
            **operand = outward(inner, name)?;
        }
        ExpressionKind::Call { function: "$struct", ref mut arguments, .. } => {
            for argument in arguments {
                let inner = std::mem::replace(argument, super::query::null(SqlType::Int64, name.position));
                *argument = outward(inner, name)?;
            }
        }
        ExpressionKind::OuterColumn(_) | ExpressionKind::Literal(_) => {}
        _ => {
            let what = format!("The alias {} inside a subquery", name.text);
            return Err(SqlError::unsupported(what, name.position));
        }
    }
    Ok(expression)
}

/// A field of a struct by name.
pub(super) fn field(operand: Expression, name: &Name) -> Result<Expression> {
    let SqlType::Struct(fields) = &operand.sql_type else {
        let message = format!("Cannot access field {} on a value with type {}", name.text, operand.sql_type);
        return Err(SqlError::types(message, name.position));
    };
    let has_name = |f: &StructField| f.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(&name.text));
    let mut matching = fields.iter().enumerate().filter(|(_, f)| has_name(f));
    let Some((index, found)) = matching.next() else {
        let message = format!("Field name {} does not exist in {}", name.text, operand.sql_type);
        return Err(SqlError::name(message, name.position));
    };
    if matching.next().is_some() {
        return Err(ambiguous(name));
    }
    let (sql_type, position) = (found.sql_type.clone(), operand.position);
    Ok(Expression { kind: ExpressionKind::Field { operand: Box::new(operand), index }, sql_type, position })
}

/// An operator on the word NULL is always a slip; GoogleSQL refuses it.
fn refuse_null(symbol: &str, operands: &[Expression]) -> Result<()> {
    match operands.iter().find(|o| coerce::is_null(o)) {
        Some(null) => {
            let message = format!("Operands of {symbol} cannot be literal NULL");
            Err(SqlError::types(message, null.position).with_hint("use IS NULL or IS NOT NULL"))
        }
        None => Ok(()),
    }
}

pub(super) fn no_operator(symbol: &str, operands: &[&Expression], position: Position) -> SqlError {
    let message = if let [operand] = operands {
        format!("No matching signature for operator {symbol} for argument types: {}", argument_type(operand))
    } else {
        format!("No matching signature for operator {symbol} for argument types: {}", argument_types(operands))
    };
    SqlError::types(message, position)
}

/// The types of arguments in messages.
pub(super) fn argument_types(arguments: &[&Expression]) -> String {
    arguments.iter().map(|a| argument_type(a)).collect::<Vec<_>>().join(", ")
}

fn argument_type(argument: &Expression) -> String {
    if coerce::is_null(argument) { "NULL".to_owned() } else { argument.sql_type.to_string() }
}
