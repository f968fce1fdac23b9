"""The pages and the desk: they draw, and know nothing that a command would need too."""
