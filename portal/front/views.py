from django.http import HttpResponse
def _plain(status):
    def view(request, *args, **kwargs): return HttpResponse("", status=status)
    return view
csrf_failure = permission_denied = _plain(403)
bad_request = _plain(400)
page_not_found = _plain(404)
server_error = _plain(500)
