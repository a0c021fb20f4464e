"""Compiled networks are kept on disk, and only believed if they are what is asked for."""

import threading
from pathlib import Path

import numpy as np
import pytest

from qa_bot.networks import encoder
from qa_bot.networks.bundled import bundled_model_dir
from qa_bot.networks.compiled import compile_model
from qa_bot.networks.embedding import Embedder
from qa_bot.networks.encoder import Base, load_base
from qa_bot.networks.runtime import op, ov
from qa_bot.search.baseline import SENTENCES, background_vectors


class Builder:
    """Builds a small network, and counts how often it is asked to."""

    def __init__(self) -> None:
        self.built = 0

    def __call__(self) -> ov.Model:
        self.built += 1
        x = op.parameter(ov.PartialShape([-1, 2]), ov.Type.f32, name="x")
        return ov.Model([op.multiply(x, op.constant(np.array([2, 3], np.float32)))], [x], "small")


def values(network: ov.CompiledModel) -> list[float]:
    output: list[float] = network([np.ones((1, 2), np.float32)])[0][0].tolist()
    return output


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    return path


def test_what_was_compiled_is_taken_from_disk(tmp_path: Path, weights: Path) -> None:
    build = Builder()
    for _ in range(3):
        network = compile_model(build, tmp_path / "kept" / "small", [weights])
        assert values(network) == [2, 3]
    assert build.built == 1


def test_another_content_is_compiled_anew_and_takes_its_place(
    tmp_path: Path, weights: Path
) -> None:
    build = Builder()
    compile_model(build, tmp_path / "kept" / "small", [weights])
    weights.write_bytes(b"two")
    compile_model(build, tmp_path / "kept" / "small", [weights])
    assert build.built == 2
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"no network", None])
def test_a_damaged_file_is_made_again(tmp_path: Path, weights: Path, damage: bytes | None) -> None:
    build = Builder()
    compile_model(build, tmp_path / "kept" / "small", [weights])
    (path,) = (tmp_path / "kept").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-10] if damage is None else damage)
    assert values(compile_model(build, tmp_path / "kept" / "small", [weights])) == [2, 3]
    assert build.built == 2
    compile_model(build, tmp_path / "kept" / "small", [weights])
    assert build.built == 2


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path, weights: Path) -> None:
    (tmp_path / "kept").write_text("a file, where a folder should be")
    build = Builder()
    assert values(compile_model(build, tmp_path / "kept" / "small", [weights])) == [2, 3]


def test_threads_share_one_base() -> None:
    encoder._base.cache_clear()
    bases: list[Base] = []
    threads = [
        threading.Thread(target=lambda: bases.append(load_base(bundled_model_dir())))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(base) for base in bases}) == 1


def test_background_vectors_are_kept_and_only_believed_if_whole(tmp_path: Path) -> None:
    class Elsewhere(Embedder):
        def kept(self, name: str) -> Path:
            return tmp_path / "kept" / name

    made = background_vectors(Elsewhere())
    (file,) = (tmp_path / "kept").iterdir()
    taken = background_vectors(Elsewhere())
    assert made.keys() == taken.keys() == SENTENCES.keys()
    assert all(np.array_equal(made[k], taken[k]) for k in made)
    np.save(file, np.zeros((len(SENTENCES), 384), np.float32))
    assert not background_vectors(Elsewhere())["zh"].any()  # it is taken from there
    for damage in (b"", b"\x93NUMPY", np.full((2, 3), np.nan, np.float32).tobytes()):
        file.write_bytes(damage)
        assert np.array_equal(background_vectors(Elsewhere())["zh"], made["zh"])
