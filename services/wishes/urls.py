"""Addresses of the wishes, below ``/wishes/``."""

from django.urls import path, re_path

from .views import acting, correcting, ordering, reading, sheet

app_name = "wishes"
CODE = r"^(?P<code>\d{9})/"
urlpatterns = [
    path("", reading.wall, name="wall"),
    path("mine/", reading.mine, name="mine"),
    path("order/", ordering.start, name="order"),
    path("order/discard/", ordering.discard, name="order_discard"),
    path("order/<int:number>/", ordering.step, name="order_step"),
    path("order/<int:number>/keep/", ordering.keep, name="order_keep"),
    re_path(CODE + "$", reading.detail, name="detail"),
    re_path(CODE + "withdraw/$", acting.withdraw, name="withdraw"),
    re_path(CODE + "rate/$", acting.rate, name="rate"),
    re_path(CODE + "claim/$", acting.claim, name="claim"),
    re_path(CODE + "contact/$", acting.contact, name="contact"),
    re_path(CODE + "contact/correct/$", correcting.contact, name="correct_contact"),
    re_path(CODE + "refuse/$", acting.refuse, name="refuse"),
    re_path(CODE + "return/$", acting.give_back, name="return"),
    re_path(CODE + "complete/$", acting.complete, name="complete"),
    re_path(CODE + "sheet/$", sheet.sheet, name="sheet"),
    re_path(CODE + "done/(?P<what>[a-z]{1,12})/$", acting.done, name="done"),
]
