"""A command's file is there whole or as it was, and what is no ordinary file is written to as a shell does."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from presswatch.commands.files import whole_file
from storage.errors import InvalidInputError


def written(to: Path, text: str = "new") -> None:
    with whole_file(to) as write:
        write(text)


def test_a_new_file_is_made(tmp_path: Path) -> None:
    written(tmp_path / "a.csv")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.csv", "new")]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")
    file.chmod(mode)
    written(file)
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", mode)


@pytest.mark.parametrize("target", ["there/a.csv", "there/new.csv"])
def test_a_link_stays_a_link(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/a.csv").write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    written(link)
    assert link.is_symlink()
    assert (tmp_path / target).read_text() == "new"


def test_a_link_to_a_link_stays_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "b.csv").symlink_to("a.csv")
    (tmp_path / "c.csv").symlink_to("b.csv")
    written(tmp_path / "c.csv")
    assert (tmp_path / "a.csv").read_text() == "new"
    assert (tmp_path / "b.csv").is_symlink() and (tmp_path / "c.csv").is_symlink()


def test_a_named_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    written(pipe)
    reader.join()
    assert read == ["new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_descriptor_of_the_process_is_written_to() -> None:
    reading, writing = os.pipe()
    written(Path(f"/dev/fd/{writing}"))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == "new"


def test_a_device_is_written_to_and_stays() -> None:
    written(Path(os.devnull))
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_device_that_is_full_is_told_and_stays() -> None:
    with pytest.raises(InvalidInputError, match="/dev/full cannot be written: No space left"):
        written(Path("/dev/full"), "x" * 100_000)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_what_is_broken_off_leaves_the_old_file_and_no_part(tmp_path: Path, error: type[BaseException]) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")
    with pytest.raises(error), whole_file(file) as write:
        write("half")
        raise error
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.csv", "old")]


@pytest.mark.parametrize("to", ["no/such/folder/a.csv", "."])
def test_what_cannot_be_written_is_told(tmp_path: Path, to: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot be written"):
        written(tmp_path / to)


def test_an_error_of_the_work_itself_is_not_taken_for_one_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="elsewhere"), whole_file(tmp_path / "a.csv"):
        raise FileNotFoundError(2, "No such file or directory", "/elsewhere")


def test_a_dash_is_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("-"))
    assert capsys.readouterr().out == "new"
    assert not list(tmp_path.iterdir())
