"""The project keeps the promises that no single test of its parts would notice being broken."""

import ast
import functools
import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "xltrack"
MODULES = sorted(PACKAGE.rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_PARAMETERS = 7

# Joined from pieces, or this file would name what no file may name.
FORBIDDEN = {
    "a directory of one machine": [
        r"(?<![\w.])/" + f"(?:{one})/"
        for one in ("wo" + "rk", "ro" + "ot", "fa" + "rm", "tm" + "p", r"ho" + r"me/\w+")
    ],
    "a folder beside the project": [r"\.\./" + "sha" + "red"],
    "the host of a package registry": [
        r"\b" + re.escape(one)
        for one in (
            "py" + "pi.org",
            "python" + "hosted.org",
            "registry." + "npmjs",
            "deb." + "debian",
            "crates" + ".io",
        )
    ],
    "an index option": ["--" + "(?:extra-)?index-" + "url", "--" + "find-" + "links"],
}

POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}

# How an import is named where it is not the name of the distribution.
DISTRIBUTIONS = {
    "docx": "python-docx",
    "imap_tools": "imap-tools",
    "oxmsg": "python-oxmsg",
    "python_calamine": "python-calamine",
    "stdnum": "python-stdnum",
}
# Needed without being imported: Windows has no time zones of its own.
NEVER_IMPORTED = {"tzdata"}


@functools.cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path):
    return path.relative_to(ROOT).as_posix()


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def imported_roots(nodes):
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def project_files():
    """Return the files that a commit would hold; without git, as in a source archive, all that are there."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        answer = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
        paths = [ROOT / line for line in answer.decode("utf-8").split("\0") if line]
    except (OSError, subprocess.CalledProcessError):
        paths = list(ROOT.rglob("*"))
    return [path for path in paths if path.is_file()]


def texts(path):
    """Return what can be read in a file: its text, or the text of each part of a workbook."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            readable = [
                entry
                for entry in archive.infolist()
                if entry.file_size < 5_000_000 and not entry.flag_bits & 1
            ]
            return [_content(archive, entry) for entry in readable]
    content = path.read_bytes()
    return [] if b"\0" in content[:4096] else [content.decode("utf-8", "replace")]


def _content(archive, entry):
    try:
        return archive.read(entry).decode("utf-8", "replace")
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return ""  # a workbook damaged on purpose, for the tests of the gate


def test_the_version_is_the_newest_one_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest, "CHANGELOG.md needs a heading such as `## 0.1.0`"
    assert importlib.import_module("xltrack").__version__ == newest[1]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name)
def test_every_requirement_is_exact_and_hashed(path):
    lines = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    pinned = re.compile(r"[\w.-]+==[\w.]+ *(;[^-]*?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line[:60] for line in pins if not pinned.fullmatch(line.rstrip())] == []


def versions(file):
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def test_tests_run_with_the_versions_that_users_run():
    tested = versions("dev.txt").items()
    assert versions("run.txt").items() <= tested
    assert versions("build.txt").items() <= tested


def distributions(lines):
    return {re.split(r"[ <>=!~;\[]", line)[0].lower() for line in lines}


TOO_LARGE = "spark"
"""The extra that no machine need have, some 400 MB: the tests that need it are marked and may be skipped."""


def test_every_dependency_is_locked():
    declared = distributions(PROJECT["project"]["dependencies"])
    assert declared <= versions("run.txt").keys()
    tools = distributions(line for line in PROJECT["dependency-groups"]["dev"] if isinstance(line, str))
    tools |= distributions(line for name, extra in EXTRAS.items() if name != TOO_LARGE for line in extra)
    assert tools <= versions("dev.txt").keys()


def test_what_is_imported_is_declared_and_nothing_else():
    roots = {root for path in MODULES for root in imported_roots(ast.walk(tree(path)))}
    foreign = roots - sys.stdlib_module_names - {"xltrack"}
    used = {DISTRIBUTIONS.get(root, root).lower() for root in foreign}
    extras = [line for extra in EXTRAS.values() for line in extra]
    declared = distributions([*PROJECT["project"]["dependencies"], *extras])
    assert sorted(used - declared) == [], "imported, but not declared in pyproject.toml"
    assert sorted(declared - used - NEVER_IMPORTED) == [], "declared in pyproject.toml, but not imported"


def test_no_file_names_one_machine_or_a_registry():
    files = project_files()
    assert len(files) > 20
    found = [
        f"{name(path)}: {what}: {match[0]}"
        for path in files
        for text in texts(path)
        for what, patterns in FORBIDDEN.items()
        for match in re.finditer("|".join(patterns), text)
    ]
    assert found == []


def test_every_room_is_in_the_import_contract():
    rooms = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    (contract,) = [one for one in PROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    assert contract["exhaustive"]
    assert "ignore_imports" not in contract
    assert sorted(contract["layers"]) == sorted(rooms - {"__init__"})


def test_every_package_ships():
    folders = {path.parent for path in MODULES}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_modules_are_short():
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in sizes.items() if lines > MOST_LINES_OF_A_MODULE} == {}


def test_functions_are_short_and_take_few_parameters():
    found = []
    for path in MODULES:
        for node in functions(path):
            lines = node.end_lineno - node.lineno + 1
            parameters = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
            if lines > MOST_LINES_OF_A_FUNCTION or parameters > MOST_PARAMETERS:
                found.append(
                    f"{name(path)}:{node.lineno} {node.name}: {lines} lines, {parameters} parameters"
                )
    assert found == []


def test_every_module_starts_with_its_reason():
    assert [name(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


def test_importing_a_module_needs_nothing_that_windows_lacks():
    """A POSIX module may be imported inside a function or under a condition, where its absence is handled."""
    found = [
        f"{name(path)}: {root}"
        for path in MODULES
        for root in imported_roots(tree(path).body)
        if root in POSIX_ONLY
    ]
    assert found == []


def forgets_the_encoding(call):
    """Return whether a call reads or writes text in whatever encoding the machine happens to use."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if "encoding" in keywords or None in keywords:
        return False
    method = isinstance(call.func, ast.Attribute)
    called = call.func.attr if method else getattr(call.func, "id", "")
    if called == "read_text":
        return not call.args
    if called == "write_text":
        return len(call.args) < 2
    if called == "open":
        return opens_text(call, keywords, is_method=method)
    if called in {"run", "Popen", "check_output"}:
        return any(getattr(keywords.get(key), "value", False) for key in ("text", "universal_newlines"))
    return False


def opens_text(call, keywords, *, is_method):
    position = 0 if is_method else 1
    mode = keywords.get("mode", call.args[position] if len(call.args) > position else ast.Constant("r"))
    word = getattr(mode, "value", None)
    # `archive.open(entry)` and the like: their first argument is no mode, and they give bytes
    return isinstance(word, str) and bool(re.fullmatch("[rwaxt+]+", word))


@pytest.mark.parametrize(
    ("source", "forgets"),
    [
        ("open(path)", True),
        ("open(path, 'w')", True),
        ("open(path, 'rb')", False),
        ("open(path, mode='x')", True),
        ("open(path, encoding='utf-8')", False),
        ("path.open()", True),
        ("path.open('wb')", False),
        ("archive.open(entry)", False),
        ("archive.open('xl/workbook.xml')", False),
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text(text)", True),
        ("path.write_text(text, encoding='utf-8')", False),
        ("subprocess.run(words, text=True)", True),
        ("subprocess.run(words)", False),
    ],
)
def test_the_check_for_encodings_sees_what_it_should(source, forgets):
    (statement,) = ast.parse(source).body
    assert forgets_the_encoding(statement.value) is forgets


def test_text_is_read_and_written_in_a_named_encoding():
    """Windows would otherwise use a code page, and Vietnamese letters would be lost."""
    found = [
        f"{name(path)}:{call.lineno}"
        for path in MODULES
        for call in calls(path)
        if forgets_the_encoding(call)
    ]
    assert found == []


def public_packages():
    return ["xltrack", *(f"xltrack.{path.parent.name}" for path in sorted(PACKAGE.glob("*/__init__.py")))]


@pytest.mark.parametrize("package", public_packages())
def test_what_a_package_offers_exists_once(package):
    module = importlib.import_module(package)
    offered = list(getattr(module, "__all__", []))
    assert [one for one in offered if not hasattr(module, one)] == []
    assert len(offered) == len(set(offered))
    if package == "xltrack":
        assert "__version__" in offered
