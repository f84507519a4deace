"""Frameworks that others wrote, each with a clara of its own: list the tools, call one with an attachment and without, send one
bad argument, and give up on a call. No model is asked: the framework's own conversion and call are what is tried.

    python tests/clients/frameworks.py target/debug/clara NAME…

Prints a row for each: what it listed, how long a result of four claims is for a model, and what becomes of a task whose call
it gives up: kept, or ended because the framework tells the server. Their pins exclude each other's, so each name needs the
virtual environment that tests/clients/run gives it.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from unittest import mock

BINARY = os.path.abspath(sys.argv[1])
REPORT = (
    b"The mill of Lindmouth was built in 1904 by Ada Marsh. It is 31 metres high. It has 4 wheels. "
    b"The mill was restored in 1988.\n"
)
FILE = {"name": "mill.txt", "content_base64": base64.b64encode(REPORT).decode()}
TEXT = "The mill of Lindmouth was built in 1904."
PLAIN = {"text": "The mill of Lindmouth is 31 metres high."}
ATTACHED = {"text": TEXT, "attachments": [FILE]}
BAD = {"text": TEXT, "attachments": "mill.txt"}
FOUR_CLAIMS = {
    "text": "The mill was built in 1904. The mill is 35 metres high. The mill has 4 wheels. The mill was restored in 1990.",
    "attachments": [FILE],
}
# Waits longer than its client does, and ends soon where a client cannot give up what it began.
ABANDONED = {"text": "The mill is old.", "wait_seconds": 3}
PATIENCE = 1
EXPECTED_TOOLS = int(os.environ["TOOLS_EXPECTED"])


def environment(**more: str) -> dict:
    """A data folder of its own, so that no framework sees another's tasks."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CLARA_")}
    settings = {"CLARA_DATA_DIR": tempfile.mkdtemp() + "/clara", "CLARA_EVIDENCE_SOURCES": "none", "CLARA_LOG": "error"}
    return own | settings | more


def stdio(env: dict):
    from mcp import StdioServerParameters

    return StdioServerParameters(command=BINARY, args=["stdio"], env=env)


def refusals_as_text(call):
    """Many frameworks raise what the server answers as an error, and hand its words to the model."""

    async def calling(tool: str, given: dict) -> str:
        try:
            return str(await call(tool, given))
        except Exception as refused:
            return str(refused)

    return calling


@asynccontextmanager
async def openai_agents(env: dict):
    from agents.mcp import MCPServerStdio, MCPUtil

    params = {"command": BINARY, "args": ["stdio"], "env": env}
    async with MCPServerStdio(params=params, client_session_timeout_seconds=60) as server:
        tools = await server.list_tools()
        for is_strict in (False, True):
            for tool in tools:
                made = MCPUtil.to_function_tool(tool, server, convert_schemas_to_strict=is_strict)
                # A tool without input stays as it is: an object without fields is an open one to this framework.
                can_be_strict = bool(tool.inputSchema["properties"])
                assert made.strict_json_schema == (is_strict and can_be_strict), tool.name
                assert "properties" in made.params_json_schema, tool.name

        async def call(tool: str, given: dict):
            # In strict mode the model sends every field, the optional ones as null.
            every = next(listed.inputSchema["properties"] for listed in tools if listed.name == tool)
            return await server.call_tool(tool, {name: given.get(name) for name in every})

        yield tools, call


@asynccontextmanager
async def langchain(env: dict):
    from langchain_mcp_adapters.client import MultiServerMCPClient
    from langchain_mcp_adapters.tools import load_mcp_tools

    connection = {"transport": "stdio", "command": BINARY, "args": ["stdio"], "env": env}
    async with MultiServerMCPClient({"clara": connection}).session("clara") as session:
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        yield tools, lambda tool, given: tools[tool].ainvoke(given)


@asynccontextmanager
async def pydantic_ai(env: dict):
    from fastmcp.client.transports import StdioTransport
    from pydantic_ai.mcp import MCPToolset

    async with MCPToolset(StdioTransport(BINARY, ["stdio"], env=env)) as server:
        yield await server.list_tools(), server.direct_call_tool


@asynccontextmanager
async def smolagents(env: dict):
    from smolagents import MCPClient

    client = await asyncio.to_thread(MCPClient, stdio(env), structured_output=False)
    tools = {tool.name: tool for tool in client.get_tools()}
    yield tools, lambda tool, given: asyncio.to_thread(tools[tool].forward, **given)
    await asyncio.to_thread(client.disconnect)


@asynccontextmanager
async def google_genai(env: dict):
    from google.genai._mcp_utils import mcp_to_gemini_tools
    from mcp import ClientSession
    from mcp.client.stdio import stdio_client

    async with stdio_client(stdio(env)) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = mcp_to_gemini_tools((await session.list_tools()).tools)
        yield [declared for tool in tools for declared in tool.function_declarations], session.call_tool


@asynccontextmanager
async def google_adk(env: dict):
    from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams

    toolset = McpToolset(connection_params=StdioConnectionParams(server_params=stdio(env), timeout=60))
    tools = {tool.name: tool for tool in await toolset.get_tools()}
    for name, tool in tools.items():
        # What Gemini is given; the framework has no public name for it.
        declaration = tool._get_declaration()
        assert declaration.name == name and declaration.description, name
    yield tools, lambda tool, given: tools[tool].run_async(args=given, tool_context=mock.MagicMock())
    await toolset.close()


@asynccontextmanager
async def llama_index(env: dict):
    from llama_index.tools.mcp import BasicMCPClient, McpToolSpec

    client = BasicMCPClient(BINARY, args=["stdio"], env=env, timeout=60)
    tools = {tool.metadata.name: tool for tool in await McpToolSpec(client=client).to_tool_list_async()}
    for tool in tools.values():
        assert "properties" in tool.metadata.get_parameters_dict(), tool.metadata.name
    yield tools, lambda tool, given: tools[tool].acall(**given)


@asynccontextmanager
async def crewai(env: dict):
    os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "HOME": tempfile.mkdtemp()}
    from crewai_tools import MCPServerAdapter

    adapter = await asyncio.to_thread(MCPServerAdapter, stdio(env), connect_timeout=60)
    tools = {tool.name: tool for tool in adapter.tools}
    yield tools, lambda tool, given: asyncio.to_thread(tools[tool].run, **given)
    await asyncio.to_thread(adapter.stop)


FRAMEWORKS = {
    "openai-agents": openai_agents,
    "langchain": langchain,
    "pydantic-ai": pydantic_ai,
    "smolagents": smolagents,
    "google-genai": google_genai,
    "google-adk": google_adk,
    "llama-index": llama_index,
    "crewai": crewai,
}
# It checks arguments itself before it sends any, in words of its own.
REFUSALS = {"crewai": "valid list"}


def check(name: str, what: str, text: str, *words: str) -> None:
    for word in words:
        assert word in text, f"{name}, {what}: {word!r} is not in {text[:600]}"


def has_ended(env: dict) -> bool:
    """Whether the task whose call was given up has been cancelled; and that the call after it was not paid a second time."""
    listed = subprocess.run([BINARY, "call", "task_view_all"], env=env, capture_output=True, check=True, text=True)
    statuses = [task["status"] for task in json.loads(listed.stdout)["data"]]
    assert statuses in (["PENDING"], ["PENDING", "CANCELLED"]), statuses
    return "CANCELLED" in statuses


async def walk(name: str) -> str:
    async with FRAMEWORKS[name](environment()) as (tools, call):
        assert len(tools) == EXPECTED_TOOLS, f"{name} lists {len(tools)}"
        call = refusals_as_text(call)
        check(name, "plain call", await call("agent_analysis", PLAIN), "COMPLETED")
        check(name, "call with an attachment", await call("agent_analysis", ATTACHED), "COMPLETED", "supported", "Ada Marsh")
        check(name, "bad argument", await call("agent_analysis", BAD), REFUSALS.get(name, "must be a list"))
        four = await call("agent_analysis", FOUR_CLAIMS)
        check(name, "four claims", four, "4 claims")
    # Nothing works on tasks here, so that the call is still waiting when it is given up.
    env = environment(CLARA_WORKERS="0")
    async with FRAMEWORKS[name](env) as (_, call):
        giving_up = asyncio.wait_for(call("agent_analysis", ABANDONED), PATIENCE)
        try:
            await giving_up
            raise AssertionError(f"{name} did not wait")
        except (TimeoutError, asyncio.CancelledError):
            pass
        # The connection serves the same call again, as a model makes it.
        again = await refusals_as_text(call)("agent_analysis", ABANDONED)
        check(name, "call after the same was given up", again, "PENDING")
        fate = "ended" if has_ended(env) else "kept"
    return f"{len(tools)} tools, {len(four) // 4} tokens for four claims, a task that is given up is {fate}"


def main() -> None:
    failed = 0
    for name in sys.argv[2:]:
        began = time.monotonic()
        try:
            row = asyncio.run(asyncio.wait_for(walk(name), timeout=90))
            print(f"{name}: ok, {row}, {time.monotonic() - began:.1f} s", flush=True)
        except Exception as error:
            failed += 1
            print(f"{name}: FAILED: {type(error).__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)


main()
