"""Makes the MCPB bundle of a built clara for this machine's platform, and the registry's description of it.

    python packaging/bundle.py BINARY FOLDER [DOWNLOAD-URL]

Writes FOLDER/clara-VERSION.mcpb. With the address that the bundle is published under it writes FOLDER/server.json too,
which names that address and the bundle's SHA-256.
"""

import hashlib
import json
import platform
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}


def read(name: str) -> dict:
    return json.loads((ROOT / "packaging" / name).read_text())


def main() -> None:
    binary, folder = Path(sys.argv[1]), Path(sys.argv[2])
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    manifest = read("manifest.json")
    own = PLATFORMS[platform.system()]
    manifest["version"] = version
    manifest["compatibility"]["platforms"] = [own]
    if own == "win32":
        server = manifest["server"]
        server["entry_point"] += ".exe"
        server["mcp_config"]["command"] += ".exe"
    folder.mkdir(parents=True, exist_ok=True)
    bundle = folder / f"clara-{version}.mcpb"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=2) + "\n")
        archive.write(ROOT / "packaging" / "icon.png", "icon.png")
        program = zipfile.ZipInfo(manifest["server"]["entry_point"])
        # A program stays one when it is unpacked.
        program.external_attr = 0o755 << 16
        program.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(program, binary.read_bytes())
    print(bundle)
    if len(sys.argv) > 3:
        described = read("../server.json")
        described["version"] = version
        described["packages"] = [
            {
                "registryType": "mcpb",
                "identifier": sys.argv[3],
                "fileSha256": hashlib.sha256(bundle.read_bytes()).hexdigest(),
                "transport": {"type": "stdio"},
            }
        ]
        (folder / "server.json").write_text(json.dumps(described, indent=2) + "\n")


main()
