"""The column of terms: a tsvector on PostgreSQL, blank-separated ASCII on SQLite, where triggers carry it into FTS5."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from . import terms
from .terms import Node


class TermsField(models.Field):
    """A set of terms. It is asked with ``terms__ask=node``, which the index answers on both databases."""

    description = "terms of the search index"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if connection.vendor == "postgresql":
            return terms.vector(value)
        return " ".join(sorted(terms.encoded(term) for term in value))

    def from_db_value(self, value: str, expression: Any, connection: BaseDatabaseWrapper) -> frozenset[str]:
        if connection.vendor == "postgresql":
            return frozenset(part.strip("'") for part in value.split())
        return frozenset(bytes.fromhex(part).decode() for part in value.split())


@TermsField.register_lookup
class Ask(models.Lookup):
    """Records that hold what a ``Node`` asks for."""

    lookup_name = "ask"
    prepare_rhs = False
    lhs: Any
    rhs: Node

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @@ %s::tsquery", [*params, terms.postgres(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        table = self.lhs.target.model._meta.db_table
        key = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{connection.ops.quote_name('id')}"
        found = f'SELECT rowid FROM "{table}_fts" WHERE "{table}_fts" MATCH %s'  # noqa: S608 — our own names
        return f"{key} IN ({found})", [terms.fts5(self.rhs)]
