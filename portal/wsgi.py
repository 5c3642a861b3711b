"""WSGI entry. It refuses to serve where an append-only table has lost its triggers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# Models are there only after the application is made; with the workers' entry messages go out right after a request.
from portal import celery  # noqa: E402, F401
from portal.core import appendonly  # noqa: E402

if missing := appendonly.verify():
    raise RuntimeError("append-only triggers are missing, run manage.py migrate: " + ", ".join(missing))
