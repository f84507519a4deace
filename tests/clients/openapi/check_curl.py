"""Runs every curl line of /docs as it stands, and looks whether the answer is one that the document has for its operation.

    python check_curl.py URL/docs openapi.json

The variables that the lines name are the environment's. What would end the account they name is left to the client.
"""

import json
import re
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

# Each is run by others: these end the session or the account that every other line needs.
LEFT_OUT = {"auth_logout", "user_delete"}


class Page(HTMLParser):
    """The curl line of each operation, by the operation's name."""

    def __init__(self):
        super().__init__()
        self.lines, self.name, self.inside = {}, "", False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "h3":
            self.name = attributes["id"]
        self.inside = tag == "pre" and attributes.get("class") == "curl"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data):
        if self.inside:
            self.lines[self.name] = self.lines.get(self.name, "") + data


def main(address: str, document_path: str) -> None:
    document = json.loads(Path(document_path).read_text())
    operations = {
        operation["operationId"]: operation for item in document["paths"].values() for operation in item.values()
    }
    page = Page()
    # Loopback, whatever proxy the environment has.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    page.feed(opener.open(address).read().decode())
    missing = set(operations) - {"stripe_settle"} - set(page.lines)
    if missing:
        raise SystemExit(f"docs: without a curl line: {sorted(missing)}")
    problems, successes = [], 0
    for name, line in page.lines.items():
        if name in LEFT_OUT:
            continue
        # The status behind the body; a variable that is not set is an error of the page.
        command = f"set -u; {line} --noproxy '*' -sS -w '\\n%{{http_code}}'"
        ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=90)
        status = ran.stdout.rsplit("\n", 1)[-1]
        successes += status.startswith("2")
        if ran.returncode != 0 or status not in operations[name]["responses"]:
            problems.append(f"{name}: {status} {ran.stderr.strip()} {ran.stdout[:200]}")
        if re.search("PUBLIC_API_KEY|TOKEN|-u ", line) and status == "401" and name not in NEEDS_CODE:
            problems.append(f"{name}: the credential of its line was refused: {ran.stdout[:200]}")
    if problems:
        raise SystemExit("\n".join(["docs:", *problems]))
    if successes < 14:
        raise SystemExit(f"docs: only {successes} curl lines succeeded")
    print(f"docs: {len(page.lines) - len(LEFT_OUT)} curl lines run as they stand, {successes} of them to success")


# Their example is not the code that was mailed, so the right answer is 401.
NEEDS_CODE = {"auth_change_password", "auth_enable_2fa", "auth_disable_2fa", "auth_activate"}

if __name__ == "__main__":
    main(*sys.argv[1:])
