import pytest
from tests.matrix import world as w, grid
from tests.matrix.grid import Row, ask, signed_in
from tests.matrix.world import ROLES

C = lambda n: (lambda W: {"code": getattr(W.wishes, n).code})
L = []
def r(name, at=grid._nothing, method="GET", send=grid._nothing): L.append(Row(name, (), method, at, send))
for n in "home do community mode messages me my_data homes claim_home sms figures open_figures privacy healthz robots favicon".split(): r("front:"+n)
r("front:message", lambda W: {"notice_id": W.notice.pk})
r("core:file", lambda W: {"file_id": W.scan.pk})
for n in "account_overview account_login account_request_login_code account_signup account_code account_logout account_change_phone account_confirm_phone account_change_password account_reset_password account_reauthenticate mfa_index mfa_authenticate mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes volunteers:me volunteers:apply volunteers:tasks wishes:wall wishes:mine wishes:order".split(): r(n)
r("wishes:order_step", lambda W: {"number": 1})
for s in "new declined approved offered named serving done closed".split():
    r("wishes:detail", C(s))
for n,s in dict(withdraw="new", rate="done", claim="offered", contact="serving", refuse="named", complete="serving").items():
    r("wishes:"+n, C(s))
r("wishes:return", C("serving"))
r("wishes:done", lambda W: {"code": W.wishes.new.code, "what": "ordered"})
G = list(L)
for x in G: L.append(Row(x.name, (), "POST", x.at, x.send))
@pytest.mark.django_db
def test_x():
    W=w.build(); cl=signed_in(W)
    for x in L:
        print(f"{str(x):45} {x.url(W):40}", " ".join(ask(x, role, W, cl) for role in ROLES))
