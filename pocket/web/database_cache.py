"""The cache in the database, for a site without Redis and for one whose Redis is away.

Limits are counted in it. Django's own counts by reading and then writing, so that of those who
come together one is counted; and it gives what it counted five minutes more, whatever was asked.
"""

import base64
import pickle

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone


class CountingDatabase(DatabaseCache):
    def incr(self, key, delta=1, version=None):
        """Count on from what stands there, anew where somebody was quicker. The end stays."""
        counted = f"UPDATE {self._quoted_table} SET value = %s WHERE cache_key = %s AND value = %s"  # noqa: S608
        row = self.make_and_validate_key(key, version=version)
        while (count := self.get(key, version=version)) is not None:
            values = [self._written(count + delta), row, self._written(count)]
            with self._connection.cursor() as cursor:
                cursor.execute(counted, values)
                if cursor.rowcount:
                    return count + delta
        raise ValueError(f"Key {key!r} not found")

    def clear_expired(self) -> None:
        """Forget what is over, which nobody may ask for again: a key may name a client."""
        with self._connection.cursor() as cursor:
            over = f"DELETE FROM {self._quoted_table} WHERE expires < %s"  # noqa: S608
            now = timezone.now().replace(microsecond=0)
            cursor.execute(over, [self._connection.ops.adapt_datetimefield_value(now)])

    @property
    def _connection(self):
        return connections[router.db_for_write(self.cache_model_class)]

    @property
    def _quoted_table(self) -> str:
        return self._connection.ops.quote_name(self._table)

    def _written(self, value: int) -> str:
        return base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
