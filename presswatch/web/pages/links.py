"""Where a message's signed link leads: a subscription is ended or changed without a login.

Looking changes nothing, whatever a mail scanner looks at. Ending is one POST without a cookie or a token of a form, and
is answered without a redirect: mail programs send it by themselves (RFC 8058, 3.1 and 3.2). The link is all that is
needed, and nobody else has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import signed_links, subscriptions
from presswatch.actions.signed_links import Linked
from presswatch.web import rhythm_form
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.signing_in import zones
from presswatch.web.pages.subscriptions import Opened
from presswatch.web.policy import open_to_all
from presswatch.web.rendering import page
from storage.errors import PresswatchError
from storage.types import WEEKDAYS

router = APIRouter(dependencies=[open_to_all()])

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Link = Annotated[str, Path(max_length=4_000)]

GONE = 410
"""What was linked to has ended."""


@router.get("/links/{link}")
@router.get("/links/{link}/end")  # by mail programs that know no button: the header has this address
async def look(request: Request, desk: CurrentDesk, link: Link) -> Response:
    """What is told, and how that is ended or changed."""
    linked = await signed_links.opened(desk.database, link)
    return _shown(request, desk, link, linked)


def _shown(
    request: Request,
    desk: Desk,
    link: str,
    linked: Linked,
    typed: Mapping[str, str] | None = None,
    mistakes: Mapping[str, PresswatchError] | None = None,
) -> Response:
    only = linked.told[0] if len(linked.told) == 1 else None
    zone = linked.wishes.zone
    said = typed or (rhythm_form.fields_of(only.subscription.rhythm, zone) if only else {})
    meant = None
    if only and not mistakes:
        meant = subscriptions.meaning(rhythm_form.wanted(said), desk.clock(), only)
    return page(
        request,
        linked.wishes,
        "link.html",
        status=422 if mistakes else 200 if linked.told else GONE,
        link=link,
        told=linked.told,
        ended=(),
        only=only,
        opened=Opened("change", typed=said, mistakes=mistakes or {}),
        meaning=meant,
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
    said = rhythm_form.typed(await request.form(max_files=0, max_fields=20), linked.wishes.zone)
    if (wrong := rhythm_form.mistakes(said)) or not linked.told:
        return _shown(request, desk, link, linked, said, wrong)
    await signed_links.change(desk.database, link, rhythm_form.wanted(said))
    return RedirectResponse(f"/links/{link}", 303)
