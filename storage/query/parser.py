"""Read a query. Standard library only; the user's description is `docs/query-language.md`.

    query  := and ("OR" and)*
    and    := not ("AND"? not)*
    not    := ("NOT" | "-") not | "(" query ")" | near
    near   := clause ("NEAR/n" clause)*
    clause := text | title:text | alias:name | alias:"name" | field:value
    text   := word | "phrase" | beginning* | "phrase with beginnings*" | =exact | ="exact phrase"

Operators are upper case. The fields with a value are those of `filters.FILTERS`. A `-` negates at the beginning of a
clause only, so that `co-operation` stays one clause, whose words must then stand side by side.
"""

from __future__ import annotations

from typing import NoReturn

from storage.query.lexer import refuse, replaced, tokens
from storage.query.tree import Dated, Fact, Leaf, Near, Node, Text, all_of, any_of, negation

LONGEST_QUERY = 4096
"""Characters."""

DEEPEST = 10
"""Parentheses inside each other. FTS5's own parser gives up at some dozens, and one of ours can become three there."""

MOST_NEAR = 8
"""Clauses in one chain of NEAR."""

_ALTERNATIVES = "write a NEAR/5 b OR a NEAR/5 c where there are alternatives"
_CLAUSE = "expected a word, a phrase or a parenthesis"


def parse(query: str) -> Node:
    """The tree of a query. Takes any text.

    Raises `QuerySyntaxError` with the place, what was expected there, and the mend.
    """
    if len(query) > LONGEST_QUERY:
        refuse(query, LONGEST_QUERY, f"the query is longer than {LONGEST_QUERY} characters", "make it shorter")
    return _Parser(query).whole()


class _Parser:
    """Recursive descent; only parentheses recurse, and their depth is limited."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = list(tokens(query))
        self.next = 0

    def whole(self) -> Node:
        node = self.either(0)
        if self.kind == ")":
            mended = replaced(self.query, self.tokens[self.next].start, ")", "")
            self.refuse("this parenthesis closes nothing", "leave it out, or open one before", mended)
        return node

    def either(self, depth: int) -> Node:
        parts = [self.every(depth)]
        while self.kind == "OR":
            self.next += 1
            parts.append(self.every(depth))
        return any_of(parts)

    def every(self, depth: int) -> Node:
        parts = [self.negated(depth)]
        while self.kind in ("AND", "NOT", "(", "leaf", "NEAR"):
            if self.kind == "NEAR":  # after a parenthesis: after a clause it is read with that
                self.refuse("NEAR stands between two words, phrases or aliases", _ALTERNATIVES)
            self.next += self.kind == "AND"
            parts.append(self.negated(depth))
        return all_of(parts)

    def negated(self, depth: int) -> Node:
        negations = 0
        while self.kind == "NOT":
            self.next += 1
            negations += 1
        node = self.clause(depth)
        return negation(node) if negations % 2 else node

    def clause(self, depth: int) -> Node:
        token = self.tokens[self.next]
        if token.leaf is not None:
            self.next += 1
            return self.near(token.leaf) if self.kind == "NEAR" else token.leaf
        if token.kind == "(":
            return self.group(depth + 1)
        if token.kind == "end":
            self.refuse(f"{_CLAUSE}, but the query ends", self._mend(), self._without_last())
        self.refuse(f"{_CLAUSE}, but here is {token.text}", self._mend())

    def near(self, first: Leaf) -> Near:
        """The chain of clauses that begins with this one, whose NEAR comes next."""
        distance = self.tokens[self.next].distance
        parts = [self.part_of_near(first, first)]
        while self.kind == "NEAR":
            if self.tokens[self.next].distance != distance:
                one = f"NEAR/{distance}"
                here = self.tokens[self.next]
                mended = replaced(self.query, here.start, here.text, one)
                self.refuse("one chain of NEAR has one number", f"write {one}, or part it with AND", mended)
            if len(parts) == MOST_NEAR:
                self.refuse(f"a chain of NEAR has more than {MOST_NEAR} parts", "part it with AND")
            self.next += 1
            leaf = self.tokens[self.next].leaf
            if leaf is None:
                if self.kind == "end":
                    self.refuse(f"{_CLAUSE}, but the query ends", self._mend(), self._without_last())
                self.refuse("NEAR stands between two words, phrases or aliases", _ALTERNATIVES)
            parts.append(self.part_of_near(leaf, first))
            self.next += 1
        clause = self.query[first.start : parts[-1].end]
        return Near(tuple(parts), distance, parts[0].field, clause=clause, start=first.start)

    def part_of_near(self, leaf: Leaf, first: Leaf) -> Text:
        if isinstance(leaf, Near | Fact | Dated):
            problem = "NEAR stands between two words, phrases or aliases"
            refuse(self.query, leaf.start, problem, f"write {leaf.clause} with AND")
        if not isinstance(first, Near | Fact | Dated) and leaf.field != first.field:
            problem = "NEAR needs both sides in the same field"
            refuse(self.query, leaf.start, problem, "write title: on both sides of NEAR, or on none")
        return leaf

    def group(self, depth: int) -> Node:
        opening = self.tokens[self.next]
        if depth > DEEPEST:
            self.refuse(f"more than {DEEPEST} parentheses inside each other", "leave out those that change nothing")
        self.next += 1
        node = self.either(depth)
        if self.kind != ")":
            mended = f"{self.query.rstrip()})"
            refuse(self.query, opening.start, "this parenthesis is never closed", "add ) where it ends", mended)
        self.next += 1
        return node

    @property
    def kind(self) -> str:
        return self.tokens[self.next].kind

    def refuse(self, problem: str, mend: str, mended: str = "") -> NoReturn:
        refuse(self.query, self.tokens[self.next].start, problem, mend, mended)

    def _without_last(self) -> str:
        """The query without the operator that nothing follows."""
        if self.next and self.tokens[self.next - 1].kind in ("AND", "OR", "NOT", "NEAR"):
            return self.query[: self.tokens[self.next - 1].start].rstrip()
        return ""

    def _mend(self) -> str:
        """What to do where a clause is missing."""
        if self.next == 0 and self.kind == "end":
            return "write what to look for, such as sanctions or alias:CSTO"
        before = self.tokens[self.next - 1].kind if self.next else ""
        if before in ("AND", "OR", "NOT", "NEAR"):
            return f"write what {before} belongs to, or leave {before} out; in lower case it is a word"
        if before == "(":
            return "write something inside the parenthesis, or leave it out"
        if self.kind == ")":
            return "leave it out, or open one before"
        if self.kind == "NEAR":
            return "write it between what it joins, such as agreement NEAR/5 visas; in lower case near is a word"
        return f"leave out {self.kind}; in lower case it is a word"
