"""The skills that a new portal starts with; the office adds its own."""

from django.db import migrations

SKILLS = ("水电维修", "家电修理", "理发", "陪伴聊天", "辅导功课", "手机教学", "代购跑腿", "健康护理")


def seed(apps, _editor):
    skill = apps.get_model("volunteers", "Skill")
    for name in SKILLS:
        skill.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
