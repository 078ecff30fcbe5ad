"""Tables that only grow, held by the database itself: a trigger refuses to change or delete what was written."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table


class AppendOnly(models.BaseConstraint):
    """A constraint of a model's Meta: rows are added, and neither changed nor deleted, whoever asks.

    Two things stay possible. Columns in `may_be_emptied` may become empty (a person's right to be forgotten), and a
    row may go when its `instant` is more than `months` ago by the clock of the database (the end of its retention).
    As a constraint it belongs to its table, so no migration can rebuild the table and forget it. SQLite's INSERT OR
    REPLACE is refused too, which deletes a row without telling a trigger, and so is TRUNCATE of PostgreSQL, but where
    a connection says `mojplin.truncate=allowed`, as tests do.
    """

    def __init__(self, *, name: str, instant: str, months: int, may_be_emptied: Sequence[str] = ()) -> None:
        super().__init__(name=name)
        self.instant, self.months, self.may_be_emptied = instant, months, tuple(may_be_emptied)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, arguments, named = super().deconstruct()
        kept = {"instant": self.instant, "months": self.months, "may_be_emptied": self.may_be_emptied}
        return path, arguments, named | kept

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Refuse nothing before the database does: a form cannot know."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing stands in the CREATE TABLE itself: the triggers follow it."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        # At once where the database takes that: of a constraint added later, only what is returned here is run in time.
        templates = (";\n".join(POSTGRESQL),) if schema_editor.connection.vendor == "postgresql" else SQLITE
        *first, last = (self._statement(template, model, schema_editor) for template in templates)
        schema_editor.deferred_sql.extend(first)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Only PostgreSQL asks: SQLite builds the table anew."""
        return self._statement(DROP_POSTGRESQL, model, schema_editor)

    def _statement(self, template: str, model: Any, schema_editor: Any) -> Statement:
        columns = [field.column for field in model._meta.local_concrete_fields]
        emptied = [model._meta.get_field(name).column for name in self.may_be_emptied]
        is_same = "IS NOT DISTINCT FROM" if schema_editor.connection.vendor == "postgresql" else "IS"
        kept = [f'NEW."{column}" {is_same} OLD."{column}"' for column in columns if column not in emptied]
        kept += [
            f"""(NEW."{column}" {is_same} OLD."{column}" OR coalesce(CAST(NEW."{column}" AS text), '') = '')"""
            for column in emptied
        ]
        return Statement(
            template,
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=self.name,
            key=f'"{model._meta.pk.column}"',
            only_emptied=" AND ".join(kept),
            instant=f'OLD."{self.instant}"',
            months=str(self.months),
        )


SQLITE = (
    """CREATE TRIGGER %(name)s_update BEFORE UPDATE ON %(table)s WHEN NOT (%(only_emptied)s)
    BEGIN SELECT RAISE(ABORT, '%(name)s: this table is append-only'); END""",
    """CREATE TRIGGER %(name)s_delete BEFORE DELETE ON %(table)s
    WHEN %(instant)s > datetime('now', '-%(months)s months')
    BEGIN SELECT RAISE(ABORT, '%(name)s: this table is append-only'); END""",
    """CREATE TRIGGER %(name)s_replace BEFORE INSERT ON %(table)s
    WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(key)s = NEW.%(key)s)
    BEGIN SELECT RAISE(ABORT, '%(name)s: this table is append-only'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'TRUNCATE' THEN
        IF current_setting('mojplin.truncate', true) = 'allowed' THEN RETURN NULL; END IF;
      ELSIF TG_OP = 'DELETE' THEN
        IF %(instant)s <= now() - interval '%(months)s months' THEN RETURN OLD; END IF;
      ELSIF %(only_emptied)s THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION '%(name)s: this table is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER %(name)s BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(name)s()""",
    """CREATE TRIGGER %(name)s_truncate BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT EXECUTE FUNCTION %(name)s()""",
)
DROP_POSTGRESQL = (
    "DROP TRIGGER IF EXISTS %(name)s_truncate ON %(table)s; DROP TRIGGER IF EXISTS %(name)s ON %(table)s;"
    " DROP FUNCTION IF EXISTS %(name)s()"
)
