"""Addresses of the front: short, stable, the same for everybody."""

from django.urls import path

from .views import health, homes, mine, pages, publicity

app_name = "front"
urlpatterns = [
    path("", pages.home, name="home"),
    path("do/", pages.do, name="do"),
    path("community/", pages.community, name="community"),
    path("mode/", pages.mode, name="mode"),
    path("messages/", mine.messages, name="messages"),
    path("messages/<int:notice_id>/", mine.message, name="message"),
    path("me/", mine.me, name="me"),
    path("me/data/", mine.my_data, name="my_data"),
    path("me/homes/", homes.homes, name="homes"),
    path("me/homes/claim/", homes.claim_home, name="claim_home"),
    path("me/sms/", mine.sms, name="sms"),
    path("figures/", publicity.figures, name="figures"),
    path("open-data/figures.json", publicity.open_figures, name="open_figures"),
    path("privacy/", publicity.privacy, name="privacy"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
]
