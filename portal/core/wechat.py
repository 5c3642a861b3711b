"""WeChat's own browser: it neither prints nor downloads, so a page in it says how to get out of it."""

from django.http import HttpRequest

_MARK = "MicroMessenger"  # 企业微信 carries it too


def inside_wechat(request: HttpRequest) -> bool:
    """Whether the page is read inside WeChat."""
    return _MARK in request.headers.get("User-Agent", "")
