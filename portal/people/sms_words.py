"""What text messages about accounts say. Only they tell whether a number has an account; a page never does."""

from django.conf import settings
from django.utils.translation import gettext as _


def _signed(text: str) -> str:
    return f"【{settings.SITE_NAME}】{text}"


def code(code: str, *, purpose: str) -> str:
    """The message that carries a code for ``purpose``."""
    what = {
        "sign_in": _("登录"),
        "sign_up": _("注册"),
        "reset": _("设新密码"),
        "change": _("换成这个手机号"),
        "confirm": _("确认手机号"),
    }[purpose]
    text = _("%(what)s验证码 %(code)s，5 分钟内有效。不要告诉别人，工作人员也不会问您要。")
    return _signed(text % {"what": what, "code": code})


def no_account() -> str:
    """To a number that nobody signs in with."""
    return _signed(_("这个手机号还没有账号。是您本人操作的话，请先在页面上点“注册”。"))


def not_usable() -> str:
    """To the number of a closed account: neither sign-in nor sign-up can go on without the desk."""
    return _signed(_("这个手机号现在办不了，请到社区服务窗口，工作人员帮您办。"))


def stale(days: int) -> str:
    """To a number that was last proven too long ago: it may have another owner by now."""
    text = _("这个手机号超过 %(days)s 天没有确认，不能只凭验证码登录。请用密码登录，或到社区服务窗口办理。")
    return _signed(text % {"days": days})


def has_account() -> str:
    """To a number with which somebody wanted to sign up once more."""
    return _signed(_("这个手机号已经有账号，直接登录就行。如果号码是新办的、账号不是您的，请到社区服务窗口办理。"))


def taken() -> str:
    """To a number that another account signs in with, when somebody wanted to change to it."""
    return _signed(_("这个手机号已经有别的账号，不能换成它。如果号码是新办的，请到社区服务窗口办理。"))


def moved_away() -> str:
    """To the number that an account no longer signs in with."""
    return _signed(_("您的账号已换成别的手机号登录。不是您本人操作的话，请马上联系社区。"))
