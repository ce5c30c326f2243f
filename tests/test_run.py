"""`./run` on a fresh machine: real installations in copies of this tree. Touches temporary folders and the network."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bootstrap import commands

ROOT = Path(__file__).resolve().parent.parent
STAMP = Path(".venv", "presswatch-installed")

# Installations take their time on a slow line. Those in the shared copy go one after the other.
pytestmark = [pytest.mark.timeout(3600), pytest.mark.slow]
in_the_shared_copy = pytest.mark.xdist_group("the shared copy of the tree")


def copy_of_the_tree(folder: Path) -> Path:
    """This tree as a fresh checkout: no environment, no caches."""
    ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", ".benchmarks")
    return Path(shutil.copytree(ROOT, folder, ignore=ignored))


def variables(**more: str) -> dict[str, str]:
    """The variables of a person who has this environment's Python and uv on the PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "100", **more}


def run(
    tree: Path, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """`./run ARGUMENTS` to its end."""
    command = [str(tree / "run"), *arguments]
    return subprocess.run(
        command, env=env or variables(), cwd=cwd or tree, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def skip_without_network(finished: subprocess.CompletedProcess[str]) -> None:
    """What cannot be fetched cannot be installed: then there is nothing to test here."""
    if "the package index cannot be reached" in finished.stderr:
        pytest.skip("the package index cannot be reached")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its environment made, in a folder whose name has blanks, a quote and letters of three kinds."""
    copy = copy_of_the_tree(tmp_path_factory.mktemp("copies") / "press watch 'é ж")
    first = run(copy, "--help")
    skip_without_network(first)
    assert first.returncode == 0, first.stderr
    assert "Usage" in first.stdout
    assert "making an environment" in first.stderr and "installed in" in first.stderr
    return copy


@in_the_shared_copy
def test_a_second_run_installs_nothing(tree: Path) -> None:
    log = tree / ".venv" / "installation.log"
    before = log.stat().st_mtime_ns, (tree / STAMP).stat().st_mtime_ns
    second = run(tree, "--help")
    assert (second.returncode, second.stderr) == (0, "")
    assert "Usage" in second.stdout
    assert (log.stat().st_mtime_ns, (tree / STAMP).stat().st_mtime_ns) == before


@in_the_shared_copy
def test_the_exit_code_is_the_program_s_own(tree: Path) -> None:
    assert run(tree, "no-such-command").returncode == 2


@in_the_shared_copy
def test_a_folder_named_like_ours_where_the_person_stands_is_not_taken_for_ours(tree: Path, tmp_path: Path) -> None:
    for name in ("presswatch", "storage"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('a stranger')")
    finished = run(tree, "--help", cwd=tmp_path, env=variables(PYTHONPATH=str(tmp_path)))
    assert finished.returncode == 0, finished.stderr
    assert "Usage" in finished.stdout


@in_the_shared_copy
def test_the_commands_of_the_environment_work(tree: Path) -> None:
    for command in (["presswatch", "--help"], ["scrapy", "version"]):
        program, *arguments = command
        subprocess.run([tree / ".venv" / "bin" / program, *arguments], cwd=tree, check=True, capture_output=True)


@in_the_shared_copy
def test_a_killed_installation_leaves_no_stamp_and_is_made_anew(tree: Path) -> None:
    (tree / STAMP).unlink()
    killed = subprocess.Popen([tree / "run", "--help"], env=variables(), stderr=subprocess.PIPE, text=True)
    assert killed.stderr is not None
    assert any("installing" in line for line in killed.stderr)
    killed.kill()
    killed.wait()
    killed.stderr.close()
    assert not (tree / STAMP).exists()

    repaired = run(tree, "--help")
    assert repaired.returncode == 0, repaired.stderr
    assert "making an environment" in repaired.stderr
    assert (tree / STAMP).exists()


@in_the_shared_copy
def test_of_two_first_runs_at_once_one_installs_and_both_work(tree: Path) -> None:
    (tree / STAMP).unlink()
    both = [
        subprocess.Popen(
            [tree / "run", "--help"], env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sum("installed in" in errors for _, errors in outputs) == 1


@in_the_shared_copy
def test_an_old_python_hands_over_to_a_newer_one_on_the_path(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "python3.11").symlink_to(sys.executable)
    finished = run_as_python_3_9(tree, tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "Usage" in finished.stdout


def test_an_old_python_alone_gets_one_line_with_the_mend(tmp_path: Path) -> None:
    finished = run_as_python_3_9(ROOT, tmp_path)
    assert finished.returncode == 1
    assert finished.stderr.startswith("presswatch: needs Python 3.11 or newer; found 3.9.18 at ")
    assert finished.stderr.count("\n") == 1 and "Mend:" in finished.stderr


def run_as_python_3_9(tree: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """`./run --help` by an interpreter that takes itself for Python 3.9 and finds only `path` on its PATH."""
    disguised = "import runpy, sys; sys.version_info = (3, 9, 18); runpy.run_path(sys.argv[0], run_name='__main__')"
    command = [sys.executable, "-c", f"import sys; del sys.argv[0]; {disguised}", str(tree / "run"), "--help"]
    return subprocess.run(command, env=variables() | {"PATH": str(path)}, capture_output=True, text=True)


def test_an_old_python_can_read_the_script() -> None:
    ast.parse((ROOT / "run").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_folder_name_that_forbids_an_environment_gets_one_in_the_cache(tmp_path: Path) -> None:
    copy = copy_of_the_tree(tmp_path / "press:watch")
    finished = run(copy, "--help", env=variables(XDG_CACHE_HOME=str(tmp_path / "cache")))
    skip_without_network(finished)
    assert finished.returncode == 0, finished.stderr
    assert "Usage" in finished.stdout
    assert not (copy / ".venv").exists()
    assert len(list((tmp_path / "cache" / "presswatch").glob("*/presswatch-installed"))) == 1


def test_the_bundled_pip_installs_where_uv_fails_and_ensurepip_is_missing(tmp_path: Path) -> None:
    copy, bare = copy_of_the_tree(tmp_path / "tree"), tmp_path / "bare"
    (bare / "ensurepip").mkdir(parents=True)
    (bare / "ensurepip" / "__init__.py").write_text("raise ImportError('Debian has it in another package')")
    (bare / "uv").write_text("#!/bin/sh\nexit 2\n")
    (bare / "uv").chmod(0o755)
    path = f"{bare}{os.pathsep}{variables()['PATH']}"
    finished = run(copy, "--help", env=variables(PYTHONPATH=str(bare)) | {"PATH": path})
    skip_without_network(finished)
    assert finished.returncode == 0, finished.stderr
    assert "installing requirements.lock with pip" in finished.stderr
    assert "Usage" in finished.stdout


def test_an_unreachable_package_index_gets_one_line_with_the_mend(tmp_path: Path) -> None:
    copy = copy_of_the_tree(tmp_path / "tree")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    cut_off = variables(NO_PROXY="", no_proxy="", PIP_RETRIES="0", UV_HTTP_RETRIES="0") | nowhere
    finished = run(copy, "--help", env=cut_off | {"UV_CACHE_DIR": str(tmp_path / "cache"), "PIP_NO_CACHE_DIR": "1"})
    assert finished.returncode == 1
    assert "the package index cannot be reached. Mend:" in finished.stderr.splitlines()[-1]
    assert not (copy / STAMP).exists()


# -- ./run test --------------------------------------------------------------------------------------------------------


class Interpreter:
    """An environment whose Python notes what it is to do and does nothing; it fails at what contains a given word."""

    def __init__(self, environment: Path, fails_at: str = "nothing at all") -> None:
        self.environment = environment
        self._log = environment / "log"
        python = environment / "bin" / "python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\necho "$*" >> "{self._log}"\ncase "$*" in *"{fails_at}"*) exit 3 ;; esac\n')
        python.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        return self._log.read_text().splitlines()


@pytest.fixture
def chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser on the PATH, so that none is installed."""
    (tmp_path / "chromium").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


@pytest.mark.usefixtures("chromium")
def test_every_check_runs_and_what_is_not_ours_goes_on_to_pytest(tmp_path: Path) -> None:
    python = Interpreter(tmp_path)
    assert commands.test(tmp_path, ["tests/notify", "-k", "digest", "--full"]) == 0
    assert [words.split()[1] for words in python.asked[:3]] == ["ruff", "ruff", "mypy"]
    assert "lint_imports" in python.asked[3]
    assert python.asked[4].startswith("-m pytest -n ")
    assert python.asked[4].endswith(" tests/notify -k digest --full")
    assert len(python.asked) == len(commands.CHECKS) == 5


@pytest.mark.usefixtures("chromium")
def test_a_failed_check_stops_no_other_and_is_the_exit_code(tmp_path: Path) -> None:
    python = Interpreter(tmp_path, fails_at="mypy")
    assert commands.test(tmp_path, []) == 3
    assert len(python.asked) == 5


def test_the_fast_test_runs_every_check_and_installs_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python = Interpreter(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert commands.test(tmp_path, ["--fast"]) == 0
    assert len(python.asked) == 5
    assert python.asked[4].endswith(" --fast")
    assert "CHROMIUM" not in capsys.readouterr().err


def collected(*options: str) -> tuple[int, str]:
    """What pytest would run of three files: of the first each, of the second some, of the third no test is quick."""
    files = ["tests/test_steps.py", "tests/storage/query/test_agreement.py", "tests/end_to_end/test_kill.py"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options, *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_the_fast_test_leaves_out_what_is_slow_and_nothing_else() -> None:
    (all_code, everything), (fast_code, fast) = collected(), collected("--fast")
    assert (all_code, fast_code) == (0, 0)
    for name, is_quick in {
        "test_the_same_work_takes_the_same_steps": True,
        "test_fts5_is_never_asked_for_an_absence_alone": True,
        "test_the_search_finds_what_an_alert_catches": False,
        "test_two_hundred_stops_lose_nothing_and_double_nothing": False,
    }.items():
        assert name in everything
        assert (name in fast) is is_quick, name


def test_fast_and_full_exclude_each_other() -> None:
    code, told = collected("--fast", "--full")
    assert code == 4
    assert "--fast and --full exclude each other" in told
