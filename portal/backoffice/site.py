from django.contrib.admin import AdminSite


class BackofficeSite(AdminSite):
    pass
