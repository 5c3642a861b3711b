"""The pages that belong to no room. The settings and the root of the addresses find the answers to errors here."""

from .errors import bad_request, csrf_failure, page_not_found, permission_denied, server_error

__all__ = ["bad_request", "csrf_failure", "page_not_found", "permission_denied", "server_error"]
