"""Pages that need an account, and the name under which a person's form tokens are spent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only a signed-in person pass; others go to sign-in and come back."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped


def once_owner(request: HttpRequest, act: str) -> str:
    """Whose tokens of which act these are: nobody spends another's, and one act's token says nothing to another."""
    return f"{act}:{request.user.pk}"
