"""The units leave whole, coded or not."""

from __future__ import annotations

import csv
import io

from annotator.exchange import units_csv
from annotator.store import tables

PROMISED = (
    "document_id,file,title,source,published,language,unit_id,unit_index,paragraph,part,start,end,"
    "text,voice,speaker,speaker_basis,speaker_mode,speaker_confidence,cluster_id,annotated"
)


def written(store):
    out = io.StringIO(newline="")
    units_csv.write(tables.units(store), out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))


def test_columns_stand_in_the_promised_order():
    assert ",".join(units_csv.COLUMNS) == PROMISED


def test_units_stand_in_the_order_of_import_and_say_whether_anybody_coded_them(toy, toy_units):
    told = [(row["unit_id"], row["annotated"]) for row in written(toy)]

    coded = {"talks0", "talks1", "talks2", "rain2"}
    assert told == [(id_, str(int(name in coded))) for name, id_ in toy_units.items()]


def test_text_is_the_slice_of_the_document_that_start_and_end_name(toy):
    texts = dict(toy.db.execute("select id, text from document"))

    for row in written(toy):
        assert texts[row["document_id"]][int(row["start"]) : int(row["end"])] == row["text"]
