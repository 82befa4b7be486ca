"""The words of names apart from all words, as SQLite's index has them already."""

from django.db import migrations

POSTGRESQL = [
    """
    ALTER TABLE search_document ADD COLUMN head_vector tsvector NOT NULL GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(head, ' '), ''))
    ) STORED
    """,
    "CREATE INDEX search_document_head_vector ON search_document USING gin (head_vector)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_document DROP COLUMN head_vector"]


def run(postgresql):
    def statements(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in postgresql:
                schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("search", "0003_from_when")]

    operations = [migrations.RunPython(run(POSTGRESQL), run(POSTGRESQL_BACK))]
