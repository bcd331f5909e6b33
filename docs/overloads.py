"""For mkdocstrings: a method of which a stub has nothing but overloads is a method, too."""

from __future__ import annotations

from typing import Any

import griffe


class Overloads(griffe.Extension):
    """Show the last overload, which has the docstring, with the signatures of all."""

    def on_class_members(self, *, cls: griffe.Class, **_: Any) -> None:
        """Add the methods of a class of which griffe has nothing but overloads."""
        for name, signatures in cls.overloads.items():
            if name not in cls.members:
                method = signatures[-1]
                method.overloads = signatures
                cls.set_member(name, method)
