"""Every address of the portal, by room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.front.urls")),
    path("", include("portal.core.urls")),
    path("accounts/", include("portal.people.urls")),
    path("volunteers/", include("alliance.volunteers.urls")),
    path("wishes/", include("services.wishes.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.front.views.bad_request"
handler403 = "portal.front.views.permission_denied"
handler404 = "portal.front.views.page_not_found"
handler500 = "portal.front.views.server_error"
