"""Clara, looked at with the MCP Inspector's command line, as somebody does who builds a client.

    python tests/clients/inspector.py target/debug/clara NODE INSPECTOR

Over stdio, Streamable HTTP (with the older handshake and in the newer form) and HTTP+SSE: tools/list with its schema check,
tools/call of an analysis with a file, resources/list and a read of what it lists, and prompts/list.
"""

import json
import subprocess
import sys

import clara_server
from clara_server import check

TRANSPORTS = (("stdio", "legacy"), ("stdio", "modern"), ("http", "legacy"), ("http", "modern"), ("sse", "legacy"))
PROMPTS = {"fact_check", "check_document"}


class Inspector:
    """One transport of one server, and how the Inspector is told of it."""

    def __init__(self, command: list[str], name: str, target: list[str]):
        self._command = command + target
        self.name = name

    def ask(self, method: str, *more: str) -> dict:
        run = subprocess.run(
            [*self._command, "--method", method, "--format", "json", *more],
            capture_output=True, text=True, encoding="utf-8", timeout=90,
        )
        check(run.returncode == 0, f"{self.name}, {method}: exit {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}")
        return json.loads(run.stdout)["result"]


def use(inspector: Inspector, tools: set[str]) -> None:
    # Strict: an error in any tool's schemas is a failure.
    listed = inspector.ask("tools/list", "--strict")["tools"]
    clara_server.check_tools((tool["name"] for tool in listed), tools)
    analysis = ("--tool-name", "agent_analysis", "--tool-args-json", json.dumps(clara_server.ANALYSIS))
    result = inspector.ask("tools/call", *analysis)
    text = "\n".join(block.get("text", "") for block in result["content"])
    said = clara_server.check_analysis(result["structuredContent"], text)

    task_id = result["structuredContent"]["data"]["id"]
    resources = {resource["uri"] for resource in inspector.ask("resources/list")["resources"]}
    report = f"clara://tasks/{task_id}/report"
    check(report in resources, f"{inspector.name}: {report} is not in {sorted(resources)}")
    (content,) = inspector.ask("resources/read", "--uri", report)["contents"]
    check(content["mimeType"] == "text/markdown", f"{inspector.name}: the report is {content['mimeType']}")

    prompts = {prompt["name"] for prompt in inspector.ask("prompts/list")["prompts"]}
    check(PROMPTS <= prompts, f"{inspector.name}: the prompts are {sorted(prompts)}")
    print(f"inspector, {inspector.name}: {len(listed)} tools, {len(resources)} resources, {len(prompts)} prompts. {said}", flush=True)


def main(binary: str, node: str, inspector: str) -> None:
    with clara_server.ClaraServer(binary) as clara:
        account = clara.sign_up()
        headers = [part for name, value in account.headers.items() for part in ("--header", f"{name}: {value}")]
        environment = [part for name in ("CLARA_DATA_DIR", "CLARA_EVIDENCE_SOURCES", "CLARA_LOG") for part in ("-e", f"{name}={clara_server.settings(clara.folder)[name]}")]
        paths = {"http": "/mcp", "sse": "/sse"}
        for transport, era in TRANSPORTS:
            if transport == "stdio":
                target, tools = [binary, "stdio", *environment], clara_server.ALL_TOOLS
            else:
                url = clara.url + paths[transport]
                target, tools = ["--server-url", url, "--transport", transport, *headers], clara_server.KEY_TOOLS
            target += ["--protocol-era", era]
            use(Inspector([node, inspector, "--cli"], f"{transport}, {era}", target), tools)


if __name__ == "__main__":
    check(len(sys.argv) == 4, "takes the clara binary, node and the Inspector's program")
    main(clara_server.program(), *sys.argv[2:])
