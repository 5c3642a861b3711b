"""The public and personal addresses. One line an address and method; the desk's pages stand in ``desk_rows``."""

from .grid import Row, row
from .world import World


def _wish(state: str):
    return lambda world: {"code": getattr(world.wishes, state).code}


def _done(world: World) -> dict[str, str]:
    return {"code": world.wishes.new.code, "what": "ordered"}


def _first_step(_world: World) -> dict[str, int]:
    return {"number": 1}


def _notice(world: World) -> dict[str, int]:
    return {"notice_id": world.notice.pk}


def _community(world: World) -> dict[str, object]:
    return {"kind": "community", "place_id": world.community.pk}


def _household(world: World) -> dict[str, int]:
    return {"household_id": world.household.pk}


def _residency(world: World) -> dict[str, int]:
    return {"residency_id": world.residency.confirmed.pk}


def _authorisation(world: World) -> dict[str, int]:
    return {"authorisation_id": world.authorisation.pk}


def _scan(world: World) -> dict[str, str]:
    return {"file_id": world.scan.pk}


def _fact(_world: World) -> dict[str, str]:
    return {"field": "name"}


def _data_request(world: World) -> dict[str, str]:
    return {"code": world.data_request.code}


def _erased(world: World) -> dict[str, int]:
    return {"entry_id": world.erased.pk}


def _consent(_world: World) -> dict[str, str]:
    return {"purpose": "notices.sms"}


#                                  anon  res  oth  vol    desk else head subd admin
FRONT = [
    row("front:home", "             200"),
    row("front:do", "               200"),
    row("front:search", "           200"),
    row("front:elder", "            200"),
    row("front:community", "        200"),
    row("front:community", "        302", "POST"),
    row("front:mode", "             302"),
    row("front:mode", "             302", "POST"),
    row("front:help", "             200"),
    row("front:styleguide", "       404  403  403  403    200  200  200  200  200"),
    row("front:figures", "          200"),
    row("front:figures_of", "       200", at=_community),
    row("front:figures_of", "       404", at=lambda _world: {"kind": "nowhere", "place_id": 1}),
    row("front:open_figures", "     200"),
    row("front:privacy", "          200"),
    row("front:healthz", "          200"),
    row("front:robots", "           200"),
    row("front:favicon", "          302"),
    row("front:messages", "         in   200"),
    row("front:messages", "         in   302", "POST"),
    row("front:message", "          in   302", at=_notice),
    row("front:message", "          in   302  404  404    404  404  404  404  404", "POST", at=_notice),
    row("front:me", "               in   200"),
    row("front:my_data", "          in   200"),
    # Before the whole is handed out, erased or closed one proves who one is; every reader here has a password.
    row("front:export", "           in   302"),
    row("front:export", "           in   302", "POST"),
    row("front:correct", "          in   200"),
    row("front:correct_ask", "      in   200  200  200    200  200  200  200  404", at=_fact),
    row("front:correct_ask", "      in   422  422  422    422  422  422  422  404", "POST", at=_fact),
    row("front:correct_request", "  in   200  404  404    404  404  404  404  404", at=_data_request),
    row("front:correct_request", "  in   302  404  404    404  404  404  404  404", "POST", at=_data_request),
    row("front:erase", "            in   302  302  302    302  302  302  302  404"),
    row("front:erase", "            in   302  302  302    302  302  302  302  404", "POST"),
    row("front:erase_ask", "        in   200  200  200    200  200  200  200  404"),
    row("front:erase_ask", "        in   422  422  422    422  422  422  422  404", "POST"),
    row("front:erased", "           in   200  404  404    404  404  404  404  404", at=_erased),
    row("front:consents", "         in   200"),
    row("front:consent", "          in   200  200  200    200  200  200  200  404", at=_consent),
    row("front:consent", "          in   302  302  302    302  302  302  302  404", "POST", at=_consent),
    row("front:leave", "            in   302"),
    row("front:leave", "            in   302", "POST"),
    row("front:left", "             302"),
    row("front:notice_choices", "   in   200"),
    row("front:notice_choices", "   in   422", "POST"),
    row("front:notice_email", "     in   200"),
    row("front:notice_email", "     in   422", "POST"),
    row("front:notice_email_code", "in   302"),
    row("front:notice_email_code", "in   302", "POST"),
    row("front:homes", "            in   200"),
    row("front:claim_home", "       in   200  200  200    200  200  200  302  404"),
    row("front:claim_home", "       in   422  422  422    422  422  422  302  404", "POST"),
    # One's own claims and homes; to everybody else, the desk too, they are not there.
    row("front:withdraw_home", "    in   302  200  404    404  404  404  404  404", at=_household),
    row("front:withdraw_home", "    in   302  302  404    404  404  404  404  404", "POST", at=_household),
    row("front:leave_home", "       in   200  404  404    404  404  404  404  404", at=_residency),
    row("front:leave_home", "       in   422  404  404    404  404  404  404  404", "POST", at=_residency),
    row("front:profile", "          in   200  200  200    200  200  200  200  404"),
    row("front:contact", "          in   200  200  200    200  200  200  200  404"),
    row("front:contact", "          in   302  302  302    302  302  302  302  404", "POST"),
    row("front:family", "           in   200"),
    row("front:end_authorisation", "in   200  404  404    404  404  404  404  404", at=_authorisation),
    row("front:end_authorisation", "in   302  404  404    404  404  404  404  404", "POST", at=_authorisation),
]

# The scan of a wish's paper shows the contact: it is the requester's and the desk's of its area.
FILES = [row("core:file", "         404  200  404  404    200  404  200  404  200", at=_scan)]

ACCOUNTS = [
    row("account_login", "          200  302"),
    row("account_login", "          200  302", "POST"),
    row("account_request_login_code", "in 302"),
    row("account_request_login_code", "200 302", "POST"),
    row("account_signup", "         200  302"),
    row("account_signup", "         200  302", "POST"),
    row("account_code", "           in   302"),
    row("account_code", "           in   302", "POST"),
    row("account_reset_password", " 200  302"),
    row("account_reset_password", " 200  302", "POST"),
    row("account_logout", "         302  200"),
    row("account_logout", "         302", "POST"),
    row("account_overview", "       in   200"),
    row("account_change_phone", "   in   302"),
    row("account_change_phone", "   in   302", "POST"),
    row("account_confirm_phone", "  405"),
    row("account_confirm_phone", "  in   302", "POST"),
    row("account_change_password", "in   200"),
    row("account_change_password", "in   200", "POST"),
    row("account_reauthenticate", " in   200"),
    row("account_reauthenticate", " in   200", "POST"),
]

# Those of the desk have an authenticator app, the others have none.
SECOND_FACTOR = [
    row("mfa_index", "              in   200"),
    row("mfa_authenticate", "       in   302"),
    row("mfa_authenticate", "       in   302", "POST"),
    row("mfa_reauthenticate", "     in   302  302  302    200  200  200  200  200"),
    row("mfa_reauthenticate", "     in   302  302  302    200  200  200  200  200", "POST"),
    row("mfa_activate_totp", "      in   302"),
    row("mfa_activate_totp", "      in   302", "POST"),
    row("mfa_deactivate_totp", "    in   404  404  404    302  302  302  302  302"),
    row("mfa_deactivate_totp", "    in   404  404  404    302  302  302  302  302", "POST"),
    row("mfa_view_recovery_codes", "in   404"),
    row("mfa_generate_recovery_codes", "in 302"),
    row("mfa_generate_recovery_codes", "in 302", "POST"),
]

VOLUNTEERS = [
    row("volunteers:me", "          in   302  302  200    302  302  302  302  302"),
    row("volunteers:apply", "       in   200  200  302    200  200  200  200  404"),
    row("volunteers:apply", "       in   422  422  302    422  422  422  422  404", "POST"),
    row("volunteers:leave", "       in   403  403  200    403  403  403  403  403"),
    row("volunteers:leave", "       in   403  403  409    403  403  403  403  403", "POST"),  # a wish is in their hands
    row("volunteers:tasks", "       in   403  403  200    403  403  403  403  403"),
]

#                                  anon  res  oth  vol    desk else head subd admin
WISHES = [
    row("wishes:wall", "            200"),
    row("wishes:mine", "            in   200"),
    row("wishes:order", "           in   302  302  302    302  302  302  302  404"),
    row("wishes:order_discard", "   in   405"),
    row("wishes:order_discard", "   in   302", "POST"),
    row("wishes:order_step", "      in   200  200  200    200  200  200  200  404", at=_first_step),
    row("wishes:order_step", "      in   422  422  422    422  422  422  422  404", "POST", at=_first_step),
    # For the page's script: nothing is kept for who is not signed in, and no way to sign-in is shown to a script.
    row("wishes:order_keep", "      405", at=_first_step),
    row("wishes:order_keep", "      403  204  204  204    204  204  204  204  404", "POST", at=_first_step),
    # Not yet reviewed, or refused: the requester's and the desk's. Reviewed: everybody's, by its approved title.
    row("wishes:detail", "          404  200  404  404    200  404  200  200  200", at=_wish("new")),
    row("wishes:detail", "          404  200  404  404    200  404  200  200  200", at=_wish("declined")),
    row("wishes:detail", "          200", at=_wish("approved")),
    row("wishes:detail", "          200", at=_wish("offered")),
    row("wishes:detail", "          200", at=_wish("serving")),
    row("wishes:detail", "          200", at=_wish("closed")),
    row("wishes:done", "            in   200  404  404    404  404  404  404  404", at=_done),
    row("wishes:withdraw", "        in   200  404  404    403  404  403  403  403", at=_wish("new")),
    row("wishes:withdraw", "        in   302  404  404    403  404  403  403  403", "POST", at=_wish("new")),
    row("wishes:rate", "            in   200  403  403    403  403  403  403  403", at=_wish("done")),
    row("wishes:rate", "            in   422  403  403    403  403  403  403  403", "POST", at=_wish("done")),
    row("wishes:claim", "           in   405", at=_wish("offered")),
    row("wishes:claim", "           in   403  403  302    403  403  403  403  403", "POST", at=_wish("offered")),
    row("wishes:claim", "           in   403  404  404    403  404  403  403  403", "POST", at=_wish("new")),
    row("wishes:contact", "         in   405", at=_wish("serving")),
    row("wishes:contact", "         in   200  403  200    403  403  403  403  403", "POST", at=_wish("serving")),
    row("wishes:contact", "         in   200  403  403    403  403  403  403  403", "POST", at=_wish("offered")),
    row("wishes:contact", "         in   200  403  403    403  403  403  403  403", "POST", at=_wish("closed")),
    row("wishes:correct_contact", " in   200  404  404    403  404  403  403  403", at=_wish("new")),
    row("wishes:correct_contact", " in   422  404  404    403  404  403  403  403", "POST", at=_wish("new")),
    row("wishes:correct_contact", " in   200  403  403    403  403  403  403  403", at=_wish("serving")),
    row("wishes:correct_contact", " in   302  403  403    403  403  403  403  403", at=_wish("closed")),
    # The work order: who reads the wish at the desk, and who serves it; the whole contact only on the record.
    row("wishes:sheet", "           in   403  404  404    200  404  200  200  200", at=_wish("new")),
    row("wishes:sheet", "           in   403  403  403    200  403  200  200  200", at=_wish("offered")),
    row("wishes:sheet", "           in   403  403  200    200  403  200  200  200", at=_wish("serving")),
    row("wishes:sheet", "           in   403  403  403    200  403  200  200  200", at=_wish("closed")),
    row("wishes:sheet", "           in   403  403  200    422  403  422  403  422", "POST", at=_wish("serving")),
    row("wishes:sheet", "           in   403  403  403    422  403  422  403  422", "POST", at=_wish("closed")),
    row("wishes:refuse", "          in   403  403  200    403  403  403  403  403", at=_wish("named")),
    row("wishes:refuse", "          in   403  403  422    403  403  403  403  403", "POST", at=_wish("named")),
    row("wishes:return", "          in   403  403  200    403  403  403  403  403", at=_wish("serving")),
    row("wishes:return", "          in   403  403  422    403  403  403  403  403", "POST", at=_wish("serving")),
    row("wishes:complete", "        in   403  403  200    403  403  403  403  403", at=_wish("serving")),
    row("wishes:complete", "        in   403  403  422    403  403  403  403  403", "POST", at=_wish("serving")),
]

ROOMS: dict[str, list[Row]] = {
    "front": FRONT,
    "files": FILES,
    "accounts": ACCOUNTS,
    "second factor": SECOND_FACTOR,
    "volunteers": VOLUNTEERS,
    "wishes": WISHES,
}
