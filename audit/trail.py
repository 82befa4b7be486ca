"""What deeds call to leave an entry, and what becomes of a person's details in the log.

**Erasure.** A person who goes is forgotten here too: `forget(person_id)` blanks the details (names,
values before and after, reason, network) of every entry by or about them, with the salt of their
digest. What stays is that somebody with a key that leads nowhere any more did this kind of deed,
then. What somebody wrote about them in an entry of another person's things is found only if that
entry was recorded with `person=`.

**Retention.** Entries are kept for good: they are small and name nobody. Details need not be:
`prune(before=…)` blanks all that are older. How long is for whoever runs the site to say.

Both are deeds and leave entries that tell how many details went. `verify_audit` holds that number
against what is blank, so details do not vanish under the cover of an erasure.
"""

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest

from audit import chain
from audit.models import SYSTEM, VISITOR, Detail, DetailQuerySet, Entry, type_of
from pocket.web import current

PROPER_ACTION = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+").fullmatch
SECRET = ("password", "passphrase", "key", "token", "secret", "code", "salt")
LONG_TEXT, LONG_LIST = 200, 1000  # characters; of a list, as JSON
PRUNED_AT_ONCE = 1000


# --- Recording ---------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    target: models.Model | None,
    actor: models.Model | None,
    person: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
    **details: Any,
) -> Entry:
    """Add an entry, inside the transaction of the deed, as its last step.

    From here to the end of that transaction no other deed gets past its own `record`: there is
    one chain. So nothing slow comes after it. If it fails, so does the deed.

    `actor` is None for the site itself; somebody not signed in is "a visitor". `person` is whose
    thing the target is (the author of a comment), so that the entry is found, and forgotten, with
    them. Secrets and long texts are left out of `before`, `after` and what else is handed in. The
    request is the one being answered, unless another is handed in.
    """
    if not PROPER_ACTION(action):
        raise ValueError(f"{action!r} is not of the form app.what_was_done.")
    if target is not None and target.pk is None:
        raise ValueError("A target has to be saved: an entry names it by its key.")

    person = target if isinstance(target, get_user_model()) else person
    came_from = current.origin_of(request) if request else current.origin()
    entry = Entry(
        action=action,
        actor_id=_key_of(actor),
        target_type=type_of(target) if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        person_id=str(person.pk) if person is not None else "",
        request_id=came_from.request_id,
    )
    detail = Detail(
        salt=secrets.token_hex(16),
        actor_name=_name_of(actor),
        target_name=_name_of(target),
        before=tidied(before or {}),
        after=tidied(after or {}),
        more=tidied(details),
        reason=_storable(reason),
        address=came_from.address,
    )
    return chain.append(entry, detail)


def _key_of(actor: models.Model | None) -> str:
    if actor is None:
        return SYSTEM
    return VISITOR if actor.pk is None else str(actor.pk)


def _name_of(thing: models.Model | None) -> str:
    return "" if thing is None or thing.pk is None else _storable(str(thing))[:200]


# --- What changed ------------------------------------------------------------------------------


def snapshot(thing: models.Model) -> dict[str, Any]:
    """Return the fields of a row as they are now, to hold against later; see `changed`."""
    return {field.attname: field.value_from_object(thing) for field in thing._meta.concrete_fields}


def changed(before: Mapping[str, Any], after: Mapping[str, Any] | models.Model) -> dict[str, dict]:
    """Return `before` and `after` with only what differs, for `record(…, **changed(…))`.

    Of a model, only the fields that `before` has are looked at.
    """
    if isinstance(after, models.Model):
        after = {name: value for name, value in snapshot(after).items() if name in before}
    missing = object()
    names = [n for n in {**before, **after} if before.get(n, missing) != after.get(n, missing)]
    return {
        "before": tidied({name: before[name] for name in names if name in before}),
        "after": tidied({name: after[name] for name in names if name in after}),
    }


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Make values fit for the log: secrets and long texts are only mentioned."""
    return {_storable(str(name)): _told(str(name), value) for name, value in values.items()}


def _told(name: str, value: Any) -> Any:
    if any(word in name.lower() for word in SECRET):
        return "[secret]"
    if value is None or isinstance(value, bool | int):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(value)} bytes]"
    if isinstance(value, Mapping):
        return _unless_long(tidied(value))
    if isinstance(value, list | tuple | set | frozenset):
        return _unless_long([_told(name, item) for item in value])
    # Floats too: a JSON column may give back 1e16 as something else, and the digest would differ.
    text = _storable(value.isoformat() if hasattr(value, "isoformat") else str(value))
    return text if len(text) <= LONG_TEXT else f"[{len(text)} characters]"


def _unless_long(values: list | dict) -> list | dict | str:
    return values if len(json.dumps(values)) <= LONG_LIST else f"[{len(values)} items]"


def _storable(text: str) -> str:
    """Replace what Postgres takes in no text: NUL and halves of characters."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


# --- Forgetting --------------------------------------------------------------------------------


@transaction.atomic
def forget(
    person_id: Any,
    *,
    by: models.Model | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
) -> int:
    """Erase the details of all entries by or about a person, and return of how many.

    The entry that says so names them by their key alone, also if they do it themselves. Nothing
    left to erase leaves no entry.
    """
    key = str(person_id)
    theirs = Q(entry__actor_id=key) | Q(entry__person_id=key)
    came_from = current.origin_of(request) if request else current.origin()
    is_by_themselves = by is not None and str(by.pk) == key
    entry = Entry(
        action="audit.person_forgotten",
        actor_id=_key_of(by),
        target_type=type_of(get_user_model()),
        target_id=key,
        request_id=came_from.request_id,
    )
    detail = Detail(
        salt=secrets.token_hex(16),
        actor_name="" if is_by_themselves else _name_of(by),
        reason="" if is_by_themselves else _storable(reason),
        address="" if is_by_themselves else came_from.address,
    )
    return _erase(Detail.objects.filter(theirs), entry, detail)


def prune(*, before: datetime, by: models.Model | None = None, reason: str = "") -> int:
    """Erase all details older than a moment, and return of how many entries.

    A thousand at a time, each in a transaction of its own, so that deeds get their turn.
    """
    erased = 0
    while gone := _prune_some(before, by, reason):
        erased += gone
    return erased


@transaction.atomic
def _prune_some(before: datetime, by: models.Model | None, reason: str) -> int:
    chain.locked_head()
    old = Detail.objects.kept().filter(entry__time__lt=before).order_by("entry__number")
    keys = list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    entry = Entry(action="audit.details_pruned", actor_id=_key_of(by))
    detail = Detail(
        salt=secrets.token_hex(16),
        actor_name=_name_of(by),
        reason=_storable(reason),
        more={"before": before.isoformat()},
    )
    return _erase(Detail.objects.filter(pk__in=keys), entry, detail)


def _erase(details: DetailQuerySet, entry: Entry, detail: Detail) -> int:
    """Say how many go before they go: an entry is never changed. The lock keeps the number true."""
    chain.locked_head()
    keys = list(details.kept().values_list("pk", flat=True))
    if not keys:
        return 0
    entry.erased = len(keys)
    chain.append(entry, detail)
    gone = sum(
        Detail.objects.filter(pk__in=keys[start : start + PRUNED_AT_ONCE]).erase(in_entry=entry)
        for start in range(0, len(keys), PRUNED_AT_ONCE)
    )
    if gone != len(keys):
        raise RuntimeError(f"{gone} of {len(keys)} details were erased.")
    return gone
