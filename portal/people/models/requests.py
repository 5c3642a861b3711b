"""The abstract Request: whatever a person asks the community for, by themselves or through the desk."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.models import StoredFile
from portal.places.models import Area, Household

from .persons import Channel, Person


class Request(models.Model):
    """Who it is for, who asked, who typed, by which channel, with a scan of the paper where there is one.

    A concrete request brings its own indexes that begin with ``community`` and with ``subject``: plain ones would
    only repeat them.

    ``typist`` is empty when the asker typed it. ``handler`` is who at the desk took it in hand; nobody for what is the
    whole desk's. ``code`` is the number that people quote; it reveals no count.
    """

    code = models.CharField(_("单号"), max_length=9, unique=True, editable=False)
    community = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False)
    grid = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("网格"))
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("户")
    )
    subject = models.ForeignKey(
        Person, models.PROTECT, related_name="%(class)s_requests", verbose_name=_("为谁办"), db_index=False
    )
    asker = models.ForeignKey(Person, models.PROTECT, related_name="%(class)s_asked", verbose_name=_("谁提出"))
    typist = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("谁录入")
    )
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("纸质单扫描件")
    )
    handler = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)s_handled",
        verbose_name=_("经办人"),
        editable=False,
    )
    created_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
