"""A ministry that publishes, edits, withdraws and restores on a replica of its site, and what must be known of it."""

from __future__ import annotations

import random
from collections.abc import Collection

from presswatch.demo.site import ReplicaSite, ReplicaStatement
from tests.fakes.program import Program
from tests.patience import wait_until

DUE = "UPDATE items SET next_revisit_at = first_seen_at"
READ = "SELECT count(*) FROM items WHERE next_revisit_at = first_seen_at"
LOOKS = 10
"""So often all is read again, at most: an edit may come while it is read."""


GONE = ("", "", True)


class Ministry:
    """Acts at random."""

    def __init__(self, site: ReplicaSite, program: Program, chance: random.Random) -> None:
        self._site = site
        self._program = program
        self._chance = chance
        self.shown: dict[str, ReplicaStatement] = {}
        """Each statement as it is now, by its slug."""
        self.announced: set[str] = set()
        """The first titles of what is to be told of."""
        self._edited: set[str] = set()
        self._shown: set[tuple[str, str, str]] = set()
        """Slug, title and body of everything that ever stood there."""

    @property
    def untouched(self) -> set[str]:
        """The titles of statements that were never edited."""
        return {each.title for slug, each in self.shown.items() if slug not in self._edited}

    def begin(self) -> None:
        """Publish what is no news."""
        self._note(self._site.publish("What stood there before", "It is about trade."))
        self._note(self._site.publish("Что было раньше", "О торговле.", "ru"))

    def act(self) -> None:
        """Publish one as a rule, edit one often, withdraw or restore one now and then.

        Fewer come than make a flood, should each process die too early to find them.
        """
        if self._chance.random() < 0.8:
            self.publish()
        if self._chance.random() < 0.5:
            self.edit()
        if self._chance.random() < 0.2:
            self.withdraw()
        if self._chance.random() < 0.1:
            self.restore()

    def publish(self) -> ReplicaStatement:
        number = len(self.announced)
        language = self._chance.choice(["en", "ru"])
        name = "CSTO" if language == "en" else "ОДКБ"
        statement = self._site.publish(f"{name} statement {number}", f"{name} number {number}.", language)
        self.announced.add(statement.title)
        return self._note(statement)

    def edit(self) -> None:
        """Change the words of one, and now and then its title as well."""
        statement = self._one_of(withdrawn=False)
        if statement is None:
            return
        self._edited.add(statement.slug)
        edition = f"As corrected for the {len(self._edited)}th time, number {self._chance.random()}."
        title = f"{statement.title} again" if self._chance.random() < 0.3 else None
        self._note(self._site.edit(statement, title=title, body=[*statement.body[:1], edition]))

    def withdraw(self) -> None:
        """Take one back that is in the archive: one that nobody has seen is none."""
        stored = {address for (address,) in self._program.rows("SELECT address FROM items")}
        if statement := self._one_of(withdrawn=False, among=stored):
            self._note(self._site.withdraw(statement))

    def restore(self) -> None:
        if statement := self._one_of(withdrawn=True):
            self._note(self._site.restore(statement))

    def read_again(self) -> None:
        """Let all be read again by the process that runs, as it does by itself in the course of weeks."""
        for _ in range(LOOKS):
            with self._program.database() as database:
                database.write(lambda connection: connection.exec_driver_sql(DUE))
            wait_until(lambda: self._program.rows(READ) == [(0,)])
            if self.known == self.as_it_is:
                return

    @property
    def as_it_is(self) -> dict[str, tuple[str, str, bool]]:
        """Title, body and whether it is withdrawn, by slug. What was withdrawn may have been edited before, unread."""
        shown = {slug: (each.title, "\n\n".join(each.body), False) for slug, each in self.shown.items()}
        return {slug: GONE if self.shown[slug].withdrawn else said for slug, said in shown.items()}

    @property
    def known(self) -> dict[str, tuple[str, str, bool]]:
        """The same as the archive has it."""
        return {slug: GONE if gone else (title, body, False) for slug, title, body, gone in self._current()}

    @property
    def invented(self) -> set[tuple[str, str, str]]:
        """What the archive has as a current text and the ministry never said, also of what is withdrawn."""
        return {(slug, title, body) for slug, title, body, _ in self._current()} - self._shown

    def _current(self) -> list[tuple[str, str, str, bool]]:
        rows = self._program.rows(
            "SELECT items.address, title, body, withdrawn_at IS NOT NULL FROM items "
            "JOIN versions ON versions.item_id = items.id AND versions.current"
        )
        by_address = {each.address: slug for slug, each in self.shown.items()}
        return [(by_address[address], title, body, bool(gone)) for address, title, body, gone in rows]

    def _one_of(self, *, withdrawn: bool, among: Collection[str] | None = None) -> ReplicaStatement | None:
        choice = [each for each in self.shown.values() if each.withdrawn is withdrawn and each.title in self.announced]
        choice = [each for each in choice if among is None or each.address in among]
        return self._chance.choice(choice) if choice else None

    def _note(self, statement: ReplicaStatement) -> ReplicaStatement:
        self.shown[statement.slug] = statement
        self._shown.add((statement.slug, statement.title, "\n\n".join(statement.body)))
        return statement
