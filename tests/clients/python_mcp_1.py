"""Clara, used by a client that others wrote: the MCP project's own Python package, version 1.

    python tests/clients/python_mcp_1.py target/debug/clara

Over stdio, Streamable HTTP and the older HTTP+SSE: lists the tools, is refused what must be refused, and hands in a text
with a file: the verdict must be right and each quote must stand in the file at its position.
"""

import asyncio

import clara_server
import httpx
from clara_server import ANALYSIS, SUBMISSION, check
from mcp import ClientSession, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client


def text_of(result) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


async def refuses_bad_input(session: ClientSession) -> None:
    file = {"name": "a.exe", "content_base64": "AA=="}
    result = await session.call_tool("agent_analysis", {"text": SUBMISSION, "attachments": [file]})
    check(result.isError, "an .exe was taken")
    check(result.structuredContent["status"] == "error", "a refusal has no envelope")


async def use(transport: str, reading, writing, tools: set[str]) -> None:
    async with ClientSession(reading, writing) as session:
        started = await session.initialize()
        check("clara" in started.serverInfo.name.lower(), f"the server is called {started.serverInfo.name}")
        clara_server.check_tools((tool.name for tool in (await session.list_tools()).tools), tools)
        version = await session.call_tool("misc.version", {})
        check(not version.isError, f"the documented dotted name is refused: {text_of(version)}")
        await refuses_bad_input(session)
        result = await session.call_tool("agent_analysis", ANALYSIS)
        said = clara_server.check_analysis(result.structuredContent, text_of(result))
        print(f"python mcp 1, {transport}, {started.protocolVersion}: {said}", flush=True)


async def over_stdio(binary: str, folder) -> None:
    server = StdioServerParameters(command=binary, args=["stdio"], env=clara_server.settings(folder))
    async with stdio_client(server) as (reading, writing):
        await use("stdio", reading, writing, clara_server.ALL_TOOLS)


async def over_streamable_http(url: str, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        async with streamable_http_client(f"{url}/mcp", http_client=http) as (reading, writing, _session_id):
            await use("streamable http", reading, writing, clara_server.KEY_TOOLS)


async def over_sse(url: str, headers: dict[str, str]) -> None:
    async with sse_client(f"{url}/sse", headers=headers) as (reading, writing):
        await use("sse", reading, writing, clara_server.KEY_TOOLS)


async def main(binary: str) -> None:
    complaints = clara_server.Complaints()
    with clara_server.ClaraServer(binary) as clara:
        account = clara.sign_up()
        await over_streamable_http(clara.url, account.headers)
        await over_sse(clara.url, account.headers)
        # On the same data directory as the server: a desktop client beside it is normal.
        await over_stdio(binary, clara.folder)
    complaints.check_none()


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(clara_server.program()), timeout=180))
