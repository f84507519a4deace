"""What independent validators say of the OpenAPI document: that it is OpenAPI 3.1, and that its examples fit its schemas.

    python check_document.py openapi.json
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator


def media_types(value, place=""):
    """Everything that has a schema and shows an example of it."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from media_types(item, f"{place}/{index}")
    if not isinstance(value, dict):
        return
    if isinstance(value.get("schema"), dict):
        examples = [value["example"]] if "example" in value else []
        examples += [one["value"] for one in value.get("examples", {}).values()]
        for example in examples:
            yield place, value["schema"], example
    for key, inner in value.items():
        yield from media_types(inner, f"{place}/{key}")


def fields(schema, place):
    """Every schema with examples of its own."""
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from fields(item, f"{place}/{index}")
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("examples"), list):
        for example in schema["examples"]:
            yield place, schema, example
    for key, inner in schema.items():
        if key not in ("examples", "example"):
            yield from fields(inner, f"{place}/{key}")


def main(path: str) -> None:
    document = json.loads(Path(path).read_text())
    problems = [f"not OpenAPI 3.1: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    checked = 0
    for place, schema, example in [*media_types(document), *fields(document, "")]:
        # References in the schema are to parts of the document.
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"], "allOf": [schema]}
        found = Draft202012Validator(whole).iter_errors(example)
        problems += [f"{place}: the example does not fit: {error.message}" for error in found]
        checked += 1
    if problems:
        raise SystemExit("\n".join(["openapi:", *problems]))
    if checked < 100:
        raise SystemExit(f"openapi: only {checked} examples were found")
    print(f"openapi: valid OpenAPI 3.1, {checked} examples fit their schemas")


if __name__ == "__main__":
    main(sys.argv[1])
