#!/usr/bin/env python3
"""Makes PDFs of everyday papers, and the words that a person sees beside each: accounts, timetables, contracts in two languages.

    make_papers.py FOLDER
"""

import shutil
import sys
import tempfile
from pathlib import Path

from make_layouts import PLACES, WORKS, Out, Words, document, html_rows, plain, run


def with_typst(out):
    import typst

    def make(name, source, *seen):
        out.pdf(name).write_bytes(typst.compile(source.encode("utf-8")))
        out.seen(name, *seen)

    def cells(rows):
        return ", ".join(f"[{cell}]" for row in rows for cell in row)

    t = Words(21)
    rows = [
        ["02.01.", "Opening balance", "", "", "1.204,50"],
        ["05.01.", "Rent of the hall", "900,00", "", "304,50"],
        ["09.01.", "Ticket sales, week 1", "", "2.310,00", "2.614,50"],
        ["12.01.", "Cleaning", "95,20", "", "2.519,30"],
        ["15.01.", "Ticket sales, week 2", "", "1.870,40", "4.389,70"],
    ]
    make(
        "paper-account",
        f"= Statement of account\n#table(columns: (auto, 1fr, auto, auto, auto), stroke: none, align: (left, left, right, right, right), [Date], [Text], [Debit], [Credit], [Balance], {cells(rows)})",
        "Statement of account", "Date Text Debit Credit Balance", plain(rows),
    )
    life = [
        ("2019–2023", "Head of the music school at Estrum. Led 14 teachers and a budget of 900,000 euros."),
        ("2012–2019", "Teacher at Lonsby. Taught 60 pupils a week and founded the choir of the town, which won a prize in 2017."),
        ("2008–2012", "Student at the academy of Marwick."),
    ]
    make("paper-life", f"= Helena Marsh\n#grid(columns: (2.6cm, 1fr), row-gutter: 10pt, {cells(life)})", "Helena Marsh", plain(life))
    p = t.paragraphs(4)
    make(
        "paper-draft",
        '#set page(background: rotate(-40deg, text(70pt, fill: rgb("eeeeee"))[DRAFT]))\n#place(dx: -1.6cm, dy: 6cm, rotate(-90deg, reflow: true)[#text(8pt)[Register 2021/118, 4 May 2021]])\n' + "\n\n".join(p),
        *p, "Register 2021/118, 4 May 2021", "DRAFT",
    )
    terms = [
        ("Die Miete beträgt 900 Euro im Monat.", "The rent is 900 euros a month."),
        ("Sie ist im Voraus zu zahlen, spätestens am dritten Werktag.", "It is payable in advance, on the third working day at the latest."),
        ("Der Vertrag endet am 30. Juni 2031.", "The contract ends on 30 June 2031."),
    ]
    make("paper-languages", f"#table(columns: (1fr, 1fr), {cells(terms)})", plain(terms))
    entries = [f"{work} of {place}, {number}" for number, (work, place) in enumerate(((work, place) for work in WORKS[:5] for place in PLACES[:6]), 3)]
    make("paper-index", "#set page(columns: 3)\n" + "\n\n".join(entries), "\n".join(entries))
    rows = t.rows(80)
    make("paper-pages", f"#table(columns: 4, table.header([Place], [Share], [Staff], [Sold]), {cells(rows)})", "Place Share Staff Sold", plain(rows[:37]), plain(rows[37:]))


def with_latex(out):
    def make(name, source, *seen):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.tex").write_text(source, encoding="utf-8")
            run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"], cwd=folder)
            shutil.copy(Path(folder, "a.pdf"), out.pdf(name))
        out.seen(name, *seen)

    t = Words(22)
    works = [f"[{at + 1}] Lorne, A.: {t.sentence()[:-1]}. Harbour Press, {1990 + at}, pp. {at * 10 + 1}--{at * 10 + 9}." for at in range(6)]
    lines = "".join(f"\\noindent\\hangindent=1.5em\\hangafter=1 {work}\\par\\smallskip " for work in works)
    make("paper-references", f"\\documentclass[twocolumn]{{article}}\\begin{{document}}\\section*{{References}}{lines}\\end{{document}}", "References", *works, "1")
    p, rows = t.paragraphs(6), t.rows(5)
    table = "\\\\ ".join(" & ".join(row) for row in rows)
    make(
        "paper-spanning",
        f"\\documentclass[twocolumn]{{article}}\\begin{{document}}{p[0]}\n\n{p[1]}\n\n\\begin{{table*}}\\centering\\begin{{tabular}}{{|l|r|r|r|}}\\hline Place & Share & Sum & Sold\\\\\\hline {table}\\\\\\hline\\end{{tabular}}\\caption{{Sales in the year 2022.}}\\end{{table*}}" + "\n\n".join(p[2:]) + "\\end{document}",
        *p, "Place Share Sum Sold", plain(rows), "Table 1: Sales in the year 2022.",
    )


def with_chromium(out):
    program = shutil.which("chromium")
    if program is None:
        print("chromium is not installed: its files are left out")
        return

    def make(name, style, body, *seen):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "a.html")
            source.write_text(document(style, body), encoding="utf-8")
            run([program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={out.pdf(name)}", source.as_uri()])
        out.seen(name, *seen)

    t = Words(23)
    hours = [["Lonsby", "6:05", "7:05", "8:05", "9:05"], ["Marwick", "6:17", "7:17", "—", "9:17"], ["Estrum", "6:31", "7:31", "8:29", "9:31"]]
    make("paper-timetable", "td{padding:2px 10px;text-align:right} td:first-child{text-align:left}", f"<h2>Line 4, workdays</h2><table>{html_rows(hours)}</table><p>The 8:05 does not stop at Marwick.</p>", "Line 4, workdays", plain(hours), "The 8:05 does not stop at Marwick.")
    cards = [("1,200 visitors a week", "Ice rink"), ("31 trams", "Depot"), ("14 stalls", "Fish hall")]
    boxes = "".join(f"<div><b>{figure}</b>{place}</div>" for figure, place in cards)
    make("paper-cards", ".g{display:grid;grid-template-columns:1fr 1fr 1fr;gap:20px} .g div{border:1px solid;padding:10px} b{font-size:20pt;display:block}", f"<h2>In figures</h2><div class=g>{boxes}</div>", "In figures", plain(cards))
    p = t.paragraphs(4)
    make(
        "paper-aside",
        "blockquote{margin:20px 60px;font-style:italic} .note{float:right;width:180px;margin:0 0 10px 20px;border:1px solid;padding:8px;font-size:9pt}",
        f"<div class=note>The rink was closed for 2 years.</div><p>{p[0]}</p><p>{p[1]}</p><blockquote>{p[2]}</blockquote><p>{p[3]}</p>",
        "The rink was closed for 2 years.", *p,
    )
    talk = [("Board", "Who owns the hall?"), ("Marsh", "The town, since 1931."), ("Board", "What did it cost?"), ("Marsh", "It cost 340,000 crowns, of which the region paid half.")]
    terms = "".join(f"<dt>{who}<dd>{what}" for who, what in talk)
    make("paper-interview", "dt{float:left;clear:left;width:80px;font-weight:bold} dd{margin-left:100px;margin-bottom:8px}", f"<dl>{terms}</dl>", plain(talk))


def main():
    out = Out(sys.argv[1])
    for maker in (with_typst, with_latex, with_chromium):
        try:
            maker(out)
        except (ImportError, FileNotFoundError) as missing:
            print(f"{maker.__name__}: {missing}: left out")
    print(f"{out.made} PDFs")


if __name__ == "__main__":
    main()
