"""Clara, used by a client that others wrote: the MCP project's own Python package, version 2.

    python tests/clients/python_mcp_2.py target/debug/clara

Over stdio and Streamable HTTP, each with the handshake of the older protocol and in the stateless form of 2026-07-28, and
over the older HTTP+SSE: lists the tools and hands in a text with a file, whose quotes must stand in the file. Then buys
credits, and is asked once to show a person the page to pay on.
"""

import asyncio

import clara_server
import httpx2
from clara_server import ANALYSIS, SUBMISSION, check
from mcp import Client, StdioServerParameters
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult
from till import PURCHASE, Till

MODERN = "2026-07-28"


def text_of(result) -> str:
    return "\n".join(block.text for block in result.content if block.type == "text")


async def buys(client: Client, asked: list) -> None:
    asked.clear()
    bought = await client.call_tool("stripe_buy", PURCHASE)
    check(not bought.is_error, f"nothing was sold: {text_of(bought)}")
    url = bought.structured_content["data"]["url"]
    check([question.url for question in asked] == [url], f"asked for {asked}, sold {url}")
    check("$5.00 for 500 credits" in asked[0].message, f"the person reads {asked[0].message}")
    check("agreed to open it" in text_of(bought), f"a model is not told what the person said: {text_of(bought)}")


async def use(transport: str, server, mode: str, tools: set[str]) -> None:
    asked = []

    async def person(_context, question):
        asked.append(question)
        return ElicitResult(action="accept")

    async with Client(server, mode=mode, elicitation_callback=person) as client:
        is_modern = client.protocol_version == MODERN
        check(is_modern == (mode != "legacy"), f"over {transport}, {mode} became {client.protocol_version}")
        clara_server.check_tools((tool.name for tool in (await client.list_tools()).tools), tools)
        refused = await client.call_tool("agent_analysis", {"text": SUBMISSION, "attachments": [{"name": "a.exe", "content_base64": "AA=="}]})
        check(refused.is_error, "an .exe was taken")
        result = await client.call_tool("agent_analysis", ANALYSIS)
        said = clara_server.check_analysis(result.structured_content, text_of(result))
        await buys(client, asked)
        print(f"python mcp 2, {transport}, {client.protocol_version}: {said}", flush=True)


async def over_streamable_http(url: str, headers: dict[str, str], mode: str) -> None:
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        server = streamable_http_client(f"{url}/mcp", http_client=http)
        await use("streamable http", server, mode, clara_server.KEY_TOOLS)


async def main(binary: str) -> None:
    complaints = clara_server.Complaints()
    till = Till()
    with clara_server.ClaraServer(binary, **till.settings) as clara:
        account = clara.sign_up()
        await over_streamable_http(clara.url, account.headers, "legacy")
        # The client asks the server which versions it speaks and takes the newest.
        await over_streamable_http(clara.url, account.headers, "auto")
        await use("sse", sse_client(f"{clara.url}/sse", headers=account.headers), "legacy", clara_server.KEY_TOOLS)
        for mode in ("legacy", MODERN):
            server = StdioServerParameters(command=binary, args=["stdio"], env=clara_server.settings(clara.folder) | till.settings)
            await use("stdio", server, mode, clara_server.ALL_TOOLS)
    check(till.sold == 5, f"one page for each purchase, not {till.sold}")
    complaints.check_none()


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(clara_server.program()), timeout=180))
