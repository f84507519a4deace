// Clara, used by a client that others wrote: the MCP project's TypeScript SDK.
//
//     node target/clients/npm/typescript_sdk.mjs target/debug/clara
//
// Over stdio, Streamable HTTP and the older HTTP+SSE: lists the tools and hands in a text with a file; the verdict must be
// right and each quote must stand in the file at its position.

import { resolve } from "node:path";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { ANALYSIS, ClaraServer, TOOLS_WANTED, check, checkAnalysis, settings } from "./clara_server.mjs";

const textOf = (result) => result.content.map((block) => block.text ?? "").join("\n");

async function use(name, transport) {
  const client = new Client({ name: "clara-gate", version: "1" });
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
  console.log(`typescript sdk, ${name}, ${tools.length} tools: ${said}`);
  await client.close();
}

const binary = resolve(process.argv[2]);
const server = await ClaraServer.start(binary);
try {
  const headers = await server.signUp();
  const http = { requestInit: { headers } };
  await use("streamable http", new StreamableHTTPClientTransport(new URL("/mcp", server.url), http));
  await use("sse", new SSEClientTransport(new URL("/sse", server.url), http));
  await use("stdio", new StdioClientTransport({ command: binary, args: ["stdio"], env: settings(server.folder) }));
} catch (failure) {
  server.process.kill();
  throw failure;
}
await server.stop();
