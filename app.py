"""The web page over the index beside this file; at first start it adds the sample articles."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from qa_bot import QABot, QABotError, load_settings
from qa_bot.cli.terminal import progress_bars
from qa_bot.ui import serve

HERE = Path(__file__).parent
SAMPLES = HERE / "eval" / "articles"


def main() -> None:
    """Serve the page until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--index",
        default=HERE / "index",
        help="folder of the index, or address of a database (default: %(default)s)",
    )
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port, 0 for any free one (default: 7860)")
    parser.add_argument("--llm", help="GGUF file of a language model that writes the answers")
    parser.add_argument("--no-samples", action="store_true", help="start with an empty index")
    given = parser.parse_args()
    try:
        settings = load_settings(host=given.host, port=given.port, llm=given.llm)
        with QABot.open(given.index, settings=settings) as bot:
            if not given.no_samples and not bot.articles(limit=1):
                with progress_bars(Console(stderr=True)) as progress:
                    bot.add(SAMPLES, progress=progress)
            serve(bot, host=settings.host, port=settings.port)
    except QABotError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
