"""Accounts: a User signs in with a phone that is unique to it; what it may do hangs on roles at areas."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.core.masking import mask_phone
from portal.core.sealed import BlindIndexField, Indexed, SealedField
from portal.places.models import Area, Level

from .. import phones
from ..querysets import RoleQuerySet
from ..roles import RoleKind, placed_q

PHONE_PURPOSE = "people.phone"


def _random_username() -> str:
    return "u" + secrets.token_hex(8)


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, phone: str | None = None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(phone=phones.clean_mobile(phone) if phone else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username=username, password=password, is_superuser=True, **fields)

    def with_phone(self, phone: str) -> "User | None":
        """The account whose sign-in phone this is, found by blind index."""
        index = User._meta.get_field("phone_index").index_of(phones.normalise(phone))
        return self.filter(phone_index=index).first() if index else None


class User(Indexed, AbstractBaseUser):
    """An account. The name and everything else about the human being is on ``person``.

    ``phone_confirmed_at`` is when a code last proved that the holder reads this number: a code alone opens the
    account only while that is recent, because numbers are recycled.
    """

    username = models.CharField(_("登录名"), max_length=40, unique=True, default=_random_username)
    person = models.OneToOneField(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("本人")
    )
    phone = SealedField(_("登录手机"), null=True, blank=True)
    phone_index = BlindIndexField(source="phone", purpose=PHONE_PURPOSE, normalise=phones.normalise, unique=True)
    phone_confirmed_at = models.DateTimeField(_("手机核实时间"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_superuser = models.BooleanField(_("系统管理员"), default=False)
    elder_mode = models.BooleanField(_("关怀版"), default=False)
    elder_text = models.PositiveSmallIntegerField(_("关怀版字号"), default=22)
    sms_notices = models.BooleanField(_("重要消息发短信"), default=False)
    email = SealedField(_("电子邮箱"), blank=True, default="")
    email_confirmed_at = models.DateTimeField(_("邮箱核实时间"), null=True, blank=True)
    email_notices = models.BooleanField(_("消息发邮件"), default=False)
    date_joined = models.DateTimeField(_("注册时间"), default=timezone.now)
    closed_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        indexes = [
            models.Index(fields=["closed_at"], condition=models.Q(closed_at__isnull=False), name="user_closed"),
            models.Index(fields=["id"], condition=models.Q(is_superuser=True), name="user_administrators"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(elder_text__range=(20, 30)), name="user_elder_text_20_to_30")
        ]

    def __str__(self) -> str:
        return self.person.name if self.person else self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """The sign-in phone counts beside the password: changing either ends every other session."""
        what = f"{self.password}|{self.phone_index or ''}"
        return salted_hmac("people.session", what, secret=secret, algorithm="sha256").hexdigest()

    @property
    def phone_masked(self) -> str:
        return mask_phone(self.phone or "")

    @cached_property
    def person_ids(self) -> list[int]:
        """Ids of every record of this human being: the one that stands and those merged into it; none without one."""
        return self.person.resolved.record_ids() if self.person else []

    @cached_property
    def current_roles(self) -> list["Role"]:
        """Roles in force now, with their areas; none for a closed account. One query an instance."""
        return list(self.roles.current().select_related("area")) if self.is_active and self.pk else []

    @property
    def is_staff(self) -> bool:
        """May enter the back office at all: the administrator, or anyone with a role in force."""
        return self.is_active and (self.is_superuser or bool(self.current_roles))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permission words are the administrator's alone; rooms ask their ``access`` modules."""
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Role(models.Model):
    """An office held at an area and everything below it, from a day until it ends. ``level`` is the area's, written
    down here so that the database holds that a kind of office is in force only where it belongs (``roles.HELD_AT``)."""

    Kind = RoleKind

    user = models.ForeignKey(User, models.PROTECT, related_name="roles", verbose_name=_("账号"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="roles", verbose_name=_("区域"))
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices, editable=False)
    kind = models.CharField(_("角色"), max_length=20, choices=RoleKind.choices)
    since = models.DateTimeField(_("起"), default=timezone.now)
    until = models.DateTimeField(_("止"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "area", "kind"], condition=models.Q(until__isnull=True), name="role_held_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="role_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False) | placed_q(), name="role_in_force_at_its_level"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "kind"], name="role_area_kind"),
            models.Index(fields=["-since", "-id"], name="role_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.level = self.area.level
        super().save(*args, **kwargs)


class SmsCode(models.Model):
    """That a code was sent to a number, found by its blind index: for the pause of 60 s and the 20 a day."""

    phone_index = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index", "sent_at"], name="smscode_phone_sent"),
            models.Index(fields=["sent_at"], name="smscode_sent"),
        ]
