"""Training jobs as the store remembers them."""

from __future__ import annotations

import pytest

from annotator.core.errors import ModelError
from annotator.store import jobs

AT = "2021-05-03T10:00:00.000+00:00"


def test_a_training_cancelled_at_its_last_step_puts_no_model_in_force(store):
    job = jobs.start(store, pid=1, reason="asked", at=AT, last_event=0)
    jobs.end(store, job.id, "cancelled", AT, "cancelled")

    with pytest.raises(ModelError, match="the model before stays in force"):
        jobs.put_model(store, job.id, "m1", 1, {"codes": []}, AT)

    assert jobs.model(store) is None
    assert store.db["model"].count == 0
