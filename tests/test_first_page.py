"""What the first page of a server does without, so that it is there soon."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.small import codebook, small_project

ROOT = Path(__file__).parents[1]

DRAWN = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file(sys.argv[1], default_timeout=60).run()
assert not page.exception, page.exception
assert "key='desk." in str(page), page
print(*sorted({"pandas", "pyarrow", "scipy", "sklearn"}.intersection(sys.modules)))
"""


def test_the_desk_is_drawn_without_pandas_scipy_and_scikit_learn(tmp_path):
    with small_project(tmp_path, codebook("border"), ["The border is ours. It rained."]) as made:
        place = made.path
    told = {"ANNOTATOR_HOME": str(tmp_path), "ANNOTATOR_PROJECT": str(place)}
    told |= {"ANNOTATOR_CODER": "ana", "PYTHONPATH": str(ROOT)}

    said = subprocess.run(
        [sys.executable, "-c", DRAWN, str(ROOT / "annotator" / "ui" / "pages.py")],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stdout.strip()) == (0, ""), said.stderr
