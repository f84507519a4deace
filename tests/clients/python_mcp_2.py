"""Clara, used by a client that others wrote: the MCP project's own Python package, version 2.

    python tests/clients/python_mcp_2.py target/debug/clara

Over stdio and Streamable HTTP, each with the handshake of the older protocol and in the stateless form of 2026-07-28, and
over the older HTTP+SSE: lists the tools and hands in a text with a file, whose quotes must stand in the file.
"""

import asyncio

import clara_server
import httpx2
from clara_server import ANALYSIS, SUBMISSION, check
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

MODERN = "2026-07-28"


def text_of(result) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


async def use(transport: str, server, mode: str, tools: set[str]) -> None:
    async with Client(server, mode=mode) as client:
        is_modern = client.protocol_version == MODERN
        check(is_modern == (mode != "legacy"), f"over {transport}, {mode} became {client.protocol_version}")
        clara_server.check_tools((tool.name for tool in (await client.list_tools()).tools), tools)
        refused = await client.call_tool("agent_analysis", {"text": SUBMISSION, "attachments": [{"name": "a.exe", "content_base64": "AA=="}]})
        check(refused.is_error, "an .exe was taken")
        result = await client.call_tool("agent_analysis", ANALYSIS)
        said = clara_server.check_analysis(result.structured_content, text_of(result))
        print(f"python mcp 2, {transport}, {client.protocol_version}: {said}", flush=True)


async def over_streamable_http(url: str, headers: dict[str, str], mode: str) -> None:
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        server = streamable_http_client(f"{url}/mcp", http_client=http)
        await use("streamable http", server, mode, clara_server.KEY_TOOLS)


async def main(binary: str) -> None:
    complaints = clara_server.Complaints()
    with clara_server.ClaraServer(binary) as clara:
        account = clara.sign_up()
        await over_streamable_http(clara.url, account.headers, "legacy")
        # The client asks the server which versions it speaks and takes the newest.
        await over_streamable_http(clara.url, account.headers, "auto")
        await use("sse", sse_client(f"{clara.url}/sse", headers=account.headers), "legacy", clara_server.KEY_TOOLS)
        for mode in ("legacy", MODERN):
            server = StdioServerParameters(command=binary, args=["stdio"], env=clara_server.settings(clara.folder))
            await use("stdio", server, mode, clara_server.ALL_TOOLS)
    complaints.check_none()


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(clara_server.program()), timeout=180))
