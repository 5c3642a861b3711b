"""The kinds of wishes that a new portal starts with; the office changes them in the back office."""

from django.db import migrations

# slug, name, explanation, icon, is_thing, in_home, with_minors
KINDS = (
    ("thing", "微心愿", "想要一样小东西", "gift", True, False, False),
    ("errand", "代办", "买菜取药、跑腿办事", "shopping-basket", False, False, False),
    ("company", "陪伴", "上门聊聊天、陪着看病", "heart-handshake", False, True, False),
    ("repair", "维修", "水电、门窗、家电", "wrench", False, True, False),
    ("tutoring", "辅导", "孩子的功课", "book-open", False, False, True),
    ("phone", "手机帮学", "教用手机、办网上的事", "smartphone", False, False, False),
    ("other", "其他", "别的难处，先说说看", "message-circle", False, False, False),
)


def seed(apps, _editor):
    kind = apps.get_model("wishes", "WishKind")
    for order, (slug, name, explanation, icon, is_thing, in_home, with_minors) in enumerate(KINDS, start=1):
        kind.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "explanation": explanation,
                "icon": icon,
                "is_thing": is_thing,
                "in_home": in_home,
                "with_minors": with_minors,
                "order": order * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("wishes", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
