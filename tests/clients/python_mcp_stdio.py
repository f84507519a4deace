"""Clara over stdio, used by a client that others wrote: the MCP project's own Python package.

    python tests/clients/python_mcp_stdio.py target/debug/clara

Lists the tools, hands in a text with a file, and checks the answer: the verdict, that each quote stands in the file at
its position, and that the text for a model says the same as the structured content.
"""

import asyncio
import base64
import os
import sys
import tempfile
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

EXPECTED_TOOLS = {
    "auth_register", "auth_google_oauth", "auth_login", "auth_logout", "auth_change_password", "auth_send_otp",
    "auth_activate", "auth_enable_2fa", "auth_disable_2fa", "user_view", "user_update", "api_key_view", "api_key_reset",
    "transaction_view_all", "transaction_view", "task_view_all", "task_view", "agent_supported_attachments",
    "agent_analysis", "stripe_rate", "stripe_portal", "stripe_buy", "misc_health", "misc_version",
}
DOCUMENT = (
    "Harbour board of Lindmouth, yearly report.\n\n"
    "The lighthouse was built in 1904 by the engineer Ada Marsh. It is 31 metres high.\n"
)
SUBMISSION = "The lighthouse of Lindmouth was built in 1911. The lighthouse is 31 metres high."


def check(holds: bool, problem: str) -> None:
    """Unlike `assert`, this holds under `python -O` too."""
    if not holds:
        raise SystemExit(f"python client: {problem}")


def envelope(result) -> dict:
    """The structured answer of a call that went well."""
    content = result.structuredContent
    check(content is not None, "an answer has no structured content")
    check(not result.isError and content["status"] == "success", f"a call failed: {content}")
    return content


async def analyse(session: ClientSession) -> None:
    file = {"name": "harbour.txt", "content_base64": base64.b64encode(DOCUMENT.encode()).decode()}
    result = await session.call_tool(
        "agent_analysis", {"text": SUBMISSION, "attachments": [file], "wait_seconds": 50}
    )
    task = envelope(result)["data"]
    check(task["status"] == "COMPLETED", f"the analysis is {task['status']}: {task['error']}")
    report = task["result"]
    verdicts = {claim["text"]: claim["verdict"] for claim in report["claims"]}
    wrong = "The lighthouse of Lindmouth was built in 1911."
    check(verdicts.get(wrong) == "refuted", f"the verdicts are {verdicts}")

    text = "\n".join(block.text for block in result.content if block.type == "text")
    check(report["summary"] in text, "the text lacks the summary")
    quotes = [quote for claim in report["claims"] for quote in claim["evidence"]]
    check(len(quotes) > 0, "there is no quote")
    for quote in quotes:
        origin = SUBMISSION if quote["source"] == "submission" else DOCUMENT
        # Python counts code points, as the report does.
        check(origin[quote["start"] : quote["end"]] == quote["quote"], f"not in its source: {quote}")
    print(f"python client: {report['summary']} {len(quotes)} quotes, each in its source")


async def refuse_bad_input(session: ClientSession) -> None:
    result = await session.call_tool("agent_analysis", {"text": SUBMISSION, "attachments": [{"name": "a.exe", "content_base64": "AA=="}]})
    check(result.isError, "an .exe was taken")
    check(result.structuredContent["status"] == "error", "a refusal has no envelope")


async def main(program: str) -> None:
    # The names only; the rest of this machine's settings must not change what is tested.
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "SystemRoot")}
    with tempfile.TemporaryDirectory() as folder:
        server = StdioServerParameters(
            command=program,
            args=["stdio"],
            env=environment
            | {"CLARA_DATA_DIR": str(Path(folder) / "clara"), "CLARA_EVIDENCE_SOURCES": "none", "CLARA_LOG": "warn"},
        )
        async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
            started = await session.initialize()
            check("clara" in started.serverInfo.name.lower(), f"the server is called {started.serverInfo.name}")
            tools = {tool.name for tool in (await session.list_tools()).tools}
            check(EXPECTED_TOOLS <= tools, f"missing tools: {sorted(EXPECTED_TOOLS - tools)}")
            print(f"python client: {len(tools)} tools")
            envelope(await session.call_tool("misc.version", {}))
            await refuse_bad_input(session)
            await analyse(session)


if __name__ == "__main__":
    check(len(sys.argv) == 2, "takes the path of the clara binary")
    asyncio.run(asyncio.wait_for(main(str(Path(sys.argv[1]).resolve())), timeout=120))
