"""The one authentication backend: allauth's, which brings the account together with its human being."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class PortalBackend(AuthenticationBackend):
    """Every page of a signed-in person asks for the person and their community: one query instead of three."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("person__community", "person__merged_into").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
