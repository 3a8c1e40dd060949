"""Draws the pictures of docs/data.md: a foreign file on the left, the rows staywell makes of it on the right.

    python docs/pictures/draw.py          # writes the SVG files beside this script

Only the standard library is needed. Cells of one meaning have one color on both sides.
"""

import pathlib
from xml.sax.saxutils import escape

# Meaning -> fill of its cells. Light enough for black text (contrast above 12:1).
FILL = {"patient": "#cfe3f5", "date": "#fde3c0", "value": "#cdebd2", "rest": "#ffffff", "left": "#ececec"}
LEGEND = [("patient", "who"), ("date", "when"), ("value", "what"), ("left", "not read into this log")]
FONT = "font-family='ui-monospace, Menlo, Consolas, monospace' font-size='13'"
SANS = "font-family='system-ui, Segoe UI, Helvetica, Arial, sans-serif'"
ROW, PAD, CHAR = 24, 8, 7.9


def widths(table):
    return [max(len(row[i][0]) if i < len(row) else 0 for row in table) * CHAR + 2 * PAD for i in range(max(map(len, table)))]


def draw_table(table, x, y, numbered=True):
    """A table of (text, meaning) cells, the first row being the header; returns (svg, width, height)."""
    out, sizes = [], widths(table)
    gutter = 30 if numbered else 0
    for r, row in enumerate(table):
        top = y + r * ROW
        if numbered:
            out.append(f"<text x='{x + gutter - 8}' y='{top + 16}' text-anchor='end' font-size='11' {SANS} fill='#767676'>{r + 1}</text>")
        left = x + gutter
        for i, size in enumerate(sizes):
            text, meaning = row[i] if i < len(row) else ("", "rest")
            weight = " font-weight='700'" if r == 0 else ""
            out.append(f"<rect x='{left:.1f}' y='{top}' width='{size:.1f}' height='{ROW}' fill='{FILL[meaning]}' stroke='#9a9a9a' stroke-width='0.7'/>")
            out.append(f"<text x='{left + PAD:.1f}' y='{top + 16}' {FONT}{weight} fill='#1a1a1a' xml:space='preserve'>{escape(text)}</text>")
            left += size
    return "".join(out), gutter + sum(sizes), len(table) * ROW


def cells(rows, meanings):
    """Rows of texts with one meaning per column."""
    return [[(text, meanings[i]) for i, text in enumerate(row)] for row in rows]


def picture(name, file, left, right_file, right, caption):
    head = 58
    svg_left, width_left, height_left = draw_table(left, 16, head)
    width_left = max(width_left, 30 + len(file) * 7.6)
    wide = width_left > 520
    x_right, y_right = (16, head + height_left + 64) if wide else (16 + width_left + 76, head)
    svg_right, width_right, height_right = draw_table(right, x_right, y_right)
    width = max(16 + width_left, x_right + width_right) + 16
    bottom = max(head + height_left, y_right + height_right)
    if wide:
        ax = 60
        arrow = f"<path d='M{ax} {head + height_left + 8} v18 m-6 -7 l6 8 l6 -8' fill='none' stroke='#444' stroke-width='2'/>"
    else:
        ay = head + ROW * 1.5
        arrow = f"<path d='M{16 + width_left + 20:.1f} {ay} h36 m-8 -6 l9 6 l-9 6' fill='none' stroke='#444' stroke-width='2'/>"
    labels = (f"<text x='46' y='{head - 10}' font-size='13' font-weight='600' {SANS} fill='#1a1a1a'>{escape(file)}</text>"
              f"<text x='{x_right + 30:.1f}' y='{y_right - 10}' font-size='13' font-weight='600' {SANS} fill='#1a1a1a'>{escape(right_file)}</text>")
    legend, lx = [], 46.0
    used = {meaning for table in (left, right) for row in table for _, meaning in row}
    for meaning, words in LEGEND:
        if meaning not in used:
            continue
        legend.append(f"<rect x='{lx:.1f}' y='12' width='13' height='13' fill='{FILL[meaning]}' stroke='#9a9a9a' stroke-width='0.7'/>"
                      f"<text x='{lx + 19:.1f}' y='23' font-size='12' {SANS} fill='#444'>{escape(words)}</text>")
        lx += 34 + len(words) * 6.6
    width = max(width, lx + 16)
    height = bottom + 16
    svg = (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' width='{width:.0f}' height='{height:.0f}' role='img' aria-label='{escape(caption, {chr(39): '&#39;'})}'>"
           f"<title>{escape(caption)}</title><rect width='100%' height='100%' fill='#ffffff'/>{''.join(legend)}{labels}{svg_left}{arrow}{svg_right}</svg>\n")
    pathlib.Path(__file__).with_name(name + ".svg").write_text(svg, encoding="utf-8")


PDV = ["patient", "date", "value"]
NATIVE = ["patient_id", "date", "pain"]

picture("european", "Schmerztagebuch.csv, separated by ;",
        cells([["Patienten-Nr", "Datum", "Schmerz", "Wetter"], ["17", "31.01.2026", "6,5", "Regen"], ["17", "01.02.2026", "5", ""], ["18", "01.02.2026", "-", "Sonne"]],
              PDV + ["left"]),
        "pain.csv", cells([NATIVE, ["17", "2026-01-31", "6.5"], ["17", "2026-02-01", "5"]], PDV),
        "A file with semicolons, a decimal comma and dates with the day first; 31 in the first place settles the order")

picture("per_patient", "diaries/P001.csv",
        cells([["date", "pain"], ["2026-01-05", "6"], ["2026-01-06", "5"]], ["date", "value"]),
        "pain.csv", cells([NATIVE, ["P001", "2026-01-05", "6"], ["P001", "2026-01-06", "5"]], PDV),
        "One file per patient: the patient's id comes from the file's name")

picture("parts", "log.csv",
        cells([["id", "year", "month", "day", "pain"], ["P001", "2026", "1", "5", "6"], ["", "", "", "6", "5"], ["", "", "2", "1", "4"]],
              ["patient", "date", "date", "date", "value"]),
        "pain.csv", cells([NATIVE, ["P001", "2026-01-05", "6"], ["P001", "2026-01-06", "5"], ["P001", "2026-02-01", "4"]], PDV),
        "A date in three columns, with blanks that repeat the cell above")

picture("excel", "clinic.xlsx, sheet \u201cPain\u201d",
        cells([["Patient", "Date", "NRS", "Therapist"], ["P001", "05/01/2026", "6", "AK"], ["P001", "06/01/2026", "5", "AK"], ["P002", "05/01/2026", "3.5", "BM"]], PDV + ["left"]),
        "pain.csv", cells([NATIVE, ["P001", "2026-01-05", "6"], ["P001", "2026-01-06", "5"], ["P002", "2026-01-05", "3.5"]], PDV),
        "A sheet of a workbook: Excel stores a date as a number, so its order of day and month is never in doubt")

picture("redcap", "DATA_2026-01-31.csv, exported from REDCap",
        cells([["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "sex", "diary_date", "pain_nrs"],
               ["1", "baseline_arm_1", "", "", "2", "", ""],
               ["1", "home_arm_1", "pain_diary", "1", "", "2026-01-05", "6"],
               ["1", "home_arm_1", "pain_diary", "2", "", "2026-01-06", "5"],
               ["2", "baseline_arm_1", "", "", "1", "", ""]],
              ["patient", "left", "left", "left", "left", "date", "value"]),
        "pain.csv (rows 2 and 5 belong to another instrument and count as filtered)",
        cells([NATIVE, ["1", "2026-01-05", "6"], ["1", "2026-01-06", "5"]], PDV),
        "A REDCap export: every instrument's rows in one file; a log takes the rows of its own instrument")

D = ["patient", "date", "value", "value", "value", "value"]
picture("wide_days", "diary.csv, one column a day",
        [[("id", "patient"), ("start", "date"), ("day1", "date"), ("day2", "date"), ("day3", "date"), ("day4", "date")]]
        + cells([["P001", "2026-01-05", "6", "5", "", "4"], ["P002", "2026-01-12", "3", "3", "2", ""]], D),
        "pain.csv", cells([NATIVE, ["P001", "2026-01-05", "6"], ["P001", "2026-01-06", "5"], ["P001", "2026-01-08", "4"], ["P002", "2026-01-12", "3"],
                           ["P002", "2026-01-13", "3"], ["P002", "2026-01-14", "2"]], PDV),
        "A wide table: one row a patient, one column a day; an empty cell means nothing was logged and makes no row")

picture("weekly", "sms.csv, days with pain in the last week",
        cells([["id", "enrolled", "week", "reply"], ["P001", "2026-01-05", "1", "4"], ["P001", "2026-01-05", "2", "3 days"], ["P001", "2026-01-05", "3", "STOP"]],
              ["patient", "date", "date", "value"]),
        "pain.csv (scale 0\u20137 days a week)", cells([NATIVE, ["P001", "2026-01-12", "4"], ["P001", "2026-01-19", "3"]], PDV),
        "Weekly text messages: days with pain in the last week, 0 to 7; STOP is not a number and is rejected")
