#!/usr/bin/env python3
"""Reads a folder with Clara and with a second reader of another make, and says what either lost, added or put elsewhere.

    compare.py READER FOLDER

READER is the built example `read`. Of each file: words lost and added against the second reader, and the share of its words
that stand in the same order. Where NAME.seen says what a person sees, both readers are measured against that too.
"""

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import second_office
from rapidfuzz.distance import LCSseq

KINDS = {".pdf", ".html", ".csv", ".md", ".json", ".srt", ".vtt", ".txt", *second_office.READERS}


def words(text):
    text = unicodedata.normalize("NFC", text.replace("\u00ad", "")).lower()
    return re.findall(r"[^\W_]+", text)


def text_of(data):
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def by_poppler(path, *options):
    made = subprocess.run(["pdftotext", "-enc", "UTF-8", *options, str(path), "-"], capture_output=True, check=False)
    return made.stdout.decode("utf-8", "replace")


def by_trafilatura(path):
    import trafilatura

    return trafilatura.extract(path.read_bytes(), include_comments=False, include_tables=True, favor_recall=True) or ""


def by_markdown_it(path):
    import lxml.html
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text_of(path.read_bytes()))
    root = lxml.html.fromstring(f"<div>{made}</div>")
    for gone in root.xpath("//s | //del"):
        gone.drop_tree()
    return " ".join(root.itertext())


def by_csv(path):
    text = text_of(path.read_bytes())
    if text.startswith("sep="):
        first, text = text.split("\n", 1)
        separator = first.strip()[4:]
    else:
        try:
            separator = csv.Sniffer().sniff(text[:4000], ",;\t|").delimiter
        except csv.Error:
            separator = ","
    return "\n".join(" ".join(row) for row in csv.reader(io.StringIO(text), delimiter=separator))


def by_json(path):
    def pairs(members):
        return ("object", members)

    def shown(value):
        if isinstance(value, tuple) and value and value[0] == "object":
            return " ".join(f"{name} {shown(inner)}" for name, inner in value[1])
        if isinstance(value, list):
            return " ".join(shown(inner) for inner in value)
        return "null" if value is None else str(value)

    text = text_of(path.read_bytes())
    options = {"object_pairs_hook": pairs, "parse_float": str, "parse_int": str}
    try:
        return shown(json.loads(text, **options))
    except json.JSONDecodeError:
        return " ".join(shown(json.loads(line, **options)) for line in text.splitlines() if line.strip())


def by_pysubs2(path):
    import pysubs2

    subtitles = pysubs2.SSAFile.from_string(text_of(path.read_bytes()))
    return "\n".join(event.plaintext for event in subtitles)


def by_charset_normalizer(path):
    from charset_normalizer import from_bytes

    return str(from_bytes(path.read_bytes()).best() or "")


def second_readers(path):
    kind = path.suffix
    if kind in second_office.READERS:
        name, read = second_office.READERS[kind]
        yield name, read(path)
    elif kind == ".pdf":
        yield "pdftotext -layout", by_poppler(path, "-layout")
        yield "pdftotext", by_poppler(path)
    elif kind == ".html":
        yield "trafilatura", by_trafilatura(path)
    elif kind == ".md":
        yield "markdown-it", by_markdown_it(path)
    elif kind == ".csv":
        yield "csv", by_csv(path)
    elif kind == ".json":
        yield "json", by_json(path)
    elif kind in (".srt", ".vtt"):
        yield "pysubs2", by_pysubs2(path)
    else:
        yield "charset-normalizer", by_charset_normalizer(path)


def compared(own, other):
    """Words of `other` that `own` lost, words it added, and the share of `other` that stands in `own` in the same order."""
    mine, theirs = Counter(own), Counter(other)
    lost = sum((theirs - mine).values())
    added = sum((mine - theirs).values())
    order = LCSseq.similarity(own, other) / len(other) if other else 1.0
    return lost, added, order


def main():
    reader, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted(path for path in folder.iterdir() if path.suffix in KINDS)
    made = subprocess.run([reader, *map(str, files)], capture_output=True, check=True)
    readings = [json.loads(line) for line in made.stdout.decode("utf-8").splitlines()]
    print(f"{'file':24} {'against':18} {'words':>7} {'lost':>6} {'added':>6} {'order':>6} {'ms':>6}  read")
    totals = {}

    def row(name, against, own, other, took="", share=""):
        lost, added, order = compared(own, other)
        total = totals.setdefault(against, [0, 0, 0, 0.0, 0])
        for at, value in enumerate((len(other), lost, added, order * len(other), 1)):
            total[at] += value
        print(f"{name:24} {against:18} {len(other):7} {lost:6} {added:6} {order:6.3f} {took:>6}  {share}")

    for path, reading in zip(files, readings):
        own = words(reading["text"])
        share = reading["read"] or {}
        said = f"{share.get('read')} of {share.get('of')} {share.get('unit')}" if share else "not read"
        others = list(second_readers(path))
        for against, text in others:
            row(path.name, against, own, words(text), reading["milliseconds"], said)
        seen = path.with_name(path.name + ".seen")
        if seen.exists():
            right = words(seen.read_text(encoding="utf-8"))
            row(path.name, "what is seen", own, right)
            row(path.name, "(second reader)", words(others[0][1]), right)
    print()
    for against, (count, lost, added, order, number) in totals.items():
        print(f"{against:18} {number:3} files {count:7} words  lost {lost / max(count, 1):7.3%}  added {added / max(count, 1):7.3%}  "
              f"order {order / max(count, 1):.4f}")


if __name__ == "__main__":
    main()
