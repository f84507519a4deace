"""Clara under the MCP project's own conformance suite: every server scenario that needs no tool made for tests.

    python tests/clients/conformance.py target/debug/clara NODE CONFORMANCE

Each scenario runs in each revision of the protocol that it applies to, and must have looked at something: the suite leaves
what does not apply with a good exit code and no check. Names what failed, with the suite's own words.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import clara_server
from clara_server import check

BOTH = ("2025-11-25", "2026-07-28")
SCENARIOS = {
    "server-initialize": ("2025-11-25",),
    "server-session-lifecycle": ("2025-11-25",),
    "ping": ("2025-11-25",),
    "tools-list": BOTH,
    "server-sse-multiple-streams": BOTH,
    "resources-list": BOTH,
    "prompts-list": BOTH,
    "sep-2164-resource-not-found": ("2026-07-28",),
    "dns-rebinding-protection": BOTH,
    "caching": ("2026-07-28",),
    "http-header-validation": ("2026-07-28",),
}


def run(suite: list[str], url: str, scenario: str, revision: str) -> list[str]:
    """What is wrong; nothing where all is well."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*suite, "server", "--url", url, "--scenario", scenario, "--spec-version", revision, "--output-dir", folder],
            capture_output=True, text=True, encoding="utf-8", timeout=120,
        )
        checks = [one for found in Path(folder).rglob("checks.json") for one in json.loads(found.read_text())]
    problems = [
        f"{one['id']}: {one.get('errorMessage') or one.get('description')}"
        for one in checks
        if one["status"] not in ("SUCCESS", "SKIPPED", "INFO")
    ]
    passed = sum(one["status"] == "SUCCESS" for one in checks)
    if not problems and done.returncode != 0:
        problems = [f"exit {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"]
    if not problems and passed == 0:
        problems = ["nothing was looked at"]
    print(f"conformance, {revision}, {scenario}: {'FAILED' if problems else f'{passed} checks passed'}", flush=True)
    return [f"{revision}, {scenario}: {problem}" for problem in problems]


def main(binary: str, suite: list[str]) -> None:
    # The suite sends no credential, and a stranger gets no session: an account stands in, as the documentation has it, so that
    # all of the protocol is there to be looked at. It also sends more requests a second than a credential may.
    with clara_server.ClaraServer(binary) as clara:
        account = clara.sign_up()
        clara.stop()
        clara.start(USER_ID=account.user_id, API_KEY_TOKEN=account.token)
        problems = [
            problem
            for scenario, revisions in SCENARIOS.items()
            for revision in revisions
            for problem in run(suite, f"{clara.url}/mcp", scenario, revision)
        ]
    check(not problems, "\n".join(["these scenarios fail:", *problems]))


if __name__ == "__main__":
    check(len(sys.argv) == 4, "takes the clara binary, node and the suite's program")
    main(clara_server.program(), sys.argv[2:])
