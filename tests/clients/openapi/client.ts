// A client of Clara's REST face, typed by what `openapi-typescript` makes of `/openapi.json` and by nothing else.
//
//   node made/client.js URL OUTBOX ACCOUNT_FILE
//
// Makes two accounts and walks the first through its life. What it learns about them goes to ACCOUNT_FILE, as lines that a
// shell can read, for the tests that follow. PUBLIC_API_KEY is the deployment's.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const [url, outbox, accountFile] = process.argv.slice(2);
const publicKey = process.env["PUBLIC_API_KEY"];
if (!url || !outbox || !accountFile || !publicKey) throw new Error("takes a URL, an outbox and a file; PUBLIC_API_KEY");

// Lists come as CSV too, for who asks; this client never does.
const password = "quiet harbour 1931 lantern";
const anybody = createClient<paths, "application/json">({ baseUrl: url });
const frontEnd = createClient<paths, "application/json">({ baseUrl: url, headers: { Authorization: publicKey } });

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

type Failure = { status: "error"; message: string };

function data<T>(result: { data?: { data: T }; error?: Failure }, what: string): T {
  if (result.data === undefined) throw new Error(`${what}: ${JSON.stringify(result.error)}`);
  return result.data.data;
}

function codeFor(email: string): string {
  const mails = readdirSync(outbox!).map((name) => join(outbox!, name));
  mails.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const mail of mails) {
    const text = readFileSync(mail, "utf8").replaceAll("\r\n", "\n");
    const code = /^ {4}(\d{6})$/m.exec(text)?.[1];
    if (text.includes(`To: ${email}\n`) && code) return code;
  }
  throw new Error(`no code was mailed to ${email}`);
}

async function newAccount(email: string): Promise<components["schemas"]["SignedIn"]> {
  const body = { first_name: "Ada", last_name: "Marsh", email, password };
  const registered = data(await frontEnd.POST("/api/v1/auth/register", { body }), "register");
  check(!registered.is_active, "a new account waits for its code");
  const path = { user_email: email };
  const activated = await frontEnd.POST("/api/v1/users/{user_email}/activate", {
    params: { path },
    body: { code: codeFor(email) },
  });
  check(data(activated, "activate").credits === 100, "activation brings 100 credits");
  return registered;
}

const health = data(await anybody.GET("/api/v1/health"), "health");
check(health.status === "healthy", "the server is healthy");

const email = "ada.fuzz@example.org";
const registered = await newAccount(email);
const spare = await newAccount("ben.fuzz@example.org");

const basic = Buffer.from(`${email}:${password}`).toString("base64");
const signedIn = await anybody.POST("/api/v1/auth/session", { headers: { Authorization: `Basic ${basic}` } });
const { token, id } = data(signedIn, "login");
check(id === registered.id, "the account is the one that was registered");
const mine = createClient<paths, "application/json">({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });
const path = { user_id: id };

const refused = await mine.PATCH("/api/v1/users/{user_id}", { params: { path }, body: {} });
check(refused.error?.message === "Request body is empty.", "an empty body is refused");
const changed = await mine.PATCH("/api/v1/users/{user_id}", { params: { path }, body: { is_dark_mode: false } });
check(!data(changed, "update").is_dark_mode, "a field is changed");

const document = "The lighthouse was built in 1904. It is 31 metres high.";
const content_base64 = Buffer.from(document).toString("base64");
const started = await mine.POST("/api/v1/users/{user_id}/agent/analysis", {
  params: { path },
  body: {
    text: "The lighthouse was built in 1911.",
    attachments: [{ name: "harbour.txt", content_base64 }],
    wait_seconds: 50,
  },
});
const task = data(started, "analysis");
check(task.status === "COMPLETED" && task.result !== null, `the analysis is ${task.status}`);

const form = new FormData();
form.set("text", "The lighthouse is 31 metres high.");
form.set("harbour.txt", new Blob([document]), "harbour.txt");
const sent = await mine.POST("/api/v1/users/{user_id}/agent/analysis", {
  params: { path },
  body: { text: "" },
  bodySerializer: () => form,
});
const waiting = data(sent, "analysis of a form");
check(waiting.status === "PENDING", "over REST nobody waits unless they ask");

const list = await mine.GET("/api/v1/users/{user_id}/transactions", { params: { path, query: { limit: 2 } } });
check(data(list, "transactions").length === 2, "a page has as many rows as asked for");
check(list.response.headers.get("X-Total-Count") === "3", "and says how many there are");
const [newest] = data(list, "transactions");
check(newest?.type === "DEBIT" && newest.value_in_credits === 20, "an analysis costs 20 credits");

const key = data(await mine.GET("/api/v1/users/{user_id}/api_key", { params: { path } }), "API key");

const other = await anybody.POST("/api/v1/auth/session", { headers: { Authorization: `Basic ${basic}` } });
const gone = createClient<paths, "application/json">({
  baseUrl: url,
  headers: { Authorization: `Bearer ${data(other, "second login").token}` },
});
const left = await gone.DELETE("/api/v1/auth/session");
check(left.response.status === 204, "logging out answers nothing");
const locked = await gone.GET("/api/v1/users/{user_id}", { params: { path } });
check(locked.response.status === 401 && locked.error?.status === "error", "a token that was logged out is refused");

const parting = await newAccount("cy.fuzz@example.org");
const own = createClient<paths, "application/json">({ baseUrl: url, headers: { Authorization: `Bearer ${parting.token}` } });
const whose = { params: { path: { user_id: parting.id } } };
const taken = data(await own.POST("/api/v1/users/{user_id}/export", { ...whose, body: { password } }), "export");
check(taken.profile.id === parting.id && taken.sessions.length === 1, "what is kept of an account can be taken along");
const ended = await own.DELETE("/api/v1/users/{user_id}", { ...whose, body: { password } });
check(ended.response.status === 204, "an account ends by its owner's hand");

const known = {
  USER_ID: id,
  EMAIL: email,
  PASSWORD: `'${password}'`,
  USER_TOKEN: token,
  API_KEY_TOKEN: key.token,
  SPARE_USER_ID: spare.id,
  SPARE_USER_TOKEN: spare.token,
};
writeFileSync(accountFile, Object.entries(known).map(([name, value]) => `${name}=${value}\n`).join(""), { mode: 0o600 });
console.log(`openapi client: 14 operations called, each answer as its type says`);
