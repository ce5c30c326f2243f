"""Pictures of every page into `docs/images/`: `./run screenshots`, or `python -m tests.screenshots --help`.

The desk that they show is `tests.fakes.newsroom`: its words are invented and its clock stands still, so that a picture
changes with its page alone. The letters are those of the machine's own fonts; Debian's packages fonts-noto-core and
fonts-noto-cjk have all that are shown.
"""
