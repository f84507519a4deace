#!/usr/bin/env python3
"""Has LibreOffice write the office documents of a folder in other formats; what a person sees in them stays the same.

    make_converted.py FOLDER
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FORMATS = {".docx": ["odt", "rtf"], ".xlsx": ["ods", "xls"], ".pptx": ["odp"]}


def main():
    folder = Path(sys.argv[1])
    program = shutil.which("soffice")
    if program is None:
        print("soffice is not installed: its files are left out")
        return
    made = 0
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryDirectory() as out:
        for suffix, formats in FORMATS.items():
            sources = sorted(folder.glob(f"*{suffix}"))
            for wanted in formats:
                command = [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", wanted, "--outdir", out, *map(str, sources)]
                subprocess.run(command, check=True, capture_output=True, timeout=300)
                for source in sources:
                    converted = Path(out) / f"{source.stem}.{wanted}"
                    seen = Path(f"{source}.seen")
                    if converted.exists() and seen.exists():
                        name = folder / f"{source.stem}-{suffix[1:]}-libreoffice.{wanted}"
                        shutil.move(converted, name)
                        shutil.copy(seen, f"{name}.seen")
                        made += 1
    print(f"{made} files by LibreOffice")


if __name__ == "__main__":
    main()
