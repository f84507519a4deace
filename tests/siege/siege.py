#!/usr/bin/env python3
"""Attacks on a served Clara beside a user who calls user_view once a second: its latency, the server's memory, disk and
log are measured, and the run fails past its bounds.

    tests/siege/siege.py CLARA [--seconds 30] [--max-p99-ms 100] [--max-rss-mb 300]
"""

import argparse
import email
import json
import math
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

PUBLIC_KEY = "public-key-of-the-siege-0123456789abcdef"
PRIVATE_KEY = "private-key-of-the-siege-0123456789abcdef"
PASSWORD = "correct horse battery"
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

    def account(self, address, network):
        """The identifier and API key of an active account with its free credits."""
        headers = {"authorization": PUBLIC_KEY, "x-forwarded-for": network}
        person = {"email": address, "password": PASSWORD, "first_name": "Ada", "last_name": "Marsh"}
        status, _, answer = self.ask("POST", "/api/v1/auth/register", person, headers)
        user = json.loads(answer)["data"]
        assert status == 201, answer
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


class Attacker:
    # Shared by all, see silent_connections.
    silent = []

    def __init__(self, server, network, account):
        self.server, self.network = server, network
        self.user_id, self.key = account
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
        hello = {
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "s", "version": "1"}},
        }
        headers = self.headers(authorization=PUBLIC_KEY, user_id=f"u{self.number}")
        self.server.ask("POST", "/mcp", hello, headers)

    def protocol_flood(self):
        """Pings, lists and prompts of a stranger."""
        for method in "ping", "prompts/list", "tools/list", "resources/templates/list":
            self.server.ask("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": method}, self.headers())

    def silent_connections(self):
        """Connections that never say a word. They come from a trusted proxy's address and are counted in all only, so that
        more of them would be the proxy's attack and not theirs."""
        if len(Attacker.silent) < 400:
            Attacker.silent.append(socket.create_connection(("127.0.0.1", self.server.port), 10))
        else:
            self.ends.wait(0.5)


ATTACKS = ["unread_answers", "stalled_bodies", "start_and_cancel", "sessions_without_end", "protocol_flood", "silent_connections"]


def run(attacker, name):
    step = getattr(attacker, name)
    while not attacker.ends.is_set():
        try:
            step()
        except OSError:
            attacker.ends.wait(0.05)


def besiege(server, asked):
    """Whether a bound did not hold."""
    user_id, key = server.account("ada@example.org", "192.0.2.1")
    free = server.account("eve@example.org", "198.51.100.1")
    view = {"authorization": key, "x-forwarded-for": "192.0.2.1"}
    failed = False
    print(f"{'attack':<22}{'p99 ms':>8}{'RSS MB':>8}{'disk MB':>9}{'log kB':>8}")
    for names in [[], *([name] for name in ATTACKS), ATTACKS]:
        attackers = [Attacker(server, f"198.51.100.{number + 1}", free) for number in range(max(1, len(names)) * 2)]
        threads = [
            threading.Thread(target=run, args=(attacker, names[number % len(names)]), daemon=True)
            for number, attacker in enumerate(attackers) if names
        ]
        server.forget_peak()
        disk, log, times = server.disk_bytes(), server.log_bytes, []
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
        rss = server.peak_bytes() / 1e6
        name = "nothing" if not names else "all together" if len(names) > 1 else names[0]
        print(f"{name:<22}{p99:>8.1f}{rss:>8.0f}{grown:>9.1f}{(server.log_bytes - log) / 1e3:>8.0f}", flush=True)
        failed |= p99 > asked.max_p99_ms or rss > asked.max_rss_mb
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clara")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--max-p99-ms", type=float, default=100)
    parser.add_argument("--max-rss-mb", type=float, default=300)
    asked = parser.parse_args()
    server = Server(asked.clara)
    try:
        failed = besiege(server, asked)
    finally:
        server.stop()
    sys.exit("siege: a bound does not hold" if failed else 0)


if __name__ == "__main__":
    main()
