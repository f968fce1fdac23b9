"""Commands of the program, run as in a terminal but in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from annotator.cli import main


def annotator(*words: object, code: int | None = None) -> Result:
    """What a command says: ``annotator("check", file)``.

    A fault of the program itself is raised. With ``code``, the command must end with that.
    """
    done = CliRunner(catch_exceptions=False).invoke(main, [str(word) for word in words])
    assert code is None or done.exit_code == code, done.output
    return done
