"""The command line: results on stdout, everything else on stderr, faults as one plain line.

What a command needs is imported when it runs, so that ``--help`` and ``serve`` do not wait for
what they never use.
"""

from annotator.cli import codebooks, corpus, documents, labels, models, project
from annotator.cli.group import main

__all__ = ["codebooks", "corpus", "documents", "labels", "main", "models", "project"]
