"""Steps tell linear work from more, and are the same every time."""

from __future__ import annotations

from tests.steps import growth, steps_of


def linear(size: int) -> None:
    for _ in range(size):
        len("")


def quadratic(size: int) -> None:
    for _ in range(size):
        linear(size)


def test_linear_work_grows_with_its_input_and_quadratic_work_with_the_square() -> None:
    assert 0.95 < growth(linear, 100, 400) < 1.05
    assert 3.5 < growth(quadratic, 20, 80) < 4.5


def test_calls_of_c_and_lines_of_python_are_steps() -> None:
    assert steps_of(lambda: linear(1_000)) >= 2_000


def test_the_same_work_takes_the_same_steps() -> None:
    assert len({steps_of(lambda: linear(1_000)) for _ in range(5)}) == 1
