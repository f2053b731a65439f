"""The kinds of values that schemas are put together from."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "pattern": "^[^\\u0000]*$"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
UNITS: Schema = {"type": "integer", "minimum": 0}
RATE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}


def text(longest: int, *, shortest: int = 0) -> Schema:
    """Return the schema of text with no more and no fewer characters."""
    return {**TEXT, "maxLength": longest} | ({"minLength": shortest} if shortest else {})


def record(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these keys."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def names(values: Schema, keys: Schema = TEXT, **more: int) -> Schema:
    """Return the schema of an object with any keys of a kind, each with its value; `more`: how many there may be."""
    return {"type": "object", "propertyNames": keys, "additionalProperties": values, **more}


def maybe(schema: Schema) -> Schema:
    """Return the schema with null allowed."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def one_of(*words: str) -> Schema:
    """Return the schema of a choice of words."""
    return {"type": "string", "enum": list(words)}


def ref(name: str) -> Schema:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(schema: Schema) -> Schema:
    """Return the schema of one page of a list."""
    return record(items=many(schema), next=maybe(TEXT))


def partial(schema: Schema, *, rows: bool = False) -> Schema:
    """Return the schema of a patch: the same keys, none of them required, inside objects too.

    `rows`: nor in the objects of lists, where what is missing is as in a new row.
    """
    if rows and schema.get("type") == "array":
        return schema | {"items": partial(schema["items"], rows=rows)}
    if schema.get("type") != "object" or "properties" not in schema:
        return schema
    inner = {name: partial(entry, rows=rows) for name, entry in schema["properties"].items()}
    return {"type": "object", "properties": inner, "additionalProperties": False}
