"""Where a message's signed link leads: a subscription is ended, changed or paused without a login.

Looking changes nothing, whatever a mail scanner looks at. Ending is one POST without a cookie or a token of a form, and
is answered without a redirect: mail programs send it by themselves (RFC 8058, 3.1 and 3.2). The link is all that is
needed, and nobody else has it.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import signed_links, subscriptions
from presswatch.actions.signed_links import Linked
from presswatch.web import pause_form, rhythm_form
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.signing_in import zones
from presswatch.web.pages.subscriptions import Opened
from presswatch.web.policy import open_to_all
from presswatch.web.rendering import page
from storage.errors import InvalidInputError
from storage.types import WEEKDAYS

router = APIRouter(dependencies=[open_to_all()])

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Link = Annotated[str, Path(max_length=4_000)]

GONE = 410
"""What was linked to has ended."""
FIELDS = 20
"""More of them no form of ours has."""
_NOTHING = Opened()


@router.get("/links/{link}")
@router.get("/links/{link}/end")  # by mail programs that know no button: the header has this address
async def look(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """What is told, and how that is ended or changed."""
    return _shown(request, desk, link, await signed_links.opened(desk.database, link))


def _shown(request: Request, desk: Desk, link: str, linked: Linked, opened: Opened = _NOTHING) -> Response:
    only = linked.told[0] if len(linked.told) == 1 else None
    zone, now = linked.wishes.zone, desk.clock()
    said = {**(rhythm_form.fields_of(only.subscription.rhythm, zone) if only else {}), **opened.typed}
    readable = only and not opened.mistakes.keys() & set(rhythm_form.FIELDS)
    return page(
        request,
        linked.wishes,
        "link.html",
        status=422 if opened.mistakes else 200 if linked.told else GONE,
        link=link,
        told=linked.told,
        ended=(),
        only=only,
        opened=Opened("change", 0, said, opened.mistakes),
        meaning=subscriptions.meaning(rhythm_form.wanted(said), now, only) if readable else None,
        is_paused=only and only.subscription.paused_until and only.subscription.paused_until > now,
        until=pause_form.offered(now, zone),
        zones=zones(),
        weekdays=WEEKDAYS,
    )


@router.get("/links/{link}/meaning")
async def meaning(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """What a rhythm would do, in a sentence, while one chooses it."""
    linked = await signed_links.opened(desk.database, link)
    said = rhythm_form.typed(request.query_params, linked.wishes.zone)
    wrong = rhythm_form.mistakes(said)
    meant = None if wrong else subscriptions.meaning(rhythm_form.wanted(said), desk.clock())
    return page(request, linked.wishes, "parts/meaning.html", meaning=meant, wrong=list(wrong.values()))


@router.post("/links/{link}/end")
async def end(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """Tell of it no longer. What else is sent with this is not looked at."""
    linked = await signed_links.end(desk.database, link)
    return page(request, linked.wishes, "link.html", told=(), ended=linked.told)


@router.post("/links/{link}")
async def change(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """Change when its alerts may leave."""
    linked = await signed_links.opened(desk.database, link)
    said = rhythm_form.typed(await request.form(max_files=0, max_fields=FIELDS), linked.wishes.zone)
    if wrong := rhythm_form.mistakes(said):
        return _shown(request, desk, link, linked, Opened(typed=said, mistakes=wrong))
    await signed_links.change(desk.database, link, rhythm_form.wanted(said))
    return RedirectResponse(f"/links/{link}", 303)


@router.post("/links/{link}/pause")
async def pause(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """Tell of nothing that is seen before that day begins."""
    linked = await signed_links.opened(desk.database, link)
    until = str((await request.form(max_files=0, max_fields=FIELDS)).get("until", ""))
    try:
        await signed_links.pause(desk.database, link, pause_form.begins(until, linked.wishes.zone))
    except InvalidInputError as error:
        return _shown(request, desk, link, linked, Opened(typed={"until": until}, mistakes={"until": error}))
    return RedirectResponse(f"/links/{link}", 303)


@router.post("/links/{link}/go-on")
async def go_on(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """Tell again, of what comes from now on."""
    await signed_links.go_on(desk.database, link)
    return RedirectResponse(f"/links/{link}", 303)
