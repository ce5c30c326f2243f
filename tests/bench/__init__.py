"""What the stages cost, as ratios measured in one run: `./run bench`, or `python -m tests.bench --help`.

Two sides do the same work on the same data, in turns, and the medians are compared: the machine's own speed and its
other jobs cancel out. A figure is not a test: nothing fails for being slow.
"""
