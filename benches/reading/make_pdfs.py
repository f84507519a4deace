"""Makes PDFs of the kinds that readers get wrong, with the text that a person sees beside each.

    make_pdfs.py FOLDER

Four programs make them, where they are there: reportlab, WeasyPrint, LibreOffice (`soffice`) and cairo (`python3-cairo`,
under the system's own Python). `NAME.pdf.seen` has the text of `NAME.pdf` in reading order, a paragraph a line, the cells of a
table parted by tabs. What is left out on purpose, such as running heads, is not in it.
"""

import random
import shutil
import subprocess
import sys
from pathlib import Path

SUBJECTS = "The mill|The weir|The old quarry|The ferry|The lighthouse|The tannery|The railway yard|The orchard|The brewery|The school at Lund|The paper works|The harbour office".split("|")
DEEDS = "was built in|was closed in|was sold in|was enlarged in|burned down in|was given to the town in|was repaired in|was measured again in".split("|")
TAILS = "after a long dispute with the neighbours|because the river had changed its bed|by the council of the valley|with money from two private lenders|and nobody has used it since|although the minutes say otherwise|and it employed forty people then|at a cost of nine thousand crowns|in the presence of the governor|for the third time in ten years".split("|")


class Text:
    """Sentences that are never the same twice, from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def sentence(self):
        pick = self.random.choice
        year = self.random.randint(1801, 1999)
        return f"{pick(SUBJECTS)} {pick(DEEDS)} {year} {pick(TAILS)}."

    def paragraph(self, sentences=4):
        return " ".join(self.sentence() for _ in range(sentences))

    def paragraphs(self, count, sentences=4):
        return [self.paragraph(sentences) for _ in range(count)]


class Out:
    """The folder that the files go into."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = []

    def pdf(self, name):
        return str(self.folder / f"{name}.pdf")

    def text(self, name, blocks):
        (self.folder / f"{name}.pdf.seen").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        self.made.append(name)


# --- HTML, for WeasyPrint and LibreOffice -----------------------------------------------------------------------------

STYLE = """
@page { size: A4; margin: 25mm }
body { font: 10.5pt/1.35 'Liberation Serif'; }
p { margin: 0 0 6pt } h1 { font-size: 16pt; margin: 0 0 8pt } table { border-collapse: collapse }
"""


def html(style, body):
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Account</title><style>{STYLE}{style}</style></head>"
        f"<body>{body}</body></html>"
    )


def paragraphs_html(paragraphs, attributes=""):
    return "".join(f"<p {attributes}>{paragraph}</p>" for paragraph in paragraphs)


def table_html(rows, attributes=""):
    head, body = rows[0], rows[1:]
    cells = lambda row, tag: "".join(f"<{tag}>{cell}</{tag}>" for cell in row)
    return (
        f"<table {attributes}><thead><tr>{cells(head, 'th')}</tr></thead><tbody>"
        + "".join(f"<tr>{cells(row, 'td')}</tr>" for row in body)
        + "</tbody></table>"
    )


FIGURES = [
    ["Town", "2019", "2020", "2021"],
    ["Lund", "1,204", "1,310", "1,288"],
    ["Holm", "845", "790", "812"],
    ["Vik", "2,030", "2,111", "2,240"],
    ["Total", "4,079", "4,211", "4,340"],
]
GOODS = [
    ["Item", "Weight (kg)", "Price"],
    ["Iron stove", "82.5", "1,450 kr"],
    ["Copper kettle", "3.1", "240 kr"],
    ["Oak chest", "41.0", "890 kr"],
]


def tabbed(rows):
    return "\n".join("\t".join(row) for row in rows)


def html_cases():
    """Name, style, body and the blocks of text that are seen."""
    cases = []
    t = Text(1)
    p = t.paragraphs(6)
    cases.append(("indent", "p { margin: 0; text-indent: 14pt }", paragraphs_html(p), p))
    p = t.paragraphs(6)
    cases.append(("justified", "p { text-align: justify }", paragraphs_html(p), p))
    p = t.paragraphs(5)
    cases.append(("hanging", "p { padding-left: 24pt; text-indent: -24pt }", paragraphs_html(p), p))
    p = t.paragraphs(3, 2)
    cases.append(("centred", "p { text-align: center }", paragraphs_html(p), p))
    p = t.paragraphs(4, 2)
    cases.append(("right", "p { text-align: right; margin-left: 40% }", paragraphs_html(p), p))
    p = t.paragraphs(8)
    cases.append(
        (
            "columns",
            "div { columns: 2; column-gap: 8mm; text-align: justify }",
            f"<h1>Two columns</h1><div>{paragraphs_html(p)}</div>",
            ["Two columns", *p],
        )
    )
    p = t.paragraphs(9)
    cases.append(
        (
            "threecolumns",
            "@page { size: A4 landscape } div { columns: 3; column-gap: 9mm; font-size: 9pt }",
            f"<h1>Three columns on a landscape page</h1><div>{paragraphs_html(p)}</div>",
            ["Three columns on a landscape page", *p],
        )
    )
    p = t.paragraphs(3)
    body = p[0].replace("forty people", "forty people<sup>1</sup>") + " It employs 410<sup>2</sup> people on 12 m<sup>2</sup>."
    seen = p[0].replace("forty people", "forty people[1]") + " It employs 410[2] people on 12 m²."
    chemistry = "The lab counted 10<sup>6</sup> cells and 3 % CO<sub>2</sub> in H<sub>2</sub>O."
    cases.append(
        (
            "scripts",
            "sup, sub { font-size: 65%; line-height: 0 }",
            f"<p>{body}</p><p>{chemistry}</p>{paragraphs_html(p[1:])}",
            [seen, "The lab counted 10⁶ cells and 3 % CO₂ in H₂O.", *p[1:]],
        )
    )
    p = t.paragraphs(2)
    cases.append(
        (
            "ruledtable",
            "td, th { border: 0.5pt solid black; padding: 2pt 6pt } td + td { text-align: right }",
            f"<p>{p[0]}</p>{table_html(FIGURES)}<p>{p[1]}</p>",
            [p[0], tabbed(FIGURES), p[1]],
        )
    )
    cases.append(
        (
            "plaintable",
            "td, th { padding: 2pt 18pt; text-align: left } td + td { text-align: right }",
            f"<p>{p[0]}</p>{table_html(GOODS)}<p>{p[1]}</p>",
            [p[0], tabbed(GOODS), p[1]],
        )
    )
    p = t.paragraphs(2)
    items = ["a pier of oak", "a shed for the coal", "a house for the keeper and for his two helpers"]
    cases.append(
        (
            "lists",
            "",
            f"<p>{p[0]}</p><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul><p>{p[1]}</p>",
            [p[0], "\n".join(f"• {item}" for item in items), p[1]],
        )
    )
    p = t.paragraphs(4)
    cases.append(("narrow", "body { width: 62mm } p { text-align: justify }", paragraphs_html(p), p))
    p = t.paragraphs(4)
    cases.append(("tiny", "body { font-size: 6pt } ", paragraphs_html(p), p))
    p = t.paragraphs(2, 2)
    cases.append(("large", "body { font-size: 24pt } ", paragraphs_html(p), p))
    return cases


def weasyprint_only():
    t = Text(2)
    cases = []
    p = t.paragraphs(26)
    head = "@page { @top-center { content: 'Account of the valley' } @bottom-right { content: 'Page ' counter(page) } }"
    cases.append(("running", head, paragraphs_html(p), p))
    p = t.paragraphs(5)
    cases.append(("hyphens", "p { hyphens: auto; text-align: justify } body { width: 70mm }", paragraphs_html(p), p))
    p = t.paragraphs(3)
    note = t.paragraph(2)
    side = "Written by the clerk of the valley on the eve of the fair."
    cases.append(
        (
            "sidenote",
            "aside { position: absolute; left: -2mm; width: 28mm; font-size: 7.5pt } div { margin-left: 34mm } main { position: relative }",
            f"<main><aside>{side}</aside><div>{paragraphs_html(p)}</div></main>",
            [side, *p],
        )
    )
    p = t.paragraphs(14)
    style = "p span.note { float: footnote; font-size: 8pt }"
    body = paragraphs_html(p[:1]) + f"<p>{p[1]}<span class=note>{note}</span></p>" + paragraphs_html(p[2:])
    cases.append(("footnote", style, body, None))
    p = t.paragraphs(2)
    cases.append(
        (
            "letterspaced",
            "h1 { letter-spacing: 3pt; font-weight: normal }",
            f"<h1>ACCOUNT OF THE VALLEY</h1>{paragraphs_html(p)}",
            ["ACCOUNT OF THE VALLEY", *p],
        )
    )
    p = t.paragraphs(2)
    cases.append(
        (
            "caption",
            "figure { margin: 6pt 0 } figcaption { font-size: 8.5pt; text-align: center }",
            f"<p>{p[0]}</p><figure><svg width=200 height=80><rect width=200 height=80 fill='gray'/></svg>"
            f"<figcaption>Figure 1. The weir in the spring of 1871.</figcaption></figure><p>{p[1]}</p>",
            [p[0], "Figure 1. The weir in the spring of 1871.", p[1]],
        )
    )
    p = t.paragraphs(1)
    wide = [["Year", "Boats", "Carts", "Toll in crowns"], *[[str(1860 + i), str(200 + 13 * i), str(90 + 7 * i), f"{1000 + 31 * i:,}"] for i in range(30)]]
    cases.append(("longtable", "td, th { border-bottom: 0.4pt solid gray; padding: 3pt 12pt; text-align: right }", f"<p>{p[0]}</p>{table_html(wide)}", [p[0], tabbed(wide)]))
    two = (
        "<table><thead><tr><th rowspan=2>Town<th colspan=2>Boats<th colspan=2>Carts</tr><tr><th>in<th>out<th>in<th>out</tr></thead>"
        "<tbody><tr><td>Lund<td>12<td>14<td>201<td>188</tr><tr><td>Holm<td>7<td>9<td>95<td>90</tr></tbody></table>"
    )
    cases.append(("twoheads", "td, th { border: 0.5pt solid black; padding: 3pt 9pt }", two, None))
    return cases


def make_weasyprint(out):
    import weasyprint

    for name, style, body, seen in html_cases() + weasyprint_only():
        name = f"weasyprint-{name}"
        weasyprint.HTML(string=html(style, body)).write_pdf(out.pdf(name))
        if seen is not None:
            out.text(name, seen)


def make_libreoffice(out):
    if shutil.which("soffice") is None:
        print("soffice is not there: its files are left out")
        return
    sources = out.folder / "libreoffice"
    sources.mkdir(exist_ok=True)
    skip = {"columns", "threecolumns", "hanging", "right", "narrow"}
    files = []
    for name, style, body, seen in html_cases():
        if name in skip:
            continue
        name = f"libreoffice-{name}"
        path = sources / f"{name}.html"
        path.write_text(html(style, body), encoding="utf-8")
        files.append(str(path))
        out.text(name, seen)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{sources.absolute()}/profile", "--infilter=HTML (StarWriter)", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(out.folder), *files],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(sources)


# --- reportlab: what only a program that places each string makes ----------------------------------------------------


def make_reportlab(out):
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    t = Text(3)
    width, height = A4

    def canvas(name, **options):
        return Canvas(out.pdf(f"reportlab-{name}"), pagesize=options.pop("pagesize", A4), **options)

    def wrapped(paragraph, font="Times-Roman", size=10.5, measure=440):
        return simpleSplit(paragraph, font, size, measure)

    def set_lines(c, lines, x, y, font="Times-Roman", size=10.5, leading=13):
        c.setFont(font, size)
        for line in lines:
            c.drawString(x, y, line)
            y -= leading
        return y

    def flowing(name, paragraphs, place, **options):
        c = canvas(name, **options)
        place(c, paragraphs)
        c.save()
        out.text(f"reportlab-{name}", paragraphs)

    def shuffled(c, paragraphs):
        pieces, y = [], 780
        for paragraph in paragraphs:
            for line in wrapped(paragraph):
                pieces.append((y, line))
                y -= 13
            y -= 7
        random.Random(4).shuffle(pieces)
        c.setFont("Times-Roman", 10.5)
        for y, line in pieces:
            c.drawString(70, y, line)

    flowing("shuffled", t.paragraphs(5), shuffled)

    def lettered(c, paragraphs):
        y = 780
        c.setFont("Helvetica", 10)
        for paragraph in paragraphs:
            for line in wrapped(paragraph, "Helvetica", 10):
                x = 70
                for letter in line:
                    if letter != " ":
                        c.drawString(x, y, letter)
                    x += c.stringWidth(letter, "Helvetica", 10)
                y -= 13
            y -= 7

    flowing("lettered", t.paragraphs(4), lettered)

    def overprinted(c, paragraphs):
        y = 780
        c.setFont("Times-Roman", 11)
        for paragraph in paragraphs:
            for line in wrapped(paragraph, size=11):
                for shift in (0, 0.25, 0.5):
                    c.drawString(70 + shift, y, line)
                y -= 14
            y -= 8

    flowing("overprinted", t.paragraphs(3), overprinted)

    def tight(c, paragraphs):
        y = 780
        for paragraph in paragraphs:
            for line in wrapped(paragraph, size=11, measure=400):
                text = c.beginText(70, y)
                text.setFont("Times-Roman", 11)
                text.setWordSpace(-1.2)
                text.textOut(line)
                c.drawText(text)
                y -= 14
            y -= 8

    flowing("tight", t.paragraphs(4), tight)

    for turn in (90, 180, 270):
        def turned(c, paragraphs, turn=turn):
            c.setPageRotation(turn)
            if turn == 90:
                c.translate(width, 0)
                c.rotate(90)
            elif turn == 180:
                c.translate(width, height)
                c.rotate(180)
            else:
                c.translate(0, height)
                c.rotate(-90)
            y = (height if turn == 180 else width) - 60
            for paragraph in paragraphs:
                y = set_lines(c, wrapped(paragraph, measure=520 if turn != 180 else 440), 60, y) - 7

        flowing(f"turned{turn}", t.paragraphs(4), turned)

        def plain_turn(c, paragraphs, turn=turn):
            c.setPageRotation(turn)
            y = 780
            for paragraph in paragraphs:
                y = set_lines(c, wrapped(paragraph), 70, y) - 7

        flowing(f"rotate{turn}", t.paragraphs(5), plain_turn)

    def apart(c, paragraphs):
        set_lines(c, wrapped(paragraphs[0], measure=260), 50, 500)
        set_lines(c, wrapped(paragraphs[1], measure=260), 520, 500)
        set_lines(c, wrapped(paragraphs[2], measure=700), 50, 200)

    flowing("landscape", t.paragraphs(3), apart, pagesize=landscape(A4))

    for indent in (4, 15, 40):
        for leading in (11, 12, 13, 15):
            def indented(c, paragraphs, indent=indent, leading=leading):
                y = 780
                for paragraph in paragraphs:
                    lines = simpleSplit(paragraph, "Times-Roman", 10, 440 - indent)
                    first, rest = lines[0], " ".join(lines[1:])
                    y = set_lines(c, [first], 70 + indent, y, size=10, leading=leading)
                    y = set_lines(c, simpleSplit(rest, "Times-Roman", 10, 440), 70, y, size=10, leading=leading)

            flowing(f"indent{indent}-leading{leading}", t.paragraphs(4), indented)

    def drop_cap(c, paragraphs):
        y = 780
        for paragraph in paragraphs:
            c.setFont("Times-Roman", 34)
            c.drawString(70, y - 17, paragraph[0])
            beside = simpleSplit(paragraph[1:], "Times-Roman", 11, 400)
            y = set_lines(c, beside[:2], 72 + c.stringWidth(paragraph[0], "Times-Roman", 34), y, size=11)
            y = set_lines(c, simpleSplit(" ".join(beside[2:]), "Times-Roman", 11, 420), 70, y, size=11) - 9

    flowing("dropcap", t.paragraphs(3), drop_cap)

    # Words that nobody sees.
    paragraph = t.paragraph()
    c = canvas("hidden")
    set_lines(c, wrapped(paragraph), 70, 780)
    c.setFillGray(1)
    c.drawString(70, 600, "White words on white paper.")
    c.setFillGray(0)
    text = c.beginText(70, 580)
    text.setFont("Times-Roman", 10)
    text.setTextRenderMode(3)
    text.textOut("Words in the mode without a mark.")
    text.setTextRenderMode(0)
    c.drawText(text)
    c.setFont("Times-Roman", 0.5)
    c.drawString(70, 560, "Words of half a point.")
    c.setFont("Times-Roman", 10)
    c.drawString(-400, 540, "Words beside the paper.")
    c.drawString(70, 520, "Words under a black bar.")
    c.rect(65, 515, 200, 16, fill=1, stroke=0)
    c.setFillGray(0.2)
    c.rect(65, 460, 300, 30, fill=1, stroke=0)
    c.setFillGray(1)
    c.drawString(70, 470, "White words on a dark ground are seen.")
    c.save()
    out.text("reportlab-hidden", [paragraph, "White words on a dark ground are seen."])

    # A form.
    c = canvas("form")
    set_lines(c, ["Name of the tenant:"], 70, 700)
    c.acroForm.textfield(name="name", value="Ada Lorne", x=190, y=694, width=200, height=20)
    set_lines(c, ["Monthly rent:"], 70, 660)
    c.acroForm.textfield(name="rent", value="900 crowns", x=190, y=654, width=200, height=20)
    c.save()
    out.text("reportlab-form", ["Name of the tenant: Ada Lorne", "Monthly rent: 900 crowns"])

    for strength in (40, 128, 256):
        try:
            paragraph = t.paragraph()
            c = canvas(f"encrypted{strength}", encrypt=StandardEncryption("", ownerPassword="o", strength=strength))
            set_lines(c, wrapped(paragraph), 70, 780)
            c.save()
            out.text(f"reportlab-encrypted{strength}", [paragraph])
        except Exception as error:  # An older reportlab has no strong ciphers.
            print(f"encryption of {strength} bits: {error}")

    # Five hundred pages, for the time it takes.
    c = canvas("pages500")
    blocks = []
    for _ in range(500):
        y = 780
        for paragraph in t.paragraphs(6, 6):
            y = set_lines(c, wrapped(paragraph), 70, y) - 7
            blocks.append(paragraph)
        c.showPage()
    c.save()
    out.text("reportlab-pages500", blocks)


# --- cairo, under the system's Python --------------------------------------------------------------------------------

CAIRO = """
import cairo, sys, json
path, lines, size, turned = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "1"
surface = cairo.PDFSurface(path, 842 if turned else 595, 595 if turned else 842)
context = cairo.Context(surface)
context.select_font_face("DejaVu Serif")
context.set_font_size(size)
y = 60
for line in lines:
    if line:
        context.move_to(60, y)
        context.show_text(line)
    y += size * 1.35
surface.finish()
"""


def make_cairo(out):
    import json
    import textwrap

    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import cairo"], capture_output=True).returncode != 0:
        print("cairo is not there: its files are left out")
        return
    t = Text(5)
    for name, size, width, turned in [("plain", 10, 74, False), ("small", 7, 100, False), ("landscape", 11, 100, True)]:
        paragraphs = t.paragraphs(4)
        lines = []
        for paragraph in paragraphs:
            lines += [*textwrap.wrap(paragraph, width), ""]
        arguments = [out.pdf(f"cairo-{name}"), json.dumps(lines), str(size), "1" if turned else "0"]
        subprocess.run([python, "-c", CAIRO, *arguments], check=True)
        out.text(f"cairo-{name}", paragraphs)
    words = ["The office sells fine flour and offers waffles.", "The fifth floor is flooded."]
    arguments = [out.pdf("cairo-ligatures"), json.dumps([w.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ") for w in words]), "10", "0"]
    subprocess.run([python, "-c", CAIRO, *arguments], check=True)
    out.text("cairo-ligatures", words)


def main():
    out = Out(sys.argv[1])
    make_reportlab(out)
    make_weasyprint(out)
    make_libreoffice(out)
    make_cairo(out)
    print(f"{len(out.made)} PDFs with their texts, and a few without, are in {out.folder}")


if __name__ == "__main__":
    main()
