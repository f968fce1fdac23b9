"""What a project holds and what it lacks, in the words of ``annotator status``."""

from __future__ import annotations

from typing import Any

from annotator.core.counting import counted
from annotator.store import catalogue, events, jobs, tables
from annotator.workflow import analysing, suggesting
from annotator.workflow.projects import Project


def status(project: Project) -> dict[str, Any]:
    """The counts and warnings of a project, with the keys that ``status --json`` promises."""
    store = project.store
    scheme = project.scheme
    return tables.totals(store) | {
        "events": events.count(store),
        "coders": tables.coders(store),
        "codebook": ", ".join(codebook.name for codebook in scheme.codebooks),
        "codebook_version": ", ".join(codebook.version for codebook in scheme.codebooks),
        "model_id": jobs.model_id(store),
        "warnings": _warnings(project),
    }


def _warnings(project: Project) -> list[str]:
    found = []
    if project.is_sample:
        found.append("this is the sample: its articles, coders and codings are invented")
    if not tables.totals(project.store)["documents"]:
        found.append("no articles yet; bring some in with `annotator import`")
    if retired := catalogue.retired_count(project.store):
        found.append(
            f"{counted(retired, 'document is', 'documents are')} retired and in none of these"
            " figures; list them with"
            " `annotator documents PROJECT --retired`"
        )
    if waiting := analysing.waiting(project.store):
        copies = "it is a copy" if waiting == 1 else "they are copies"
        found.append(
            f"nobody looked yet who speaks in {counted(waiting, 'document')} and what {copies} of;"
            " run `annotator analyse`"
        )
    for variable, code, wanted, given in project.scheme.moved:
        key = f"has key {given} instead" if given else "has no key; find it with /"
        found.append(f"{variable}: {code}: key {wanted} is taken by another codebook; it {key}")
    model_id = jobs.model_id(project.store)
    if model_id and suggesting.engine(project.store) is None:
        found.append(
            f"the files of model {model_id} are gone or damaged; run `annotator train` again"
        )
    if jobs.is_paused(project.store):
        found.append(
            f"model {model_id} was chosen, so that nothing trains by itself;"
            " `annotator train` learns from all that is coded"
        )
    latest = jobs.latest(project.store)
    if latest is not None and latest.status == "failed":
        found.append(f"the last training failed: {latest.message}")
    return found
