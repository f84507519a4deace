"""The guides in docs/guides, done as a reader does them: each block as it stands, in order, in one folder and one shell.

    python tests/clients/guides.py target/debug/clara [GUIDE…]

    ```sh                      is run in Bash; variables, folder and background jobs stay for the next block
    ```text                    after one of those is what it prints; `…` stands for anything
    ```LANGUAGE title="NAME"   is saved as that file; a client's JSON configuration is used too: every server in it must
                               answer an MCP client with its tools

What is put in the reader's place, and nothing else: a home folder of its own; `cargo install`, which hands over the binary
under test; `pip install` and `npm install` of frameworks, which hand over what tests/clients/run has installed of them; the
`claude` command, whose servers are tried in the same way; the paths and keys that a reader is told to fill in; and a free
port where somebody else on this machine has 8000.
"""

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "tests" / "clients" / "packages"
# Where tests/clients/run installs packages; this program runs in one of the environments there.
INSTALLED = Path(sys.executable).parents[2]
FENCE = re.compile(r"^```(\S*)[ ]*(.*?)\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
LONGEST_BLOCK = 120
# A home that a guide can show; the reader's own takes its place.
SHOWN_HOME = "/home/ada"
PORT = "8000"


class Wrong(Exception):
    """What the guide says is not so."""


async def tools_of(server: dict) -> list[str]:
    """The tools of a server as clients' configurations describe one."""
    if "url" in server:
        import httpx2

        async with httpx2.AsyncClient(headers=server.get("headers", {}), timeout=30) as http:
            async with Client(streamable_http_client(server["url"], http_client=http)) as client:
                return [tool.name for tool in (await client.list_tools()).tools]
    # A desktop program knows little of the shell's environment, and nothing of its PATH.
    environment = {"HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin"} | server.get("env", {})
    process = StdioServerParameters(command=server["command"], args=server.get("args", []), env=environment)
    async with Client(process) as client:
        return [tool.name for tool in (await client.list_tools()).tools]


def try_server(name: str, server: dict) -> None:
    try:
        tools = asyncio.run(asyncio.wait_for(tools_of(server), timeout=60))
    except Exception as problem:
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        raise Wrong(f"the server {name} does not answer: {problem!r}") from None
    if "agent_analysis" not in tools:
        raise Wrong(f"the server {name} offers only {tools}: whom it was told to act for does not count")


def install(binary: str, home: Path) -> None:
    place = home / ".cargo" / "bin"
    place.mkdir(parents=True)
    (place / "clara").symlink_to(binary)


def stand_in_for_cargo(arguments: list[str], binary: str) -> None:
    if arguments != ["install", "--path", ".", "--locked"]:
        raise Wrong(f"cargo {shlex.join(arguments)} is not what the README says")
    install(binary, Path(os.environ["HOME"]))


def names_of(arguments: list[str]) -> list[str]:
    """The packages that an install is asked for, without their extras."""
    if arguments[:1] != ["install"]:
        raise Wrong(f"not an install: {shlex.join(arguments)}")
    return [name.split("[")[0] for name in arguments[1:] if not name.startswith("-")]


def stand_in_for_pip(arguments: list[str]) -> None:
    """From now on `python` is the one of a virtual environment that has the packages."""
    wanted = names_of(arguments)
    for pinned in sorted(PACKAGES.glob("*.txt")):
        packages = {line.split("==")[0] for line in pinned.read_text().splitlines()}
        python = INSTALLED / pinned.stem / "bin" / "python"
        if packages.issuperset(wanted) and python.exists():
            chosen = Path(os.environ["GUIDE_TOOLS"]) / "python"
            chosen.write_text(f'#!/bin/sh\nexec {shlex.quote(str(python))} "$@"\n')
            chosen.chmod(0o755)
            return
    raise Wrong(f"no environment of tests/clients/run has {wanted}")


def stand_in_for_npm(arguments: list[str]) -> None:
    """The packages, in this folder."""
    pinned = json.loads((PACKAGES / "package.json").read_text())["dependencies"]
    missing = [name for name in names_of(arguments) if name not in pinned]
    if missing:
        raise Wrong(f"tests/clients/run does not install {missing}")
    modules = Path("node_modules")
    if not modules.exists():
        modules.symlink_to(INSTALLED / "npm" / "node_modules")


def stand_in_for_claude(arguments: list[str]) -> None:
    """`claude mcp add [--transport http] NAME URL [--header "K: V"]…`, or `NAME [--env K=V]… -- COMMAND…`."""
    if arguments[:2] != ["mcp", "add"]:
        raise Wrong(f"not a command of Claude Code's: claude {shlex.join(arguments)}")
    given = arguments[2:]
    command = given[given.index("--") + 1 :] if "--" in given else []
    given = given[: given.index("--")] if "--" in given else given
    server, headers, environment, plain = {}, {}, {}, []
    words = iter(given)
    for word in words:
        if word == "--transport":
            server["type"] = next(words)
        elif word == "--header":
            name, value = next(words).split(": ", 1)
            headers[name] = value
        elif word in ("--env", "-e"):
            name, value = next(words).split("=", 1)
            environment[name] = value
        else:
            plain.append(word)
    if command:
        server |= {"command": command[0], "args": command[1:], "env": environment}
    elif server.get("type") == "http" and len(plain) == 2:
        server |= {"url": plain[1], "headers": headers}
    else:
        raise Wrong(f"neither a command nor an address: claude {shlex.join(arguments)}")
    try_server(plain[0], server)


class Reader:
    """Somebody with a new machine, one shell and the guide."""

    def __init__(self, binary: str, parent: Path):
        self.home = parent / "home"
        self.notes = parent / "notes"
        tools = parent / "bin"
        for folder in (self.home, self.notes, tools):
            folder.mkdir()
        for name in STAND_INS:
            stand_in = tools / name
            stand_in.write_text(
                f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(__file__)} --stand-in {name} {shlex.quote(binary)} \"$@\"\n"
            )
            stand_in.chmod(0o755)
        self.port = free_port()
        strange = ("CLARA_", "XDG_", "VIRTUAL_ENV", "PYTHON", "CARGO")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(strange) and name not in ("USER_ID", "API_KEY_TOKEN", "PORT")
        }
        environment |= {
            "HOME": str(self.home),
            "PATH": f"{tools}:{self.home / '.cargo' / 'bin'}:{environment['PATH']}",
            # Until the first block has run, the folder of this program is none of the guide's business.
            "PWD": str(self.home),
            "GUIDE_TOOLS": str(tools),
            # `pip install` of a guide names no version; what it gets today must not differ from what it got yesterday.
            "PIP_CONSTRAINT": str(ROOT / "tests" / "clients" / "packages" / "guides.txt"),
        }
        if self.port != PORT:
            environment["PORT"] = self.port
        self.said = (parent / "said").open("w+")
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE, stdout=self.said, stderr=subprocess.STDOUT, text=True,
            cwd=self.home, env=environment, start_new_session=True,
        )
        self.blocks = 0
        self.environment = environment

    def run(self, block: str) -> str:
        """What the block prints."""
        self.blocks += 1
        script, printed, environment = (self.notes / f"{self.blocks}.{kind}" for kind in ("sh", "out", "env"))
        script.write_text(self.fill_in_port(block))
        self.shell.stdin.write(
            f"set -euo pipefail\n{{ . {script}\n}} >{printed}\n"
            f"env -0 >{environment}.part; mv {environment}.part {environment}\n"
        )
        self.shell.stdin.flush()
        until = time.monotonic() + LONGEST_BLOCK
        while not environment.exists():
            if self.shell.poll() is not None:
                raise Wrong(f"the block fails with {self.shell.returncode}; it printed:\n{printed.read_text()}")
            if time.monotonic() > until:
                raise Wrong(f"the block runs longer than {LONGEST_BLOCK} s")
            time.sleep(0.02)
        self.environment = dict(line.split("=", 1) for line in environment.read_text().split("\0") if "=" in line)
        return printed.read_text()

    def save(self, title: str, content: str) -> Path:
        place = self.home / title[2:] if title.startswith("~/") else Path(self.environment["PWD"]) / title
        if not place.resolve().is_relative_to(self.home.parent.resolve()):
            raise Wrong(f"{title} would be saved outside of the guide's own folder: {place}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.fill_in_port(content))
        return place

    def configure(self, content: str) -> None:
        """Tries every server of a client's configuration, filled in as the reader is told to."""
        filled = self.fill_in_port(content).replace(SHOWN_HOME, str(self.home))
        for shown, name in (("clara_api_…", "API_KEY_TOKEN"), ("user_…", "USER_ID"), ("${input:clara-key}", "API_KEY_TOKEN")):
            if shown in filled:
                filled = filled.replace(shown, self.environment[name])
        configuration = json.loads(filled)
        servers = configuration.get("mcpServers") or configuration.get("servers")
        if not servers:
            raise Wrong("the configuration names no server")
        os.environ["HOME"] = str(self.home)
        for name, server in servers.items():
            try_server(name, server)

    def fill_in_port(self, text: str) -> str:
        return text if self.port == PORT else re.sub(rf"\b{PORT}\b", self.port, text)

    def leave(self) -> str:
        """Ends the shell and all that it started; gives everything that was said on the way."""
        try:
            os.killpg(self.shell.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.shell.wait(timeout=30)
        self.said.seek(0)
        return self.said.read()


STAND_INS = {
    "cargo": stand_in_for_cargo,
    "claude": lambda arguments, _binary: stand_in_for_claude(arguments),
    "pip": lambda arguments, _binary: stand_in_for_pip(arguments),
    "npm": lambda arguments, _binary: stand_in_for_npm(arguments),
}


def free_port() -> str:
    """8000 as the guides have it, or another where that is taken."""
    for wanted in (int(PORT), 0):
        with socket.socket() as listener:
            # As servers do, so that a port whose last connection just closed counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", wanted))
                return str(listener.getsockname()[1])
            except OSError:
                continue
    raise Wrong("there is no free port")


def matches(shown: str, printed: str) -> bool:
    pattern = ".*?".join(re.escape(part) for part in shown.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def follow(guide: Path, binary: str) -> None:
    text = guide.read_text()
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(binary, Path(folder))
        if "cargo install" not in text:
            # These guides say that it is there already.
            install(binary, reader.home)
        printed, done = None, {"run": 0, "compared": 0, "saved": 0, "configured": 0, "set": 0}
        line = 0
        try:
            for block in FENCE.finditer(text):
                language, info, content = block.groups()
                line = text.count("\n", 0, block.start()) + 1
                title = re.fullmatch(r'title="([^"]+)"', info)
                if title:
                    reader.save(title[1], content)
                    done["saved"] += 1
                    if language == "json":
                        reader.configure(content)
                        done["configured"] += 1
                elif language == "sh" and not info:
                    printed = reader.run(content)
                    done["run"] += 1
                elif language == "text" and not info and printed is not None:
                    if not matches(reader.fill_in_port(content), printed):
                        raise Wrong(f"it prints otherwise:\n{printed}")
                    done["compared"] += 1
                elif language == "ini" and not info:
                    unknown = unknown_settings(content)
                    if unknown:
                        raise Wrong(f"there are no settings {unknown}")
                    done["set"] += 1
                else:
                    raise Wrong(f"nobody knows what to do with a block of {language} {info}")
        except Wrong as problem:
            sys.stderr.write(f"{reader.leave()[-6000:]}\n")
            raise SystemExit(f"{guide.relative_to(ROOT)}, line {line}: {problem}")
        except BaseException:
            reader.leave()
            raise
        reader.leave()
        if not done["run"] and not done["set"]:
            raise SystemExit(f"{guide.relative_to(ROOT)}: nothing in it was run")
        print(f"guides, {guide.name}: " + ", ".join(f"{count} {what}" for what, count in done.items()), flush=True)


def unknown_settings(content: str) -> list[str]:
    """The names of NAME=value lines that docs/settings.md does not have."""
    known = set(re.findall(r"`(CLARA_[A-Z0-9_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    names = [line.split("=", 1)[0].strip() for line in content.splitlines() if line.strip()]
    return [name for name in names if name not in known]


def try_published_configuration(binary: str) -> None:
    """mcp.json, which names a `clara` on the PATH."""
    (server,) = json.loads((ROOT / "mcp.json").read_text())["mcpServers"].values()
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        install(binary, Path(home))
        try_server("of mcp.json", server | {"env": {"PATH": str(Path(home) / ".cargo" / "bin")}})
    print("guides, mcp.json: its server answers", flush=True)


def main(binary: str, names: list[str]) -> None:
    guides = [Path(name).resolve() for name in names] or sorted((ROOT / "docs" / "guides").glob("*.md"))
    if len(guides) == 0:
        raise SystemExit("there is no guide")
    for guide in guides:
        follow(guide, binary)
    if not names:
        try_published_configuration(binary)


if __name__ == "__main__":
    if sys.argv[1] == "--stand-in":
        name, binary, arguments = sys.argv[2], sys.argv[3], sys.argv[4:]
        try:
            STAND_INS[name](arguments, binary)
        except Wrong as problem:
            raise SystemExit(str(problem))
    else:
        main(str(Path(sys.argv[1]).resolve()), sys.argv[2:])
