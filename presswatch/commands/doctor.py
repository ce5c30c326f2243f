"""`doctor`: what is configured, reachable and healthy, and the mend for what is not."""

from __future__ import annotations

from dataclasses import replace

import typer

from presswatch import representations
from presswatch.commands.options import AsJSON
from presswatch.context import asked
from presswatch.output import as_json, say, typed


def doctor(context: typer.Context, json: AsJSON = False) -> None:
    """Check the settings, the database, every source and every channel, and say how to mend what is wrong.

    Example: presswatch doctor
    """
    from presswatch.doctor import examine_all, first_to_mend
    from presswatch.loop import run_crawling

    with asked(context.obj) as (settings, database):
        found = run_crawling(settings, database, lambda crawl: examine_all(database, settings, crawl))
    findings = [replace(each, mend=typed(each.mend)) for each in found]
    if json:
        as_json([representations.finding(each.what, each.state, each.detail, each.mend) for each in findings])
    else:
        for each in findings:
            say(f"{each.state:<5} {each.what}: {each.detail}")
            if each.mend:
                say(f"      mend: {each.mend}")
        first = first_to_mend(findings)
        say(f"first: {first.what}: {first.mend}" if first else "all is well")
    raise typer.Exit(1 if any(each.state == "fail" for each in findings) else 0)
