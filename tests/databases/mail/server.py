"""A mail server for the tests: aiosmtpd, which others wrote, made to behave as well or as badly as a test asks.

    server.py FOLDER [--tls none|starttls|wrapped] [--auth USER:PASSWORD] [--ascii-only]

It prints its port, writes one JSON file a mail it accepted into FOLDER, and looks into FOLDER/mode for how to behave from the
next step on. FOLDER/ca.pem vouches for its certificate. It ends with its standard input.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import logging
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def judged(raw):
    """What Python's own strict parser and a look at the bytes find."""
    message = email.message_from_string(raw.decode(), policy=email.policy.SMTPUTF8)
    parts = [message, *message.walk()]
    defects = [repr(defect) for part in parts for defect in part.defects]
    for part in parts:
        for value in part.values():
            defects += [repr(defect) for defect in value.defects]
    return {
        "defects": defects,
        "bare_line_feeds": raw.count(b"\n") - raw.count(b"\r\n"),
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "ascii": raw.isascii(),
    }


class Behaving:
    def __init__(self, folder):
        self.folder = folder
        self.connections = 0
        self.accepted = 0
        self.sign_ins = 0

    def mode(self):
        try:
            return (self.folder / "mode").read_text().strip()
        except FileNotFoundError:
            return "ok"

    def note(self):
        told = {"connections": self.connections, "sign_ins": self.sign_ins, "accepted": self.accepted}
        unfinished = self.folder / ".told"
        unfinished.write_text(json.dumps(told))
        unfinished.replace(self.folder / "told")

    def accept(self, session, envelope):
        raw = envelope.original_content
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "tls": session.ssl is not None,
            "user": getattr(session, "login", None),
            "raw": base64.b64encode(raw).decode(),
            **judged(raw),
        }
        self.accepted += 1
        unfinished = self.folder / ".unfinished"
        unfinished.write_text(json.dumps(mail))
        unfinished.replace(self.folder / f"{self.accepted:04}.json")
        self.note()

    async def handle_RCPT(self, server, session, envelope, address, options):
        mode = self.mode()
        if mode == "defer":
            return "451 4.7.1 Come back later"
        if mode == "refuse":
            return f"550 5.1.1 <{address}>: there is no {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mode = self.mode()
        if mode == "refuse content":
            return "554 5.6.0 I do not like this"
        if mode == "hang up":
            server.transport.abort()
            return "421 gone"
        if mode == "stall":
            (self.folder / "stalled").touch()
            await asyncio.sleep(3600)
        if mode == "wait":
            (self.folder / "waiting").touch()
            while self.mode() == "wait":
                await asyncio.sleep(0.01)
        self.accept(session, envelope)
        if mode == "accept and stall":
            await asyncio.sleep(3600)
        if mode == "accept and hang up":
            server.transport.abort()
        return "250 OK"


class Server(SMTP):
    async def _handle_client(self):
        self.event_handler.connections += 1
        self.event_handler.note()
        mode = self.event_handler.mode()
        if mode == "greet slowly":
            await asyncio.sleep(0.5)
        if mode == "never greet":
            await asyncio.sleep(3600)
        await super()._handle_client()


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--tls", default="none")
    arguments.add_argument("--auth")
    arguments.add_argument("--ascii-only", action="store_true")
    said = arguments.parse_args()

    authority = trustme.CA()
    authority.cert_pem.write_to_path(said.folder / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    behaving = Behaving(said.folder)

    def authenticate(server, session, envelope, mechanism, data):
        behaving.sign_ins += 1
        behaving.note()
        given = f"{data.login.decode()}:{data.password.decode()}"
        good = given == said.auth and behaving.mode() != "refuse sign-in"
        session.login = data.login.decode()
        # Not handled: aiosmtpd then answers 535 itself.
        return AuthResult(success=good, handled=False)

    def connected():
        return Server(
            behaving,
            hostname="mail.test",
            enable_SMTPUTF8=not said.ascii_only,
            tls_context=context if said.tls == "starttls" else None,
            require_starttls=said.tls == "starttls",
            authenticator=authenticate if said.auth else None,
            auth_required=bool(said.auth),
            auth_require_tls=said.tls == "starttls",
            timeout=60,
        )

    loop = asyncio.get_running_loop()
    wrapped = context if said.tls == "wrapped" else None
    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=wrapped)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
