"""OpenVINO, imported without its telemetry: on import it reports to an analytics service."""

from __future__ import annotations

import sys

_TELEMETRY = "openvino_telemetry"
_was = sys.modules.get(_TELEMETRY)
# None makes an import fail, and then OpenVINO takes a stand-in that sends nothing
sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
try:
    import openvino as ov
    from openvino import opset13 as op
finally:
    if _was is not None:
        sys.modules[_TELEMETRY] = _was
    else:
        del sys.modules[_TELEMETRY]

__all__ = ["op", "ov"]
