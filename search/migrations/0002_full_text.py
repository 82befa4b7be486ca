"""The full-text index, which follows every change of search_document by itself.

The words in `head` and `tail` are folded already, so neither database needs to know a language.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE search_text USING fts5(
        head, tail, content='search_document', content_rowid='id', prefix='2 3',
        tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
    )
    """,
    """
    CREATE TRIGGER search_text_insert AFTER INSERT ON search_document BEGIN
        INSERT INTO search_text(rowid, head, tail) VALUES (new.id, new.head, new.tail);
    END
    """,
    """
    CREATE TRIGGER search_text_delete AFTER DELETE ON search_document BEGIN
        INSERT INTO search_text(search_text, rowid, head, tail)
        VALUES ('delete', old.id, old.head, old.tail);
    END
    """,
    """
    CREATE TRIGGER search_text_update AFTER UPDATE ON search_document BEGIN
        INSERT INTO search_text(search_text, rowid, head, tail)
        VALUES ('delete', old.id, old.head, old.tail);
        INSERT INTO search_text(rowid, head, tail) VALUES (new.id, new.head, new.tail);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER search_text_insert",
    "DROP TRIGGER search_text_delete",
    "DROP TRIGGER search_text_update",
    "DROP TABLE search_text",
]

# Not to_tsvector: its parser's idea of a word depends on the locale.
POSTGRESQL = [
    """
    ALTER TABLE search_document ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(head || ' ' || tail, ' '), ''))
    ) STORED
    """,
    "CREATE INDEX search_document_vector ON search_document USING gin (vector)",
]
POSTGRESQL_BACK = ["ALTER TABLE search_document DROP COLUMN vector"]


def run(sqlite, postgresql):
    def statements(apps, schema_editor):
        is_postgres = schema_editor.connection.vendor == "postgresql"
        for statement in postgresql if is_postgres else sqlite:
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunPython(run(SQLITE, POSTGRESQL), run(SQLITE_BACK, POSTGRESQL_BACK)),
    ]
