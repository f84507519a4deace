// The pages for people in a real browser, without scripts and with: from making an account to deleting it, a program that asks to be
// signed in, and one that asks for files.
//
//     node target/clients/pages/pages.mjs CLARA
//
// CHROMIUM names the browser (by default Debian's), SCREENSHOTS a folder to leave pictures in. What only a browser enforces is
// looked at here: not one violation of the pages' policy, nothing in its console, and no page wider than a small phone.

import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { ClaraServer, check } from "./clara_server.mjs";
import { giveFiles } from "./dropping.mjs";

const PATH = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const SWITCHES = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PASSWORD = "a lighthouse on a quiet coast";
const OTHER = "a harbour behind a long wall";
const SMALL = { width: 360, height: 740 };
const LARGE = { width: 1200, height: 900 };

/** A person with a browser of their own, and what went wrong in it. */
class Visitor {
  static async sitDown(browser, server, options = {}) {
    const visitor = new Visitor();
    visitor.problems = [];
    visitor.refusals = 0;
    visitor.hasScripts = options.javaScriptEnabled !== false;
    visitor.context = await browser.newContext({ baseURL: server.url, viewport: LARGE, ...options });
    if (visitor.hasScripts) {
      await visitor.context.exposeFunction("tellViolation", (words) => visitor.problems.push(words));
      await visitor.context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          window.tellViolation(`${event.violatedDirective} ${event.blockedURI} on ${location.pathname}`);
        });
      });
    }
    visitor.page = await visitor.context.newPage();
    visitor.page.on("console", (message) => visitor.hear(message.type(), message.text()));
    visitor.page.on("pageerror", (error) => visitor.problems.push(String(error)));
    visitor.page.on("requestfailed", (request) => {
      // A download ends its navigation.
      const reason = request.failure()?.errorText;
      if (reason !== "net::ERR_ABORTED") visitor.problems.push(`${request.url()} ${reason}`);
    });
    return visitor;
  }

  /** A form that is refused says so by its status, which a browser notes. Anything else in the console is amiss. */
  hear(kind, text) {
    if (/^Failed to load resource: the server responded with a status of 4\d\d/.test(text) && this.refusals > 0) {
      this.refusals -= 1;
    } else {
      this.problems.push(`${kind}: ${text}`);
    }
  }

  async isAt(path) {
    await this.page.waitForURL((url) => url.pathname === path);
  }

  async fill(fields) {
    for (const [label, value] of Object.entries(fields)) await this.page.getByLabel(label).fill(value);
  }

  async press(name) {
    await this.page.getByRole("button", { name }).click();
  }

  /** Sends a form that is wrong; gives the words beside the field. */
  async pressInVain(name, field) {
    this.refusals += 1;
    await this.press(name);
    const input = this.page.getByLabel(field);
    await input.and(this.page.locator("[aria-invalid=true]")).waitFor();
    // What a screen reader reads out together with the field.
    const described = await input.getAttribute("aria-describedby");
    const [first] = described.split(" ");
    return this.page.locator(`[id="${first}"]`).innerText();
  }

  async reads(words) {
    await this.page.getByText(words).first().waitFor();
  }

  async leave() {
    check(this.problems.length === 0, `the browser says:\n  ${this.problems.join("\n  ")}`);
    await this.context.close();
  }
}

/** The six digits in the newest mail. */
async function newestCode(server) {
  const outbox = join(server.folder, "clara", "outbox");
  const mails = await Promise.all(
    (await readdir(outbox)).map(async (name) => ({ name, at: (await stat(join(outbox, name))).mtimeMs })),
  );
  mails.sort((one, other) => other.at - one.at);
  for (const { name } of mails) {
    const code = (await readFile(join(outbox, name), "utf8")).match(/^\s+(\d{6})\s*$/m);
    if (code) return code[1];
  }
  throw new Error("there is no mail with a code");
}

/** The six digits that an authenticator app shows for this key, so many steps of half a minute from now. */
function codeOf(key, steps) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", secret).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** An app is set up by its picture, signs in, and is turned off with a recovery code. */
async function useApp(visitor, email, password, taken = async () => {}) {
  const { page } = visitor;
  await page.goto("/account");
  await page.getByRole("link", { name: "Two-factor sign-in" }).click();
  await visitor.reads("It is off.");
  await taken("factor-off");
  await page.getByRole("link", { name: "with an authenticator app" }).click();
  await taken("factor-app");
  await visitor.fill({ Password: password });
  await visitor.press("Go on");
  const picture = page.getByAltText("QR code for an authenticator app");
  check((await picture.evaluate((image) => image.naturalWidth)) > 100, "the picture is drawn");
  await taken("factor-app-offer");
  const key = await page.locator("code.key").innerText();
  await visitor.fill({ "First code from the app": "12" });
  const wrong = await visitor.pressInVain("Turn it on", "First code from the app");
  check(wrong.startsWith("Type the code"), wrong);
  await taken("factor-app-wrong");
  await visitor.fill({ "First code from the app": codeOf(key, 0) });
  await visitor.press("Turn it on");
  await visitor.reads("They are shown only now");
  await taken("factor-recovery-codes");
  const codes = await page.locator(".codes code").allInnerTexts();
  check(codes.length === 10, `${codes.length} recovery codes`);
  await page.getByRole("link", { name: "I have kept them" }).click();
  await visitor.reads("It is on, with an authenticator app.");
  await taken("factor-on");
  await page.goto("/account");
  await visitor.press("Sign out");
  await visitor.fill({ Password: password });
  await page.keyboard.press("Enter");
  await visitor.reads("second proof");
  await taken("sign-in-code");
  await page.keyboard.type(codeOf(key, 1));
  await page.keyboard.press("Enter");
  await visitor.isAt("/account");
  await page.goto("/account/second-factor/off");
  await taken("factor-turn-off");
  await visitor.fill({ "Code from your authenticator app": codes[3].toLowerCase() });
  await visitor.press("Turn it off");
  await visitor.isAt("/account/second-factor");
  await visitor.reads("It is off.");
}

/** Everything a person does, in the order in which they do it. */
async function live(browser, server, email, options) {
  const visitor = await Visitor.sitDown(browser, server, options);
  const { page } = visitor;

  await page.goto("/register");
  check((await page.getByLabel("First name").evaluate((input) => input === document.activeElement)), "one can type at once");
  await visitor.fill({ "First name": "Ada", "Last name": "Marsh", "E-mail address": email, Password: "short" });
  const short = await visitor.pressInVain("Make the account", "Password");
  check(short.startsWith("The password must be"), `a short password is refused: ${short}`);
  check((await page.getByLabel("E-mail address").inputValue()) === email, "what was typed is kept");
  check((await page.getByLabel("Password").inputValue()) === "", "but not a password");
  await visitor.fill({ Password: PASSWORD });
  await page.keyboard.press("Enter");
  await visitor.isAt("/activate");
  await visitor.reads("A code is on its way");
  const code = await newestCode(server);
  await visitor.fill({ "Code from the mail": code === "000000" ? "111111" : "000000" });
  const wrong = await visitor.pressInVain(/^Activate$/, "Code from the mail");
  check(wrong.includes("wrong, used or too old"), `a wrong code is refused: ${wrong}`);
  await visitor.fill({ "Code from the mail": code });
  await visitor.press(/^Activate$/);
  await visitor.isAt("/account");
  await visitor.reads("Your account is active now");

  await visitor.press("Sign out");
  await visitor.isAt("/sign-in");
  // By keyboard alone: the address is there already.
  await page.keyboard.type("not the right one");
  visitor.refusals += 1;
  await page.keyboard.press("Enter");
  await visitor.reads("The address or the password is wrong.");
  check((await page.getByLabel("E-mail address").inputValue()) === email, "the address is kept");
  check((await page.getByLabel("Password").inputValue()) === "", "the password is not");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await visitor.isAt("/account");

  const other = await Visitor.sitDown(browser, server, options);
  await other.page.goto("/sign-in");
  await other.fill({ "E-mail address": email, Password: PASSWORD });
  await other.press("Sign in");
  await other.isAt("/account");
  await page.reload();
  await visitor.press(/^End the session/);
  await visitor.reads("That session is over");
  await other.page.reload();
  await other.isAt("/sign-in");
  await other.reads("You are not signed in, or not any more");
  await other.leave();

  await visitor.press("Show my API key");
  await visitor.reads("clara_api_");
  const key = await page.locator("code").filter({ hasText: "clara_api_" }).innerText();
  await page.getByRole("link", { name: "Back to the account" }).click();
  await visitor.isAt("/account");
  await giveFiles(server, visitor, key);

  await page.getByRole("link", { name: "Change the password" }).click();
  await visitor.press("Mail me a code");
  await visitor.reads("A code is on its way");
  await visitor.fill({ "Code from the mail": await newestCode(server), "New password": OTHER });
  await visitor.press("Change the password");
  await visitor.isAt("/account");
  await visitor.reads("Your password is changed");

  await page.getByRole("link", { name: "Download my data" }).click();
  await visitor.fill({ Password: OTHER });
  const [download] = await Promise.all([page.waitForEvent("download"), visitor.press("Download")]);
  check(download.suggestedFilename() === "clara-account.json", download.suggestedFilename());
  const data = JSON.parse(await readFile(await download.path(), "utf8"));
  check(data.profile.email === email, "the data is the account's");

  await useApp(visitor, email, OTHER);
  await allowProgram(server, visitor, email);

  await page.goto("/account");
  await page.getByRole("link", { name: "Delete my account" }).click();
  await visitor.fill({ Password: PASSWORD });
  const old = await visitor.pressInVain("Delete my account for good", "Password");
  check(old.includes("wrong"), `the old password is refused: ${old}`);
  await visitor.fill({ Password: OTHER });
  await visitor.press("Delete my account for good");
  await visitor.isAt("/sign-in");
  await visitor.reads("Your account is deleted");
  await visitor.leave();
}

/** Calls auth_login without a session of the protocol, as a program does. */
async function logIn(server, page) {
  const call = { name: "auth_login", arguments: page ? { page } : {} };
  const answer = await fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": "2025-11-25",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call }),
  });
  const { result } = await answer.json();
  return { text: result.content[0].text, envelope: result.structuredContent };
}

/** A program asks to be signed in, and the person allows it on the page. */
async function allowProgram(server, visitor, email) {
  const { text } = await logIn(server);
  const [link] = text.match(/\/sign-in\?request=page_[0-9a-f]{32}/);
  const [ticket] = text.match(/clara_page_[\w-]{43}/);
  await visitor.page.goto(link);
  await visitor.reads("Only go on if you started this.");
  const boxes = await Promise.all(
    ["No, do not allow it", "Yes, I started it"].map((name) => visitor.page.getByRole("button", { name }).boundingBox()),
  );
  check(Math.abs(boxes[0].width - boxes[1].width) < 2 && boxes[0].height === boxes[1].height, "both answers weigh the same");
  await visitor.press("Yes, I started it");
  await visitor.isAt("/account");
  const { envelope } = await logIn(server, ticket);
  check(envelope.data?.email === email, `the program is signed in: ${JSON.stringify(envelope)}`);
}

/** Every page at both sizes and in both modes; none is wider than the screen. */
async function look(browser, server, folder) {
  const email = "pictures@example.org";
  const visitor = await Visitor.sitDown(browser, server);
  const { page } = visitor;
  const views = [
    ["light", LARGE],
    ["dark", LARGE],
    ["light", SMALL],
    ["dark", SMALL],
  ];
  const taken = async (name) => {
    for (const [colorScheme, size] of views) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      check(wide <= size.width, `${name} is ${wide} wide on ${size.width}`);
      if (folder) {
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`), fullPage: true });
      }
    }
  };
  await page.goto("/");
  await taken("home");
  await page.goto("/register");
  await taken("register");
  await visitor.fill({ "First name": "Adelheid-Friederike", "Last name": "Marsh", "E-mail address": "nonsense" });
  await visitor.pressInVain("Make the account", "E-mail address");
  await taken("register-wrong");
  await visitor.fill({ "E-mail address": email, Password: PASSWORD });
  await visitor.press("Make the account");
  await visitor.isAt("/activate");
  await taken("activate");
  await page.goto("/account");
  await taken("account-inactive");
  await page.goto("/activate");
  await visitor.fill({ "Code from the mail": await newestCode(server) });
  await visitor.press(/^Activate$/);
  await visitor.isAt("/account");
  const other = await Visitor.sitDown(browser, server);
  await other.page.goto("/sign-in");
  await other.fill({ "E-mail address": email, Password: PASSWORD });
  await other.press("Sign in");
  await other.isAt("/account");
  await other.leave();
  await page.reload();
  await taken("account");
  await visitor.press("Show my API key");
  await visitor.reads("clara_api_");
  await taken("key");
  for (const name of ["data", "delete"]) {
    await page.goto(`/account/${name}`);
    await taken(name);
  }
  await page.goto("/password");
  await taken("password");
  await page.goto("/password?notice=code");
  await taken("password-code");
  await useApp(visitor, email, PASSWORD, taken);
  await page.goto("/account/second-factor/mail");
  await taken("factor-mail");
  const { text } = await logIn(server);
  const [link] = text.match(/\/sign-in\?request=page_[0-9a-f]{32}/);
  await page.goto(link);
  await visitor.reads("Only go on");
  await taken("consent");
  await visitor.press("No, do not allow it");
  await visitor.isAt("/account");
  visitor.refusals += 1;
  await page.goto(link);
  await visitor.reads("that is over");
  await taken("refusal");
  await page.goto("/account");
  await visitor.press("Sign out");
  await visitor.isAt("/sign-in");
  await taken("sign-in");
  visitor.refusals += 1;
  await visitor.fill({ Password: "not this one" });
  await visitor.press("Sign in");
  await visitor.reads("The address or the password is wrong.");
  await taken("sign-in-wrong");
  await visitor.leave();
}

const asRoot = process.getuid?.() === 0;
// Before the server: where there is no browser, nothing is left running.
const browser = await chromium.launch({ executablePath: PATH, chromiumSandbox: !asRoot, args: SWITCHES });
const server = await ClaraServer.start(process.argv[2]).catch(async (error) => {
  await browser.close();
  throw error;
});
try {
  const folder = process.env.SCREENSHOTS;
  if (folder) await mkdir(folder, { recursive: true });
  await live(browser, server, "ada@example.org", { javaScriptEnabled: false });
  console.log("pages: a whole life without scripts, nothing in the console");
  await live(browser, server, "bob@example.org");
  console.log("pages: the same with scripts, no violation of the policy");
  await look(browser, server, folder);
  console.log("pages: every page fits a small phone, in light and dark");
} finally {
  await browser.close();
  await server.stop();
}
