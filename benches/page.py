"""Puts what was measured into docs/performance.md."""


def fill(page, name, text):
    """Puts `text` between the marks of that name."""
    with open(page) as old:
        before, rest = old.read().split(f"<!-- {name} -->\n", 1)
    _, after = rest.split(f"<!-- /{name} -->", 1)
    with open(page, "w") as new:
        new.write(f"{before}<!-- {name} -->\n{text}\n<!-- /{name} -->{after}")
