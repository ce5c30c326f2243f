"""`python -m tests.bench [NAME ...] [--quick | --full] [--json]`."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from tests.bench import (
    cluster,
    delivering,
    growth,
    hostile,
    importing,
    inserting,
    listings,
    matching,
    pages,
    pipeline,
    planning,
    polling,
    reading,
    searching,
    starting,
    stopping,
)
from tests.bench.measure import Figure, say
from tests.hostile.table import HAND_MADE


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What measures a stage, and with how much: quickly, as a rule, and in full."""

    run: Callable[[int, int], list[Figure]]
    quick: int
    usual: int
    full: int


ROUNDS = 3
"""How often each side runs, unless it has to be quick."""

BENCHMARKS = {
    "insert": Benchmark(inserting.run, 500, 2_000, 10_000),
    "match": Benchmark(matching.run, 2_000, 100_000, 100_000),
    "search": Benchmark(searching.run, 5_000, 300_000, 1_000_000),
    "read": Benchmark(reading.run, 20, 100, 1_000),
    "growth": Benchmark(growth.run, 2_000, 60_000, 200_000),
    "lists": Benchmark(listings.run, 20, 100, 1_000),
    "poll": Benchmark(polling.run, 250, 1_000, 10_000),
    "plan": Benchmark(planning.run, 1, 1, 3),
    "pipeline": Benchmark(pipeline.run, 96, 640, 6_400),
    "start": Benchmark(starting.run, 3, 10, 30),
    "hostile": Benchmark(hostile.run, 150, 1_000, 10_000 + len(HAND_MADE)),
    "import": Benchmark(importing.run, 1_000, 10_000, 10_000),
    "pages": Benchmark(pages.run, 5_000, 300_000, 1_000_000),
    "deliver": Benchmark(delivering.run, 200, 1_000, 4_000),
    "cluster": Benchmark(cluster.run, 5_000, 300_000, 1_000_000),
    "stop": Benchmark(stopping.run, 1, 2, 10),
}


def main() -> None:
    """Run the benchmarks that are named, or all, and print their figures. A figure that misses its aim is no error."""
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description="Measure each stage against the simplest thing that does the same, both in this run.",
        epilog="A ratio is our speed as a share of the baseline's: more is better. Example: ./run bench insert search",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure, of: {', '.join(BENCHMARKS)}")
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--quick", action="store_const", dest="size", const="quick", help="small sizes, once: under a minute"
    )
    size.add_argument("--full", action="store_const", dest="size", const="full", help="large sizes: an hour")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}")
    figures = []
    for name in arguments.names or BENCHMARKS:
        started = time.monotonic()
        benchmark = BENCHMARKS[name]
        rounds = 1 if arguments.size == "quick" else ROUNDS
        figures += benchmark.run(getattr(benchmark, arguments.size or "usual"), rounds)
        say(f"{name}: took {time.monotonic() - started:.0f} s")
    if arguments.json:
        print(json.dumps([asdict(figure) | {"verdict": figure.verdict} for figure in figures], indent=2))
    else:
        print(table(figures))


def table(figures: Sequence[Figure]) -> str:
    """The figures as text in columns."""
    rows = [("figure", "ours", "baseline", "ratio", "aim", "verdict", "note")]
    for figure in figures:
        aim = f"{figure.aim:.2f}" if figure.aim is not None else ""
        ratio = f"{figure.ratio:,.2f}" if 0.1 <= figure.ratio < 10 else f"{figure.ratio:,.3g}"
        rows.append((figure.name, figure.ours, figure.baseline, ratio, aim, figure.verdict, figure.note))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < number < 5 else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


if __name__ == "__main__":
    main()
