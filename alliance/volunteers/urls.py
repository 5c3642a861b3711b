"""Addresses of the volunteers, below ``/volunteers/``."""

from django.urls import path

from . import views

app_name = "volunteers"
urlpatterns = [
    path("", views.me, name="me"),
    path("apply/", views.apply, name="apply"),
    path("tasks/", views.tasks, name="tasks"),
    path("leave/", views.leave, name="leave"),
]
