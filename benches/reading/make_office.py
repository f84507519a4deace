#!/usr/bin/env python3
"""Makes office documents with the libraries that programs use, and beside each the words that a person sees in it (NAME.seen).

    make_office.py FOLDER
"""

import datetime
import io
import sys
import zipfile

import docx
import openpyxl
import pptx
import xlsxwriter
import xlwt
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from ebooklib import epub
from make import Maker
from odf import dc, office, opendocument, style, table, text
from odf.draw import Frame, Page, TextBox
from odf.presentation import Notes
from pptx.util import Inches

HEAD = ["Year", "Town", "Visitors", "Ticket"]


class Office(Maker):
    def save(self, name, document, seen):
        out = io.BytesIO()
        document.save(out)
        self.write(name, out.getvalue(), seen if isinstance(seen, str) else "\n".join(map(str, seen)))

    def table(self, count):
        return [[str(cell) for cell in row] for row in [HEAD, *self.rows(count)]]


def flat(rows):
    return "\n".join(" ".join(map(str, row)) for row in rows)


def add_table(document, rows, look="Table Grid"):
    made = document.add_table(rows=len(rows), cols=len(rows[0]), style=look)
    for row, line in zip(rows, made.rows):
        for words, cell in zip(row, line.cells):
            cell.text = words
    return made


def word(make):
    for at, count in enumerate((5, 40, 400)):
        document, said = docx.Document(), []
        for number, sentence in enumerate(make.sentences(count)):
            if number % 10 == 0:
                said.append(f"Chapter {number // 10 + 1}")
                document.add_heading(said[-1], level=1)
            said.append(sentence)
            document.add_paragraph(sentence, style="List Bullet" if number % 7 == 3 else None)
        make.save(f"prose{at}.docx", document, said)

    document, said = docx.Document(), []
    for number in range(4):
        rows = make.table(6 + number)
        said += [f"Visitors, part {number}", flat(rows), "That is all."]
        document.add_heading(said[-3], level=2)
        add_table(document, rows, ["Table Grid", "Light Shading", "Normal Table", "Medium List 1"][number])
        document.add_paragraph(said[-1])
    make.save("tables.docx", document, said)

    document = docx.Document()
    made = add_table(document, [["", "2019", "2020"], ["North", "12", "14"], ["", "9", "8"], ["South", "40", "41"]])
    made.cell(1, 0).merge(made.cell(2, 0))
    made.cell(0, 1).merge(made.cell(0, 2))
    # A merged cell holds for each of its rows.
    make.save("merged.docx", document, "2019 2020 North 12 14 North 9 8 South 40 41")

    document = docx.Document()
    line = document.add_paragraph("Made of ")
    for words, look in [("many ", "bold"), ("small ", "italic"), ("pieces", "underline")]:
        setattr(line.add_run(words), look, True)
    line.add_run(".")
    line = document.add_paragraph("Area 12 km")
    line.add_run("2").font.superscript = True
    line.add_run(" and CO")
    line.add_run("2").font.subscript = True
    line = document.add_paragraph("First line")
    line.add_run().add_break(WD_BREAK.LINE)
    line.add_run("second line")
    line.add_run().add_break(WD_BREAK.PAGE)
    line.add_run("\tafter a page")
    gone = document.add_paragraph("Price ").add_run("unseen")
    gone.font.hidden = True
    make.save("looks.docx", document, "Made of many small pieces . Area 12 km² and CO₂ First line second line after a page Price")

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "County report"
    document.sections[0].footer.paragraphs[0].text = "Kell office"
    said = make.sentences(8)
    for sentence in said:
        document.add_paragraph(sentence)
    run = document.paragraphs[2].runs[0]
    document.add_comment([run], text="I doubt that.", author="Ann Lee", initials="AL")
    make.save("edges.docx", document, [*said, "County report", "Kell office", "Comment by Ann Lee: I doubt that."])

    document = docx.Document()
    line = document.add_paragraph("The fee is ")
    for kind, words, tag in [("w:del", "30", "w:delText"), ("w:ins", "45", "w:t")]:
        change, run, part = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(tag)
        change.set(qn("w:author"), "Ann Lee")
        change.set(qn("w:id"), "7")
        part.text = words
        run.append(part)
        change.append(run)
        line._p.append(change)
    line.add_run(" euros.")
    make.save("changes.docx", document, "The fee is 45 euros.")

    document = docx.Document()
    outer = document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "Left column of the page, which says much."
    inner = outer.cell(0, 1).add_table(rows=2, cols=2)
    for at, words in enumerate(["Mill", "Tonnes", "Upper", "410"]):
        inner.cell(at // 2, at % 2).text = words
    make.save("nested.docx", document, "Left column of the page, which says much. Mill Tonnes Upper 410")


def sheets(make):
    rows = list(make.rows(60))
    book = openpyxl.Workbook()
    book.active.title = "Visitors"
    for row in [HEAD, *[[row[0], row[1], row[2], float(row[3])] for row in rows]]:
        book.active.append(row)
    for line in book.active.iter_rows(min_row=2, min_col=4, max_col=4):
        line[0].number_format = "0.00"
    for line in book.active.iter_rows(min_row=2, min_col=3, max_col=3):
        line[0].number_format = "#,##0"
    seen = flat([[row[0], row[1], f"{row[2]:,}", f"{float(row[3]):.2f}"] for row in rows])
    make.save("formats.xlsx", book, "Visitors " + " ".join(HEAD) + "\n" + seen)

    book = openpyxl.Workbook()
    for number in range(3):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = f"Part {'ABC'[number]}"
        for row in make.table(9):
            sheet.append(row)
        if number == 2:
            sheet.sheet_state = "hidden"
    make.save("many.xlsx", book, [sheet.title + "\n" + flat(list(sheet.values)) for sheet in book.worksheets[:2]])

    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"], sheet["B4"], sheet["C4"] = "Budget of the mill", "Item", "Cost"
    for at, (item, cost) in enumerate([("Stone", 4312.5), ("Sack", 96), ("Total", None)]):
        sheet.cell(5 + at, 2, item)
        sheet.cell(5 + at, 3, cost).number_format = '"£"#,##0.00'
    sheet.merge_cells("B2:C2")
    sheet.row_dimensions[6].hidden = True
    sheet["C5"].comment = openpyxl.comments.Comment("I paid 4,000.", "Ann Lee")
    make.save("sparse.xlsx", book, "Budget of the mill Item Cost Stone £4,312.50 Total Comment by Ann Lee: I paid 4,000.")

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Money")
    looks = [book.add_format({"num_format": look}) for look in ("0%", "yyyy-mm-dd", "[$€-407] #,##0.00", "#,##0;(#,##0)", "0.0E+00", "General")]
    sheet.write_row(0, 0, ["Share", "Day", "Price", "Change", "Size", "Plain"])
    for at in range(1, 9):
        for column, value in enumerate([at / 8, 43830 + at, at * 1234.5, -1000 * at, at * 1.5e7, at / 3]):
            sheet.write_number(at, column, value, looks[column])
    sheet.write_formula(10, 0, "=1+1", None, 2)
    sheet.write_rich_string(11, 0, "two ", looks[5], "looks")
    sheet.write_boolean(12, 0, True)
    book.close()
    day = datetime.date(2019, 12, 31)
    seen = [f"{round(at / 8 * 100 + 1e-9)}% {day + datetime.timedelta(at)} € {at * 1234.5:,.2f} ({1000 * at:,}) {at * 1.5e7:.1E} {round(at / 3, 10 if at < 3 else 9)}" for at in range(1, 9)]
    make.write("money.xlsx", out.getvalue(), "Money Share Day Price Change Size Plain\n" + "\n".join(seen) + "\n2 two looks TRUE")

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("Long")
    lines = [HEAD, *make.rows(20_000)]
    for at, row in enumerate(lines):
        sheet.write_row(at, 0, row)
    book.close()
    make.write("long.xlsx", out.getvalue(), "Long " + flat(lines))

    for name, count in [("old.xls", 30), ("old-long.xls", 3_000)]:
        book = xlwt.Workbook()
        sheet = book.add_sheet("Visitors")
        rows = [HEAD, *make.rows(count)]
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
        make.save(name, book, "Visitors " + flat(rows))
    book = xlwt.Workbook()
    sheet = book.add_sheet("Formats")
    for at, (value, look) in enumerate([(0.25, "0%"), (datetime.date(2020, 1, 1), "YYYY-MM-DD"), (4312.5, "#,##0.00"), ("Größe", "General")]):
        sheet.write(0, at, f"head {at}")
        sheet.write(1, at, value, xlwt.easyxf(num_format_str=look))
    make.save("old-formats.xls", book, "Formats head 0 head 1 head 2 head 3 25% 2020-01-01 4,312.50 Größe")


def slides(make):
    for name, count in [("talk.pptx", 4), ("long.pptx", 60)]:
        show, said = pptx.Presentation(), []
        for number in range(count):
            slide = show.slides.add_slide(show.slide_layouts[1])
            lines = make.sentences(3)
            slide.shapes.title.text = f"Point {number + 1}"
            slide.placeholders[1].text = "\n".join(lines)
            said += [f"Point {number + 1}", *lines]
            if number % 3 == 1:
                slide.notes_slide.notes_text_frame.text = "Say why."
                said.append("Say why.")
        make.save(name, show, said)
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Figures"
    rows = make.table(5)
    made = slide.shapes.add_table(len(rows), 4, Inches(1), Inches(2), Inches(6), Inches(3)).table
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            made.cell(at, column).text = words
    box = slide.shapes.add_textbox(Inches(1), Inches(6), Inches(4), Inches(1))
    box.text_frame.text = "Source: the county."
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(6), Inches(4), Inches(1)).text_frame.text = "In a group."
    make.save("figures.pptx", show, ["Figures", flat(rows), "Source: the county.", "In a group."])


def open_documents(make):
    document, said = opendocument.OpenDocumentText(), []
    for sentence in make.sentences(30):
        document.text.addElement(text.P(text=sentence))
        said.append(sentence)
    rows = make.table(7)
    made = table.Table(name="T")
    for row in rows:
        line = table.TableRow()
        for words in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=words))
            line.addElement(cell)
        made.addElement(line)
    document.text.addElement(made)
    note = office.Annotation()
    note.addElement(dc.Creator(text="Ann Lee"))
    note.addElement(text.P(text="I doubt that."))
    last = text.P(text="The end.")
    last.addElement(note)
    document.text.addElement(last)
    make.save("text.odt", document, [*said, flat(rows), "The end.", "Comment by Ann Lee: I doubt that."])

    document = opendocument.OpenDocumentSpreadsheet()
    said = []
    for name in ("North", "South"):
        made = table.Table(name=name)
        rows = make.table(12)
        said.append(name + "\n" + flat(rows))
        for row in rows:
            line = table.TableRow()
            for words in row:
                cell = table.TableCell(valuetype="string")
                cell.addElement(text.P(text=words))
                line.addElement(cell)
            made.addElement(line)
        document.spreadsheet.addElement(made)
    make.save("sheets.ods", document, said)

    document, said = opendocument.OpenDocumentPresentation(), []
    layout = style.PageLayout(name="L")
    document.automaticstyles.addElement(layout)
    master = style.MasterPage(name="M", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    for number, sentence in enumerate(make.sentences(4)):
        page = Page(masterpagename=master)
        for words in (f"Point {number + 1}", sentence):
            frame, box = Frame(width="10cm", height="2cm"), TextBox()
            box.addElement(text.P(text=words))
            frame.addElement(box)
            page.addElement(frame)
            said.append(words)
        notes, frame, box = Notes(), Frame(width="10cm", height="2cm"), TextBox()
        box.addElement(text.P(text="Say why."))
        frame.addElement(box)
        notes.addElement(frame)
        page.addElement(notes)
        said.append("Say why.")
        document.presentation.addElement(page)
    make.save("talk.odp", document, said)


def books(make):
    book, said = epub.EpubBook(), []
    book.set_title("The mills")
    book.set_language("en")
    chapters = []
    for number in range(5):
        lines = make.sentences(12)
        chapter = epub.EpubHtml(title=f"Part {number + 1}", file_name=f"part{number}.xhtml")
        chapter.content = f"<h1>Part {number + 1}</h1>" + "".join(f"<p>{line}</p>" for line in lines)
        book.add_item(chapter)
        chapters.append(chapter)
        said += [f"Part {number + 1}", *lines]
    book.toc = chapters
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", *chapters]
    out = io.BytesIO()
    epub.write_epub(out, book)
    make.write("mills.epub", out.getvalue(), "\n".join(said))


def rich_text(make):
    said = make.sentences(20)
    body = "".join(f"{{\\pard {line.replace('£', chr(92) + chr(39) + 'a3')}\\par}}\n" for line in said)
    make.write("prose.rtf", "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Times;}}\n" + body + "}", "\n".join(said), "ascii")
    rows = make.table(8)
    lines = "".join("\\trowd\\cellx1\\cellx2\\cellx3\\cellx4\\pard\\intbl " + "".join(f"{cell}\\cell " for cell in row) + "\\row\n" for row in rows)
    make.write("table.rtf", "{\\rtf1\\ansi {\\pard\\b Visitors\\b0\\par}\n" + lines + "{\\pard The end.\\par}}", f"Visitors\n{flat(rows)}\nThe end.", "ascii")


def other_programs(make):
    """The same words as an office document under another name, and in an archive of another order."""
    document = docx.Document()
    said = make.sentences(3)
    for sentence in said:
        document.add_paragraph(sentence)
    out = io.BytesIO()
    document.save(out)
    old, new = zipfile.ZipFile(out), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as archive:
        for name in reversed(old.namelist()):
            archive.writestr(name, old.read(name))
    make.write("stored.docx", new.getvalue(), "\n".join(said))


if __name__ == "__main__":
    make = Office(sys.argv[1])
    for kind in (word, sheets, slides, open_documents, books, rich_text, other_programs):
        kind(make)
    print(f"{make.count} office files")
