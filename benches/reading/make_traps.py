#!/usr/bin/env python3
"""Makes pages, tables, notes, subtitles and plain texts with what readers trip over, and what a person sees beside each.

    make_traps.py FOLDER

`NAME.seen` has the words of `NAME`. Struck-out and hidden words, menus, cue numbers and times are not in it.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from make_layouts import PLACES, Words, plain


class Out:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = 0

    def write(self, name, content, *seen, encoding="utf-8"):
        data = content if isinstance(content, bytes) else content.encode(encoding)
        (self.folder / name).write_bytes(data)
        (self.folder / f"{name}.seen").write_text("\n".join(seen), encoding="utf-8")
        self.made += 1


def page(body, head="<meta charset=utf-8>", style=""):
    return f"<!doctype html><html lang=en><head>{head}<title>Account</title><style>{style}</style></head><body>{body}</body></html>"


def cells(rows, tag="td"):
    return "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>" for row in rows)


def pages(out):
    t = Words(31)
    p = t.paragraphs(5)
    out.write(
        "edits.html",
        page(f"<p>{p[0]}</p><p>The hall seats <del>nine</del><ins>seven</ins> hundred; the lamp was <s>£50</s>£40 and the desk <strike>80</strike> 75.</p><p>{p[1]} <span style='text-decoration: line-through'>It was never open.</span></p>"),
        p[0], "The hall seats seven hundred; the lamp was £40 and the desk 75.", p[1],
    )
    out.write(
        "hidden-rules.html",
        page(
            f"<h2>Rink</h2><p>{p[0]}</p><p class='note gone'>Nine rinks.</p><div class=wrap><p class=x>Ten rinks.</p><p>{p[1]}</p></div><p id=q>Eleven rinks.</p><p aria-hidden=true>{p[2]}</p><template><p>Twelve rinks.</p></template><p style='visibility:hidden'>Thirteen rinks.</p><p hidden>Fourteen rinks.</p>",
            style=".note.gone{display:none!important} .wrap > .x { visibility : hidden } #q{display:none} @media print{p{display:none}}",
        ),
        "Rink", p[0], p[1], p[2],
    )
    out.write(
        "details.html",
        page(f"<h1>Questions</h1><details>{p[0]}<summary>How old is it?</summary> It is 90 years old.<p>{p[1]}</p></details><details open><summary>Who owns it?</summary>The town, since 1931.</details>"),
        "Questions", "How old is it?", p[0], "It is 90 years old.", p[1], "Who owns it?", "The town, since 1931.",
    )
    out.write(
        "marks.html",
        page("<p>Brask has 4,312<sup>2</sup> people<sup><a href=#n>[3]</a></sup> on 5&nbsp;km<sup>2</sup>, 10<sup>−6</sup> of the land, near 21<sup>st</sup> Street; it emits 3.5&times;10<sup>6</sup>&nbsp;t CO<sub>2</sub> and x<sub>i</sub>.</p><p>The 1<sup>er</sup> arrondissement has 16,1&nbsp;% of them.</p>"),
        "Brask has 4,312 [2] people [3] on 5 km², 10⁻⁶ of the land, near 21st Street; it emits 3.5×10⁶ t CO₂ and xi.", "The 1er arrondissement has 16,1 % of them.",
    )
    rows = t.rows(6)
    out.write(
        "heads.html",
        page(f"<p>{p[0]}</p><table><caption>Sales by place</caption><thead><tr><th rowspan=2>Place</th><th colspan=2>2022</th><th>2023</th></tr><tr><th>Share</th><th>Staff</th><th>Sold</th></tr></thead><tbody>{cells(rows)}</tbody><tfoot><tr><td>Total</td><td>100,0</td><td colspan=2>9 999</td></tr></tfoot></table><p>{p[1]}</p>"),
        p[0], "Sales by place", "Place 2022 2023 Share Staff Sold", plain(rows), "Total 100,0 9 999", p[1],
    )
    out.write(
        "nested.html",
        page(f"<table><tr><td>{p[0]}<td><table>{cells([['Place', 'Sold']], 'th')}{cells([['Aldby', '41'], ['Ilmen', '62']])}</table></table><ul><li>one of 3<ul><li>two of 3</ul><li>three of 3</ul><ol start=4><li>the fourth<li>the fifth</ol>"),
        p[0], "Place Sold Aldby 41 Ilmen 62", "one of 3 two of 3 three of 3", "the fourth the fifth",
    )
    out.write(
        "breaks.html",
        page("<address>Orvane Works<br>7 Quay Street<br/>4471 Lonsby</address><div>First<div>Second</div>Third</div><p>co&shy;operation and Donau<wbr>dampf<wbr>schiff <b>b</b>old <span>s</span>p<i>li</i>t</p><p>5&thinsp;000 and 6&#8239;000 and 7&nbsp;000</p><pre>a = 1\n  b = 2</pre><button>Go</button><q>quoted</q> H&#7847;u <ruby>橋<rt>はし</rt></ruby>"),
        "Orvane Works 7 Quay Street 4471 Lonsby", "First Second Third", "cooperation and Donaudampfschiff bold split", "5 000 and 6 000 and 7 000", "a = 1 b = 2", "quoted Hầu 橋はし",
    )
    wall = "<div class=overlay><h2>We value your privacy</h2><p>We and our 842 partners store and access information on a device, such as cookies. You can accept or reject all.</p><button>Accept all</button><button>Reject all</button></div>"
    out.write("wall.html", page(wall), "")
    out.write("banner.html", page(f"<div id=cookie-banner class=cookie-consent><p>We use cookies to improve the site.</p><button>Accept all</button></div><article><h1>The rink</h1>{''.join(f'<p>{text}</p>' for text in p)}</article>"), "The rink", *p)
    out.write(
        "figures.html",
        page(f"<article><h1>Halls</h1><p>{p[0]}</p><figure><img src=a.png alt='A hall'><figcaption>Figure 2: the hall in 1911 held 340 people.</figcaption></figure><p>{p[1]}</p><aside><p>The roof weighs 61 tonnes.</p></aside><p>{p[2]}</p><dl><dt>Built<dd>1911<dt>Seats<dd>340</dl><blockquote>{p[3]}</blockquote></article>"),
        "Halls", p[0], "Figure 2: the hall in 1911 held 340 people.", p[1], "The roof weighs 61 tonnes.", p[2], "Built 1911 Seats 340", p[3],
    )
    links = "".join(f"<li><a href=/{at}>{name}</a>" for at, name in enumerate(PLACES))
    out.write(
        "portal.html",
        page(f"<header><a href=/>Home</a></header><nav><ul>{links}</ul></nav><main><h1>Depot</h1><p>{p[0]}</p><table>{cells([['Year', 'Trams']], 'th')}{cells([['2019', '31'], ['2020', '33']])}</table><p>{p[1]}</p><ul><li>{p[2]}<li>{p[3]}</ul></main><footer>Imprint</footer>"),
        "Depot", p[0], "Year Trams 2019 31 2020 33", p[1], p[2], p[3],
    )
    for name, encoding, text in [
        ("greek", "iso-8859-7", "Η γέφυρα άνοιξε το 1933 και κόστισε 12 εκατομμύρια δραχμές."),
        ("polish", "iso-8859-2", "Młyn w Łodzi zbudowano w 1912 roku i kosztował 340 złotych."),
        ("chinese", "gb2312", "这座桥于1933年五月开通，渡轮在那年夏天停运。"),
        ("korean", "euc-kr", "이 다리는 1933년 5월에 개통되었고 여객선은 폐지되었다."),
    ]:
        out.write(f"{name}.html", page(f"<p>{text}</p>", f"<meta charset={encoding}>"), text, encoding=encoding)
    text = "Die Brücke über den Fluß kostet 4.312 €, das Dach 2.100 €."
    out.write("utf16.html", page(f"<p>{text}</p>", ""), text, encoding="utf-16")
    out.write("unnamed.html", page(f"<p>{text} Größe und Maß sind geprüft, für später.</p>", "").encode("cp1252"), text + " Größe und Maß sind geprüft, für später.")
    if shutil.which("pandoc"):
        source = f"# Account\n\n{p[0]} It cost 410[^n] crowns and ~~90~~ 95 more; x^2^ and H~2~O.\n\nTown\n:   Lonsby\n\n+------+-------+\n| Year | Boats |\n+======+=======+\n| 2019 | 12    |\n+------+-------+\n\n1. one\n2. two\n\n[^n]: Before tax.\n"
        made = subprocess.run(["pandoc", "-s", "-f", "markdown", "-t", "html5", "--metadata", "title=T"], input=source.encode(), capture_output=True, check=True).stdout
        out.write("pandoc.html", made, "T Account", p[0], "It cost 410 [1] crowns and 95 more; x² and H₂O.", "Town Lonsby", "Year Boats 2019 12", "one two", "Before tax.")


def tables(out):
    t = Words(32)
    rows = t.rows(12)
    head = ["Place", "Share", "Staff", "Sold"]
    words = plain([head, *rows])

    def lines(rows, separator=";"):
        return "\n".join(separator.join(row) for row in rows)

    out.write("comma-decimal.csv", "\ufeff" + lines([head, *rows]).replace("\n", "\r\n"), words)
    out.write("two-heads.csv", lines([["", "2022", "", "2023"], head, *rows]), "2022 2023", words)
    out.write("units.csv", lines([head, ["", "%", "persons", "EUR"], *rows]), "Place Share Staff Sold % persons EUR", plain(rows))
    out.write("trailing.csv", "\n".join(";".join(row) + ";;" for row in [head, *rows]), words)
    out.write("titles.csv", "Sales of the works;;;\nAs of 5 May 2023;;;\n;;;\n" + lines([head, *rows]) + "\n;;;\n* provisional;;;\n", "Sales of the works", "As of 5 May 2023", words, "provisional")
    out.write("multi.csv", 'Place;Remark\nAldby;"opened ""late"",\nin 1912; burnt"\nIlmen;"a\r\nb"\n', "Place Remark Aldby opened late in 1912; burnt Ilmen a b")
    out.write("utf16be.csv", lines([head, *rows], "\t").encode("utf-16-be"), words)
    japanese = "年,町,人口\n2019,東京,1392\n2020,大阪,275\n"
    out.write("japanese.csv", japanese, japanese.replace(",", " "), encoding="shift_jis")
    out.write("tabs.csv", lines([head, *rows], "\t"), words)
    out.write("blank-lines.csv", lines([head, *rows[:6]]) + "\n\n" + lines([["Year", "Boats"], ["2019", "12"], ["2020", "14"]]) + "\n", plain([head, *rows[:6]]), "Year Boats 2019 12 2020 14")
    out.write("ragged.csv", "a,b,c\n1,2\n3,4,5,6\n", "a b c 1 2 3 4 5 6")
    out.write("single-quotes.csv", "Place,Remark\nO'Hara,\"5' 11\"\"\"\n'Tis,x\n", "Place Remark O'Hara 5' 11\" 'Tis x")


def objects(out):
    def words(value):
        if isinstance(value, dict):
            return " ".join(f"{name} {words(inner)}" for name, inner in value.items())
        if isinstance(value, list):
            return " ".join(map(words, value))
        return json.dumps(value, ensure_ascii=False).strip('"')

    values = {
        "parallel": {"years": [2019, 2020, 2021], "boats": [12, 14, 9], "carts": [201, 188, 140], "note": "Counted in May."},
        "by-year": {"Aldby": {"2019": {"boats": 12}, "2020": {"boats": 14}}, "Ilmen": {"2019": {"boats": 3}}},
        "split": {"columns": ["place", "sold"], "index": [0, 1], "data": [["Aldby", 41], ["Ilmen", 62]]},
        "deep": {"firm": {"name": "Orvane", "sites": [{"place": "Aldby", "staff": {"men": 12, "women": 14}}, {"place": "Ilmen", "staff": {"men": 2, "women": 7}}]}},
        "features": {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Aldby", "people": 4312}, "geometry": None}, {"type": "Feature", "properties": {"name": "Ilmen", "people": 917}, "geometry": None}]},
        "values": {"yes": True, "none": None, "empty": "", "text": "line one\nline two", "list": [1.5, "a"], "big": 12345678901234567890123},
    }
    for name, value in values.items():
        out.write(f"{name}.json", json.dumps(value, indent=1, ensure_ascii=False), words(value).replace("\\n", " "))
    out.write("mark.json", "\ufeff" + json.dumps(values["deep"]), words(values["deep"]))
    out.write("utf16.json", json.dumps(values["by-year"]), words(values["by-year"]), encoding="utf-16")
    out.write("lines.json", '{"a": 1, "b": 1.10}\n\n{"a": 2, "b": 2.20}\r\n', "a 1 b 1.10 a 2 b 2.20")


def notes(out):
    t = Words(33)
    p = t.paragraphs(4)
    out.write(
        "marks.md",
        f"---\ntitle: The rink\nopened: 1933\n---\n\nThe rink\n========\n\n{p[0]}[^1] It has ~~50~~ 40 seats on 12 m<sup>2</sup>, and 10<sup>6</sup> tiles; `x <!-- y` stays.\n<!-- a comment\nover two lines -->\n* one *of* three\n* two\n  1. two.one\n- [x] done\n\n[^1]: In\n    1998.\n\n{p[1]}  \nNext line\\\nlast line. See <https://example.org/x> and [the map][m] ![plan](p.png).\n\n[m]: https://example.org/m \"Map\"\n",
        "title: The rink opened: 1933", "The rink", p[0], "[1] It has 40 seats on 12 m², and 10⁶ tiles; x y stays.", "one of three two 1. two.one [x] done",
        "[1] In 1998.", p[1], "Next line last line. See https://example.org/x and the map plan.",
    )
    rows = t.rows(5)
    out.write(
        "table.md",
        f"## Sales\n\n| Place | Share | Staff | Sold |\n|:---|---:|:-:|---|\n" + "\n".join("| " + " | ".join(row) + " |" for row in rows) + f"\n\nPlace | Remark\n--- | ---\nAldby | a \\| b\nIlmen | `c`\n\n{p[0]}\n",
        "Sales", "Place Share Staff Sold", plain(rows), "Place Remark Aldby a | b Ilmen c", p[0],
    )
    out.write(
        "inner-html.md",
        f"# Notes\n\n<details>\n<summary>More</summary>\n\n{p[0]}\n\n</details>\n\n<table><tr><th>Year</th><th>Boats</th></tr><tr><td>2019</td><td>12</td></tr></table>\n\n<del>Old text.</del> New text.\n\n    code = 5\n\n~~~\n# no heading\n~~~\n\n1912\\. was good. 5 \\* 3 & 4 &amp; 5 &lt; 6.\n",
        "Notes", "More", p[0], "Year Boats 2019 12", "New text.", "code = 5", "no heading", "1912. was good. 5 * 3 & 4 & 5 < 6.",
    )
    out.write("open-comment.md", f"{p[0]}\n\n<!-- never closed\n\n{p[1]}\n", p[0])
    out.write("toml.md", f"+++\ntitle = \"Depot\"\nyear = 1933\n+++\n\n{p[2]}\n\n***\n\n{p[3]}\n", "title Depot year 1933", p[2], p[3])


def subtitles(out):
    t = Words(34)
    lines = [t.sentence() for _ in range(8)]

    def stamp(at, mark="."):
        return f"{int(at) // 3600:02}:{int(at) // 60 % 60:02}:{int(at) % 60:02}{mark}{round(at % 1 * 1000):03}"

    words = " ".join(lines).split()
    rolling, chunks = "WEBVTT\nKind: captions\nLanguage: en\n\n", [words[at:at + 6] for at in range(0, len(words), 6)]
    before = " "
    for at, chunk in enumerate(chunks):
        timed = chunk[0] + "".join(f"<{stamp(at * 3 + 0.3 * n)}><c> {word}</c>" for n, word in enumerate(chunk[1:], 1))
        rolling += f"{stamp(at * 3)} --> {stamp(at * 3 + 2.99)} align:start position:0%\n{before}\n{timed}\n\n{stamp(at * 3 + 2.99)} --> {stamp(at * 3 + 3)} align:start position:0%\n{' '.join(chunk)}\n \n\n"
        before = " ".join(chunk)
    out.write("automatic.vtt", rolling, " ".join(words))
    out.write(
        "traps.vtt",
        "WEBVTT - a title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\nNOTE\nby hand, 1999\n\nREGION\nid:r\nwidth:40%\n\nSTYLE\n::cue(.a) {\n  color: red;\n}\n\nintro 17\n00:01.000 --> 00:04.000 line:0\n<v.loud Mary Poe>It has 5 &lt; 6 &amp; 7 seats.</v>\n\n2\n00:00:05.000 --> 00:00:08.000\n<i>The rink</i> was <b>built\nin 1933</b>.\n\n\n00:00:09.000 --> 00:00:12.000\n- Is it < 400 kg?\n- No, > 500 kg.\n",
        "Mary Poe: It has 5 < 6 & 7 seats.", "The rink was built in 1933.", "Is it < 400 kg? No, > 500 kg.",
    )
    out.write(
        "overlap.srt",
        "1\n00:00:01,000 --> 00:00:05,000\nFirst speaker has 3 boats.\n\n2\n00:00:02,000 --> 00:00:04,000\nSecond speaker has 4 boats.\n\n3\n00:00:06,000 --> 00:00:09,000\n{\\an8}<font color=\"#fff\">Third line,</font>\n\nafter a gap of 1 line.\n\n4\n00:00:10,000 --> 00:00:12,000\n1984\n",
        "First speaker has 3 boats.", "Second speaker has 4 boats.", "Third line, after a gap of 1 line.", "1984",
    )
    plain_srt = "".join(f"{at + 1}\n{stamp(at * 4, ',')} --> {stamp(at * 4 + 3, ',')}\n{line}\n\n" for at, line in enumerate(lines))
    out.write("utf16.srt", plain_srt.replace("\n", "\r\n"), *lines, encoding="utf-16")
    out.write("returns.srt", plain_srt.replace("\n", "\r"), *lines)
    russian = ["Мост открыли в мае 1933 года.", "Паром сняли с линии летом того же года.", "Он стоил 340 рублей, и его строили пять лет."]
    out.write("russian.srt", "".join(f"{at + 1}\n{stamp(at * 4, ',')} --> {stamp(at * 4 + 3, ',')}\n{line}\n\n" for at, line in enumerate(russian)), *russian, encoding="cp1251")
    shown = ""
    pop = ""
    for at, line in enumerate(lines):
        pop += f"{at + 1}\n{stamp(at * 2, ',')} --> {stamp(at * 2 + 2, ',')}\n{shown}{line}\n\n"
        shown = line + "\n"
    out.write("rolling.srt", pop, *lines)


def texts(out):
    t = Words(35)
    for name, encoding, text in [
        ("central", "cp1250", "Młyn w Łodzi zbudowano w 1912 roku, a most żelazny otwarto później. Całość kosztowała 340 złotych i służyła mieszkańcom."),
        ("cyrillic", "cp1251", "Мост через реку был открыт в мае 1933 года, и паром был снят с линии. Он стоил 340 тысяч рублей."),
        ("greek", "cp1253", "Η γέφυρα άνοιξε το 1933 και κόστισε 12 εκατομμύρια δραχμές. Το πλοίο σταμάτησε το καλοκαίρι."),
        ("euc", "euc-jp", "橋は1933年5月に開通しました。フェリーはその夏に廃止されました。"),
        ("gbk", "gbk", "这座桥于1933年五月开通，渡轮在那年夏天停运。它花费了三百四十万元。"),
        ("big5", "big5", "這座橋於1933年五月開通，渡輪在那年夏天停運。它花費了三百四十萬元。"),
        ("utf16be", "utf-16-be", "The rink cost 4,312 euros in 1933, and “Größe” was its name."),
        ("utf32", "utf-32", "The rink cost 4,312 euros in 1933, and “Größe” was its name."),
        ("western", "iso-8859-15", "Le pont coûte 4 312 € par an, et l'été le théâtre de la forêt est fermé."),
    ]:
        out.write(f"{name}.txt", text, text, encoding=encoding)
    rows = t.rows(6)
    box = "+------------+--------+-------+-------+\n"
    out.write("boxed.txt", box + "| Place      | Share  | Staff | Sold  |\n" + box + "".join(f"| {row[0]:10} | {row[1]:>6} | {row[2]:>5} | {row[3]:>5} |\n" for row in rows) + box, "Place Share Staff Sold", plain(rows))
    out.write("leaders.txt", "Prices\n\n" + "".join(f"{row[0]} {'.' * (30 - len(row[0]))} {row[1]}\n" for row in rows), "Prices", "\n".join(f"{row[0]} {row[1]}" for row in rows))
    out.write("mail.txt", "From: Ivo Grau\nDate: 5 May 2023\nSubject: The rink\n\nDear Ada,\n\nthe rink cost 4,312 euros.\n\n> Did it cost\n> 5,000 euros?\n\n-- \nIvo\n", "From: Ivo Grau Date: 5 May 2023 Subject: The rink", "Dear Ada, the rink cost 4,312 euros.", "Did it cost 5,000 euros?", "Ivo")
    out.write("hyphens.txt", "The council of the east-\nern bank bought the build-\ning in 1933 for 4,312 euros, a well-\nknown price.\n", "The council of the eastern bank bought the building in 1933 for 4,312 euros, a well-known price.")


def main():
    out = Out(sys.argv[1])
    for kind in (pages, tables, objects, notes, subtitles, texts):
        kind(out)
    print(f"{out.made} files")


if __name__ == "__main__":
    main()
