"""Sessions in the database with a sealed payload: a phone and a code stand in it while somebody signs in."""

import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from .sealed import SealedValueError, seal, unseal

CONTEXT = "sessions.session.session_data"


class SessionStore(DatabaseSessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict), context=CONTEXT)

    def decode(self, session_data: Any) -> dict[str, Any]:
        """An unreadable session is an empty one: the person signs in again, nothing is guessed."""
        try:
            return json.loads(unseal(session_data, context=CONTEXT))
        except SealedValueError:
            return {}
