"""Takes the parts out of a zip, without trusting what its directory says."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from xltrack.intake.kinds import refuse_other_package
from xltrack.intake.model import damaged

ENTRIES = 1_000
PART_BYTES = 128 * 2**20
TOTAL_BYTES = 256 * 2**20
RATIO = 300
RATIO_FROM = 8 * 2**20
_CHUNK = 2**18
_ENCRYPTED_FLAG = 1


def read_parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of the package `content` by name; raises Refused.

    Sizes are counted while inflating and checksums verified: a part that is larger than `PART_BYTES`, or
    swells more than `RATIO` times, ends the reading, whatever size the directory claims. Pictures and other
    parts that are not XML are checked but not kept.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            _check_directory(entries)
            names = {entry.filename for entry in entries}
            mimetype = package.read("mimetype") if "mimetype" in names else b""
            refuse_other_package(names, mimetype)
            return dict(_inflate(package, entries))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as failure:
        raise damaged(
            f"tệp không mở được ({failure}), có thể do tải về hoặc gửi dở dang",
            f"the file does not open ({failure}); perhaps it was cut off on the way",
        ) from failure


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES:
        raise damaged(f"tệp có {len(entries)} thành phần", f"the file has {len(entries)} parts")
    folded = [entry.filename.casefold() for entry in entries]
    if len(set(folded)) != len(folded):
        raise damaged("có hai thành phần cùng tên", "two parts have the same name")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise damaged("tệp nén đặt mật khẩu", "the zip is locked by a password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged("kiểu nén lạ", "an unusual compression")
        if ".." in entry.filename.split("/") or entry.filename.startswith("/") or "\\" in entry.filename:
            raise damaged(
                f"tên thành phần lạ: {entry.filename}", f"a part with an odd name: {entry.filename}"
            )


def _inflate(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    total = 0
    for entry in entries:
        if entry.file_size > PART_BYTES:
            raise _swollen(entry)
        is_markup = entry.filename.endswith((".xml", ".rels"))
        kept = []
        size = 0
        with package.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                total += len(chunk)
                if size > PART_BYTES or total > TOTAL_BYTES or _is_bomb(size, entry.compress_size):
                    raise _swollen(entry)
                if is_markup:
                    kept.append(chunk)
        if is_markup:
            yield entry.filename, b"".join(kept)


def _is_bomb(size: int, packed: int) -> bool:
    return size > RATIO_FROM and size > RATIO * max(packed, 1)


def _swollen(entry: zipfile.ZipInfo) -> Exception:
    return damaged(
        f"thành phần {entry.filename} phình to bất thường khi giải nén",
        f"part {entry.filename} swells beyond all measure when unpacked",
    )
