"""Frameworks that others wrote, each with a clara of its own: list the tools, call one with an attachment and without, and
send one bad argument. No model is asked: the framework's own conversion and call are what is tried.

    python tests/clients/frameworks.py target/debug/clara NAME…

Their pins exclude each other's, so each name needs the virtual environment that tests/clients/run gives it.
"""

import asyncio
import base64
import os
import sys
import tempfile
import time
from unittest import mock

BINARY = os.path.abspath(sys.argv[1])
TEXT = "The mill was built in 1904."
FILE = {"name": "mill.txt", "content_base64": base64.b64encode(b"The mill was built in 1904 by Ada Marsh.").decode()}
PLAIN = {"text": "The mill of Lindmouth is 31 metres high."}
ATTACHED = {"text": TEXT, "attachments": [FILE]}
BAD = {"text": TEXT, "attachments": "mill.txt"}
EXPECTED_TOOLS = 25


def environment() -> dict:
    """A data folder of its own, so that no framework sees another's tasks."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("CLARA_")}
    return own | {"CLARA_DATA_DIR": tempfile.mkdtemp() + "/clara", "CLARA_EVIDENCE_SOURCES": "none", "CLARA_LOG": "error"}


def check(name: str, what: str, text: str, *words: str) -> None:
    for word in words:
        assert word in text, f"{name}, {what}: {word!r} is not in {text[:600]}"


def check_calls(name: str, plain: str, attached: str, bad: str, refusal: str = "must be a list") -> None:
    check(name, "plain call", plain, "COMPLETED")
    check(name, "call with an attachment", attached, "COMPLETED", "supported", "Ada Marsh")
    check(name, "bad argument", bad, refusal)


async def openai_agents() -> None:
    from agents.mcp import MCPServerStdio, MCPUtil

    params = {"command": BINARY, "args": ["stdio"], "env": environment()}
    async with MCPServerStdio(params=params, client_session_timeout_seconds=60) as server:
        tools = await server.list_tools()
        assert len(tools) == EXPECTED_TOOLS, len(tools)
        for is_strict in (False, True):
            for tool in tools:
                made = MCPUtil.to_function_tool(tool, server, convert_schemas_to_strict=is_strict)
                # A tool without input stays as it is: an object without fields is an open one to this framework.
                can_be_strict = bool(tool.inputSchema["properties"])
                assert made.strict_json_schema == (is_strict and can_be_strict), tool.name
                assert "properties" in made.params_json_schema, tool.name
        # In strict mode the model sends every field, the optional ones as null.
        strict = {**PLAIN, "attachments": None, "wait_seconds": None}
        results = [str(await server.call_tool("agent_analysis", given)) for given in (strict, ATTACHED, BAD)]
        check_calls("openai-agents", *results)


async def langchain() -> None:
    from langchain_mcp_adapters.client import MultiServerMCPClient

    connection = {"transport": "stdio", "command": BINARY, "args": ["stdio"], "env": environment()}
    tools = {tool.name: tool for tool in await MultiServerMCPClient({"clara": connection}).get_tools()}
    assert len(tools) == EXPECTED_TOOLS, len(tools)
    analysis = tools["agent_analysis"]

    async def call(given: dict) -> str:
        try:
            return str(await analysis.ainvoke(given))
        except Exception as refused:  # the adapter raises what the server answers as an error
            return str(refused)

    check_calls("langchain", await call(PLAIN), await call(ATTACHED), await call(BAD))


async def pydantic_ai() -> None:
    from fastmcp.client.transports import StdioTransport
    from pydantic_ai.mcp import MCPToolset

    async with MCPToolset(StdioTransport(BINARY, ["stdio"], env=environment())) as server:
        assert len(await server.list_tools()) == EXPECTED_TOOLS

        async def call(given: dict) -> str:
            try:
                return str(await server.direct_call_tool("agent_analysis", given))
            except Exception as refused:  # it asks the model to try again with these words
                return str(refused)

        check_calls("pydantic-ai", await call(PLAIN), await call(ATTACHED), await call(BAD))


async def smolagents() -> None:
    from mcp import StdioServerParameters
    from smolagents import ToolCollection

    def walk() -> None:
        server = StdioServerParameters(command=BINARY, args=["stdio"], env=environment())
        with ToolCollection.from_mcp(server, trust_remote_code=True, structured_output=False) as collection:
            tools = {tool.name: tool for tool in collection.tools}
            assert len(tools) == EXPECTED_TOOLS, len(tools)

            def call(given: dict) -> str:
                try:
                    return str(tools["agent_analysis"].forward(**given))
                except Exception as refused:
                    return str(refused)

            check_calls("smolagents", call(PLAIN), call(ATTACHED), call(BAD))

    await asyncio.to_thread(walk)


async def google_genai() -> None:
    from google.genai._mcp_utils import mcp_to_gemini_tools
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(command=BINARY, args=["stdio"], env=environment())
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = mcp_to_gemini_tools((await session.list_tools()).tools)
        declared = [declaration.name for tool in tools for declaration in tool.function_declarations]
        assert len(declared) == EXPECTED_TOOLS, declared
        results = [str(await session.call_tool("agent_analysis", given)) for given in (PLAIN, ATTACHED, BAD)]
        check_calls("google-genai", *results)


async def google_adk() -> None:
    from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams
    from mcp import StdioServerParameters

    server = StdioServerParameters(command=BINARY, args=["stdio"], env=environment())
    toolset = McpToolset(connection_params=StdioConnectionParams(server_params=server, timeout=60))
    tools = {tool.name: tool for tool in await toolset.get_tools()}
    assert len(tools) == EXPECTED_TOOLS, len(tools)
    for name, tool in tools.items():
        # What Gemini is given; the framework has no public name for it.
        declaration = tool._get_declaration()
        assert declaration.name == name and declaration.description, name
    analysis = tools["agent_analysis"]
    context = mock.MagicMock()
    results = [str(await analysis.run_async(args=given, tool_context=context)) for given in (PLAIN, ATTACHED, BAD)]
    check_calls("google-adk", *results)
    await toolset.close()


async def llama_index() -> None:
    from llama_index.tools.mcp import BasicMCPClient, McpToolSpec

    client = BasicMCPClient(BINARY, args=["stdio"], env=environment(), timeout=60)
    tools = {tool.metadata.name: tool for tool in await McpToolSpec(client=client).to_tool_list_async()}
    assert len(tools) == EXPECTED_TOOLS, len(tools)
    for tool in tools.values():
        assert "properties" in tool.metadata.get_parameters_dict(), tool.metadata.name
    results = [str(await tools["agent_analysis"].acall(**given)) for given in (PLAIN, ATTACHED, BAD)]
    check_calls("llama-index", *results)


async def crewai() -> None:
    os.environ |= {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "HOME": tempfile.mkdtemp()}
    from crewai_tools import MCPServerAdapter
    from mcp import StdioServerParameters

    def walk() -> None:
        server = StdioServerParameters(command=BINARY, args=["stdio"], env=environment())
        with MCPServerAdapter(server, connect_timeout=60) as tools:
            assert len(tools) == EXPECTED_TOOLS, len(tools)
            analysis = next(tool for tool in tools if tool.name == "agent_analysis")

            def call(given: dict) -> str:
                try:
                    return str(analysis.run(**given))
                except Exception as refused:  # it checks arguments itself, in words of its own
                    return str(refused)

            check_calls("crewai", call(PLAIN), call(ATTACHED), call(BAD), refusal="valid list")

    await asyncio.to_thread(walk)


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


def main() -> None:
    failed = 0
    for name in sys.argv[2:]:
        began = time.monotonic()
        try:
            asyncio.run(asyncio.wait_for(FRAMEWORKS[name](), timeout=90))
            print(f"{name}: ok, {time.monotonic() - began:.1f} s")
        except Exception as error:
            failed += 1
            print(f"{name}: FAILED: {type(error).__name__}: {error}")
    sys.exit(1 if failed else 0)


main()
