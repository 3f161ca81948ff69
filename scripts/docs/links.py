"""Links between our texts, as files of the repository, made links between pages of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"(^ *```.*?^ *``` *$)", re.MULTILINE | re.DOTALL)


def relink(markdown: str, source: str, page: str, pages: Mapping[str, str], root: Path) -> str:
    """Markdown of the file `source`, with its links as they must be on `page`.

    `pages` are the pages of files, and of headings as `file#heading`. What is no page of the site
    is named by its path. Raises ValueError for a link to a file that does not exist.
    """

    def replaced(link: re.Match[str]) -> str:
        text, target = link["text"], link["target"]
        if re.match(r"\w+:", target):
            return link[0]
        path, _, anchor = target.partition("#")
        file = (
            posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
        )
        if found := pages.get(f"{file}#{anchor}"):
            return f"[{text}]({_relative(found, page)})"
        if found := pages.get(file):
            return f"[{text}]({_relative(found, page)}{'#' if anchor else ''}{anchor})"
        if not (root / file).exists():
            raise ValueError(f"{source} links to {target}, which does not exist.")
        return f"`{file}`" if text.strip("`") in file else f"{text} (`{file}`)"

    def pictured(text: str) -> str:
        return text.replace("](docs/assets/", f"]({_relative('assets', page)}/")

    return outside_of_code(markdown, lambda text: pictured(LINK.sub(replaced, text)))


def link_tables(markdown: str, page: str, names: Collection[str]) -> str:
    """Markdown in which each published table that is named as code leads to its page."""
    told = re.compile(rf"(?<!\[)`(?:\w+\.)?({'|'.join(sorted(names))})`(?!\])")

    def replaced(name: re.Match[str]) -> str:
        target = f"tables/{name[1]}.md"
        return name[0] if target == page else f"[{name[0]}]({_relative(target, page)})"

    return outside_of_code(
        markdown,
        lambda text: "\n".join(
            line if line.startswith("#") else told.sub(replaced, line) for line in text.split("\n")
        ),
    )


def outside_of_code(markdown: str, change: Callable[[str], str]) -> str:
    """Markdown with everything changed but blocks of code."""
    parts = CODE.split(markdown)
    parts[::2] = [change(part) for part in parts[::2]]
    return "".join(parts)


def _relative(target: str, page: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(page) or ".")
