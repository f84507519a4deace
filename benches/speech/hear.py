"""Has Clara read what espeak-ng says and pocketsphinx hears, and counts: the words that were heard wrong, those of them that Clara took,
and the verdicts that rest on them. Prints a row for each voice, with the recogniser's chances and, for the worst case, without."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from difflib import SequenceMatcher

import server

# What is said, and what would be a wrong claim on it.
SENTENCES = [
    ("The old bridge was opened in the spring.", "The old bridge was opened in the winter."),
    ("The museum has four hundred visitors every day.", "The museum has nine hundred visitors every day."),
    ("The company sold the farm to a bank.", "The company sold the farm to a school."),
    ("The president will not visit the capital in March.", "The president will visit the capital in March."),
    ("The harbour was closed for nine years.", "The harbour was closed for five years."),
    ("The price of the house is three million dollars.", "The price of the house is three billion dollars."),
    ("The train to the city takes two hours.", "The train to the city takes six hours."),
    ("The school has eighteen teachers.", "The school has eighty teachers."),
    ("The river is seventy miles long.", "The river is seventeen miles long."),
    ("The law was passed in the year two thousand.", "The law was passed in the year three thousand."),
]
VOICES = [("en-us", 130), ("en-us+klatt4", 150), ("en-us+f5", 150), ("en-us+f2", 150)]


def spoken(voice: str, speed: int, path: str) -> None:
    text = " ".join(f"{said} <break time='900ms'/>" for said, _ in SENTENCES)
    subprocess.run(["espeak-ng", "-m", "-v", voice, "-s", str(speed), "-w", path, text], check=True)


def words(text: str) -> list:
    return "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower()).split()


def right(heard: str) -> int:
    """How many of the words that were said are heard, in their order."""
    said = words(" ".join(said for said, _ in SENTENCES))
    return sum(block.size for block in SequenceMatcher(None, said, words(heard), autojunk=False).get_matching_blocks())


def clara(program: str, folder: str, url: str, *arguments: str) -> dict:
    environment = {"PATH": os.environ["PATH"], "CLARA_DATA_DIR": folder, "CLARA_LOG": "error"}
    environment |= {"CLARA_TRANSCRIBE_URL": url, "CLARA_EVIDENCE_SOURCES": "none"}
    command = [program, "analyze", "--json", *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    answer = json.loads(ran.stdout)
    assert answer["status"] == "success", ran.stdout + ran.stderr
    return answer["data"]["result"]


def taken(program: str, folder: str, url: str, path: str) -> str:
    """The statements that Clara finds in the recording, without those of its file."""
    report = clara(program, folder, url, "--check", path)
    texts = [part["text"] for part in report["claims"] + report.get("not_checked", [])]
    return " ".join(text for text in texts if not text.startswith("The recording "))


def measure(program: str, url: str, voice: str, speed: int, is_stated: bool) -> str:
    server.Handler.is_stated = is_stated
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder, "said.wav"))
        spoken(voice, speed, path)
        heard = "".join(segment["text"] for segment in server.segments_of(pathlib.Path(path).read_bytes()))
        kept = taken(program, folder, url, path)
        verdicts = {"true": [], "false": []}
        for kind, claims in zip(verdicts, zip(*SENTENCES)):
            report = clara(program, folder, url, "--attach", path, " ".join(claims))
            verdicts[kind] = [claim["verdict"] for claim in report["claims"]]
    total = len(words(" ".join(said for said, _ in SENTENCES)))
    counts = [total, len(words(heard)), right(heard), len(words(kept)), len(words(kept)) - right(kept)]
    for kind in ("true", "false"):
        counts += [verdicts[kind].count("supported"), verdicts[kind].count("refuted")]
    return " | ".join([f"| {voice}, {speed} words a minute", "yes" if is_stated else "no", *map(str, counts)]) + " |"


def main() -> None:
    url = server.start()
    print("| voice | says how sure | said | heard | right | taken | of these wrong | true: supported | refuted | false: supported | refuted |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for voice, speed in VOICES:
        for is_stated in (True, False):
            print(measure(sys.argv[1], url, voice, speed, is_stated), flush=True)


main()
