"""What the trained reader is trained on: examples, and glosses in English."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bench
import examples
import parallel
from calibrate_reader import OTHER, SAME, Case, View, fit_rank
from glosses import Glosser
from qa_bot import Article
from qa_bot.answer.features import RANK_FEATURES
from qa_bot.answer.reader import WEIGHTS
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.tokenizer import Tokenizer
from squad import Asked, Context, contexts, drawn
from translate import read_translations
from variations import Swapper, keywords

DICTIONARY = """\
# CC-CEDICT
圖書館 图书馆 [tu2 shu1 guan3] /library/CL:家[jia1],個|个[ge4]/
開放 开放 [kai1 fang4] /to lift (a restriction)/to open up/
花 花 [Hua1] /surname Hua/
花 花 [hua1] /flower/blossom/
臨 临 [lin2] /to face; to overlook/
江 江 [Jiang1] /surname Jiang/
江 江 [jiang1] /river/
"""
CONTEXTS = [
    ("临江图书馆", "临江图书馆三月开放，馆长是沈若溪。新馆投资3.2亿元，位于柳堤路。", "3.2亿元"),
    ("柳堤大桥", "柳堤大桥四月封闭检修，工期七天。原因是伸缩缝老化，公交改道。", "七天"),
    ("渡轮", "渡轮五月恢复航行，票价四元。船长说，每班可载120人。", "四元"),
]


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    path = tmp_path / "cedict.txt"
    path.write_text(DICTIONARY, "utf-8")
    return path


@pytest.fixture
def squad_file(tmp_path: Path) -> Path:
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "question": f"{title}的{answer[-1]}数是多少？",
                            "answers": [{"text": answer, "answer_start": text.index(answer)}],
                        }
                    ],
                }
            ],
        }
        for title, text, answer in CONTEXTS
    ]
    path = tmp_path / "train.json"
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


def test_glosses_take_the_first_common_sense(dictionary: Path) -> None:
    glosser = Glosser(dictionary)
    chance = random.Random(0)
    assert glosser.gloss("圖書館何时开放？", 1, chance) == "library when lift?"
    assert glosser.gloss("花", 1, chance) == "flower"
    assert glosser.gloss("开放3次", 0, chance) == "开放3次"


def test_answers_stay_where_they_are_through_all_that_is_made_of_a_question(
    squad_file: Path, dictionary: Path
) -> None:
    maker = examples.Maker(examples.read([squad_file]), dictionary)
    answers = {answer for _, _, answer in CONTEXTS}
    seen, glossed = set(), 0
    for seed in range(30):
        for example in maker.examples(False, 1.0, random.Random(seed)):
            if example.start < 0:
                assert not any(
                    answer in example.passage
                    for title, text, answer in CONTEXTS
                    if example.question.startswith(title)
                )
                continue
            answer = example.passage[example.start : example.end]
            assert answer.strip() == answer
            seen.add(answer)
            glossed += answer not in answers
    assert answers <= seen
    assert glossed > 0


def test_keywords_are_what_is_asked_about() -> None:
    assert keywords("柳堤大桥的工期是多少天？") == "柳堤大桥工期天"


def test_swapped_questions_ask_for_what_is_not_in_the_passage() -> None:
    swapper = Swapper(["南京市长是谁？", "北京有多大？", "上海在哪里？"])
    passage = "2024年，第三届花展在北京举行。"
    swapped = {
        swapper.swap(question, passage, random.Random(seed))
        for seed in range(60)
        for question in ("2024年的花展在北京的哪里？", "第三届花展有多少人？", "花展好看吗？")
    }
    assert "" in swapped  # nothing to swap
    swapped.discard("")
    assert {q[:5] for q in swapped if q.endswith("在北京的哪里？")} <= {
        f"{year}年" for year in range(2020, 2029) if year != 2024
    }
    assert {"2024年的花展在南京的哪里？", "2024年的花展在上海的哪里？"} & swapped
    assert {q[2:] for q in swapped if q.startswith("第")} == {"届花展有多少人？"}
    assert not any("第三届" in q or ("2024年" in q and "北京" in q) for q in swapped)


def test_translations_that_cannot_be_believed_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "questions-en.jsonl"
    rows = [
        ("桥有多长？", "How long is the bridge?", 0.9),
        ("桥有多宽？", "How tall is the tower?", 0.79),  # another meaning
        ("馆长是谁？", "The director is Shen Ruoxi.", 0.9),  # an answer
        ("何时开放？", "When does the 图书馆 open?", 0.9),
    ]
    path.write_text(
        "".join(json.dumps({"text": q, "translation": t, "cosine": c}) + "\n" for q, t, c in rows),
        "utf-8",
    )
    assert read_translations(path) == {"桥有多长？": "How long is the bridge?"}


def test_translated_questions_keep_their_answers(squad_file: Path) -> None:
    title, _, answer = CONTEXTS[0]
    question = f"{title}的{answer[-1]}数是多少？"
    english = "How much was invested in the library?"
    maker = examples.Maker(examples.read([squad_file]), translations={question: english})
    made = maker.examples(False, 0.0, random.Random(0))
    translated = maker.translated(made) or [e for e in made if e.question == english]
    assert {e.question for e in translated} == {english}
    assert {e.passage[e.start : e.end] for e in translated} == {answer}


def test_of_a_file_as_many_questions_are_drawn_as_are_wanted(squad_file: Path) -> None:
    everything = list(contexts([squad_file]))
    some = drawn(everything, 2, 1)
    assert sum(len(context.asked) for context in some) == 2
    assert {c.text for c in some} <= {c.text for c in everything}
    assert some == drawn(everything, 2, 1)
    assert len(examples.read([f"{squad_file}:2"]).asked) == 2
    assert len(examples.read([squad_file]).asked) == len(CONTEXTS)


def test_a_text_is_held_out_in_all_its_languages() -> None:
    """Whatever stands beside it in the file."""
    held = [
        [
            Context(number, "", "t", (Asked("q", "t", 0, f"g{group}"),)).held_out
            for number in range(1, 40)
        ]
        for group in range(200)
    ]
    assert all(len(set(row)) == 1 for row in held)
    assert 2 <= sum(row[0] for row in held) <= 25


def test_a_name_in_latin_letters_is_swapped_for_another() -> None:
    questions = ["When did Ada Miller sell the mill?", "Where was Carl Boyle born in Austria?"]
    swapper = Swapper(questions)
    chance = random.Random(2)
    passage = "Ada Miller sold the mill in 1921 and moved to the coast."
    swapped = {swapper.swap(questions[0], passage, chance) for _ in range(40)} - {""}
    assert swapped
    assert all("Ada Miller" not in question for question in swapped)
    assert all(q.endswith(" sell the mill?") for q in swapped)


def test_parallel_sentences_stand_where_their_passage_says(tmp_path: Path) -> None:
    lines = [
        {
            "doc": "d",
            "en": f"Sentence {i} is here.",
            "zh": f"第{i}句在这里。" * 8,
            "ja": f"文{i}。" * 20,
        }
        for i in range(12)
    ]
    source, out = tmp_path / "pairs.jsonl", tmp_path / "out.json"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    root = Path(parallel.__file__).parent
    command = [sys.executable, str(root / "parallel.py"), str(source), "--out", str(out)]
    subprocess.run(command, check=True)
    asked = [(c.text, a) for c in contexts([out]) for a in c.asked]
    assert asked
    for text, one in asked:
        assert text[one.start : one.start + len(one.answer)] == one.answer
        assert one.question not in text


@pytest.mark.model
def test_a_view_is_of_the_languages_of_question_and_text() -> None:
    text = "临江大桥全长1.2公里，2019年5月动工。"
    assert View.of("桥有多长？", text) == View("zh", "zh")
    assert View.of("How long is the bridge?", text) == View("en", "zh")
    assert View.of("Wie lang ist die Brücke von Linjiang?", text) == View("other", "zh")


@pytest.mark.e2e
def test_ranking_learns_which_passage_answers_in_either_language() -> None:
    chance = np.random.default_rng(3)
    made = []
    for _ in range(60):
        features = chance.normal(size=(6, len(RANK_FEATURES))).astype(np.float32)
        features[:, -1] = 1
        same = np.arange(6) % 2 == 0
        gold = np.zeros(6, bool)
        # in the same language the first feature tells, in the other the second, which is higher
        gold[np.argmax(np.where(same, features[:, 0], features[:, 1] - 1))] = True
        made.append(Case((), [], features, features[:, 0], same, gold, gold))
    rank = fit_rank(made)
    assert np.mean([case.gold[case.first(rank)] for case in made]) > 0.9
    assert rank[SAME, 0] > 4 * abs(rank[SAME, 1])
    assert rank[OTHER, 1] > 4 * abs(rank[OTHER, 0])
    assert rank[OTHER, -1] < 0 == rank[SAME, -1]


@pytest.mark.model
def test_a_push_raises_the_loss_and_is_gone_afterwards(squad_file: Path) -> None:
    from qa_bot.networks.reading_model import ReadingModel
    from train_reader import Push, batches, learn, loss_of

    folder = bundled_model_dir()
    model = ReadingModel.from_base(folder, WEIGHTS).eval()  # nothing drops out
    (asked,) = examples.read([squad_file]).asked[:1]
    passage = CONTEXTS[0][1]
    row = examples.Example(asked.question, passage, asked.start, asked.end)
    (batch,) = batches([row], Tokenizer(folder), None)
    before = loss_of(model, batch).item()
    push = Push(model)
    loss_of(model, batch).backward()
    push.by = push.worst(1.0)
    assert push.by.norm().item() == pytest.approx(1, abs=1e-4)
    assert loss_of(model, batch).item() > before
    push.by = None
    assert learn(model, batch, push, 1.0) == pytest.approx(before, rel=0.05)
    assert loss_of(model, batch).item() == pytest.approx(before, rel=1e-4)


def test_an_edited_copy_is_another_article_of_the_same_length() -> None:
    for text in ("全长1.2公里，9月通车。", "没有数字。"):
        article = Article("桥", text)
        copies = [bench.edited(article, copy) for copy in (1, 2, 3)]
        assert len({article.id, *(c.id for c in copies)}) == 4
        assert len({text, *(c.text for c in copies)}) == 4
        assert {len(c.text) for c in copies} == {len(text)}


def test_a_ratio_says_how_many_times_as_good() -> None:
    assert bench.Row("speed", "a second", 40, 10, higher=True).ratio == 4
    assert bench.Row("time", "s", 2, 10).ratio == 5
    assert bench.Row("time", "s", 2).ratio is None
    assert "5.00" in bench.markdown([bench.Row("time", "s", 2, 10)])
