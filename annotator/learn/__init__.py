"""The maths: arrays and tables in, arrays and tables out; no store, no pages, no clock."""
