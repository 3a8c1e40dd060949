"""Makes the files beside it with programs that are not staywell: openpyxl, xlwt, odfpy, pyarrow, gzip.

    python -m venv venv && venv/bin/pip install openpyxl xlwt odfpy pyarrow && venv/bin/python make.py
"""
import datetime as dt
import gzip
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HERE = Path(__file__).parent
SESSIONS = [("P1", dt.date(2024, 1, 1), "strengthening", "done", 30), ("P2", dt.date(2024, 1, 2), "maintenance", "missed", None)]
PAIN = [("P1", dt.date(2024, 1, 1), 6.5), ("P1", dt.date(2024, 1, 8), 4), ("P2", dt.date(2024, 1, 2), 5)]


def rows(sheet, header, data):
    sheet.append(header)
    for row in data:
        sheet.append(row)


def workbook(name, mac):
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    rows(book.active, ["patient_id", "date", "phase", "status", "minutes"], SESSIONS)
    book.active.title = "Sessions"
    rows(book.create_sheet("Schmerzen"), ["patient_id", "date", "pain"], PAIN)
    book.create_sheet("Notes").append(["made by hand"])
    book.save(HERE / name)


def odd_cells():
    """Everything a pain sheet of a clinic has in it. Column A of row 1 is a title; the header stands in row 3."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Diary"
    sheet["A1"] = "Pain diary, ward 3"
    for column, name in enumerate(["Patient", "Day\n(logged)", "NRS", "Lasted 24h", "Remark"], start=1):
        sheet.cell(3, column, name)
    cells = [
        (1, dt.date(2024, 1, 31), 6.5, True, None),  # row 4: padded id, real date
        (2, dt.datetime(2024, 1, 31, 23, 59), 0.1 + 0.2, False, "late"),  # row 5: date and time, rounding
        ("P3", "31.01.2024", "7,5", "ja", "text"),  # row 6: text date, text number with comma
        ("P3", "13.02.2024", 4, None, None),  # row 7: settles the order of the text dates
        None,  # row 8: empty
        ("P4", dt.date(2024, 2, 1), "=1/0", None, None),  # row 9: an error, put in below
        ("P4", dt.date(2024, 2, 2), "=NA()", None, None),  # row 10: not available
        ("P4", dt.time(8, 30), 3, None, None),  # row 11: a time alone
        ("P4", dt.timedelta(hours=36), 3, None, None),  # row 12: a duration
        ("P4", dt.date(2024, 2, 3), 0.5, None, None),  # row 13: shown as 50 %
        ("P5", dt.date(2024, 2, 4), "=2+3", None, None),  # row 14: a formula with its last result
        (None, dt.date(2024, 2, 5), 5, None, None),  # row 15: merged with the cell above
        ("#REF!", dt.date(2024, 2, 6), 5, None, None),  # row 16: an error where the patient should be
    ]
    for line, row in enumerate(cells, start=4):
        for column, value in enumerate(row or (), start=1):
            cell = sheet.cell(line, column, value)
            if column == 1 and isinstance(value, int):
                cell.number_format = "0000"
    sheet["C13"].number_format = "0%"
    sheet["G6"] = "checked by the nurse"
    sheet.merge_cells("A14:A15")
    sheet.row_dimensions[7].hidden = True
    path = HERE / "odd_cells.xlsx"
    book.save(path)
    # openpyxl writes formulas without results; a spreadsheet program writes both.
    with zipfile.ZipFile(path) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    sheet_xml = parts["xl/worksheets/sheet1.xml"].decode()
    for before, after in [
        ('<c r="C9"><f>1/0</f><v /></c>', '<c r="C9" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
        ('<c r="C10"><f>NA()</f><v /></c>', '<c r="C10" t="e"><f>NA()</f><v>#N/A</v></c>'),
        ('<c r="C14"><f>2+3</f><v /></c>', '<c r="C14"><f>2+3</f><v>5</v></c>'),
    ]:
        if before not in sheet_xml:
            before = before.replace("<v />", "<v></v>")
        assert before in sheet_xml, before
        sheet_xml = sheet_xml.replace(before, after)
    parts["xl/worksheets/sheet1.xml"] = sheet_xml.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in parts.items():
            packed.writestr(part, content)


def old_xls():
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    for name, header, data in [("Exercises", ["patient_id", "date", "phase", "status", "minutes"], SESSIONS), ("Pain", ["patient_id", "date", "pain"], PAIN)]:
        sheet = book.add_sheet(name)
        for column, title in enumerate(header):
            sheet.write(0, column, title)
        for line, row in enumerate(data, start=1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(line, column, value, day) if isinstance(value, dt.date) else sheet.write(line, column, value)
    book.save(HERE / "clinic.xls")


def open_document():
    book = OpenDocumentSpreadsheet()
    for name, header, data in [("Sessions", ["patient_id", "date", "phase", "status", "minutes"], SESSIONS), ("Pain", ["patient_id", "date", "pain"], PAIN)]:
        table = Table(name=name)
        for row in [header, *data]:
            line = TableRow()
            for value in row:
                if isinstance(value, dt.date):
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                elif isinstance(value, (int, float)):
                    cell = TableCell(valuetype="float", value=str(value))
                elif value is None:
                    cell = TableCell()
                else:
                    cell = TableCell(valuetype="string")
                    cell.addElement(P(text=value))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(HERE / "clinic.ods"))


def parquet():
    plain = pa.table({
        "patient_id": pa.array([row[0] for row in PAIN]).dictionary_encode(),
        "date": pa.array([row[1] for row in PAIN], pa.date32()),
        "pain": pa.array([row[2] for row in PAIN], pa.float32()),
    })
    for codec in ["none", "snappy", "gzip", "zstd"]:
        pq.write_table(plain, HERE / f"pain_{codec}.parquet", compression=codec)
    odd = pa.table({
        "patient_id": pa.array([1, 2, None, 4], pa.int16()),
        "date": pa.array([dt.datetime(2024, 1, 31), dt.datetime(2024, 1, 31, 9, 10), dt.datetime(2024, 2, 1), None], pa.timestamp("ns")),
        "pain": pa.array([Decimal("6.50"), Decimal("0.25"), Decimal("3"), Decimal("4")], pa.decimal128(5, 2)),
        "lasted_24h": pa.array([True, None, False, True]),
        "seen": pa.array([dt.datetime(2024, 2, 1, 23, 30)] * 4, pa.timestamp("us", tz="UTC")),
        "sites": pa.array([["knee"], [], None, ["hip", "back"]], pa.list_(pa.string())),
    })
    pq.write_table(odd, HERE / "odd_columns.parquet", row_group_size=3)


def packed():
    text = "patient_id,date,pain\n" + "".join(f"{p},{d},{s}\n" for p, d, s in PAIN)
    first, second = text[:40].encode(), text[40:].encode()
    (HERE / "pain_parts.csv.gz").write_bytes(gzip.compress(first, mtime=0) + gzip.compress(second, mtime=0))


workbook("clinic.xlsx", mac=False)
workbook("clinic_1904.xlsx", mac=True)
odd_cells()
old_xls()
open_document()
parquet()
packed()
