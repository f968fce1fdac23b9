"""Who says what in a text: quotation marks, reporting clauses, and the people behind them."""
