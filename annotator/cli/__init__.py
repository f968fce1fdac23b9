"""The command line: results on stdout, everything else on stderr, faults as one plain line.

What a command needs is imported when it runs, so that ``--help`` and ``serve`` do not wait for
what they never use.
"""

from annotator.cli import (
    analysis,
    anchoring,
    codebooks,
    copies,
    corpus,
    documents,
    evaluating,
    find,
    labels,
    models,
    plans,
    policy,
    project,
    ranking,
    register,
    replay,
    speakers,
    stopping,
    suggesting,
    vectors,
)
from annotator.cli.group import main

__all__ = [
    "analysis",
    "anchoring",
    "codebooks",
    "copies",
    "corpus",
    "documents",
    "evaluating",
    "find",
    "labels",
    "main",
    "models",
    "plans",
    "policy",
    "project",
    "ranking",
    "register",
    "replay",
    "speakers",
    "stopping",
    "suggesting",
    "vectors",
]
