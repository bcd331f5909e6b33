"""What `mkdocs.yml` cannot say: notebooks and the JSON Schema as pages, and formulas as MathML."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "python" / "notebooks"
SCHEMAS = ROOT / "docs" / "schema"


def math(source: str, *_: Any, **__: Any) -> str:
    """Give a block of LaTeX as MathML, which browsers show without a script."""
    return f'<div class="math" tabindex="0">{convert(source, display="block")}</div>'


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give formulas their form."""
    fence = {"name": "math", "class": "math", "format": math}
    config.mdx_configs["pymdownx.superfences"] = {"custom_fences": [fence]}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the notebooks as they are committed; tests hold their outputs true."""
    index = (NOTEBOOKS / "README.md").read_text(encoding="utf-8").replace(".ipynb)", ".md)")
    files.append(File.generated(config, "notebooks/README.md", content=index))
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        page = f"notebooks/{path.stem}.md"
        files.append(File.generated(config, page, content=notebook(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Put in what a page asks for by a comment: the schema's tables, or a section of the README."""
    del page
    if "```math" in markdown:
        markdown = re.sub(r"\$([^$\n]+)\$", lambda formula: convert(formula[1]), markdown)
    markdown = re.sub("<!-- schema: (.*) -->", lambda asked: schema(asked[1]), markdown)
    return re.sub("<!-- readme: (.*) -->", lambda asked: readme(asked[1]), markdown)


def on_page_content(html: str, **_: Any) -> str:
    """Take away the dash of mkdocstrings before a description that is not there."""
    return re.sub(r'\s+\u2013\s+<div class="doc-md-description">\s*</div>', "", html)


def readme(title: str) -> str:
    """Give a section of the README, for a page one folder down."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert section, f"the README has no section {title!r}"
    return section.strip().replace("](docs/", "](../")


def notebook(path: Path) -> str:
    """Give a notebook and its outputs as Markdown."""
    cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    return "\n\n".join(part for cell in cells for part in parts(cell))


def parts(cell: Any) -> list[str]:
    """Give a cell, then what it printed and showed."""
    if cell.cell_type == "markdown":
        return [cell.source]
    shown = [f"```python\n{cell.source}\n```"]
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/html" in data:
            html = re.sub(r"\n\s*\n", "\n", data["text/html"])
            shown.append(f'<div class="output" tabindex="0">\n{html}\n</div>')
        elif "image/svg+xml" in data:
            shown.append(f'<div class="output" tabindex="0">{picture(data["image/svg+xml"])}</div>')
        else:
            shown.append(f"```text\n{output.get('text', data.get('text/plain', '')).rstrip()}\n```")
    return shown


def picture(svg: str) -> str:
    """Give a chart as a picture, so that its names do not meet those of another, with its title."""
    titles = re.findall(r"""aria-label="Title text '(.*?)'""", svg)
    assert titles, "a chart without a title"
    source = base64.b64encode(svg.encode()).decode()
    return f'<img alt="Chart: {titles[0]}" src="data:image/svg+xml;base64,{source}">'


def schema(name: str) -> str:
    """Give a table of fields for the document, and one for each object in it."""
    document = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    objects = {document["title"]: document}
    objects |= dict(sorted(document["$defs"].items()))
    return "\n\n".join(fields(title, part) for title, part in objects.items())


def fields(name: str, part: dict[str, Any]) -> str:
    """Give the table of an object's fields, or the values of a choice."""
    head = f"### {name}\n\n{part.get('description', '')}\n\n"
    if "properties" not in part:
        choices = part.get("oneOf", [part])
        lines = [f"| `{json.dumps(c['const'])}` | {c.get('description', '')} |" for c in choices]
        return head + "| value | meaning |\n|---|---|\n" + "\n".join(lines)
    required = part.get("required", [])
    rows = [
        f"| `{field}` | {kind(of)} | {'yes' if field in required else 'no'} "
        f"| {of.get('description', '')} |"
        for field, of in part["properties"].items()
    ]
    return head + "| field | type | always there | meaning |\n|---|---|---|---|\n" + "\n".join(rows)


def kind(of: dict[str, Any]) -> str:
    """Give the type of a field in a word or two, with a link to the object that it names."""
    if "$ref" in of:
        name = of["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in of:
        return " or ".join(kind(one) for one in of["anyOf"])
    if of.get("type") == "array":
        return f"list of {kind(of['items'])}"
    if "additionalProperties" in of:
        return f"object of {kind(of['additionalProperties'])}"
    named = of.get("type", "any")
    return named if isinstance(named, str) else " or ".join(named)
