"""The database refuses to change the log, whoever asks.

A migration that alters one of these tables rebuilds it on SQLite, which loses its triggers: end it
by running GUARD_AGAIN of this one. `verify_audit` tells if they are missing.
"""

from django.db import migrations

# The one change of details that is let through: to nothing, once.
BLANKED = """
    OLD.erased_in_id IS NULL AND NEW.erased_in_id IS NOT NULL AND NEW.entry_id = OLD.entry_id
    AND NEW.salt = '' AND NEW.actor_name = '' AND NEW.target_name = '' AND NEW.reason = ''
    AND NEW.address = '' AND NEW."before" = '{}' AND NEW."after" = '{}' AND NEW.more = '{}'
"""
MOVED_ON = "NEW.id = OLD.id AND NEW.number = OLD.number + 1"
LET_THROUGH = {"audit_entry": "", "audit_detail": BLANKED, "audit_head": MOVED_ON}

# "INSERT OR REPLACE" deletes without firing a trigger for it.
SAME = {
    "audit_entry": "rowid = NEW.rowid OR id = NEW.id OR number = NEW.number",
    "audit_detail": "rowid = NEW.rowid OR entry_id = NEW.entry_id",
    "audit_head": "rowid = NEW.rowid OR id = NEW.id",
}

REFUSE = """
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is only added to: % refused on %', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def guard_sqlite(execute):
    for table, let_through in LET_THROUGH.items():
        unless = f"WHEN NOT ({let_through})" if let_through else ""
        again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]})"  # noqa: S608
        for name, event, when in [
            ("update", "UPDATE", unless),
            ("delete", "DELETE", ""),
            ("replace", "INSERT", again),
        ]:
            execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
            execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when} BEGIN"
                f" SELECT RAISE(ABORT, 'the audit log is only added to: {name} refused on {table}');"
                " END"
            )


def guard_postgresql(execute):
    execute(REFUSE)
    for table, let_through in LET_THROUGH.items():
        unless = f"WHEN (NOT ({let_through}))" if let_through else ""
        for name, each, when in [
            ("update", "ROW", unless),
            ("delete", "ROW", ""),
            ("truncate", "STATEMENT", ""),
        ]:
            execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
            execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {name} ON {table}"
                f" FOR EACH {each} {when} EXECUTE FUNCTION audit_refuse()"
            )
            execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def guard(apps, schema_editor):
    def execute(sql):
        schema_editor.execute(sql, params=None)

    is_postgres = schema_editor.connection.vendor == "postgresql"
    (guard_postgresql if is_postgres else guard_sqlite)(execute)


def unguard(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for table in LET_THROUGH:
        for name in ["update", "delete", "truncate" if is_postgres else "replace"]:
            on = f"ON {table}" if is_postgres else ""
            schema_editor.execute(f"DROP TRIGGER {table}_{name} {on}", params=None)
    if is_postgres:
        schema_editor.execute("DROP FUNCTION audit_refuse()", params=None)


GUARD_AGAIN = migrations.RunPython(guard, migrations.RunPython.noop)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
