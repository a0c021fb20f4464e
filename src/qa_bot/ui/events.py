"""What the handlers of all tabs have in common."""

from __future__ import annotations

from typing import Any

__all__ = ["LAST", "PRIVATE", "QUIET", "Changes"]

Changes = dict[Any, Any]
"""New values of components, by component."""

# No handler is an endpoint for others to call.
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
# Nor is there a sign of waiting over what it changes, nor does one wait for another.
QUIET: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": None, **PRIVATE}
# Of several in a row the last one counts, which is not lost while one before it is at work.
LAST: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}
