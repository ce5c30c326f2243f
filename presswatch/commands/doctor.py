"""`doctor`: what is configured, reachable and healthy, and the mend for what is not."""

from __future__ import annotations

import typer

from presswatch.commands.options import AsJSON


def doctor(json: AsJSON = False) -> None:
    """Check the settings, the database, every source and every channel, and say how to mend what is wrong.

    Example: presswatch doctor
    """
    from presswatch.context import opened
    from presswatch.doctor import examine_all
    from presswatch.output import as_json, say

    with opened() as (settings, database):
        findings = examine_all(database, settings)
    if json:
        as_json(
            [{"what": each.what, "state": each.state, "detail": each.detail, "mend": each.mend} for each in findings]
        )
    else:
        for each in findings:
            say(f"{each.state:<5} {each.what}: {each.detail}")
            if each.mend:
                say(f"      mend: {each.mend}")
    raise typer.Exit(1 if any(each.state == "fail" for each in findings) else 0)
