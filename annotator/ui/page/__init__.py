"""One module per page, each with one public ``render(project, coder)``."""
