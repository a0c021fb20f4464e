r"""A "language model" with known faults, to see what the checking of citations makes of them.

    python eval/faulty_llm.py --port 8099
    QA_BOT_LLM_BASE_URL=http://127.0.0.1:8099/v1 QA_BOT_LLM_MODEL=faulty \
        python eval/run.py --answerer llm

It speaks the OpenAI protocol. Its answer to a question is the passage's sentence that shares most
with it, and a fault, always the same one for the same question: of ten questions five get the
sentence with the right number, one each a wrong number, a number never given, no number, an
invented sentence behind the right one, or nothing but an invented one.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from qa_bot.text.sentences import split_sentences

_PASSAGE = re.compile(r"<passage (\d+)>\n(.*?)\n</passage \1>", re.DOTALL)
_QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)
_INVENTED = {
    True: "该工程由工程师李明远于1987年3月设计，耗资7.3亿元",
    False: "It was designed by the engineer Robert Hale in March 1987 for 7.3 million",
}


def answer(prompt: str) -> str:
    """What the model says to this prompt."""
    passages = {int(number): text for number, text in _PASSAGE.findall(prompt)}
    asked = _QUESTION.search(prompt)
    if not passages or asked is None:
        return "ready"  # somebody only tries whether it is there
    question = asked[1]
    shared = set(question)
    sentences = [
        (number, text[a:b]) for number, text in passages.items() for a, b in split_sentences(text)
    ]
    number, sentence = max(
        sentences, key=lambda pair: len(shared & set(pair[1])) / (20 + len(pair[1])) ** 0.5
    )
    body, stop = re.sub(r"[。.！!？?]$", "", sentence), "。" if "。" in sentence else "."
    invented = _INVENTED[stop == "。"]
    fault = zlib.crc32(question.encode()) % 10
    if fault == 5:
        number = number % len(passages) + 1
    elif fault == 6:
        number = len(passages) + 3
    elif fault == 9:
        return f"{invented}[{number}]{stop}"
    mark = "" if fault == 7 else f"[{number}]"
    more = f"{invented}[{number}]{stop}" if fault == 8 else ""
    return f"{body}{mark}{stop}{more}"


async def complete(request: Request) -> StreamingResponse:
    messages = (await request.json())["messages"]
    text = answer(messages[-1]["content"])

    def chunks() -> Iterator[str]:
        head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "faulty"}
        for delta, finish in (({"content": text}, None), ({}, "stop")):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            yield f"data: {json.dumps({**head, 'choices': [choice]})}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(chunks(), media_type="text/event-stream")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8099)
    options = parser.parse_args()
    app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
