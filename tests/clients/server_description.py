"""server.json, as the MCP registry takes it: the rules of its documentation for every member that ours has, and the published
schema itself where that can be fetched.

    python tests/clients/server_description.py SERVER-JSON…
"""

import json
import sys
import urllib.error
import urllib.request

from jsonschema import Draft202012Validator

# https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/generic-server-json.md. Closed, so that a
# misspelt member is found, which the published schema would let through.
PACKAGE = {
    "type": "object",
    "required": ["registryType", "identifier", "fileSha256", "transport"],
    "additionalProperties": False,
    "properties": {
        "registryType": {"const": "mcpb"},
        # A bundle is named by where it is downloaded, from a host that keeps releases as they are.
        "identifier": {"type": "string", "pattern": r"^https://\S+\.mcpb$"},
        "fileSha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "transport": {
            "type": "object",
            "required": ["type"],
            "additionalProperties": False,
            "properties": {"type": {"const": "stdio"}},
        },
    },
}
DESCRIPTION = {
    "type": "object",
    "required": ["$schema", "name", "description", "version"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"pattern": r"^https://static\.modelcontextprotocol\.io/schemas/\d{4}-\d\d-\d\d/server\.schema\.json$"},
        # A reversed domain, one slash, and the server's own name.
        "name": {"type": "string", "minLength": 3, "maxLength": 200, "pattern": "^[A-Za-z0-9.-]+/[A-Za-z0-9._-]+$"},
        "title": {"type": "string", "minLength": 1, "maxLength": 100},
        "description": {"type": "string", "minLength": 1, "maxLength": 100},
        # One version, never a range or a word.
        "version": {"type": "string", "maxLength": 255, "pattern": r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$"},
        "packages": {"type": "array", "items": PACKAGE},
    },
}
# What must be refused, so that the rules are known to be rules.
WRONG = [
    {"name": "clara"},
    {"name": "io.github.clara/fact/checks"},
    {"description": "x" * 101},
    {"version": "^1.0.0"},
    {"version": "latest"},
    {"packages": [{"registryType": "mcpb", "identifier": "https://example.org/a.mcpb", "transport": {"type": "stdio"}}]},
    {"homepage": "https://example.org"},
]


def problems(schema: dict, description: dict) -> list[str]:
    found = Draft202012Validator(schema).iter_errors(description)
    return [f"{'/'.join(map(str, error.absolute_path)) or 'the whole'}: {error.message}" for error in found]


def published_schema(address: str) -> dict | None:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return json.load(answer)
    except (urllib.error.URLError, TimeoutError):
        return None


def main() -> None:
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            description = json.load(file)
        wrong = problems(DESCRIPTION, description)
        for change in WRONG:
            if not problems(DESCRIPTION, description | change):
                wrong.append(f"the rules let {change} through")
        schema = published_schema(description.get("$schema", "https://static.modelcontextprotocol.io"))
        if schema is None:
            said = "the published schema: NOT CHECKED, it cannot be reached from here"
        else:
            wrong += problems(schema, description)
            said = "the published schema holds"
        if wrong:
            raise SystemExit(f"{path} is refused:\n" + "\n".join(wrong))
        print(f"{path}: the documented rules hold; {said}")


main()
