"""Who may act for whom: how it came to the desk, the paper, and who looked at it besides the typist. What was recorded
before counts as confirmed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_read_by_index"),
        ("people", "0011_read_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="authorisation",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("online", "网上"), ("phone", "电话"), ("visit", "上门"), ("counter", "窗口")],
                default="",
                max_length=8,
                verbose_name="渠道",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁核对",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="scan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="纸质单扫描件",
            ),
        ),
        migrations.AddField(
            model_name="authorisation",
            name="state",
            field=models.CharField(
                choices=[("entered", "待核对"), ("confirmed", "已登记"), ("refused", "未通过"), ("ended", "已结束")],
                default="confirmed",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="bond",
            field=models.CharField(
                blank=True,
                choices=[
                    ("father", "父亲"),
                    ("mother", "母亲"),
                    ("grandparent", "祖父母或外祖父母"),
                    ("other", "其他法定监护人"),
                    ("appointed", "指定监护人"),
                ],
                default="",
                max_length=12,
                verbose_name="是孩子的",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("online", "网上"), ("phone", "电话"), ("visit", "上门"), ("counter", "窗口")],
                default="",
                max_length=8,
                verbose_name="渠道",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁核对",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="document",
            field=models.CharField(
                blank=True,
                choices=[("hukou", "户口本"), ("birth", "出生证明"), ("legal", "法律文书")],
                default="",
                max_length=8,
                verbose_name="看了什么证明",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁录入",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="scan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="纸质单扫描件",
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="state",
            field=models.CharField(
                choices=[("entered", "待核对"), ("confirmed", "已登记"), ("refused", "未通过"), ("ended", "已结束")],
                default="confirmed",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="authorisation",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="谁录入",
            ),
        ),
        migrations.AddIndex(
            model_name="authorisation",
            index=models.Index(condition=models.Q(("state", "entered")), fields=["id"], name="authorisation_waits"),
        ),
        migrations.AddIndex(
            model_name="guardianship",
            index=models.Index(condition=models.Q(("state", "entered")), fields=["id"], name="guardianship_waits"),
        ),
        migrations.AddConstraint(
            model_name="authorisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by__isnull", True),
                    ("recorded_by__isnull", True),
                    models.Q(("checked_by", models.F("recorded_by")), _negated=True),
                    _connector="OR",
                ),
                name="authorisation_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by__isnull", True),
                    ("recorded_by__isnull", True),
                    models.Q(("checked_by", models.F("recorded_by")), _negated=True),
                    _connector="OR",
                ),
                name="guardianship_by_two",
            ),
        ),
    ]
