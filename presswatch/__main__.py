"""`python -m presswatch`, and what the command `presswatch` starts. Imports nothing before Ctrl-C is taken care of."""

from __future__ import annotations


def start() -> None:
    """Run the command line. Ctrl-C ends it at any moment, with exit code 130 and no traceback."""
    try:
        import gc
        import signal

        gc.disable()  # until work begins: what is imported stays; looking through it is a tenth of a short command

        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # `run` holds it back while it becomes this
        from presswatch.cli import main

        try:
            main()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on it ends the process by itself
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    start()
