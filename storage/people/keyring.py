"""The key that seals the addresses of channels: they hold passwords and tokens.

A database that is copied, exported or stolen must not give them away, so they stand in it encrypted (Fernet:
AES-128-CBC with HMAC-SHA256), and the key stands elsewhere:

1. `PRESSWATCH_KEY`: one key, or several with commas between them, the newest first;
2. else the file that `PRESSWATCH_KEY_FILE` names, one key a line, the newest first;
3. else `secret.key` beside the database, which is made, with mode 600, when the first address is sealed.

The newest key seals, each of them opens. A process that runs sees a changed file at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import KeyUnusableError
from storage.types import SealedAddress

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

SEALED = "sealed:"
"""What a sealed text begins with; no address does."""

FILE = "secret.key"

_MEND = (
    "put the key back where it was: into {place}; if it is lost for good, remove the channels that need it "
    "and add them again"
)


class Keyring:
    """The keys of one database."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read before it is needed."""
        self._file = str(folder / FILE)
        self._given: tuple[str, ...] = ()
        self._opened: dict[str, str] = {}
        self._seen: object = None
        self._fernet: MultiFernet | None = None

    @classmethod
    def holding(cls, keys: Iterable[str]) -> Keyring:
        """These keys, wherever others lie; they open, and nothing is written."""
        keyring = cls(Path())
        keyring._given = tuple(keys)
        return keyring

    @property
    def from_environment(self) -> bool:
        """Whether the keys are the environment's: then no file is read or written."""
        return bool(os.environ.get("PRESSWATCH_KEY", "").strip())

    @property
    def file(self) -> Path:
        """Where the keys lie if the environment does not hold them."""
        return Path(self._path)

    @property
    def _path(self) -> str:
        return os.environ.get("PRESSWATCH_KEY_FILE") or self._file

    @property
    def place(self) -> str:
        """Where the keys are, in words for a person."""
        return "PRESSWATCH_KEY" if self.from_environment else str(self.file)

    def keys(self) -> tuple[str, ...]:
        """The keys, the newest first; none where there are none yet. Raises `KeyUnusableError`."""
        if self._given:
            return self._given
        if self.from_environment:
            return tuple(os.environ["PRESSWATCH_KEY"].replace(",", " ").split())
        try:
            text = self.file.read_text(encoding="ascii")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnusableError(
                f"the key file {self.file} cannot be read: {error}", mend=_MEND.format(place=self.place)
            ) from error
        with suppress(OSError):  # somebody restored it with the rights of everybody else's files
            if self.file.stat().st_mode & 0o077:
                self.file.chmod(0o600)
        return tuple(text.split())

    def make(self) -> None:
        """Make the first key. One that another process has made meanwhile is kept."""
        if not self.keys():
            self._write([_new_key()], replace=False)

    def seal(self, address: str) -> SealedAddress:
        """The address, encrypted with the newest key. Raises `KeyUnusableError`."""
        fernet = self._current()
        if fernet is None:
            raise self.lost()
        return SealedAddress(SEALED + fernet.encrypt(address.encode()).decode("ascii"))

    def open(self, address: SealedAddress) -> str:
        """The address as it was entered, with its secrets. Raises `KeyUnusableError` where no key opens it."""
        if not is_sealed(address):  # the console
            return address
        from cryptography.fernet import InvalidToken

        fernet, opened = self._current(), self._opened
        if fernet is None:
            raise self.lost()
        if address not in opened:
            try:
                opened[address] = fernet.decrypt(address.removeprefix(SEALED).encode()).decode()
            except InvalidToken as error:
                raise self.lost() from error
        return opened[address]

    def fingerprints(self, text: str) -> tuple[str, ...]:
        """By which a text is known again that stands sealed: one from each key, the newest first; none without a key.

        They are made with the keys (HMAC-SHA256), so that who has the fingerprints alone cannot try texts on them.
        Raises `KeyUnusableError` where the keys cannot be read.
        """
        secrets = self.derived("fingerprints")
        return tuple(hmac.digest(secret, text.encode(), hashlib.sha256).hex() for secret in secrets)

    def renewed(self) -> Sequence[str]:
        """Put a new key before the ones in the file and return what to keep when all is sealed anew: the new one.

        Raises `KeyUnusableError` where the keys are the environment's and hold no new one.
        """
        keys = self.keys()
        if self.from_environment:
            if len(keys) < 2:
                raise KeyUnusableError(
                    "PRESSWATCH_KEY holds no new key",
                    mend="put one before the old one, PRESSWATCH_KEY=NEW,OLD; make it with: "
                    "openssl rand -base64 32 | tr '+/' '-_'",
                )
            return keys[:1]
        new = _new_key()
        self._write([new, *keys], replace=True)
        return [new]

    def keep(self, keys: Sequence[str]) -> None:
        """Forget all other keys of the file; those of the environment are its owner's to forget."""
        if not self.from_environment:
            self._write(keys, replace=True)

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """A secret for another purpose from each key, the newest first. Raises `KeyUnusableError`."""
        return tuple(hmac.digest(key.encode(), f"presswatch {purpose}".encode(), hashlib.sha256) for key in self.keys())

    def lost(self) -> KeyUnusableError:
        """The error that says that there is no key that fits."""
        return KeyUnusableError(
            f"the key that seals the addresses of channels is not in {self.place}", mend=_MEND.format(place=self.place)
        )

    def _current(self) -> MultiFernet | None:
        from cryptography.fernet import Fernet, MultiFernet

        seen = self._stamp()
        if seen != self._seen:
            try:
                fernets = [Fernet(key) for key in self.keys()]
            except ValueError as error:
                raise KeyUnusableError(
                    f"what stands in {self.place} is not a key: {error}", mend=_MEND.format(place=self.place)
                ) from error
            self._fernet, self._seen, self._opened = MultiFernet(fernets) if fernets else None, seen, {}
        return self._fernet

    def _stamp(self) -> object:
        """What changes when the keys do."""
        if self._given:
            return self._given
        if self.from_environment:
            return os.environ["PRESSWATCH_KEY"]
        try:
            stat = os.stat(self._path)  # noqa: PTH116 - asked for each address of each message
        except OSError:
            return (self._path,)
        return self._path, stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _write(self, keys: Sequence[str], *, replace: bool) -> None:
        """Write the key file whole or not at all, and onto the disk before anything is sealed with it."""
        try:
            descriptor, name = tempfile.mkstemp(dir=self.file.parent, prefix=".key-")  # has mode 600
            Path(name).chmod(0o600)  # or less, where the umask is strange
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write("\n".join(keys) + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                if replace:
                    Path(name).replace(self.file)
                else:
                    with suppress(FileExistsError):
                        os.link(name, self.file)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise KeyUnusableError(
                f"the key file {self.file} cannot be written: {error.strerror}",
                mend="check that its folder exists and belongs to you, or set PRESSWATCH_KEY_FILE",
            ) from error


def is_sealed(text: str) -> bool:
    """Whether the text is one that was sealed."""
    return text.startswith(SEALED)


def _new_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")
