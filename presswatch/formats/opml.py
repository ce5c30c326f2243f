"""Lists of feeds as OPML, which feed readers import. Pure. Source: https://opml.org/spec2.opml"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from presswatch.formats.feeds import clean


def document(title: str, folders: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """The text of a file: outlines with these attributes, in folders by their name; those of no name in none.

    An attribute that says nothing is left out.
    """
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = clean(title)
    body = SubElement(root, "body")
    for folder, outlines in folders.items():
        place = SubElement(body, "outline", text=clean(folder)) if folder else body
        for said in outlines:
            SubElement(place, "outline", {name: clean(value) for name, value in said.items() if value})
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
