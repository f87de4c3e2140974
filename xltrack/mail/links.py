"""Knows links to places where files are kept on the web; nothing is ever fetched from them."""

import re
from typing import Final

_LINK: Final = re.compile(r"(?i)\bhttps?://(?:[^\s/@<>\"']*@)?([a-z0-9.-]{4,100})")
_STORES: Final = re.compile(
    r"(?i)(?:docs|drive)\.google|1drv\.|onedrive|sharepoint|dropbox|icloud|zalo|fshare|mediafire|mega\.nz|wetransfer"
    r"|transfer|(?:^|[.-])(?:drive|cloud|file|files|share|upload|download|luutru|dulieu)[.-]"
)
_MOST: Final = 3


def hosts_of_files(text: str) -> tuple[str, ...]:
    """Return the hosts, the first few, of links in `text` that look like those of stored files."""
    hosts = dict.fromkeys(found.lower().strip(".") for found in _LINK.findall(text))
    return tuple(host for host in hosts if _STORES.search(host))[:_MOST]
