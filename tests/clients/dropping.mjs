// A program asks a person for files by MCP, and they drop them on the page: with the page's script and by its plain form.

import { check } from "./clara_server.mjs";

const VERSION = "2026-07-28";
const TEXT = "The lighthouse was built in 1904. The bridge opened in 1931.";
const LIGHTHOUSE = { name: "lighthouse.txt", mimeType: "text/plain", words: "The lighthouse was built in 1904." };
const BRIDGE = { name: "bridge.txt", mimeType: "text/plain", words: "The bridge opened in 1931." };
const NOTES = { name: "notes.txt", mimeType: "text/plain", words: "The mill is 12 metres tall." };

/** Calls agent_analysis as a client that can have a person open a page; `more` is what it comes back with. */
async function analyse(server, key, more = {}) {
  const about = "io.modelcontextprotocol";
  const params = {
    name: "agent_analysis",
    arguments: { text: TEXT, ask_for_files: true, wait_seconds: 50 },
    _meta: {
      [`${about}/protocolVersion`]: VERSION,
      [`${about}/clientInfo`]: { name: "pages", version: "1" },
      [`${about}/clientCapabilities`]: { elicitation: { url: {} } },
    },
    ...more,
  };
  const answer = await fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": VERSION,
      "Mcp-Method": "tools/call",
      "Mcp-Name": "agent_analysis",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  const text = await answer.text();
  const message = text.startsWith("{") ? text : text.match(/^data: ?(\{.*)$/m)?.[1];
  check(message, `agent_analysis answered ${answer.status}: ${text}`);
  const { result, error } = JSON.parse(message);
  check(result, `agent_analysis was refused: ${JSON.stringify(error)}`);
  return result;
}

/** The names in a list of files of the page. */
function listed(page, list) {
  return page.locator(`${list} strong`).allInnerTexts();
}

/** Files dropped from a folder beside the browser; what a browser makes of them is an event. */
async function drop(page, files) {
  const dropped = await page.evaluateHandle((files) => {
    const all = new DataTransfer();
    for (const { name, mimeType, words } of files) all.items.add(new File([words], name, { type: mimeType }));
    return all;
  }, files);
  for (const event of ["dragenter", "dragover", "drop"]) {
    await page.locator("main").dispatchEvent(event, { dataTransfer: dropped });
  }
}

async function choose(page, files) {
  const chosen = files.map(({ name, mimeType, words }) => ({ name, mimeType, buffer: Buffer.from(words) }));
  await page.getByLabel("Files", { exact: true }).setInputFiles(chosen);
}

/** The person gives two files, takes one of them back, and the call goes on with the other. */
export async function giveFiles(server, visitor, key) {
  const { page } = visitor;
  const asks = await analyse(server, key);
  check(asks.resultType === "input_required", `the call asks for files: ${JSON.stringify(asks)}`);
  await page.goto(asks.inputRequests.page.params.url);
  await visitor.reads("Only go on if you started this.");
  if (visitor.hasScripts) {
    await drop(page, [LIGHTHOUSE, NOTES]);
    await drop(page, [BRIDGE]);
    check((await listed(page, "#chosen")).join() === "lighthouse.txt,notes.txt,bridge.txt", "what was dropped is listed");
    // Not sent yet.
    await visitor.press("Remove notes.txt");
    check((await listed(page, "#chosen")).join() === "lighthouse.txt,bridge.txt", "one is taken back");
  } else {
    await choose(page, [LIGHTHOUSE, BRIDGE]);
  }
  await visitor.press("Add these, and more after");
  await visitor.reads("there is room for 3 more");
  const here = "ul.files:not(#chosen)";
  check((await listed(page, here)).sort().join() === "bridge.txt,lighthouse.txt", "what was sent is listed");
  if (visitor.hasScripts) {
    // What was chosen would be gone with its page.
    await drop(page, [NOTES]);
    await visitor.press("Remove bridge.txt");
    await visitor.reads("Send the files that you chose, or remove them");
    await visitor.press("Remove notes.txt");
  }
  await visitor.press("Remove bridge.txt");
  await visitor.reads("there is room for 4 more");
  check((await listed(page, here)).join() === "lighthouse.txt", "one is removed");
  await visitor.press("Done");
  await visitor.isAt("/account");
  await visitor.reads("The program goes on with your files.");
  const inputResponses = { page: { action: "accept" } };
  const { structuredContent } = await analyse(server, key, { requestState: asks.requestState, inputResponses });
  const report = structuredContent.data?.result;
  check(report, `there is no report: ${JSON.stringify(structuredContent)}`);
  const verdicts = Object.fromEntries(report.claims.map((claim) => [claim.text, claim]));
  const [lighthouse, bridge] = TEXT.split(/(?<=\.) /).map((claim) => verdicts[claim]);
  check(lighthouse?.verdict === "supported", `the file that stayed is evidence: ${JSON.stringify(report)}`);
  check(bridge?.verdict === "not_enough_evidence", `the one that was removed is none: ${JSON.stringify(report)}`);
  check(!JSON.stringify(report).includes("bridge.txt"), "the report does not name it");
}
