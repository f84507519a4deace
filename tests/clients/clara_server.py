"""A Clara for clients to meet: started as its users start it, on a free port, with an account made over REST.

What every Python client here shares: the server, the account, the text to check, and what must hold of the answer.
It knows no MCP package, so that clients of different versions can use it.
"""

import base64
import email.message
import email.policy
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path

SOURCE_NAME = "harbour.txt"
SOURCE = (
    "Harbour board of Lindmouth, yearly report.\n\n"
    "The lighthouse was built in 1904 by the engineer Ada Marsh. It is 31 metres high.\n"
)
SUBMISSION = "The lighthouse of Lindmouth was built in 1911. The lighthouse is 31 metres high."
WRONG_CLAIM = "The lighthouse of Lindmouth was built in 1911."
ANALYSIS = {
    "text": SUBMISSION,
    "attachments": [{"name": SOURCE_NAME, "content_base64": base64.b64encode(SOURCE.encode()).decode()}],
    "wait_seconds": 50,
}

# What somebody with an API key works with; whoever starts a process over stdio is offered all of the documentation's.
KEY_TOOLS = {
    "user_view", "transaction_view_all", "transaction_view", "task_view_all", "task_view", "agent_supported_attachments",
    "agent_analysis", "agent_search", "agent_judge", "stripe_rate", "stripe_portal", "stripe_buy", "misc_health", "misc_version",
}
ALL_TOOLS = KEY_TOOLS | {
    "auth_register", "auth_google_oauth", "auth_login", "auth_logout", "auth_change_password", "auth_send_otp",
    "auth_activate", "auth_enable_2fa", "auth_disable_2fa", "user_update", "api_key_view", "api_key_reset",
}


def check(holds: bool, problem: str) -> None:
    """Unlike `assert`, this holds under `python -O` too."""
    if not holds:
        raise SystemExit(f"{Path(sys.argv[0]).name}: {problem}")


def program() -> str:
    """The binary to test, from the command line."""
    check(len(sys.argv) >= 2, "takes the path of the clara binary")
    return str(Path(sys.argv[1]).resolve())


class Complaints(logging.Handler):
    """What a client warned of while it went on; each is something that a person would see and wonder about."""

    # A documented dotted name works and is not listed: the client says so, rightly.
    EXPECTED = "Tool misc.version not listed"

    def __init__(self):
        super().__init__(logging.WARNING)
        self._said = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if not record.getMessage().startswith(self.EXPECTED):
            self._said.append(f"{record.name}: {record.getMessage()}")

    def check_none(self) -> None:
        check(not self._said, f"the client warned: {self._said}")


def check_tools(names, wanted: set[str]) -> None:
    names = set(names)
    check(wanted <= names, f"missing tools: {sorted(wanted - names)}")


def check_analysis(envelope: dict, text: str) -> str:
    """What an analysis answers, as data and as text for a model. Gives its summary, for printing."""
    check(envelope is not None, "the analysis has no structured content")
    check(envelope["status"] == "success", f"the analysis was refused: {envelope}")
    task = envelope["data"]
    check(task["status"] == "COMPLETED", f"the analysis is {task['status']}: {task['error']}")
    report = task["result"]
    verdicts = {claim["text"]: claim["verdict"] for claim in report["claims"]}
    check(verdicts.get(WRONG_CLAIM) == "refuted", f"the verdicts are {verdicts}")
    check(report["summary"] in text, "the text for a model lacks the summary")
    quotes = [quote for claim in report["claims"] for quote in claim["evidence"]]
    check(len(quotes) > 0, "there is no quote")
    for quote in quotes:
        origin = SUBMISSION if quote["source"] == "submission" else SOURCE
        # Python counts code points, as the report does.
        check(origin[quote["start"] : quote["end"]] == quote["quote"], f"not in its source: {quote}")
    return f"{report['summary']} {len(quotes)} quotes, each in its source."


def settings(folder: Path) -> dict[str, str]:
    """An environment in which nothing of this machine's own settings can change what is tested."""
    kept = ("PATH", "HOME", "TMPDIR", "SystemRoot")
    return {name: value for name, value in os.environ.items() if name in kept} | {
        "CLARA_DATA_DIR": str(folder / "clara"),
        "CLARA_EVIDENCE_SOURCES": "none",
        "CLARA_LOG": "warn",
        # A client after the other asks with one key, faster than ten calls a second.
        "CLARA_RATE_LIMIT": "0",
    }


class Account:
    """Somebody who signed up and has a key."""

    def __init__(self, user_id: str, token: str):
        self.user_id = user_id
        self.token = token

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "User-Id": self.user_id}


class ClaraServer:
    """A running `clara serve` in a folder of its own. Stopped at the end, and made to say that it stopped well."""

    def __init__(self, binary: str, **more: str):
        self._binary = binary
        self._parent = tempfile.TemporaryDirectory()
        self.folder = Path(self._parent.name)
        self._settings = settings(self.folder) | {"CLARA_PORT": "0"} | more

    def __enter__(self) -> "ClaraServer":
        self.start()
        return self

    def __exit__(self, exception, *_rest) -> None:
        try:
            self.stop(must_be_well=exception is None)
        finally:
            self._parent.cleanup()

    def start(self, **more: str) -> None:
        self._process = subprocess.Popen(
            [self._binary, "serve"], env=self._settings | more, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        for line in self._process.stderr:
            if "listens on http://" in line:
                self.url = line.split("listens on ")[1].strip()
                break
            sys.stderr.write(line)
        else:
            check(False, "the server ended before it listened")
        # From now on somebody must read what it says, or the pipe fills and the server waits.
        threading.Thread(target=self._pass_on, args=(self._process.stderr,), daemon=True).start()

    @staticmethod
    def _pass_on(lines) -> None:
        for line in lines:
            sys.stderr.write(line)

    def stop(self, must_be_well: bool = True) -> None:
        self._process.terminate()
        try:
            status = self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            status = "no end within 30 s"
        check(not must_be_well or status == 0, f"the server's stop gave {status}")

    def rest(self, method: str, path: str, authorization: str, body: dict | None = None):
        """The data of a REST call that must succeed."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            headers={"Authorization": authorization, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                envelope = json.load(answer)
        except urllib.error.HTTPError as refusal:
            check(False, f"{method} {path} answers {refusal.code}: {refusal.read().decode(errors='replace')}")
        check(envelope["status"] == "success", f"{method} {path}: {envelope}")
        return envelope["data"]

    def sign_up(self, address: str = "ada@example.com") -> Account:
        """Register, take the code out of the mail, activate, sign in, look at the key: as a person does it."""
        public_key = json.loads((self.folder / "clara" / "secrets.json").read_text())["public_api_key"]
        password = "a lighthouse on a quiet coast"
        names = {"first_name": "Ada", "last_name": "Marsh"}
        self.rest("POST", "/auth/register", public_key, names | {"email": address, "password": password})
        self.rest("POST", f"/users/{address}/activate", public_key, {"code": self.mailed_code(address)})
        basic = base64.b64encode(f"{address}:{password}".encode()).decode()
        user = self.rest("POST", "/auth/session", f"Basic {basic}")
        key = self.rest("GET", f"/users/{user['id']}/api_key", f"Bearer {user['token']}")
        return Account(user["id"], key["token"])

    def mailed_code(self, address: str) -> str:
        mails = sorted((self.folder / "clara" / "outbox").glob("*.eml"), reverse=True)
        for mail in mails:
            message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
            if message["To"] == address:
                lines = message.get_body(("plain",)).get_content().split()
                return next(word for word in lines if len(word) == 6 and word.isdigit())
        check(False, f"no mail to {address}")
