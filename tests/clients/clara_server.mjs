// A Clara for clients in JavaScript to meet: what clara_server.py is for those in Python. It knows no MCP package.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { createInterface } from "node:readline";

const SOURCE =
  "Harbour board of Lindmouth, yearly report.\n\n" +
  "The lighthouse was built in 1904 by the engineer Ada Marsh. It is 31 metres high.\n";
const SUBMISSION = "The lighthouse of Lindmouth was built in 1911. The lighthouse is 31 metres high.";
const WRONG_CLAIM = "The lighthouse of Lindmouth was built in 1911.";

export const ANALYSIS = {
  text: SUBMISSION,
  attachments: [{ name: "harbour.txt", content_base64: Buffer.from(SOURCE).toString("base64") }],
  wait_seconds: 50,
};
export const TOOLS_WANTED = ["agent_analysis", "task_view", "task_view_all", "user_view", "misc_version"];

export function check(holds, problem) {
  if (!holds) throw new Error(problem);
}

/** What an analysis answers, as data and as text for a model. Gives its summary, for printing. */
export function checkAnalysis(envelope, text) {
  check(envelope?.status === "success", `the analysis was refused: ${JSON.stringify(envelope)}`);
  const task = envelope.data;
  check(task.status === "COMPLETED", `the analysis is ${task.status}: ${JSON.stringify(task.error)}`);
  const report = task.result;
  const wrong = report.claims.find((claim) => claim.text === WRONG_CLAIM);
  check(wrong?.verdict === "refuted", `the wrong claim is ${wrong?.verdict}`);
  check(text.includes(report.summary), "the text for a model lacks the summary");
  const quotes = report.claims.flatMap((claim) => claim.evidence);
  check(quotes.length > 0, "there is no quote");
  for (const quote of quotes) {
    // By code points, as the report counts; JavaScript's own positions are UTF-16 units.
    const origin = [...(quote.source === "submission" ? SUBMISSION : SOURCE)];
    const there = origin.slice(quote.start, quote.end).join("");
    check(there === quote.quote, `not in its source: ${JSON.stringify(quote)}`);
  }
  return `${report.summary} ${quotes.length} quotes, each in its source.`;
}

/** An environment in which nothing of this machine's own settings can change what is tested. */
export function settings(folder) {
  const kept = Object.entries(process.env).filter(([name]) => ["PATH", "HOME", "TMPDIR", "SystemRoot"].includes(name));
  return {
    ...Object.fromEntries(kept),
    CLARA_DATA_DIR: join(folder, "clara"),
    CLARA_EVIDENCE_SOURCES: "none",
    CLARA_LOG: "warn",
    // A client after the other asks with one key, faster than ten calls a second.
    CLARA_RATE_LIMIT: "0",
  };
}

/** A running `clara serve` in a folder of its own. */
export class ClaraServer {
  static async start(binary, more = {}) {
    const server = new ClaraServer();
    server.folder = await mkdtemp(join(tmpdir(), "clara-"));
    server.process = spawn(binary, ["serve", "--port", "0"], {
      env: { ...settings(server.folder), ...more },
      stdio: ["ignore", "ignore", "pipe"],
    });
    server.ended = once(server.process, "exit");
    const lines = createInterface({ input: server.process.stderr });
    const listening = new Promise((found) => {
      lines.on("line", (line) => {
        const [, url] = line.split("listens on ");
        if (url?.startsWith("http://")) found(url.trim());
        else console.error(line);
      });
    });
    const gone = server.ended.then(() => Promise.reject(new Error("the server ended before it listened")));
    server.url = await Promise.race([listening, gone]);
    // It ends well at last, long after this race.
    gone.catch(() => {});
    return server;
  }

  async stop() {
    this.process.kill("SIGTERM");
    const [status, signal] = await this.ended;
    await rm(this.folder, { recursive: true });
    check(status === 0, `the server's stop gave ${status ?? signal}`);
  }

  /** The data of a REST call that must succeed. */
  async rest(method, path, authorization, body) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { Authorization: authorization, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const envelope = await answer.json();
    check(answer.ok && envelope.status === "success", `${method} ${path}: ${answer.status} ${JSON.stringify(envelope)}`);
    return envelope.data;
  }

  /** Register, take the code out of the mail, activate, sign in, look at the key; gives the headers that name the account. */
  async signUp(address = "ada@example.com") {
    const data = join(this.folder, "clara");
    const { public_api_key: publicKey } = JSON.parse(await readFile(join(data, "secrets.json"), "utf8"));
    const password = "a lighthouse on a quiet coast";
    const person = { first_name: "Ada", last_name: "Marsh", email: address, password };
    await this.rest("POST", "/auth/register", publicKey, person);
    const [mail] = await readdir(join(data, "outbox"));
    const [, code] = (await readFile(join(data, "outbox", mail), "utf8")).match(/^\s+(\d{6})\s*$/m);
    await this.rest("POST", `/users/${address}/activate`, publicKey, { code });
    const basic = Buffer.from(`${address}:${password}`).toString("base64");
    const user = await this.rest("POST", "/auth/session", `Basic ${basic}`);
    const key = await this.rest("GET", `/users/${user.id}/api_key`, `Bearer ${user.token}`);
    return { Authorization: `Bearer ${key.token}`, "User-Id": user.id };
  }
}
