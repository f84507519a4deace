#!/usr/bin/env python3
"""Makes files of every format but PDF, and beside each the words that a person sees in it (NAME.seen).

    make.py FOLDER
"""

import csv
import io
import json
import random
import sys
from pathlib import Path

TOWNS = ["Brask", "Veskar", "Tolm", "Orvane", "Kell", "Skerrow"]
PEOPLE = ["Ada Lorne", "Jon Moe", "Helena Marsh", "Ivo Grau"]


class Maker:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.chance = random.Random(1933)
        self.count = 0

    def write(self, name, content, seen, encoding="utf-8"):
        data = content if isinstance(content, bytes) else content.encode(encoding)
        (self.folder / name).write_bytes(data)
        (self.folder / f"{name}.seen").write_text(seen, encoding="utf-8")
        self.count += 1

    def rows(self, count):
        for at in range(count):
            yield [2015 + at % 9, TOWNS[at % 6], self.chance.randrange(1000, 400000), f"{self.chance.random() * 9:.2f}"]

    def sentences(self, count):
        made = []
        for at in range(count):
            town, person = self.chance.choice(TOWNS), self.chance.choice(PEOPLE)
            year, people = self.chance.randrange(1850, 2024), self.chance.randrange(40, 9000)
            made.append(
                self.chance.choice(
                    [
                        f"The mill of {town} was built in {year} by {person} and employs {people:,} people.",
                        f"In {year} the council of {town} spent £{people:,} on the bridge over the river.",
                        f"{person} was mayor of {town} from {year} on, and left it with {people} houses.",
                    ]
                )
            )
        return made


def tables(make):
    head = ["Year", "Town", "Visitors", "Average ticket (EUR)"]
    for name, separator in [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|")]:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator)
        rows = [head, *make.rows(40)]
        writer.writerows(rows)
        make.write(f"{name}.csv", out.getvalue(), "\n".join(" ".join(map(str, row)) for row in rows))
    rows = list(make.rows(30))
    plain = "\n".join(",".join(map(str, row)) for row in rows)
    named = ",".join(head) + "\n" + plain
    words = " ".join(" ".join(map(str, row)) for row in [head, *rows])
    make.write("no-head.csv", plain, words.removeprefix(" ".join(head)))
    make.write("title.csv", f"Visitors by town,,,\n\n{named}\n\nSource: the office of statistics,,,\n",
               f"Visitors by town {words} Source: the office of statistics")
    make.write("sep.csv", "sep=;\r\n" + named.replace(",", ";").replace("\n", "\r\n"), words)
    make.write("utf16.csv", named, words, "utf-16")
    make.write("pandas.csv", "," + ",".join(head) + "\n" + "\n".join(f"{at},{line}" for at, line in enumerate(plain.split("\n"))),
               " ".join(head) + " " + " ".join(f"{at} " + " ".join(map(str, row)) for at, row in enumerate(rows)))
    years = "Town," + ",".join(str(year) for year in range(2015, 2024))
    lines = [f"{town}," + ",".join(str(make.chance.randrange(9000, 99000)) for _ in range(9)) for town in TOWNS]
    make.write("years.csv", "\n".join([years, *lines]), " ".join([years, *lines]).replace(",", " "))
    make.write("two-heads.csv", ",2022,,2023,\nTown,In,Out,In,Out\n" + "\n".join(f"{town},1,2,3,4" for town in TOWNS),
               "2022 2023 Town In Out In Out " + " ".join(f"{town} 1 2 3 4" for town in TOWNS))
    quoted = 'name,note\nBrask,"built in 1912,\nburnt in 1930"\nTolm,"the ""old"" mill"\n'
    make.write("quoted.csv", quoted, "name note Brask built in 1912, burnt in 1930 Tolm the old mill")
    make.write("decimal-comma.csv", "Jahr;Umsatz\n2022;1.204,50\n2023;1.310,75\n", "Jahr Umsatz 2022 1.204,50 2023 1.310,75", "cp1252")


def pages(make):
    body = make.sentences(24)
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    seen = "\n".join(body)

    def page(name, inner, words, encoding="utf-8", head=None):
        head = f"<meta charset={encoding}>" if head is None else head
        make.write(name, f"<!doctype html><html><head>{head}<title>T</title></head><body>{inner}</body></html>", words, encoding)

    page("plain.html", f"<h1>Mills</h1>{paragraphs}", f"Mills {seen}")
    menu = "<nav><ul><li><a href=/>Home</a><li><a href=/b>About us</a></ul></nav>"
    page("article.html", f"{menu}<main><article><h1>Mills</h1>{paragraphs}</article></main><footer>Imprint</footer>", f"Mills {seen}")
    page("sidebar.html", f"<div class=sidebar><a href=a>Buy</a></div><div id=content><h1>Mills</h1>{paragraphs}</div>", f"Mills {seen}")
    rows = list(make.rows(20))
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "<tr><th>Year<th>Town<th>Visitors<th>Ticket</tr>"
    words = "Year Town Visitors Ticket " + " ".join(" ".join(map(str, row)) for row in rows)
    page("table.html", f"<p>{body[0]}</p><table><caption>Visitors</caption>{head}{table}</table><p>{body[1]}</p>",
         f"{body[0]} Visitors {words} {body[1]}")
    spans = "<table><tr><th rowspan=2>Town<th colspan=2>2022</tr><tr><th>In<th>Out</tr>" + "".join(
        f"<tr><td>{town}<td>1<td>2</tr>" for town in TOWNS) + "</table>"
    page("spans.html", spans, "Town 2022 In Out " + " ".join(f"{town} 1 2" for town in TOWNS))
    terms = "<dl>" + "".join(f"<dt>{town}</dt><dd>{1900 + at}</dd>" for at, town in enumerate(TOWNS)) + "</dl>"
    page("terms.html", f"{terms}<details><summary>More</summary>{body[0]}</details>",
         " ".join(f"{town} {1900 + at}" for at, town in enumerate(TOWNS)) + f" More {body[0]}")
    page("struck.html", "<p>The lamp costs <del>50</del> <ins>40</ins> euros, the chair <s>£90</s> £70.",
         "The lamp costs 40 euros, the chair £70.")
    page("hidden.html", f"<style>.x{{display:none}}</style><p>{body[0]}</p><p class=x>{body[1]}</p><p hidden>{body[2]}</p>", body[0])
    page("raised.html", "<p>Brask has 4,312<sup>2</sup> people on 5 km<sup>2</sup>.", "Brask has 4,312 [2] people on 5 km².")
    western = "The café on the quay costs £4,312 a year, “as agreed”, and €2,100 more."
    page("western.html", f"<p>{western}", western, "cp1252", "<meta charset=windows-1252>")
    japanese = "橋は1933年5月に開通しました。フェリーは廃止されました。"
    page("japanese.html", f"<p>{japanese}", japanese, "shift_jis", "<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>")
    page("lists.html", "<h2>Parts</h2><ul>" + "".join(f"<li>{line}" for line in body[:6]) + "</ul>", "Parts " + " ".join(body[:6]))
    page("figure.html", f"<p>{body[0]}<figure><img src=a.png><figcaption>The mill in 1920</figcaption></figure><p>{body[1]}",
         f"{body[0]} The mill in 1920 {body[1]}")
    page("layout.html", f"<table><tr><td width=20%>{body[0]}<td><h2>Mills</h2>{paragraphs}</table>", f"{body[0]} Mills {seen}")


def markdowns(make):
    body = make.sentences(12)
    make.write("plain.md", "# Mills\n\n" + "\n\n".join(body), "Mills " + " ".join(body))
    make.write("marks.md", f"# The **old** mill\n\n*{body[0]}* See [the map](https://example.org/a_(b)).\n\n> {body[1]}\n\n- one\n- two\n",
               f"The old mill {body[0]} See the map. {body[1]} one two")
    rows = list(make.rows(20))
    table = "| Year | Town | Visitors | Ticket |\n|---|---|--:|---|\n" + "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
    make.write("table.md", f"{body[0]}\n\n{table}\n\n{body[1]}\n",
               f"{body[0]} Year Town Visitors Ticket " + " ".join(" ".join(map(str, row)) for row in rows) + f" {body[1]}")
    make.write("front.md", f"---\ntitle: Mills\ndate: 2024-01-02\n---\n\n{body[0]}\n", f"title: Mills date: 2024-01-02 {body[0]}")
    make.write("code.md", f"Use `<!--` to open.\n\n```\n<!-- shown -->\nlet a = b;\n```\n\n{body[0]}\n", f"Use to open. shown let a = b; {body[0]}")
    make.write("notes.md", "It employs 410[^1] people, ~~50~~ 40 of them women.\n\n[^1]: In 1912.\n", "It employs 410 [1] people, 40 of them women. [1] In 1912.")
    wrapped = " ".join(body)
    make.write("wrapped.md", "Mills\n=====\n\n" + wrap(wrapped), f"Mills {wrapped}")


def wrap(text, width=72):
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def objects(make):
    records = [{"year": row[0], "town": row[1], "visitorsPerYear": row[2], "ticket": float(row[3])} for row in make.rows(30)]

    def words(value):
        if isinstance(value, dict):
            return " ".join(f"{name} {words(inner)}" for name, inner in value.items())
        if isinstance(value, list):
            return " ".join(map(words, value))
        return json.dumps(value, ensure_ascii=False).strip('"')

    for name, value in [
        ("list", records),
        ("nested", {"company": "Orvane", "reports": records[:5], "board": {"chair": "Ada Lorne", "members": PEOPLE}}),
        ("columns", {"year": [row["year"] for row in records], "visitors": [row["visitorsPerYear"] for row in records]}),
        ("lists", [["year", "town"], *[[row["year"], row["town"]] for row in records]]),
    ]:
        make.write(f"{name}.json", json.dumps(value, indent=2 if name == "nested" else None), words(value))
    make.write("escaped.json", json.dumps({"town": "Zürich", "note": "Größe: 4 m²"}), "town Zürich note Größe: 4 m²")
    make.write("lines.json", "\n".join(json.dumps(record) for record in records), words(records))


def subtitles(make):
    body = make.sentences(30)

    def time(second, mark):
        return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}{mark}000"

    def cues(mark, gap="\n\n", number=True):
        made = []
        for at, line in enumerate(body):
            half = len(line) // 2
            cut = line.find(" ", half)
            first = f"{at + 1}\n" if number else ""
            made.append(f"{first}{time(at * 4, mark)} --> {time(at * 4 + 3, mark)}\n{line[:cut]}\n{line[cut + 1:]}")
        return gap.join(made) + "\n"

    seen = "\n".join(body)
    make.write("plain.srt", cues(","), seen)
    make.write("windows.srt", ("\ufeff" + cues(",")).replace("\n", "\r\n"), seen)
    make.write("spaces.srt", cues(",", "\n \n"), seen)
    make.write("tight.srt", cues(",", "\n"), seen)
    make.write("western.srt", cues(",").replace("people", "café people"), seen.replace("people", "café people"), "cp1252")
    make.write("plain.vtt", "WEBVTT\n\nNOTE made by hand\n\n" + cues("."), seen)
    make.write("styled.vtt", "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n" + cues(".", number=False).replace("The mill", "<c.x>The mill</c>"), seen)
    rolling, shown = "WEBVTT\n\n", ""
    for at, line in enumerate(body):
        rolling += f"{time(at * 2, '.')} --> {time(at * 2 + 2, '.')}\n{shown}{line}\n\n"
        shown = line + "\n"
    make.write("rolling.vtt", rolling, seen)


def texts(make):
    body = make.sentences(20)
    seen = " ".join(body)
    make.write("wrapped.txt", wrap(seen), seen)
    make.write("pages.txt", wrap(" ".join(body[:10])) + "\n\f\n" + wrap(" ".join(body[10:])), seen)
    make.write("utf16.txt", seen.encode("utf-16-le"), seen)
    western = "The café on the quay costs £4,312 a year, “as agreed”, and €2,100 more. " + seen
    make.write("western.txt", western, western, "cp1252")
    russian = "Мост через реку был открыт в мае 1933 года, и паром был снят с линии. " * 4
    make.write("russian.txt", russian, russian, "koi8-r")
    japanese = "橋は1933年5月に開通しました。フェリーはその夏に廃止されました。"
    make.write("japanese.txt", japanese, japanese, "shift_jis")
    rows = [["Year", "Town", "Visitors", "Ticket"], *make.rows(15)]
    aligned = "\n".join(f"{row[0]:<8}{row[1]:<12}{row[2]:>10}{row[3]:>10}" for row in rows)
    make.write("aligned.txt", f"{body[0]}\n\n{aligned}\n\n{body[1]}\n",
               f"{body[0]} " + " ".join(" ".join(map(str, row)) for row in rows) + f" {body[1]}")


def main():
    make = Maker(sys.argv[1])
    for kind in (tables, pages, markdowns, objects, subtitles, texts):
        kind(make)
    print(f"{make.count} files")


if __name__ == "__main__":
    main()
