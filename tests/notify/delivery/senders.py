"""A sender that errs and hangs, and where it is reached."""

from __future__ import annotations

import threading

from notify.messages.message import Message

ADDRESS = "json://user:s3cr3t-word@hooks.example/t0k3n-of-the-desk"
ANY_EXCEPTION = [
    LookupError("no such field"),
    TypeError("not a message"),
    TimeoutError("of the sender's own"),
    StopIteration(),
    RecursionError("too deep"),
    SystemExit(3),
    KeyboardInterrupt(),
]


class Sender:
    """Takes messages, but for those that it errs on, and while it hangs none."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.attempts = 0
        self.error: BaseException | None = None
        self.errs_on = ""
        self.released = threading.Event()
        self.released.set()

    def send(self, message: Message, address: str) -> str:
        self.attempts += 1
        self.released.wait()
        if self.error is not None and self.errs_on in message.text:
            raise self.error
        self.received.append(message)
        return "taken"
