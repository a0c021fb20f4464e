"""A hook for Schemathesis: no schema can say that `until` is not before `since`, so they are."""

from __future__ import annotations

from typing import Any

import schemathesis


def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    for fields in (case.query, case.body):
        if isinstance(fields, dict):
            since, until = fields.get("since"), fields.get("until")
            if isinstance(since, str) and isinstance(until, str) and since > until:
                fields["since"], fields["until"] = until, since


schemathesis.hook(before_call)
