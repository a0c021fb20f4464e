"""What a cosine is worth: a question's similarity to text that has nothing to do with it.

Embedding models differ in where their cosines lie (E5's crowd between 0.7 and 1.0), and questions
differ too. Measured from a question's mean cosine with the sentences below, of many subjects and
languages, a cosine means much the same for every question, model and collection. What the means of
the languages differ in is language, and can be taken out of a question.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import logging
from pathlib import Path

import numpy as np

from qa_bot.files import write_atomically
from qa_bot.networks.embedding import Embedder, Vectors

__all__ = ["SENTENCES", "background_vectors", "without_language"]

log = logging.getLogger(__name__)

SENTENCES: dict[str, tuple[str, ...]] = {
    "zh": (
        "昨晚的雨下得很大，好几条路都积了水。",
        "这家面馆的牛肉面十五年没有涨过价。",
        "医生建议老年人在流感季节前接种疫苗。",
        "球队在加时赛里踢进了关键的一球。",
        "新学期的第一天，校门口摆满了自行车。",
        "这部小说写的是三代渔民的故事。",
        "公司计划明年把产能扩大一倍。",
        "法院驳回了被告的上诉，维持原判。",
        "山上的杜鹃花比往年早开了两个星期。",
        "委员们讨论了垃圾分类条例的修改草案。",
        "望远镜拍到了一颗遥远恒星的爆发。",
        "她把旧毛衣拆了，给孙子织了一条围巾。",
        "银行下调了小微企业贷款的利率。",
        "这座古塔建于明代，高约四十米。",
        "列车晚点的原因是信号设备出了故障。",
        "他从小学习二胡，后来改行做了厨师。",
        "農民說今年的稻米收成比去年好。",
        "展覽展出了上百件清代的瓷器。",
        "颱風過後，漁港恢復了正常作業。",
    ),
    "ja": (
        "新しい駅前広場には桜の木が植えられた。",
        "市長は来年度の予算案について説明した。",
        "台風の影響で多くの便が欠航となった。",
        "高校生が町の歴史を調べて冊子にまとめた。",
        "今年の夏は例年より雨が少なかった。",
        "商店街の福引きは日曜日まで続く。",
        "研究チームは新しい電池の材料を開発した。",
        "彼女は三歳のころからピアノを習っている。",
        "裁判所は原告の訴えを退けた。",
    ),
    "en": (
        "The committee postponed its vote until the autumn.",
        "Fresh bread is sold at the corner shop every morning.",
        "The violinist played two encores to a full house.",
        "Prices of used cars fell for the third month in a row.",
        "A stray dog was rescued from the canal on Sunday.",
        "Researchers found a new species of beetle in the forest.",
        "The museum is closed on Mondays and public holidays.",
        "The court dismissed the appeal and upheld the fine.",
        "Two trains were delayed because of a signal fault.",
    ),
    "": (  # any other language, together with those above
        "새 도서관은 다음 달에 문을 연다.",
        "Die Feuerwehr löschte den Brand in der Scheune.",
        "Le marché aux fleurs se tient chaque samedi.",
        "El puente fue construido hace más de un siglo.",
        "Поезд прибыл на станцию с опозданием.",
        "افتتح المتحف أبوابه أمام الزوار صباح اليوم.",
        "Cây cầu mới giúp người dân đi lại dễ dàng hơn.",
    ),
}


@functools.lru_cache(maxsize=4)
def background_vectors(embedder: Embedder) -> dict[str, Vectors]:
    """The mean of the background sentences' vectors by language, float32 of shape (d,) each.

    The key "" is for languages that have none of their own. A question is nearer to all text of
    its own language than to any of another, hence one for each. The bundled model's are kept beside
    it, for making them takes a cold start .1 s.
    """
    kept = embedder.kept(f"background-{_digest()}.npy")
    means = _read(kept) if kept else None
    if means is None:
        means = _means(embedder)
        if kept:
            _write(kept, means)
    return dict(zip(SENTENCES, means, strict=True))


def without_language(vector: Vectors, means: dict[str, Vectors]) -> Vectors:
    """A question's vector, float32 (d,), without what tells its language.

    Its product with a passage's vector then does not depend on the passage's language either.
    `means` are the `background_vectors`. What is taken out is the subspace in which they differ
    (Yang et al. 2021, "A Simple and Effective Method To Eliminate the Self Language Bias in
    Multilingual Representations").
    """
    rows = np.stack(list(means.values()))
    directions = np.linalg.svd(rows - rows.mean(0), full_matrices=False)[2][: len(rows) - 1]
    return (vector - directions.T @ (directions @ vector)).astype(np.float32)


def _means(embedder: Embedder) -> Vectors:
    """Float32 of shape (len(SENTENCES), d)."""
    vectors = embedder.embed([s for sentences in SENTENCES.values() for s in sentences])
    ends = np.cumsum([len(sentences) for sentences in SENTENCES.values()])
    means = [part.mean(0) for part in np.split(vectors, ends[:-1])]
    means[list(SENTENCES).index("")] = vectors.mean(0)
    return np.stack(means)


def _digest() -> str:
    return hashlib.sha256(json.dumps(SENTENCES).encode()).hexdigest()[:12]


def _read(path: Path) -> Vectors | None:
    """What `_write` wrote; None if it is not there or damaged."""
    try:
        means: Vectors = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError) as error:
        log.info("%s is made again, for it cannot be used: %s", path, error)
        return None
    whole = means.dtype == np.float32 and means.ndim == 2 and len(means) == len(SENTENCES)
    return means if whole and np.isfinite(means).all() else None


def _write(path: Path, means: Vectors) -> None:
    file = io.BytesIO()
    np.save(file, means)
    try:
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, file.getvalue())
    except OSError as error:
        log.info("The background vectors cannot be kept in %s: %s", path.parent, error)
