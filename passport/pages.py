"""What a passport shows, put together from a person's stamps and the atlas."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from passport.models import Passport, Stamp
from states.atlas import Atlas, Unit
from states.models import State
from states.pages import choice

NEITHER = "none"


@dataclass(frozen=True)
class Slot:
    """Where the stamp of a state goes and what is seen of it, which all who marked it so share.

    The note is not: it is the person's own.
    """

    unit: Unit
    kind: str = NEITHER
    year: int | None = None
    has_note: bool = False

    @classmethod
    def of(cls, unit: Unit, stamp: Stamp | None) -> "Slot":
        return cls(unit, stamp.kind, stamp.year, bool(stamp.note)) if stamp else cls(unit)

    @property
    def is_visited(self) -> bool:
        return self.kind == Stamp.Kind.VISITED

    @property
    def is_wished(self) -> bool:
        return self.kind == Stamp.Kind.WISHED

    @property
    def has_words(self) -> bool:
        """Whether something was written that clearing it would lose."""
        return bool(self.year or self.has_note)

    @property
    def sign_x(self) -> int:
        return self.unit.marker_x or self.unit.label_x

    @property
    def sign_y(self) -> int:
        return self.unit.marker_y or self.unit.label_y

    @property
    def status(self) -> str:
        if self.kind == NEITHER:
            return _("not yet")
        if self.year:
            return _("visited in %(year)s") % {"year": self.year}
        return Stamp.Kind(self.kind).label


@dataclass(frozen=True)
class Region:
    value: str
    label: str
    slots: list[Slot]

    @property
    def visited(self) -> int:
        return count(self.slots, Stamp.Kind.VISITED)

    @property
    def wished(self) -> int:
        return count(self.slots, Stamp.Kind.WISHED)


def count(slots: Iterable[Slot], kind: str) -> int:
    return sum(slot.kind == kind for slot in slots)


def stamp_of(unit: Unit, person) -> Stamp | None:
    return Stamp.objects.filter(person=person, state=unit.state).first()


def slot_of(unit: Unit, person) -> Slot:
    return Slot.of(unit, stamp_of(unit, person))


def whole(india: Atlas, person) -> dict:
    """What everybody who may look at a passport sees of it, but for the notes."""
    stamps = {stamp.state_id: stamp for stamp in Stamp.objects.of(person)}
    slots = [Slot.of(unit, stamps.get(unit.state.pk)) for unit in india.units]
    visited = count(slots, Stamp.Kind.VISITED)
    total = _("%(visited)d of %(all)d visited") % {"visited": visited, "all": len(slots)}
    wished = count(slots, Stamp.Kind.WISHED)
    wishes = ngettext("%d wished for", "%d wished for", wished) % wished
    by_region = {value: [] for value in State.Region.values}
    for slot in slots:
        by_region[slot.unit.region].append(slot)
    kinds = [(Stamp.Kind.VISITED, _("Visited")), (Stamp.Kind.WISHED, _("Wished for"))]
    kinds.append((NEITHER, _("Not yet")))
    return {
        "units": tuple(india.units),
        "slots": slots,
        "shown": slots,
        "tally": f"{total}, {wishes}",
        "regions": [Region(v, State.Region(v).label, found) for v, found in by_region.items()],
        "kinds": [
            (value, label, [slot for slot in slots if slot.kind == value]) for value, label in kinds
        ],
        "noted": [(slot, stamps[slot.unit.state.pk].note) for slot in slots if slot.has_note],
    }


def passport(india: Atlas, person, asked: QueryDict, *, kept: Unit | None = None) -> dict:
    """A person's own passport, filtered as the address says.

    `kept` is shown whatever the filter: who has just marked a state finds it where it was.
    """
    notices: list[str] = []
    region = choice(
        asked,
        "region",
        ["", *State.Region.values],
        notices,
        _("There is no such region; it was ignored."),
    )
    kind = choice(
        asked,
        "kind",
        ["", *Stamp.Kind.values, NEITHER],
        notices,
        _("States are visited, wished for or neither; the rest was ignored."),
    )
    context = whole(india, person)
    context["shown"] = [
        slot
        for slot in context["slots"]
        if slot.unit is kept
        or ((not region or slot.unit.region == region) and (not kind or slot.kind == kind))
    ]
    filters = {name: value for name, value in (("region", region), ("kind", kind)) if value}
    return {
        **context,
        "passport": Passport.objects.of(person),
        "notices": notices,
        "region": region,
        "region_label": State.Region(region).label if region else "",
        "kind": kind,
        "filters": filters,
        "query": f"?{urlencode(filters)}" if filters else "",
    }
