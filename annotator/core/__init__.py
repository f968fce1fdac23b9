"""The nouns of the tool: frozen, typed, and without any input or output."""
