//! A programme's settings from Python values to the values of its TOML file.

use nearpeer::Error;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use toml::{Table, Value};

use crate::errors::raised;

/// A programme is nested four deep; what is nested deeper than this refers to itself.
const DEEPEST: usize = 32;

/// The keyword arguments as the table that a programme's file would be. A key that is `None` is left out.
pub(crate) fn table(settings: &Bound<'_, PyDict>) -> PyResult<Table> {
    let mut table = Table::new();
    for (name, setting) in settings {
        add(&mut table, "", &name, &setting, 0)?;
    }
    Ok(table)
}

/// A programme's table with some keys changed. One that is `None` is as if it had never been set.
pub(crate) fn replaced(mut table: Table, changes: &Bound<'_, PyDict>) -> PyResult<Table> {
    for (name, setting) in changes {
        if let Some(name) = text(&name).filter(|_| setting.is_none()) {
            table.remove(&name);
        }
        add(&mut table, "", &name, &setting, 0)?;
    }
    Ok(table)
}

fn add(
    table: &mut Table,
    inside: &str,
    name: &Bound<'_, PyAny>,
    setting: &Bound<'_, PyAny>,
    depth: usize,
) -> PyResult<()> {
    let Some(name) = text(name) else {
        let key = if inside.is_empty() {
            "programme"
        } else {
            inside
        };
        return Err(fault(
            name,
            key,
            "the keys of a programme are text".to_owned(),
        ));
    };
    if setting.is_none() {
        return Ok(());
    }
    let key = if inside.is_empty() {
        name.clone()
    } else {
        format!("{inside}.{name}")
    };
    table.insert(name, value(&key, setting, depth)?);
    Ok(())
}

fn value(key: &str, setting: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(fault(
            setting,
            key,
            "settings are nested too deep".to_owned(),
        ));
    }
    if setting.is_instance_of::<PyBool>() {
        return Ok(Value::Boolean(setting.extract()?));
    }
    if setting.is_instance_of::<PyInt>() {
        return setting.extract().map(Value::Integer).map_err(|_| {
            fault(
                setting,
                key,
                "a whole number beyond 64 bits is not a setting".to_owned(),
            )
        });
    }
    if setting.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(setting.extract()?));
    }
    if setting.is_instance_of::<PyString>() {
        return text(setting)
            .map(Value::String)
            .ok_or_else(|| fault(setting, key, "the text is not valid Unicode".to_owned()));
    }
    if setting.is_instance_of::<PyList>() || setting.is_instance_of::<PyTuple>() {
        let items = setting.try_iter()?;
        return (1..)
            .zip(items)
            .map(|(number, item)| value(&format!("{key}[{number}]"), &item?, depth + 1))
            .collect::<PyResult<_>>()
            .map(Value::Array);
    }
    if let Ok(mapping) = setting.cast::<PyMapping>() {
        let mut table = Table::new();
        for entry in mapping.items()?.iter() {
            let (name, inner) = entry.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
            add(&mut table, key, &name, &inner, depth + 1)?;
        }
        return Ok(Value::Table(table));
    }
    // NumPy's scalars and arrays give their values as Python's own.
    if setting.hasattr("dtype")? && setting.hasattr("tolist")? {
        return value(key, &setting.call_method0("tolist")?, depth + 1);
    }
    let name = setting.get_type().name()?;
    Err(fault(
        setting,
        key,
        format!("a setting cannot be of the type {name}"),
    ))
}

fn text(given: &Bound<'_, PyAny>) -> Option<String> {
    given.extract().ok()
}

fn fault(at: &Bound<'_, PyAny>, key: &str, message: String) -> PyErr {
    raised(at.py(), &Error::program(key, message))
}
