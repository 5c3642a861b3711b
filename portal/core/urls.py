"""Addresses of the ground floor."""

from django.urls import path

from . import views

app_name = "core"
urlpatterns = [path("files/<uuid:file_id>/", views.stored_file, name="file")]
