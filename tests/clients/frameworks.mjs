// Frameworks in JavaScript that others wrote: what frameworks.py is for those in Python. Each lists the tools, calls one with
// an attachment and without, sends one bad argument, and gives up on a call. No model is asked: a scripted one makes the calls.
//
//     node target/clients/npm/frameworks.mjs target/debug/clara

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { generateText } from "ai";
import { MockLanguageModelV4 } from "ai/test";

import { ClaraServer, TOOLS_WANTED, check, settings } from "./clara_server.mjs";

const TOOLS_EXPECTED = Number(process.env.TOOLS_EXPECTED);
const TEXT = "The mill was built in 1904.";
const FILE = {
  name: "mill.txt",
  content_base64: Buffer.from("The mill was built in 1904 by Ada Marsh.").toString("base64"),
};
const CALLS = [
  { input: { text: "The mill of Lindmouth is 31 metres high." }, words: ["COMPLETED"] },
  { input: { text: TEXT, attachments: [FILE] }, words: ["COMPLETED", "supported", "Ada Marsh"] },
  { input: { text: TEXT, attachments: "mill.txt" }, words: ["must be a list"] },
];

// Waits longer than its client does.
const ABANDONED = { text: "The mill is old.", wait_seconds: 3 };
const PATIENCE_MS = 1000;

const binary = resolve(process.argv[2]);

/** Gives a call up, makes it again as a model does, and says what became of the task: kept, or ended by the client's word. */
async function fateOfAbandoned(name, call) {
  const given = await call("agent_analysis", ABANDONED, AbortSignal.timeout(PATIENCE_MS)).then(() => "an answer", () => null);
  check(given === null, `${name} did not wait`);
  await call("agent_analysis", ABANDONED);
  const listed = JSON.stringify(await call("task_view_all", {}));
  const tasks = new Set(listed.match(/task_[0-9a-f]{32}/g));
  const living = (listed.match(/PENDING/g) ?? []).length;
  check(living > 0 && tasks.size <= 2, `${name}: ${listed}`);
  return tasks.size === 1 ? "kept" : "ended";
}

async function checkCalls(name, call) {
  for (const { input, words } of CALLS) {
    const answer = await call(input);
    for (const word of words) check(answer.includes(word), `${name}: ${word} is not in ${answer.slice(0, 600)}`);
  }
}

/** Vercel's AI SDK over stdio: its whole loop, with a model that asks for one call. */
async function aiSdk(name) {
  const folder = await mkdtemp(join(tmpdir(), "clara-"));
  const clara = await createMCPClient({
    transport: new StdioMCPTransport({ command: binary, args: ["stdio"], env: settings(folder) }),
  });
  const tools = await clara.tools();
  check(Object.keys(tools).length === TOOLS_EXPECTED, `${name}: ${Object.keys(tools)}`);
  await checkCalls(name, async (input) => {
    const model = new MockLanguageModelV4({
      doGenerate: async (options) => {
        check(options.tools.length === TOOLS_EXPECTED, `${name}: the model is given ${options.tools.length} tools`);
        const call = { type: "tool-call", toolCallId: "1", toolName: "agent_analysis", input: JSON.stringify(input) };
        const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
        return { content: [call], finishReason: { unified: "tool-calls" }, usage, warnings: [] };
      },
    });
    const { toolResults } = await generateText({ model, tools, prompt: "Check this." });
    check(toolResults.length === 1, `${name}: ${toolResults.length} results`);
    return JSON.stringify(toolResults[0].output);
  });
  await clara.close();
  await rm(folder, { recursive: true });
  // Nothing works on tasks here, so that the call is still waiting when it is given up.
  const idle = await mkdtemp(join(tmpdir(), "clara-"));
  const waiting = await createMCPClient({
    transport: new StdioMCPTransport({ command: binary, args: ["stdio"], env: { ...settings(idle), CLARA_WORKERS: "0" } }),
  });
  const own = await waiting.tools();
  const fate = await fateOfAbandoned(name, (tool, input, abortSignal) =>
    own[tool].execute(input, { toolCallId: "1", messages: [], abortSignal }),
  );
  await waiting.close();
  await rm(idle, { recursive: true });
  return fate;
}

/** A client behind `mcp-remote`, through which programs that speak stdio alone reach a server by URL. */
async function throughRemote(server, headers) {
  const given = Object.entries(headers).flatMap(([header, value]) => ["--header", `${header}:${value}`]);
  const program = join(dirname(fileURLToPath(import.meta.url)), "node_modules", ".bin", "mcp-remote");
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, `${server.url}/mcp`, "--transport", "http-only", ...given],
    env: { ...settings(server.folder), HOME: server.folder, MCP_REMOTE_CONFIG_DIR: server.folder },
    stderr: "ignore",
  });
  const client = new Client({ name: "clara-gate", version: "1" });
  await client.connect(transport);
  return client;
}

/** Runs `walk` with a server of its own. */
async function withServer(more, walk) {
  const server = await ClaraServer.start(binary, more);
  try {
    const client = await throughRemote(server, await server.signUp());
    const result = await walk(client);
    await client.close();
    await server.stop();
    return result;
  } catch (failure) {
    server.process.kill();
    throw failure;
  }
}

async function mcpRemote(name) {
  await withServer({}, async (client) => {
    const tools = (await client.listTools()).tools.map((tool) => tool.name);
    const missing = TOOLS_WANTED.filter((tool) => !tools.includes(tool));
    check(missing.length === 0, `${name}, missing tools: ${missing}`);
    await checkCalls(name, async (input) => {
      return JSON.stringify(await client.callTool({ name: "agent_analysis", arguments: input }));
    });
  });
  return withServer({ CLARA_WORKERS: "0" }, (client) =>
    fateOfAbandoned(name, (tool, input, signal) => client.callTool({ name: tool, arguments: input }, undefined, { signal })),
  );
}

let failed = 0;
for (const [name, walk] of Object.entries({ "ai-sdk": aiSdk, "mcp-remote": mcpRemote })) {
  const began = Date.now();
  try {
    const fate = await walk(name);
    console.log(`${name}: ok, a task that is given up is ${fate}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: FAILED: ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
