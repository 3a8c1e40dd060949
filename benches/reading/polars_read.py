"""Reads the four files of a cohort with polars and does nothing else.

    python polars_read.py COHORT date|string keep|drop

`date` parses dates, `string` leaves them as text; `keep` holds all four frames to the end, `drop` lets each go once it is read.
"""

import sys
from pathlib import Path

import polars as pl

cohort, dates, frames = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
day = {"date": pl.Date, "string": pl.String}[dates]
text, number = pl.String, pl.Float64
schemas = {
    "patients": {"patient_id": text, "age": number, "sex": text, "baseline_pain": number},
    "programs": {"patient_id": text, "program_start": day, "program_end": day, "prescribed_per_week": number},
    "sessions": {"patient_id": text, "date": day, "phase": text, "minutes": number, "completed": text},
    "pain": {"patient_id": text, "date": day, "pain": number},
}
kept = []
for name, schema in schemas.items():
    # Dirty cells become null: without ignore_errors the first one ends the run.
    frame = pl.read_csv(cohort / f"{name}.csv", schema=schema, ignore_errors=True)
    print(name, frame.height)
    if {"keep": True, "drop": False}[frames]:
        kept.append(frame)
    del frame
