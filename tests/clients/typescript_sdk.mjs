// Clara, used by a client that others wrote: the MCP project's TypeScript SDK.
//
//     node target/clients/npm/typescript_sdk.mjs target/debug/clara
//
// Over stdio, Streamable HTTP and the older HTTP+SSE: lists the tools and hands in a text with a file; the verdict must be
// right and each quote must stand in the file at its position. Then buys credits, and is asked once to show a person the
// page to pay on.

import { resolve } from "node:path";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

import { ANALYSIS, ClaraServer, TOOLS_WANTED, check, checkAnalysis, settings } from "./clara_server.mjs";
import { PURCHASE, Till } from "./till.mjs";

const textOf = (result) => result.content.map((block) => block.text ?? "").join("\n");

async function buys(name, client, asked) {
  asked.length = 0;
  const bought = await client.callTool({ name: "stripe_buy", arguments: PURCHASE });
  check(!bought.isError, `over ${name}, nothing was sold: ${textOf(bought)}`);
  const { url } = bought.structuredContent.data;
  const once = asked.length === 1 && asked[0].mode === "url" && asked[0].url === url;
  check(once, `over ${name}, asked for ${JSON.stringify(asked)}, sold ${url}`);
  check(textOf(bought).includes("declined"), `over ${name}, a model is not told what the person said: ${textOf(bought)}`);
}

async function use(name, transport) {
  const asked = [];
  const client = new Client({ name: "clara-gate", version: "1" }, { capabilities: { elicitation: { url: {} } } });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    asked.push(params);
    return { action: "decline" };
  });
  await client.connect(transport);
  const tools = (await client.listTools()).tools.map((tool) => tool.name);
  const missing = TOOLS_WANTED.filter((tool) => !tools.includes(tool));
  check(missing.length === 0, `over ${name}, missing tools: ${missing}`);
  const refused = await client.callTool({
    name: "agent_analysis",
    arguments: { text: "A claim.", attachments: [{ name: "a.exe", content_base64: "AA==" }] },
  });
  check(refused.isError, `over ${name}, an .exe was taken`);
  // The SDK checks the structured content against the tool's published output schema.
  const result = await client.callTool({ name: "agent_analysis", arguments: ANALYSIS });
  const said = checkAnalysis(result.structuredContent, textOf(result));
  await buys(name, client, asked);
  console.log(`typescript sdk, ${name}, ${tools.length} tools: ${said}`);
  await client.close();
}

const binary = resolve(process.argv[2]);
const till = await Till.open();
const server = await ClaraServer.start(binary, till.settings);
try {
  const headers = await server.signUp();
  const http = { requestInit: { headers } };
  await use("streamable http", new StreamableHTTPClientTransport(new URL("/mcp", server.url), http));
  await use("sse", new SSEClientTransport(new URL("/sse", server.url), http));
  await use("stdio", new StdioClientTransport({ command: binary, args: ["stdio"], env: { ...settings(server.folder), ...till.settings } }));
} catch (failure) {
  server.process.kill();
  throw failure;
}
till.close();
await server.stop();
check(till.sold === 3, `one page for each purchase, not ${till.sold}`);
