"""The terminal or the log of the process itself."""

from __future__ import annotations

from typing import TextIO

from notify.messages.message import Message
from storage.errors import DeliveryError


class ConsoleSender:
    """Prints each message as a block of its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, message: Message, address: str) -> str:
        block = f"\n=== ALERT ===\n{message.content.heading}\n\n{message.chat_text}\n=============\n"
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(block.encode(encoding, "backslashreplace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError) as error:  # a broken pipe, a closed stream
            raise DeliveryError(f"the console does not take the message: {error}") from error
        return "printed"
