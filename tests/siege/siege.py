#!/usr/bin/env python3
"""Attacks on a served Clara beside a user who calls user_view once a second: its latency, the server's memory, disk and
log are measured, and the run fails past its bounds. Then the memory of an idle session, and what a terminal is given.

    tests/siege/siege.py CLARA [--seconds 30] [--max-p99-ms 100] [--max-added-mb 250] [--max-log-mb 2] [--max-session-kb 40]

Where the machine allows it, all of it runs in a network of its own, in which a public address is this program's: Clara
fetches from nothing else.
"""

import argparse
import email
import json
import math
import os
import pty
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PUBLIC_KEY = "public-key-of-the-siege-0123456789abcdef"
PRIVATE_KEY = "private-key-of-the-siege-0123456789abcdef"
PASSWORD = "correct horse battery"
# Of the attacker's web server; public by its number, and reached in the network of its own alone.
WEB = "11.0.0.1"
OWN_NETWORK = "SIEGE_IN_OWN_NETWORK"
# One mailbox, twelve times.
SPELLINGS = [
    "mal@example.org", "MAL@EXAMPLE.ORG", "mal@example。org", "mal@ｅｘａｍｐｌｅ.org", "mal@exam\u00adple.org",
    "mal@example．org", "mal@example.ｏｒｇ", "mal@EXAMPLE｡org", "mal@example.ºrg", "mal@exa\u00admple.o\u00adrg",
    "mal@ⓔxample.org", "mal@ℯxample.org",
]
# What would act on a terminal: escapes, C1, bidi and zero-width characters.
ACTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "s", "version": "1"}},
}
JSON = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


class Server:
    """A `clara serve` in a folder of its own. It believes what this machine forwards, so that attacker and user have
    networks of their own."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory()
        self.data = os.path.join(self.folder.name, "clara")
        env = {key: value for key, value in os.environ.items() if not key.startswith("CLARA_")}
        env.update(
            CLARA_PORT="0",
            CLARA_DATA_DIR=self.data,
            CLARA_EVIDENCE_SOURCES="none",
            CLARA_TRUSTED_PROXIES="127.0.0.1/32",
            CLARA_PUBLIC_API_KEY=PUBLIC_KEY,
            CLARA_PRIVATE_API_KEY=PRIVATE_KEY,
        )
        self.log_bytes = 0
        self.process = subprocess.Popen([binary, "serve"], env=env, stderr=subprocess.PIPE)
        for line in self.process.stderr:
            found = re.search(rb"listens on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break
        else:
            sys.exit("the server did not say where it listens")
        threading.Thread(target=self.read_log, daemon=True).start()

    def read_log(self):
        for line in self.process.stderr:
            self.log_bytes += len(line)

    def ask(self, method, path, body=None, headers=None, timeout=20):
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data, {**JSON, **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()
        except OSError:
            return 0, {}, b""

    def register(self, address, network, first_name="Ada"):
        headers = {"authorization": PUBLIC_KEY, "x-forwarded-for": network}
        person = {"email": address, "password": PASSWORD, "first_name": first_name, "last_name": "Marsh"}
        status, _, answer = self.ask("POST", "/api/v1/auth/register", person, headers)
        return status, answer

    def newcomer(self, address, network):
        """The identifier and session of an account that is never activated."""
        status, answer = self.register(address, network)
        assert status == 201, answer
        user = json.loads(answer)["data"]
        return user["id"], "Bearer " + user["token"]

    def account(self, address, network, first_name="Ada"):
        """The identifier and API key of an active account with its free credits."""
        headers = {"authorization": PUBLIC_KEY, "x-forwarded-for": network}
        status, answer = self.register(address, network, first_name)
        assert status == 201, answer
        user = json.loads(answer)["data"]
        code = self.code(address)
        self.ask("POST", f"/api/v1/users/{address}/activate", {"code": code}, headers)
        headers["authorization"] = "Bearer " + user["token"]
        _, _, answer = self.ask("GET", f"/api/v1/users/{user['id']}/api_key", None, headers)
        return user["id"], "Bearer " + json.loads(answer)["data"]["token"]

    def code(self, address):
        outbox = os.path.join(self.data, "outbox")
        for _ in range(100):
            for name in os.listdir(outbox) if os.path.isdir(outbox) else []:
                with open(os.path.join(outbox, name), "rb") as mail:
                    message = email.message_from_binary_file(mail)
                if message["to"] != address:
                    continue
                text = next(part for part in message.walk() if part.get_content_type() == "text/plain")
                found = re.search(rb"^\s*(\d{6})\s*$", text.get_payload(decode=True), re.M)
                if found:
                    return found.group(1).decode()
            time.sleep(0.05)
        sys.exit(f"no code for {address}")

    def mails(self):
        outbox = os.path.join(self.data, "outbox")
        return len(os.listdir(outbox)) if os.path.isdir(outbox) else 0

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024

    def peak_bytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) * 1024

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as peak:
            peak.write("5")

    def disk_bytes(self):
        files = [os.path.join(top, name) for top, _, names in os.walk(self.data) for name in names]
        named = sum(os.path.getsize(name) for name in files if os.path.exists(name))
        # What was put aside has no name, but is open.
        unnamed = 0
        for number in os.listdir(f"/proc/{self.process.pid}/fd"):
            link = f"/proc/{self.process.pid}/fd/{number}"
            try:
                if os.readlink(link).endswith("(deleted)"):
                    unnamed += os.stat(link).st_size
            except OSError:
                pass
        return named + unnamed

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.folder.cleanup()


class Web:
    """A web server that answers without end, slowly, and counts who is connected."""

    def __init__(self):
        self.connected, self.most, self.lock = 0, 0, threading.Lock()
        self.listener = socket.create_server((WEB, 80), backlog=256)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            stream, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(stream,), daemon=True).start()

    def answer(self, stream):
        with self.lock:
            self.connected += 1
            self.most = max(self.most, self.connected)
        try:
            stream.recv(4096)
            stream.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
            for _ in range(300):
                stream.sendall(b"The bridge was opened to traffic in 1931.\n" * 400)
                time.sleep(0.05)
        except OSError:
            pass
        finally:
            stream.close()
            with self.lock:
                self.connected -= 1


class Attacker:
    # Shared by all, see silent_connections.
    silent = []

    def __init__(self, server, network, account, newcomer):
        self.server, self.network = server, network
        self.user_id, self.key = account
        self.newcomer = newcomer
        self.taken = 0
        self.ends = threading.Event()

    def headers(self, **more):
        return {"x-forwarded-for": self.network, **{k.replace("_", "-"): v for k, v in more.items()}}

    def connect(self, head, body=b""):
        stream = socket.create_connection(("127.0.0.1", self.server.port), 10)
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers(host="localhost").items())
        stream.sendall((head.replace("\r\n\r\n", f"\r\n{lines}\r\n", 1)).encode() + body)
        return stream

    # Each does one step; it is called until the time is over.

    def unread_answers(self):
        """Posts to an event stream that it never reads."""
        if not hasattr(self, "stream"):
            self.stream = self.connect("GET /sse HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n")
            opened = b""
            while b"session_id=" not in opened:
                opened += self.stream.recv(4096)
            self.path = re.search(rb"data: (\S+)", opened).group(1).decode()
        ping = {"jsonrpc": "2.0", "id": 1, "method": "m" * 60_000}
        status, _, _ = self.server.ask("POST", self.path, ping, self.headers())
        if status in (0, 404):
            self.stream.close()
            del self.stream

    def stalled_bodies(self):
        """Sends nearly all of a long body and then nothing."""
        length = 120_000_000
        form = f"/api/v1/users/{self.user_id}/agent/analysis"
        for path, kind in ("/mcp", "application/json"), (form, "multipart/form-data; boundary=b"):
            head = (
                f"POST {path} HTTP/1.1\r\nAuthorization: {self.key}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {length}\r\nAccept: application/json, text/event-stream\r\n\r\n"
            )
            begin = b'--b\r\nContent-Disposition: form-data; name="a.txt"; filename="a.txt"\r\n\r\n'
            try:
                stream = self.connect(head, begin if "form" in kind else b"")
                for _ in range(24):
                    stream.sendall(b" " * 1_000_000)
                self.streams = [*getattr(self, "streams", []), stream][-40:]
            except OSError:
                pass
        self.ends.wait(0.5)

    def start_and_cancel(self):
        """Hands in an analysis and calls it off."""
        text = "The bridge was opened to traffic in 1931. " * 2_000
        headers = self.headers(authorization=self.key)
        base = f"/api/v1/users/{self.user_id}"
        _, _, answer = self.server.ask("POST", f"{base}/agent/analysis", {"text": text}, headers)
        try:
            task = json.loads(answer)["data"]["id"]
            self.server.ask("DELETE", f"{base}/tasks/{task}", None, headers)
        except (KeyError, TypeError, ValueError):
            self.ends.wait(0.1)

    def sessions_without_end(self):
        """Opens sessions under headers that prove nothing."""
        self.number = getattr(self, "number", 0) + 1
        headers = self.headers(authorization=PUBLIC_KEY, user_id=f"u{self.number}")
        self.server.ask("POST", "/mcp", HELLO, headers)

    def protocol_flood(self):
        """Pings, lists and prompts of a stranger."""
        for method in "ping", "prompts/list", "tools/list", "resources/templates/list":
            self.server.ask("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": method}, self.headers())

    def unknown_calls(self):
        """Calls of tools that are not there."""
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "no_such_tool", "arguments": {}}}
        self.server.ask("POST", "/mcp", call, self.headers())

    def forged_addresses(self):
        """Calls whose sender writes other addresses before its own, which the proxy adds behind them."""
        forged = f"203.0.113.{random.randrange(256)}, 127.0.0.1, {self.network}"
        self.call_version(forged)

    def a_48_of_networks(self):
        """Calls from ever other networks of one /48."""
        self.call_version(f"2001:db8:5:{random.randrange(65_536):x}::1")

    def call_version(self, forwarded_for):
        headers = {"x-forwarded-for": forwarded_for}
        status, _, _ = self.server.ask("GET", "/api/v1/version", None, headers)
        self.taken += status == 200

    def fetching(self):
        """Analyses of links to a server that answers slowly and without end."""
        links = [{"name": f"{n}.txt", "url": f"http://{WEB}/{random.random()}/{n}.txt"} for n in range(10)]
        said = {"text": "The bridge was opened in 1931.", "attachments": links}
        headers = self.headers(authorization=self.key)
        self.server.ask("POST", f"/api/v1/users/{self.user_id}/agent/analysis", said, headers)

    def spellings_of_a_mailbox(self):
        """Accounts and codes for one mailbox, spelled differently each time and from a network of its own."""
        for spelling in SPELLINGS:
            network = f"203.0.113.{random.randrange(256)}"
            self.server.register(spelling, network)
            headers = {"authorization": PUBLIC_KEY, "x-forwarded-for": network}
            path = f"/api/v1/users/{urllib.parse.quote(spelling)}/otp/ACTIVATION"
            self.server.ask("POST", path, {}, headers)

    def bodies_of_newcomers(self):
        """Long bodies under the session of an account that was never activated."""
        account = self.user_id, self.key
        self.user_id, self.key = self.newcomer
        self.stalled_bodies()
        self.user_id, self.key = account

    def silent_connections(self):
        """Connections that never say a word. They come from a trusted proxy's address and are counted in all only, so that
        more of them would be the proxy's attack and not theirs."""
        if len(Attacker.silent) < 400:
            Attacker.silent.append(socket.create_connection(("127.0.0.1", self.server.port), 10))
        else:
            self.ends.wait(0.5)


ATTACKS = [
    "unread_answers", "stalled_bodies", "bodies_of_newcomers", "start_and_cancel", "fetching", "sessions_without_end",
    "protocol_flood", "unknown_calls", "forged_addresses", "a_48_of_networks", "spellings_of_a_mailbox",
    "silent_connections",
]


def run(attacker, name):
    step = getattr(attacker, name)
    while not attacker.ends.is_set():
        try:
            step()
        except OSError:
            attacker.ends.wait(0.05)


def broken(name, attackers, seconds, web, mails):
    """What an attack got that it must not."""
    taken = sum(attacker.taken for attacker in attackers)
    # Twenty at once and five a second; each attacker has an address of its own, and a /48 has sixteen allowances.
    each = (20 + 5 * seconds) * 1.2
    if name == "forged_addresses" and taken > each * len(attackers):
        return f"{taken} calls were taken of {len(attackers)} addresses"
    if name == "a_48_of_networks" and taken > each * 16:
        return f"{taken} calls were taken of one /48"
    if name == "fetching" and web and web.most > 4:
        return f"{web.most} fetches at once for one account"
    if name == "spellings_of_a_mailbox" and mails > 5:
        return f"{mails} mails to one mailbox"
    return None


def besiege(server, asked, web):
    """Whether a bound did not hold."""
    user_id, key = server.account("ada@example.org", "192.0.2.1")
    free = server.account("eve@example.org", "198.51.100.1")
    newcomer = server.newcomer("mallory@example.org", "198.51.100.1")
    view = {"authorization": key, "x-forwarded-for": "192.0.2.1"}
    failed = False
    attacks = [name for name in ATTACKS if web or name != "fetching"]
    if not web:
        print("fetching: not run, for this machine gives no network of its own")
    # What attacks add is the same for every build; what the program itself takes is not: of a debug build 100 MB.
    resting = 0
    print(f"{'attack':<24}{'p99 ms':>8}{'RSS MB':>8}{'added':>8}{'disk MB':>9}{'log kB':>8}")
    for names in [[], *([name] for name in attacks), attacks]:
        attackers = [
            Attacker(server, f"198.51.100.{number + 1}", free, newcomer) for number in range(max(1, len(names)) * 2)
        ]
        threads = [
            threading.Thread(target=run, args=(attacker, names[number % len(names)]), daemon=True)
            for number, attacker in enumerate(attackers) if names
        ]
        server.forget_peak()
        disk, log, mails, times = server.disk_bytes(), server.log_bytes, server.mails(), []
        for thread in threads:
            thread.start()
        for _ in range(asked.seconds):
            began = time.monotonic()
            status, _, _ = server.ask("GET", f"/api/v1/users/{user_id}", None, view)
            times.append((time.monotonic() - began) * 1000 if status == 200 else float("inf"))
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))
        grown = (server.disk_bytes() - disk) / 1e6
        for attacker in attackers:
            attacker.ends.set()
        for thread in threads:
            thread.join(30)
        while Attacker.silent:
            Attacker.silent.pop().close()
        # The nearest rank: below a hundred calls it is the slowest one, and a refused one counts as never answered.
        p99 = sorted(times)[math.ceil(len(times) * 0.99) - 1]
        resting = resting or server.resident_bytes() / 1e6
        rss = server.peak_bytes() / 1e6
        added = rss - resting
        name = "nothing" if not names else "all together" if len(names) > 1 else names[0]
        problem = broken(name, attackers, asked.seconds, web, server.mails() - mails)
        print(f"{name:<24}{p99:>8.1f}{rss:>8.0f}{added:>8.0f}{grown:>9.1f}{(server.log_bytes - log) / 1e3:>8.0f}", flush=True)
        if problem:
            print(f"{name}: {problem}", flush=True)
        logged = (server.log_bytes - log) / 1e6
        failed |= p99 > asked.max_p99_ms or added > asked.max_added_mb or logged > asked.max_log_mb or problem is not None
    return failed


def open_sessions(server, accounts, each):
    for network, (_, key) in accounts:
        headers = {"authorization": key, "x-forwarded-for": network}
        for _ in range(each):
            status, answered, _ = server.ask("POST", "/mcp", HELLO, headers)
            assert status == 200 and any(name.lower() == "mcp-session-id" for name in answered), status


def session_is_small(binary, most_kb):
    """Whether an idle session takes no more memory than it may: 500 of 20 accounts sleep, and what 500 of others add shows
    what they still take, for the allocator keeps what they gave back."""
    server = Server(binary)
    try:
        networks = [f"192.0.2.{number + 10}" for number in range(40)]
        accounts = [
            (network, server.account(f"user{number}@example.org", network)) for number, network in enumerate(networks)
        ]
        taken, before = [], server.resident_bytes()
        for wave in accounts[:20], accounts[20:]:
            open_sessions(server, wave, 25)
            now = server.resident_bytes()
            taken.append((now - before) / 500 / 1024)
            before = now
            time.sleep(20)
        print(f"500 sessions of 20 accounts: {taken[0]:.1f} KB each; once they are idle: {taken[1]:.1f} KB each", flush=True)
        return taken[1] <= most_kb
    finally:
        server.stop()


def shown(binary, data, *arguments):
    """What a command writes to a terminal."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("CLARA_")}
    env.update(CLARA_DATA_DIR=data, CLARA_LOG="error", CLARA_EVIDENCE_SOURCES="none", NO_COLOR="1", TERM="xterm")
    screen, own = pty.openpty()
    command = subprocess.Popen([binary, *arguments], env=env, stdin=own, stdout=own, stderr=own)
    os.close(own)
    written = b""
    while True:
        try:
            piece = os.read(screen, 65_536)
        except OSError:
            break
        if not piece:
            break
        written += piece
    command.wait(60)
    os.close(screen)
    # Its line of progress is taken back by an escape of our own.
    return written.decode("utf-8", "replace").replace("\r\x1b[2K", "")


def terminal_is_safe(binary):
    """Whether nothing that came from outside acts on the terminal of who looks at it."""
    hostile = "\u202eAda\u2066\u200b\u009b2J"
    server = Server(binary)
    try:
        # A name with a control character is refused; with the others it is a name.
        server.register("esc@example.org", "192.0.2.1", hostile)
        server.account("bidi@example.org", "192.0.2.1", hostile.replace("\u009b", ""))
        text = f"The {hostile} bridge was opened in 1931 \x1b]0;owned\x07 by Ada."
        screens = [
            shown(binary, server.data, "admin", "users", "--reason", "Look"),
            shown(binary, server.data, "admin", "users", "--reason", "Look", "--json"),
            shown(binary, server.data, "admin", "audit", "--reason", "Look"),
            shown(binary, os.path.join(server.folder.name, "own"), "analyze", text),
            shown(binary, os.path.join(server.folder.name, "own"), "analyze", text, "--json"),
        ]
    finally:
        server.stop()
    acting = [screen for screen in screens if ACTS.search(screen)]
    looked = all(len(screen) > 40 for screen in screens) and "bidi@" in screens[0] and "Ada" in screens[1]
    for screen in acting or ([] if looked else screens):
        print(f"the terminal was given {screen[:400]!r}")
    print(f"what a terminal gets: {'safe' if looked and not acting else 'NOT safe'}", flush=True)
    return looked and not acting


def enter_own_network():
    """Begins anew in a network of its own, where the machine gives one."""
    isolate = ["unshare", "--user", "--map-root-user", "--net"]
    if os.environ.get(OWN_NETWORK) or not (shutil.which("unshare") and shutil.which("ip")):
        return
    if subprocess.run([*isolate, "true"], capture_output=True, check=False).returncode == 0:
        os.environ[OWN_NETWORK] = "1"
        os.execvp("unshare", [*isolate, sys.executable, *sys.argv])


def web_of_own_network():
    if not os.environ.get(OWN_NETWORK):
        return None
    for words in ["link set lo up", f"addr add {WEB}/32 dev lo"]:
        subprocess.run(["ip", *words.split()], check=True)
    return Web()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clara")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--max-p99-ms", type=float, default=100)
    parser.add_argument("--max-added-mb", type=float, default=250)
    parser.add_argument("--max-log-mb", type=float, default=2)
    parser.add_argument("--max-session-kb", type=float, default=40)
    asked = parser.parse_args()
    enter_own_network()
    web = web_of_own_network()
    server = Server(asked.clara)
    try:
        failed = besiege(server, asked, web)
    finally:
        server.stop()
    failed |= not session_is_small(asked.clara, asked.max_session_kb)
    failed |= not terminal_is_safe(asked.clara)
    sys.exit("siege: a bound does not hold" if failed else 0)


if __name__ == "__main__":
    main()
