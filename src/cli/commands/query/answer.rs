//! The answer to a query on its way out: batches of rows become lines of a table, of CSV (RFC 4180) or of JSON.

use std::io::{Read, Write};

use anyhow::Context;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Map, Value};

use crate::cli::args::{QueryArgs, QueryFormat};
use crate::cli::commands::stdout;
use crate::cli::exit::Exit;
use crate::cli::grid::Grid;
use crate::cli::plan::Plan;
use crate::cli::text;
use crate::dataset::{Engine, Table, VIEWS};

/// Rows that a table for people shows.
const MOST_ROWS: usize = 1_000;

/// Answers what was asked, or says what can be asked.
pub(super) fn answer(args: &QueryArgs, plan: &Plan) -> anyhow::Result<Exit> {
    let engine = Engine::open(&args.dataset, plan.threads())?;
    match &args.sql {
        Some(sql) => print(&engine, &text_of(sql)?, args.format, plan)?,
        None => print(&engine, &contents(), args.format, plan)?,
    }
    Ok(Exit::Done)
}

/// The query, or standard input where it is `-`.
fn text_of(sql: &str) -> anyhow::Result<String> {
    if sql != "-" {
        return Ok(sql.to_owned());
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the query from standard input")?;
    Ok(text)
}

/// A query whose rows are the tables and views with their columns.
fn contents() -> String {
    let names: Vec<String> = Table::ALL
        .iter()
        .map(|t| t.name())
        .chain(VIEWS.iter().map(|(name, _)| *name))
        .map(|n| format!("'{n}'"))
        .collect();
    format!(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name IN ({}) \
         ORDER BY table_name, ordinal_position",
        names.join(", ")
    )
}

fn print(engine: &Engine, sql: &str, format: QueryFormat, plan: &Plan) -> anyhow::Result<()> {
    match format {
        QueryFormat::Table => print_table(engine, sql, plan),
        QueryFormat::Csv => print_csv(engine, sql),
        QueryFormat::Json => print_json(engine, sql),
    }
}

fn print_table(engine: &Engine, sql: &str, plan: &Plan) -> anyhow::Result<()> {
    let (mut header, mut right, mut rows, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let begin = |schema: &SchemaRef| {
        header = names(schema);
        right = (0..header.len()).filter(|at| schema.field(*at).data_type().is_numeric()).collect();
        anyhow::Ok(())
    };
    engine.query(sql, begin, |batch| {
        count += batch.num_rows();
        let missing = MOST_ROWS.saturating_sub(rows.len()).min(batch.num_rows());
        rows.extend(texts(&batch.slice(0, missing), "")?);
        Ok(())
    })?;
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut lines = Grid::of_rows(&header, &rows, &right).draw(text::terminal_columns(), plan.paint);
    if count > rows.len() {
        lines.push(plan.paint.dim(&format!("+{}  --format csv", count - rows.len())));
    }
    crate::cli::commands::print_lines(lines)
}

fn print_csv(engine: &Engine, sql: &str) -> anyhow::Result<()> {
    let writer = std::cell::RefCell::new(csv::Writer::from_writer(stdout()));
    let begin = |schema: &SchemaRef| Ok(writer.borrow_mut().write_record(names(schema))?);
    engine.query(sql, begin, |batch| {
        texts(batch, "")?.into_iter().try_for_each(|row| Ok(writer.borrow_mut().write_record(row)?))
    })?;
    Ok(writer.into_inner().flush()?)
}

fn print_json(engine: &Engine, sql: &str) -> anyhow::Result<()> {
    let mut out = stdout();
    engine.query(
        sql,
        |_| anyhow::Ok(()),
        |batch| {
            for row in objects(batch)? {
                serde_json::to_writer(&mut out, &row)?;
                out.write_all(b"\n")?;
            }
            Ok(())
        },
    )?;
    Ok(out.flush()?)
}

fn names(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// The rows as text, decimals with all their digits; what is absent is `absent`.
fn texts(batch: &RecordBatch, absent: &str) -> anyhow::Result<Vec<Vec<String>>> {
    let options = FormatOptions::default().with_null(absent);
    let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let row = |at: usize| columns.iter().map(|column| Ok(column.value(at).try_to_string()?)).collect();
    (0..batch.num_rows()).map(row).collect()
}

/// The rows as objects. Decimals are strings, as in a report, so that no digit is lost.
fn objects(batch: &RecordBatch) -> anyhow::Result<Vec<Value>> {
    let names = names(&batch.schema());
    let rows = texts(batch, "")?.into_iter().enumerate();
    let object = |(at, texts): (usize, Vec<String>)| {
        let values = texts.into_iter().zip(batch.columns()).map(|(text, column)| value(column, at, text));
        Value::Object(names.iter().cloned().zip(values).collect::<Map<_, _>>())
    };
    Ok(rows.map(object).collect())
}

fn value(column: &dyn Array, at: usize, text: String) -> Value {
    if column.is_null(at) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Bool(column.as_boolean().value(at)),
        DataType::Int64 => Value::from(column.as_primitive::<Int64Type>().value(at)),
        kind if kind.is_integer() || kind.is_floating() => text.parse().map_or(Value::String(text), Value::Number),
        _ => Value::String(text),
    }
}
