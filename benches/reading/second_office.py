"""Second readers of office documents: Python's python-docx, openpyxl, xlrd, python-pptx, odfpy, ebooklib and striprtf."""


def by_docx(path):
    import docx
    from docx.table import Table

    def blocks(part):
        for block in part.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    seen = set()
                    for cell in row.cells:
                        if cell._tc not in seen:
                            seen.add(cell._tc)
                            yield from blocks(cell)
            else:
                yield block.text

    return "\n".join(blocks(docx.Document(path)))


def by_openpyxl(path):
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    rows = (row for sheet in shown for row in sheet.iter_rows(values_only=True))
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)


def by_xlrd(path):
    import xlrd

    book = xlrd.open_workbook(path)
    rows = (sheet.row_values(at) for sheet in book.sheets() for at in range(sheet.nrows))
    plain = lambda cell: str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return "\n".join(" ".join(plain(cell) for cell in row) for row in rows)


def by_pptx(path):
    import pptx

    def texts(shapes):
        for shape in shapes:
            if shape.shape_type == 6:
                yield from texts(shape.shapes)
            elif shape.has_text_frame:
                yield shape.text_frame.text
            elif getattr(shape, "has_table", False) and shape.has_table:
                yield from (" ".join(cell.text for cell in row.cells) for row in shape.table.rows)

    said = []
    for slide in pptx.Presentation(path).slides:
        said += texts(slide.shapes)
        if slide.has_notes_slide:
            said.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(said)


def by_odfpy(path):
    from odf import opendocument, teletype, text

    document = opendocument.load(path)
    blocks = (node for node in all_nodes(document.body) if node.qname in (text.P().qname, text.H(outlinelevel=1).qname))
    return "\n".join(teletype.extractText(node) for node in blocks)


def all_nodes(node):
    for child in node.childNodes:
        if child.nodeType == 1:
            yield child
            yield from all_nodes(child)


def by_ebooklib(path):
    import ebooklib
    import lxml.html
    from ebooklib import epub

    book = epub.read_epub(path)
    pages = (book.get_item_with_id(name) for name, _ in book.spine)
    pages = (page for page in pages if page and page.get_type() == ebooklib.ITEM_DOCUMENT)
    return "\n".join(" ".join(lxml.html.document_fromstring(page.get_body_content()).itertext()) for page in pages)


def by_striprtf(path):
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(path.read_text(encoding="ascii", errors="replace")).replace("|", " ")


READERS = {
    ".docx": ("python-docx", by_docx),
    ".xlsx": ("openpyxl", by_openpyxl),
    ".xls": ("xlrd", by_xlrd),
    ".pptx": ("python-pptx", by_pptx),
    ".odt": ("odfpy", by_odfpy),
    ".ods": ("odfpy", by_odfpy),
    ".odp": ("odfpy", by_odfpy),
    ".epub": ("ebooklib", by_ebooklib),
    ".rtf": ("striprtf", by_striprtf),
}
