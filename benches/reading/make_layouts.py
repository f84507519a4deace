#!/usr/bin/env python3
"""Makes PDFs as people make them, with typesetters and printers of many makes, and the words that a person sees beside each.

    make_layouts.py FOLDER

Typst, LaTeX, groff, Chromium, WeasyPrint, LibreOffice, reportlab, fpdf2 and pango make them, each where it is installed.
`NAME.pdf.seen` has the words of `NAME.pdf` in the order in which a person reads them. Heads, footers and page numbers that go
from page to page are not in it, nor is what no eye sees.
"""

import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PLACES = "Aldby Cormley Dunvik Estrum Fallow Garsdal Hexton Ilmen Jarrow Kestrel Lonsby Marwick".split()
WORKS = "tram depot|ice rink|grain store|fire station|music school|boiler house|wind park|fish hall|signal box|reading room".split("|")
REASONS = [
    "which the council had planned for a decade",
    "although the first offer was refused",
    "and the neighbours objected in writing",
    "with a grant from the regional fund",
    "because the office of finance had sufficient savings",
    "after a difficult winter without traffic",
    "so that the staff could afford the fees",
]


class Words:
    """Sentences with figures that are never the same twice, from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def sentence(self):
        pick = self.random.choice
        place, work, reason = pick(PLACES), pick(WORKS), pick(REASONS)
        year, cost = self.random.randint(1900, 2023), self.random.randint(100, 9999)
        return pick([
            f"The {work} of {place} opened in {year} for {cost:,} thousand euros, {reason}.",
            f"In {year} the {work} at {place} was moved to the eastern bank, {reason}.",
            f"{place} closed its {work} in {year} and let {cost} people go, {reason}.",
            f"By {year} the {work} of {place} had served {cost:,} visitors, {reason}.",
        ])

    def paragraph(self, count=3):
        return " ".join(self.sentence() for _ in range(count))

    def paragraphs(self, count, sentences=3):
        return [self.paragraph(sentences) for _ in range(count)]

    def rows(self, count):
        return [
            [PLACES[at % 12], f"{self.random.randint(10, 99)},{self.random.randint(0, 9)}", str(self.random.randint(100, 999)), f"{self.random.randint(1, 9)} {self.random.randint(100, 999)}"]
            for at in range(count)
        ]


class Out:
    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = 0

    def pdf(self, name):
        return self.folder / f"{name}.pdf"

    def seen(self, name, *blocks):
        self.pdf(name).with_name(f"{name}.pdf.seen").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        self.made += 1


def run(command, **options):
    made = subprocess.run(command, capture_output=True, check=False, **options)
    if made.returncode != 0:
        raise RuntimeError(f"{command[0]}: {(made.stderr or made.stdout).decode('utf-8', 'replace')[-600:]}")
    return made.stdout


def plain(rows):
    return "\n".join(" ".join(row) for row in rows)


# --- Typst ------------------------------------------------------------------------------------------------------------


def with_typst(out):
    import typst

    def make(name, source, *seen):
        out.pdf(name).write_bytes(typst.compile(source.encode("utf-8")))
        out.seen(name, *seen)

    t = Words(11)
    abstract, *p = t.paragraphs(9)
    make(
        "typst-paper",
        f"#set page(numbering: \"1\", columns: 2)\n#set par(justify: true)\n#set text(size: 10pt)\n"
        f"#place(top + center, scope: \"parent\", float: true)[#text(17pt)[*The works of the coast*]\n\n Jon Moe and Ada Lorne\n\n{abstract}]\n"
        f"= Introduction\n{p[0]}#footnote[Counted by the harbour master.]\n\n{p[1]}\n\n{p[2]}\n= Findings\n" + "\n\n".join(p[3:]),
        "The works of the coast", "Jon Moe and Ada Lorne", abstract, "Introduction", p[0] + "[1]", p[1], p[2], "Findings", *p[3:], "[1] Counted by the harbour master.",
    )
    p = t.paragraphs(2)
    rows = t.rows(9)
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    make(
        "typst-unruled",
        f"{p[0]}\n\n#table(columns: 4, stroke: none, align: (left, right, right, right), [], table.cell(colspan: 2)[2022], [2023], [Place], [Share], [Staff], [Sold], {cells})\n\n{p[1]}",
        p[0], "2022 2023", "Place Share Staff Sold", plain(rows), p[1],
    )
    make(
        "typst-powers",
        "The lake holds 4 × 10#super[9] litres, or 10#super[−3] of the sea. The depot of 812 m#super[2] had 4#h(0pt)12#super[3] workers in 1998#super[a]. "
        "CO#sub[2] and H#sub[2]SO#sub[4] were measured; the mass was $3.2 times 10^6$ kg.\n\n#line(length: 30%)\n#text(8pt)[#super[3] Without apprentices.]\n\n#text(8pt)[#super[a] Estimated.]",
        "The lake holds 4 × 10⁹ litres, or 10⁻³ of the sea. The depot of 812 m² had 412 [3] workers in 1998 [a]. CO₂ and H₂SO₄ were measured; the mass was 3.2 × 10⁶ kg.",
        "[3] Without apprentices. [a] Estimated.",
    )
    p = t.paragraphs(6)
    make(
        "typst-margin",
        "#set page(margin: (left: 6.5cm, rest: 2cm))\n#set par(justify: true)\n" + "\n\n".join(
            f"#place(dx: -5.2cm, box(width: 4.4cm, text(7.5pt)[{note}]))\n{text}" for note, text in zip(["First built in stone.", "See the map of 1910, sheet four, in the hall.", "The records are lost.", "Now a hotel.", "Drawn by Ivo Grau.", "Sold."], p)),
        "First built in stone. See the map of 1910, sheet four, in the hall. The records are lost. Now a hotel. Drawn by Ivo Grau. Sold.", *p,
    )
    rows = t.rows(12)
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    make(
        "typst-landscape",
        f"#set page(flipped: true, header: [Annual account], footer: context [Page #counter(page).display()])\n= Sales by place\n#table(columns: (1fr, 1fr, 1fr, 1fr), inset: 6pt, [*Place*], [*Share*], [*Staff*], [*Sold*], {cells})\nAll figures are final.",
        "Sales by place", "Place Share Staff Sold", plain(rows), "All figures are final.",
    )
    p = t.paragraphs(2)
    rows = t.rows(6)
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    make(
        "typst-sideways",
        f"{p[0]}\n\n#rotate(-90deg, reflow: true)[#table(columns: 4, [Place], [Share], [Staff], [Sold], {cells})]\n\n{p[1]}",
        p[0], "Place Share Staff Sold", plain(rows), p[1],
    )
    p = t.paragraphs(4, 2)
    make(
        "typst-headline",
        f"#align(center)[#text(22pt, tracking: 2pt)[HARBOUR TIMES]]\n#grid(columns: (1fr, 1fr, 1fr), gutter: 12pt, [== Rink opens\n{p[0]}], [== Depot burns\n{p[1]}], [== Fish hall sold\n{p[2]}])\n#line(length: 100%)\n{p[3]}",
        "HARBOUR TIMES", "Rink opens", p[0], "Depot burns", p[1], "Fish hall sold", p[2], p[3],
    )
    make(
        "typst-terms",
        "= Data sheet\n#grid(columns: (auto, auto), column-gutter: 18pt, row-gutter: 8pt, [Maker:], [Orvane Works], [Weight:], [8,2 kg], [Power:], [1 450 W], [Voltage:], [230 V], [Warranty:], [24 months from the date of sale, except for wearing parts])",
        "Data sheet", "Maker: Orvane Works Weight: 8,2 kg Power: 1 450 W Voltage: 230 V Warranty: 24 months from the date of sale, except for wearing parts",
    )


# --- LaTeX ------------------------------------------------------------------------------------------------------------


def with_latex(out):
    def make(name, source, *seen):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.tex").write_text(source, encoding="utf-8")
            for _ in range(2):
                run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=folder)
            shutil.copy(Path(folder, "a.pdf"), out.pdf(name))
        out.seen(name, *seen)

    t = Words(12)
    p = t.paragraphs(10)
    make(
        "latex-article",
        "\\documentclass[twocolumn]{article}\\usepackage[utf8]{inputenc}\\begin{document}\\title{Traffic and the coast}\\author{Helena Marsh}\\date{May 2021}\\maketitle\n"
        f"\\section{{Offices}}\n{p[0]}\\footnote{{As filed in the difficult year.}}\n\n{p[1]}\n\n{p[2]}\n\\section{{Effects}}\n" + "\n\n".join(p[3:]) + "\\end{document}",
        "Traffic and the coast", "Helena Marsh", "May 2021", "1 Offices", p[0] + "[1]", p[1], p[2], "2 Effects", *p[3:], "[1] As filed in the difficult year.",
    )
    p = t.paragraphs(2)
    rows = t.rows(8)
    body = " \\\\\n".join(" & ".join(row) for row in rows)
    make(
        "latex-booktabs",
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\begin{document}\n"
        f"{p[0]}\n\n\\begin{{table}}[h]\\centering\\caption{{Sales in thousands}}\\begin{{tabular}}{{lrrr}}\\toprule & \\multicolumn{{2}}{{c}}{{2022}} & 2023 \\\\\\cmidrule{{2-3}} Place & Share & Staff & Sold \\\\\\midrule\n{body} \\\\\\bottomrule\\end{{tabular}}\\end{{table}}\n\n{p[1]}\n\\end{{document}}",
        p[0], "Table 1: Sales in thousands", "2022 2023", "Place Share Staff Sold", plain(rows), p[1], "1",
    )
    make(
        "latex-marks",
        "\\documentclass{article}\\begin{document}The depot employs 410\\footnote{In 2019.} people on 900~m\\textsuperscript{2}, and counted $10^{6}$ cells of CO$_2$ in $2^{10}$ trials.\n\n"
        "The efficient office of the staff offers flour, waffles and five fjords; the ruffian shuffled off.\n\\end{document}",
        "The depot employs 410 [1] people on 900 m², and counted 10⁶ cells of CO₂ in 2¹⁰ trials.",
        "The efficient office of the staff offers flour, waffles and five fjords; the ruffian shuffled off.", "[1] In 2019.", "1",
    )
    names = [(f"{work.title()}", at * 7 + 3) for at, work in enumerate(WORKS)]
    make(
        "latex-leaders",
        "\\documentclass{article}\\pagestyle{empty}\\begin{document}\\noindent\\textbf{Prices of the day}\\\\[6pt]\n" + "".join(f"\\noindent {name} \\dotfill\\ {price},50\\par\n" for name, price in names) + "\\end{document}",
        "Prices of the day", "\n".join(f"{name} {price},50" for name, price in names),
    )
    items = [t.sentence() for _ in range(6)]
    make(
        "latex-clauses",
        "\\documentclass{article}\\begin{document}\\begin{enumerate}" + f"\\item {items[0]}\\begin{{enumerate}}\\item {items[1]}\\item {items[2]}\\begin{{enumerate}}\\item {items[3]}\\end{{enumerate}}\\end{{enumerate}}\\item {items[4]}\\end{{enumerate}}"
        f"\\begin{{description}}\\item[Lessor] {items[5]}\\end{{description}}\\end{{document}}",
        f"1. {items[0]} (a) {items[1]} (b) {items[2]} i. {items[3]} 2. {items[4]} Lessor {items[5]}", "1",
    )
    cell = [t.sentence() for _ in range(4)]
    make(
        "latex-longcells",
        "\\documentclass{article}\\begin{document}\\noindent\\begin{tabular}{p{3cm}p{5cm}r}\nPlace & Remark & Cost \\\\\n" + "".join(f"{PLACES[at]} & {cell[at]} & {at + 3}1,20 \\\\\n" for at in range(4)) + "\\end{tabular}\\end{document}",
        "Place Remark Cost", "\n".join(f"{PLACES[at]} {cell[at]} {at + 3}1,20" for at in range(4)), "1",
    )


# --- groff ------------------------------------------------------------------------------------------------------------


def with_groff(out):
    def make(name, source, *seen, options=("-ms", "-t"), device="pdf"):
        made = run(["groff", f"-T{device}", "-Kutf8", *options], input=source.encode("utf-8"))
        if device == "ps":
            made = run(["ps2pdf", "-", "-"], input=made)
        out.pdf(name).write_bytes(made)
        out.seen(name, *seen)

    t = Words(13)
    p = t.paragraphs(10)
    make(
        "groff-columns",
        ".TL\nA survey of the works\n.AU\nIvo Grau\n.2C\n" + "".join(f".PP\n{text}\n" for text in p),
        "A survey of the works", "Ivo Grau", *p,
    )
    p = t.paragraphs(2)
    rows = t.rows(8)
    table = ".TS\nl r r r.\nPlace\tShare\tStaff\tSold\n" + "\n".join("\t".join(row) for row in rows) + "\n.TE\n"
    make("groff-table", f".PP\n{p[0]}\n{table}.PP\n{p[1]}\n", p[0], "Place Share Staff Sold", plain(rows), p[1])
    make(
        "groff-manual",
        ".TH TERN 1 2020-05-01 \"tern 2.1\"\n.SH NAME\ntern \\- count the ferries\n.SH SYNOPSIS\n.B tern\n[\n.B \\-n\n.I number\n]\n.SH OPTIONS\n.TP\n.B \\-n \\fInumber\\fR\nStops after 40 ferries.\n.TP\n.B \\-\\-very\\-long\\-option\nReads the list of 1998.\n.SH BUGS\nIt counts at most 65,535 ferries.\n",
        "TERN(1) General Commands Manual TERN(1)", "NAME tern - count the ferries", "SYNOPSIS tern [ -n number ]", "OPTIONS -n number Stops after 40 ferries. --very-long-option Reads the list of 1998.", "BUGS It counts at most 65,535 ferries.",
        "tern 2.1 2020-05-01 1",
        options=("-man",),
    )
    p = t.paragraphs(8, 5)
    make(
        "groff-ghostscript",
        ".nr PS 11\n" + "".join(f".LP\n{text}\n" for text in p[:7]) + f".LP\n{p[7]}\\**\n.FS\nFrom the minutes of the board.\n.FE\n",
        *p[:7], p[7] + " [1]", "[1] From the minutes of the board.",
        device="ps",
    )
    bold = t.sentence()
    make(
        "groff-overstrike",
        f".LP\n.bd R 3\n{bold}\n.bd R\n.LP\n{(last := t.sentence())}\n",
        bold, last, device="ps",
    )


# --- HTML, for Chromium and WeasyPrint --------------------------------------------------------------------------------


def document(style, body):
    return f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Account</title><style>body{{font:11pt/1.4 serif}}{style}</style></head><body>{body}</body></html>"


def html_rows(rows, tag="td"):
    return "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>" for row in rows)


def paragraphs_of(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def html_layouts():
    t = Words(14)
    p = t.paragraphs(7)
    yield (
        "dropcap",
        ".first{float:left;display:block;font-size:44pt;line-height:34pt;padding-right:4pt} main{columns:2;text-align:justify}",
        f"<h1>The rink</h1><main><p><span class=first>{p[0][0]}</span>{p[0][1:]}</p>{paragraphs_of(p[1:])}</main>",
        ["The rink", *p],
    )
    head = ["Place", "Share", "Staff", "Sold"]
    left, right = t.rows(5), t.rows(5)
    p = t.paragraphs(2)
    yield (
        "pairs",
        ".two{display:flex;gap:40px} td,th{padding:2px 8px;text-align:right} td:first-child{text-align:left}",
        f"<p>{p[0]}</p><div class=two><table>{html_rows([head], 'th')}{html_rows(left)}</table></div><p>{p[1]}</p><table>{html_rows([head], 'th')}{html_rows(right)}</table>",
        [p[0], plain([head]), plain(left), p[1], plain([head]), plain(right)],
    )
    lines = [("Ice time, 12 hours", "12", "35,00 €", "420,00 €"), ("Skates, hire", "40", "4,50 €", "180,00 €"), ("Cleaning of the hall after the fair", "1", "95,00 €", "95,00 €")]
    yield (
        "invoice",
        "header{display:flex;justify-content:space-between} .to{margin:30px 0} table{width:100%;border-collapse:collapse} th{text-align:left;border-bottom:1px solid} td+td,th+th{text-align:right} .sum{display:flex;justify-content:space-between;width:50%;margin-left:auto}",
        "<header><div>Orvane Works<br>7 Quay Street<br>4471 Lonsby</div><div style='text-align:right'>Invoice 2023-118<br>5 May 2023</div></header><div class=to>Marwick School<br>12 Orchard Lane<br>4480 Marwick</div>"
        f"<table>{html_rows([['Item', 'Number', 'Price', 'Amount']], 'th')}{html_rows(lines)}</table><div class=sum><span>Net</span><span>695,00 €</span></div><div class=sum><span>Tax 19 %</span><span>132,05 €</span></div><div class=sum><b>Total</b><b>827,05 €</b></div><p>Payable within 30 days.</p>",
        ["Orvane Works 7 Quay Street 4471 Lonsby", "Invoice 2023-118 5 May 2023", "Marwick School 12 Orchard Lane 4480 Marwick", "Item Number Price Amount", plain(lines), "Net 695,00 € Tax 19 % 132,05 € Total 827,05 €", "Payable within 30 days."],
    )
    p = t.paragraphs(6)
    aside = t.paragraph(2)
    yield (
        "sidebar",
        "main{margin-right:58mm} aside{position:absolute;right:0;top:40px;width:50mm;background:#eee;padding:6px;font:9pt sans-serif;box-sizing:border-box}",
        f"<h1>The depot in figures</h1><main>{paragraphs_of(p)}</main><aside>{aside}</aside>",
        ["The depot in figures", *p, aside],
    )
    p = t.paragraphs(3)
    yield (
        "unseen",
        ".a{display:none} .b{visibility:hidden} .c{color:#fff} .d{position:absolute;left:-9999px} .e{font-size:0} .f{opacity:0}",
        f"<p>{p[0]}</p>" + "".join(f"<p class={name}>Ignore the rink of {9000 + at}.</p>" for at, name in enumerate("abcdef")) + f"<p>{p[1]}</p>",
        [p[0], p[1]],
    )
    yield (
        "edits",
        "del{text-decoration:line-through} ins{text-decoration:none}",
        "<p>The rent is 900 euros a month and the fee is 35 euros.</p><p>Brask has 4,312<sup>2</sup> people on 5 km<sup>2</sup>; water is H<sub>2</sub>O; 10<sup>−6</sup> of it is salt.</p>",
        ["The rent is 900 euros a month and the fee is 35 euros.", "Brask has 4,312 [2] people on 5 km²; water is H₂O; 10⁻⁶ of it is salt."],
    )
    p = t.paragraphs(2)
    heads = "<tr><th rowspan=2>Place<th colspan=2>2022<th colspan=2>2023</tr><tr><th>Staff<th>Cost<th>Staff<th>Cost</tr>"
    rows = [[PLACES[at], str(40 + at), f"{at + 1},5", str(50 + at), f"{at + 2},7"] for at in range(6)]
    yield (
        "twoheads",
        "td,th{padding:3px 14px;text-align:right}",
        f"<p>{p[0]}</p><table>{heads}{html_rows(rows)}</table><p>{p[1]}</p>",
        [p[0], "Place 2022 2023 Staff Cost Staff Cost", plain(rows), p[1]],
    )


def with_weasyprint(out):
    import weasyprint

    def make(name, style, body, seen, **options):
        weasyprint.HTML(string=document("@page{size:A4;margin:20mm}" + style, body)).write_pdf(out.pdf(name), **options)
        out.seen(name, *seen)

    for name, style, body, seen in html_layouts():
        make(f"weasy-{name}", style, body, seen)
    t = Words(15)
    p = t.paragraphs(20)
    quote = "Not a single visitor complained."
    make(
        "weasy-magazine",
        "@page{@bottom-left{content:'The Coast, issue 4'} @bottom-right{content:counter(page)}} main{columns:3;text-align:justify;hyphens:auto;font-size:9pt} blockquote{font-size:15pt;margin:8pt 0}",
        f"<h1>Twenty works</h1><main>{paragraphs_of(p[:7])}<blockquote>{quote}</blockquote>{paragraphs_of(p[7:])}</main>",
        ["Twenty works", *p[:7], quote, *p[7:]],
    )
    p = t.paragraphs(18, 5)
    make(
        "weasy-footer",
        "@page{@top-left{content:'Report of the board'} @bottom-center{content:'Page ' counter(page) ' of ' counter(pages)}} p{text-align:justify} .n{float:footnote;font-size:8pt}",
        paragraphs_of(p[:2]) + f"<p>{p[2]}</p>" + paragraphs_of(p[3:]),
        p,
    )
    make(
        "weasy-form",
        "input,select,textarea{width:60mm;border:1px solid} td{padding:2mm}",
        "<h1>Application</h1><form><table><tr><td>Family name<td>&nbsp;<input name=a value='Lorne'></tr><tr><td>Year of birth<td>&nbsp;<input name=b value='1987'></tr>"
        "<tr><td>Town<td>&nbsp;<select name=c><option value=Aldby>Aldby<option value=Hexton selected>Hexton</select></tr><tr><td>Reason<td>&nbsp;<textarea name=d>To rent the fish hall for 3 days.</textarea></tr></table></form>",
        ["Application", "Family name Lorne", "Year of birth 1987", "Town Hexton", "Reason To rent the fish hall for 3 days."],
        pdf_forms=True,
    )
    rows = t.rows(20)
    make(
        "weasy-turned",
        "@page{size:A4 landscape} td,th{padding:2px 30px;text-align:right}",
        f"<h1>Sales</h1><table>{html_rows([['Place', 'Share', 'Staff', 'Sold']], 'th')}{html_rows(rows)}</table>",
        ["Sales", "Place Share Staff Sold", plain(rows)],
    )
    if shutil.which("qpdf"):
        for turn in (90, 180, 270):
            name = f"weasy-turned{turn}"
            run(["qpdf", f"--rotate=+{turn}", out.pdf("weasy-turned"), out.pdf(name)])
            out.seen(name, "Sales", "Place Share Staff Sold", plain(rows))


def with_chromium(out):
    program = shutil.which("chromium")
    if program is None:
        print("chromium is not installed: its files are left out")
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, style, body, seen in html_layouts():
            source = Path(folder, f"{name}.html")
            source.write_text(document(style, body), encoding="utf-8")
            plain_page = [] if name == "dropcap" else ["--no-pdf-header-footer"]
            run([program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", *plain_page, f"--print-to-pdf={out.pdf('chromium-' + name)}", source.as_uri()])
            out.seen(f"chromium-{name}", *seen)


# --- LibreOffice ------------------------------------------------------------------------------------------------------


def with_libreoffice(out):
    program = shutil.which("soffice")
    if program is None:
        print("soffice is not installed: its files are left out")
        return
    import docx
    import openpyxl
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    t = Words(16)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)

        def columns(section, count):
            made = OxmlElement("w:cols")
            made.set(qn("w:num"), str(count))
            made.set(qn("w:space"), "400")
            section._sectPr.append(made)

        made = docx.Document()
        p = t.paragraphs(10)
        made.sections[0].header.paragraphs[0].text = "Report of the harbour board"
        made.sections[0].footer.paragraphs[0].text = "Confidential until 2030"
        made.add_heading("Works of the coast", 1)
        made.add_paragraph(p[0])
        columns(made.add_section(WD_SECTION.CONTINUOUS), 2)
        for text in p[1:9]:
            made.add_paragraph(text).alignment = 3
        columns(made.add_section(WD_SECTION.CONTINUOUS), 1)
        made.add_paragraph(p[9])
        made.save(folder / "office-report.docx")
        out.seen("office-report", "Works of the coast", *p)

        made = docx.Document()
        p = t.paragraphs(3)
        made.add_paragraph(p[0])
        rows = t.rows(7)
        table = made.add_table(rows=2, cols=4)
        table.cell(0, 1).merge(table.cell(0, 2)).text = "2022"
        table.cell(0, 3).text = "2023"
        for at, name in enumerate(["Place", "Share", "Staff", "Sold"]):
            table.cell(1, at).text = name
        for row in rows:
            for cell, value in zip(table.add_row().cells, row):
                cell.text = value
        made.add_paragraph(p[1])
        wide = made.add_section(WD_SECTION.NEW_PAGE)
        wide.orientation = WD_ORIENT.LANDSCAPE
        wide.page_width, wide.page_height = wide.page_height, wide.page_width
        marked = made.add_paragraph("The hall has 412")
        marked.add_run("3").font.superscript = True
        marked.add_run(" seats, 10")
        marked.add_run("6").font.superscript = True
        marked.add_run(" tiles and CO")
        marked.add_run("2").font.subscript = True
        marked.add_run(" meters. The rent is ")
        marked.add_run("900").font.strike = True
        marked.add_run(" 950 euros.")
        made.add_paragraph(p[2])
        made.save(folder / "office-tables.docx")
        out.seen("office-tables", p[0], "2022 2023", "Place Share Staff Sold", plain(rows), p[1], "The hall has 412 [3] seats, 10⁶ tiles and CO₂ meters. The rent is 950 euros.", p[2])

        book = openpyxl.Workbook()
        sheet = book.active
        rows = t.rows(30)
        sheet.append(["Sales of the works", None, None, None])
        sheet.append(["Place", "Share", "Staff", "Sold"])
        for row in rows:
            sheet.append([row[0], row[1], int(row[2]), int(row[3].replace(" ", ""))])
        sheet.page_setup.orientation = "landscape"
        book.save(folder / "office-sheet.xlsx")
        out.seen("office-sheet", "Sales of the works", "Place Share Staff Sold", plain([[*row[:3], row[3].replace(" ", "")] for row in rows]))

        p = t.paragraphs(4)
        fodt = (
            '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
            '<office:automatic-styles><style:style style:name="D" style:family="paragraph"><style:paragraph-properties fo:text-align="justify"><style:drop-cap style:lines="3" style:distance="0.1cm" style:length="1"/></style:paragraph-properties></style:style></office:automatic-styles>'
            f'<office:body><office:text><text:p text:style-name="D">{p[0]}</text:p><text:p text:style-name="D">{p[1]}<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Measured in the spring of 1921.</text:p></text:note-body></text:note></text:p><text:p>{p[2]}</text:p><text:p>{p[3]}</text:p></office:text></office:body></office:document>'
        )
        (folder / "office-dropcap.fodt").write_text(fodt, encoding="utf-8")
        out.seen("office-dropcap", p[0], p[1] + " [1]", p[2], p[3], "[1] Measured in the spring of 1921.")

        if shutil.which("pandoc"):
            p = t.paragraphs(2)
            rows = t.rows(5)
            table = "| Place | Share | Staff | Sold |\n|:--|--:|--:|--:|\n" + "\n".join("| " + " | ".join(row) + " |" for row in rows)
            source = f"# Account\n\n{p[0]} It cost 410[^n] crowns.\n\n{table}\n\nTable: Sales by place\n\n- first of 3 parts\n- second of 3 parts\n\n> {p[1]}\n\n[^n]: Before tax.\n"
            run(["pandoc", "-f", "markdown", "-o", str(folder / "office-pandoc.odt")], input=source.encode("utf-8"))
            out.seen("office-pandoc", "Account", f"{p[0]} It cost 410 [1] crowns.", "Sales by place", "Place Share Staff Sold", plain(rows), "first of 3 parts second of 3 parts", p[1], "[1] Before tax.", "1")
        files = sorted(str(path) for path in folder.iterdir())
        run([program, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf", "--outdir", str(out.folder), *files])


# --- Python's own makers ----------------------------------------------------------------------------------------------


def with_reportlab(out):
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, SimpleDocTemplate, Table

    t = Words(17)
    style = ParagraphStyle("j", parent=getSampleStyleSheet()["BodyText"], alignment=TA_JUSTIFY)
    p, rows = t.paragraphs(3), t.rows(10)
    SimpleDocTemplate(str(out.pdf("platypus-table")), pagesize=A4).build([Paragraph(p[0], style), Table([["Place", "Share", "Staff", "Sold"], *rows]), Paragraph(p[1], style), Paragraph(p[2], style)])
    out.seen("platypus-table", p[0], "Place Share Staff Sold", plain(rows), p[1], p[2])

    p = t.paragraphs(12)
    frames = [Frame(50, 60, 240, 720), Frame(305, 60, 240, 720)]

    def foot(canvas, _):
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(297, 30, f"Orvane Works | {canvas.getPageNumber()}")

    made = BaseDocTemplate(str(out.pdf("platypus-columns")), pagesize=A4, pageTemplates=[PageTemplate(frames=frames, onPage=foot)])
    made.build([Paragraph(text, style) for text in p])
    out.seen("platypus-columns", *p, "Orvane Works | 1")

    c = Canvas(str(out.pdf("canvas-bold")), pagesize=A4)
    lines = [t.sentence()[:80] for _ in range(5)]
    for at, line in enumerate(lines):
        for shift in (0, 0.25, 0.5):
            c.setFont("Helvetica", 11)
            c.drawString(70 + shift, 760 - at * 18, line)
    c.save()
    out.seen("canvas-bold", *lines)

    c = Canvas(str(out.pdf("canvas-turned")), pagesize=A4)
    p, rows = t.paragraphs(1), t.rows(14)
    c.setPageRotation(90)
    c.translate(595, 0)
    c.rotate(90)
    c.setFont("Helvetica", 10)
    c.drawString(60, 540, "Sales of the works by place")
    for at, row in enumerate([["Place", "Share", "Staff", "Sold"], *rows]):
        c.drawString(60, 510 - at * 18, row[0])
        for column, cell in enumerate(row[1:]):
            c.drawRightString(320 + 150 * column, 510 - at * 18, cell)
    c.save()
    out.seen("canvas-turned", "Sales of the works by place", "Place Share Staff Sold", plain(rows))

    c = Canvas(str(out.pdf("canvas-form")), pagesize=A4)
    fields = [("First name", "Helena"), ("Family name", "Marsh"), ("Date of birth", "7 March 1961"), ("Members of the household", "4")]
    c.setFont("Helvetica", 9)
    for at, (label, value) in enumerate(fields):
        x, y = 60 + 250 * (at % 2), 740 - 60 * (at // 2)
        c.drawString(x, y, label)
        c.acroForm.textfield(name=f"f{at}", value=value, x=x, y=y - 24, width=200, height=18, fontSize=10)
    c.drawString(60, 600, "The hall is heated")
    c.acroForm.checkbox(name="heated", checked=True, x=180, y=596)
    c.drawString(60, 570, "I declare that all of it is true.")
    c.save()
    out.seen("canvas-form", *[f"{label} {value}" for label, value in fields], "The hall is heated", "I declare that all of it is true.")

    c = Canvas(str(out.pdf("canvas-tight")), pagesize=A4)
    lines = [t.sentence()[:90] for _ in range(6)]
    for at, line in enumerate(lines):
        x = 60.0
        c.setFont("Times-Roman", 10)
        for word in line.split():  # Words apart by a move alone, closer than a space is wide.
            c.drawString(x, 740 - at * 15, word)
            x += c.stringWidth(word, "Times-Roman", 10) + 1.6
    c.save()
    out.seen("canvas-tight", *lines)


def with_fpdf(out):
    from fpdf import FPDF

    t = Words(18)
    p, rows = t.paragraphs(4), t.rows(9)
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    made.multi_cell(0, 6, p[0], align="J", new_x="LMARGIN", new_y="NEXT")
    with made.table(borders_layout="NONE", width=150, text_align=("LEFT", "RIGHT", "RIGHT", "RIGHT")) as table:
        for row in [["Place", "Share", "Staff", "Sold"], *rows]:
            table.row(row)
    made.multi_cell(0, 6, p[1], align="J")
    made.output(str(out.pdf("fpdf-table")))
    out.seen("fpdf-table", p[0], "Place Share Staff Sold", plain(rows), p[1])
    p = t.paragraphs(9)
    made = FPDF(orientation="landscape")
    made.add_page()
    made.set_font("Times", size=10)
    with made.text_columns(ncols=3, gutter=8, text_align="J") as columns:
        for text in p:
            columns.write(text)
            columns.ln()
            columns.ln()
    made.output(str(out.pdf("fpdf-columns")))
    out.seen("fpdf-columns", *p)


PANGO = """
import gi, sys, json
gi.require_version("Pango", "1.0"); gi.require_version("PangoCairo", "1.0")
from gi.repository import Pango, PangoCairo
import cairo
path, blocks = sys.argv[1], json.loads(sys.argv[2])
surface = cairo.PDFSurface(path, 595, 842)
context = cairo.Context(surface)
for block in blocks:
    layout = PangoCairo.create_layout(context)
    layout.set_font_description(Pango.FontDescription(block["font"]))
    layout.set_width(int(block["width"] * Pango.SCALE))
    layout.set_justify(block.get("justify", False))
    layout.set_alignment(getattr(Pango.Alignment, block.get("align", "LEFT")))
    layout.set_markup(block["text"], -1)
    context.move_to(block["x"], block["y"])
    PangoCairo.show_layout(context, layout)
surface.finish()
"""


def with_pango(out):
    import json

    python = "/usr/bin/python3"
    probe = "import gi, cairo; gi.require_version('PangoCairo', '1.0')"
    if subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode != 0:
        print("pango is not installed: its files are left out")
        return

    def make(name, blocks, *seen):
        run([python, "-c", PANGO, str(out.pdf(name)), json.dumps(blocks)])
        out.seen(name, *seen)

    t = Words(19)
    p = t.paragraphs(4, 4)
    make("pango-justified", [{"text": "\n\n".join(p), "font": "Liberation Serif 10", "x": 60, "y": 60, "width": 300, "justify": True}], *p)
    p = t.paragraphs(3, 4)
    make(
        "pango-columns",
        [
            {"text": f"<b>{'The rink of the coast'}</b>", "font": "DejaVu Sans 18", "x": 50, "y": 40, "width": 495, "align": "CENTER"},
            *[{"text": text, "font": "DejaVu Serif 8", "x": 50 + 170 * at, "y": 90, "width": 155, "justify": True} for at, text in enumerate(p)],
        ],
        "The rink of the coast", *p,
    )
    make(
        "pango-marks",
        [{"text": "The park has 31<sup>4</sup> towers, each of 10<sup>5</sup> kg, and 12 m<sup>2</sup> of CO<sub>2</sub> filters. <s>900</s> 950 people work there.\n\n<small><sup>4</sup> At the end of 2022.</small>", "font": "Liberation Serif 12", "x": 60, "y": 60, "width": 400}],
        "The park has 31 [4] towers, each of 10⁵ kg, and 12 m² of CO₂ filters. 950 people work there.", "[4] At the end of 2022.",
    )
    address = "Ivo Grau\n9 Mill Row\n4471 Lonsby"
    date = "Lonsby, 3 June 2022"
    body = t.paragraph(4)
    make(
        "pango-letter",
        [
            {"text": "Harbour Office\n1 Quay Street\nPhone 555 0142", "font": "Liberation Sans 9", "x": 400, "y": 50, "width": 150},
            {"text": address, "font": "Liberation Serif 11", "x": 60, "y": 110, "width": 250},
            {"text": date, "font": "Liberation Serif 11", "x": 60, "y": 200, "width": 480, "align": "RIGHT"},
            {"text": "Dear Mr Grau,\n\n" + body + "\n\nYours faithfully,\nHelena Marsh", "font": "Liberation Serif 11", "x": 60, "y": 240, "width": 480},
        ],
        "Harbour Office 1 Quay Street Phone 555 0142", address, date, "Dear Mr Grau,", body, "Yours faithfully, Helena Marsh",
    )


def main():
    out = Out(sys.argv[1])
    for maker in (with_typst, with_latex, with_groff, with_weasyprint, with_chromium, with_libreoffice, with_reportlab, with_fpdf, with_pango):
        try:
            maker(out)
        except (ImportError, FileNotFoundError) as missing:
            print(f"{maker.__name__}: {missing}: left out")
    print(f"{out.made} PDFs")


if __name__ == "__main__":
    main()
