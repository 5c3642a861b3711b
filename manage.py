#!/usr/bin/env python
"""Command line of the portal. ``demo`` prepares an environment of its own before Django reads its settings."""

import os
import sys


def main() -> None:
    if len(sys.argv) > 1 and sys.argv[1] == "demo":
        from portal.core.demo_environment import prepare

        prepare(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
