"""Passwords of mail servers, which stand in no command and in no file of ours."""

import os

from xltrack.errors import MailError
from xltrack.language import Text


def password_of(user: str, host: str, variable: str, token: str) -> str:
    """Return the password from the environment `variable`, else what the system's keyring holds for USER@HOST.

    Raises MailError where there is none; it names `variable`, and `token`, the one for XOAUTH2.
    """
    found = os.environ.get(variable) or _kept(user, host)
    if found is None:
        reason = Text(
            f"chưa có mật khẩu: đặt biến {variable} (hoặc {token}), hoặc lưu vào keyring",
            f"there is no password: set {variable} (or {token}), or keep it in the keyring",
        )
        raise MailError(place=host, reason=reason)
    return found


def _kept(user: str, host: str) -> str | None:
    """Return what the keyring holds, if the package for it is there and the system has one."""
    try:
        import keyring  # noqa: PLC0415  # an extra
        from keyring.errors import KeyringError  # noqa: PLC0415  # likewise
    except ImportError:
        return None
    try:
        return keyring.get_password("xltrack", f"{user}@{host}")
    except KeyringError:
        return None
