"""The 36 units, what is measured of them and what is worth knowing of them.

The rows come from `states/data/*.json` by `manage.py load_states`; editors correct them in the
admin and later on the dashboard. Values that nobody published have no row.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from states.fields import MonthsField

# India lies within these degrees, its islands included.
LATITUDES = [MinValueValidator(6), MaxValueValidator(38)]
LONGITUDES = [MinValueValidator(68), MaxValueValidator(98)]


class Source(models.Model):
    """A publication that figures or facts were taken from."""

    slug = models.SlugField(unique=True)
    publication = models.CharField(max_length=300)
    year = models.CharField(max_length=40, help_text=_("As it is cited: 2011, or 2022-23."))
    licence = models.CharField(max_length=300)
    coverage = models.TextField(blank=True)
    caveats = models.TextField(blank=True)
    checked = models.TextField(blank=True, help_text=_("How it was read and checked."))
    position = models.PositiveSmallIntegerField(default=0)
    loaded = models.BooleanField(default=False, editable=False)  # from the data files

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(year=""), name="states_source_has_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} ({self.year})"

    def get_absolute_url(self) -> str:
        return self.address

    @cached_property
    def address(self) -> str:
        return f"{reverse('states:sources')}#{self.slug}"


class Tag(models.Model):
    """What a state is known for, from a fixed vocabulary."""

    slug = models.SlugField(unique=True)
    meaning = models.CharField(max_length=120)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug.replace("-", " ")


class Language(models.Model):
    name = models.CharField(max_length=60, unique=True)
    code = models.CharField(
        max_length=20, blank=True, help_text=_("BCP 47, for the lang attribute.")
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Country(models.Model):
    """A country that a state borders on land, as officially depicted."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return self.name


class River(models.Model):
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Airport(models.Model):
    iata = models.CharField(
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", _("Give three capital letters."))],
    )

    class Meta:
        ordering = ["iata"]

    def __str__(self) -> str:
        return self.iata


class HeritageSite(models.Model):
    """A property on the World Heritage List."""

    class Kind(models.TextChoices):
        CULTURAL = "cultural", _("cultural")
        NATURAL = "natural", _("natural")
        MIXED = "mixed", _("mixed")

    name = models.CharField(max_length=200, unique=True)
    year = models.PositiveSmallIntegerField(validators=[MinValueValidator(1978)])
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        ordering = ["year", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=1978), name="states_heritage_year"),
            models.CheckConstraint(
                condition=Q(kind__in=["cultural", "natural", "mixed"]), name="states_heritage_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StateQuerySet(models.QuerySet):
    def in_region(self, region: str) -> "StateQuerySet":
        return self.filter(region=region) if region else self

    def of_kind(self, kind: str) -> "StateQuerySet":
        return self.filter(kind=kind) if kind else self

    def tagged(self, slug: str) -> "StateQuerySet":
        return self.filter(tags__slug=slug) if slug else self

    def for_stamps(self) -> "StateQuerySet":
        """All that a stamp shows, so that a list costs the same at any length."""
        return self.prefetch_related("native_names__language").defer("summary")


class State(models.Model):
    """One of the 28 states and 8 union territories; its *kind* says which."""

    class Kind(models.TextChoices):
        STATE = "state", _("State")
        UNION_TERRITORY = "union_territory", _("Union territory")

    class Region(models.TextChoices):
        NORTH = "North", _("North")
        SOUTH = "South", _("South")
        EAST = "East", _("East")
        WEST = "West", _("West")
        CENTRAL = "Central", _("Central")
        NORTH_EAST = "North-East", _("North-East")
        ISLANDS = "Islands", _("Islands")

    code = models.CharField(max_length=5, unique=True, help_text=_("ISO 3166-2:IN"))
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80, unique=True)
    also_known_as = models.CharField(max_length=80, blank=True)
    name_note = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    region = models.CharField(max_length=20, choices=Region)
    demonym = models.CharField(max_length=60, blank=True)
    vehicle_code = models.CharField(max_length=2, unique=True)
    formed_on = models.DateField()
    formed_what = models.TextField()
    notes = models.TextField(blank=True, help_text=_("On the figures; a paragraph each."))

    tagline = models.CharField(max_length=160)
    summary = models.TextField(help_text=_("Paragraphs, with an empty line between them."))
    prose_digest = models.CharField(max_length=64, blank=True, editable=False)

    largest_city = models.CharField(max_length=80, blank=True)
    coast = models.BooleanField()
    highest_point = models.CharField(max_length=80, blank=True)
    highest_point_metres = models.PositiveSmallIntegerField(null=True, blank=True)
    highest_point_note = models.TextField(blank=True)
    language_note = models.TextField(blank=True)
    best_months = MonthsField(null=True, blank=True)

    airport_name = models.CharField(max_length=120, blank=True)
    airport = models.ForeignKey(
        Airport, models.PROTECT, null=True, blank=True, related_name="main_for"
    )
    airport_in_state = models.BooleanField(default=True)
    other_airports = models.ManyToManyField(Airport, blank=True, related_name="also_for")
    railway_station = models.CharField(max_length=120, blank=True)
    railway_station_in_state = models.BooleanField(default=True)
    getting_there_note = models.TextField(blank=True)

    # On the map of states/data/outlines.json, in its units.
    outline = models.TextField()
    label_x = models.PositiveSmallIntegerField()
    label_y = models.PositiveSmallIntegerField()
    marker_x = models.PositiveSmallIntegerField(null=True, blank=True)
    marker_y = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField()
    tile_row = models.PositiveSmallIntegerField()

    neighbours = models.ManyToManyField("self", blank=True)
    borders = models.ManyToManyField(Country, blank=True, related_name="states")
    rivers = models.ManyToManyField(River, through="StateRiver", related_name="states")
    tags = models.ManyToManyField(Tag, blank=True, related_name="states")
    heritage = models.ManyToManyField(HeritageSite, through="Listing", related_name="states")

    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tile_column", "tile_row"], name="states_own_tile"),
            models.CheckConstraint(
                condition=Q(kind__in=["state", "union_territory"]), name="states_state_kind"
            ),
            models.CheckConstraint(
                condition=Q(
                    region__in=[
                        "North",
                        "South",
                        "East",
                        "West",
                        "Central",
                        "North-East",
                        "Islands",
                    ]
                ),
                name="states_state_region",
            ),
            models.CheckConstraint(condition=Q(code__startswith="IN-"), name="states_state_code"),
            models.CheckConstraint(
                condition=Q(marker_x__isnull=True, marker_y__isnull=True)
                | Q(marker_x__isnull=False, marker_y__isnull=False),
                name="states_state_marker_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.address

    @cached_property
    def address(self) -> str:
        return reverse("states:state", args=[self.slug])

    @property
    def short_code(self) -> str:
        """KA for IN-KA: what a tile and an element's id carry."""
        return self.code[3:]

    @property
    def paragraphs(self) -> list[str]:
        return [part for part in self.summary.split("\n\n") if part.strip()]


class Indicator(models.Model):
    """A measured quantity with its unit, year and source."""

    class Theme(models.TextChoices):
        PEOPLE = "people", _("People")
        LEARNING = "learning", _("Learning")
        ECONOMY = "economy", _("Economy")
        LAND = "land", _("Land")
        GOVERNMENT = "government", _("Government")

    class Higher(models.TextChoices):
        BETTER = "better", _("higher is better")
        WORSE = "worse", _("higher is worse")
        NEUTRAL = "neutral", _("neither better nor worse")

    slug = models.SlugField(
        unique=True, help_text=_("With hyphens; the data files use underscores.")
    )
    label = models.CharField(max_length=120)
    short_label = models.CharField(max_length=40)
    theme = models.CharField(max_length=12, choices=Theme)
    unit = models.CharField(max_length=60)
    as_of = models.CharField(max_length=12, help_text=_("2011, 2011-03-01 or 2022-23."))
    source = models.ForeignKey(Source, models.PROTECT, related_name="indicators")
    higher_is = models.CharField(max_length=8, choices=Higher)
    note = models.TextField(blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    national = models.DecimalField(
        max_digits=18,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    per_person_scale = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Shown also for so many people, where that makes sense.")
    )
    per_area_scale = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Shown also for so many km², where that makes sense.")
    )
    position = models.PositiveSmallIntegerField(default=0)
    loaded = models.BooleanField(default=False, editable=False)  # from the data files

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(higher_is__in=["better", "worse", "neutral"]),
                name="states_indicator_higher_is",
            ),
            models.CheckConstraint(
                condition=~Q(unit="") & ~Q(as_of=""), name="states_indicator_unit_and_year"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return self.address

    @cached_property
    def address(self) -> str:
        return reverse("states:ranking", args=[self.slug])

    @property
    def key(self) -> str:
        """The name in data files and JSON: literacy_rate_2011."""
        return self.slug.replace("-", "_")

    @property
    def year(self) -> str:
        """2011 for 2011-03-01; 2022-23 stays."""
        return self.as_of[:4] if len(self.as_of) == 10 else self.as_of


class Observation(models.Model):
    """One indicator's value for one state. No row: not published."""

    state = models.ForeignKey(State, models.CASCADE, related_name="observations")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="observations")
    value = models.DecimalField(max_digits=18, decimal_places=3, validators=[MinValueValidator(0)])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "state"], name="states_observation_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="states_observation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.indicator_id}: {Decimal(self.value).normalize():f}"


# --- What belongs to a state -------------------------------------------------------------------


class Belonging(models.Model):
    """Something of one state, in the order it is told.

    `prose_digest` is the loader's: the checksum of the words as the data file had them. Empty: the
    row was made by staff, and the loader leaves it alone.
    """

    state = models.ForeignKey(State, models.CASCADE)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    prose_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        default_related_name = "%(class)ss"
        constraints = [
            models.UniqueConstraint(fields=["state", "name"], name="states_%(class)s_once")
        ]

    def __str__(self) -> str:
        return self.name


class Place(Belonging):
    """Somewhere worth the journey; coordinates to about a kilometre, WGS84 degrees."""

    latitude = models.DecimalField(max_digits=7, decimal_places=4, validators=LATITUDES)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, validators=LONGITUDES)
    line = models.TextField()

    class Meta(Belonging.Meta):
        default_related_name = "places"


class Festival(Belonging):
    when = models.CharField(max_length=80, help_text=_("In words; lunar calendars move."))
    line = models.TextField()

    class Meta(Belonging.Meta):
        default_related_name = "festivals"


class Dish(Belonging):
    line = models.TextField()

    class Meta(Belonging.Meta):
        default_related_name = "dishes"
        verbose_name_plural = _("dishes")


class Craft(Belonging):
    gi = models.BooleanField(_("geographical indication"))

    class Meta(Belonging.Meta):
        default_related_name = "crafts"


class Produce(Belonging):
    gi = models.BooleanField(_("geographical indication"))
    season = MonthsField(null=True, blank=True, help_text=_("Empty: no season established."))

    class Meta(Belonging.Meta):
        default_related_name = "produce"
        verbose_name_plural = _("produce")


class NationalPark(Belonging):
    class Meta(Belonging.Meta):
        default_related_name = "national_parks"


class PerformingArt(Belonging):
    """A form of dance, music or theatre."""

    class Meta(Belonging.Meta):
        default_related_name = "performing_arts"


class Symbol(Belonging):
    class Kind(models.TextChoices):
        ANIMAL = "animal", _("Animal")
        SECOND_ANIMAL = "second_animal", _("Second animal")
        AQUATIC_ANIMAL = "aquatic_animal", _("Aquatic animal")
        BIRD = "bird", _("Bird")
        FISH = "fish", _("Fish")
        BUTTERFLY = "butterfly", _("Butterfly")
        FLOWER = "flower", _("Flower")
        TREE = "tree", _("Tree")
        FRUIT = "fruit", _("Fruit")

    kind = models.CharField(max_length=16, choices=Kind)
    scientific_name = models.CharField(max_length=80, blank=True)

    class Meta(Belonging.Meta):
        default_related_name = "symbols"
        constraints = [models.UniqueConstraint(fields=["state", "kind"], name="states_symbol_once")]


class NativeName(Belonging):
    """The state's name in one of its languages; `name` is in that language's script."""

    language = models.ForeignKey(Language, models.PROTECT, related_name="+")
    tag = models.CharField(max_length=20, help_text=_("BCP 47, for the lang attribute."))
    latin = models.CharField(max_length=120, blank=True)

    class Meta(Belonging.Meta):
        default_related_name = "native_names"
        constraints = [
            models.UniqueConstraint(fields=["state", "tag"], name="states_nativename_once")
        ]


class Capital(Belonging):
    class Role(models.TextChoices):
        CAPITAL = "capital", _("capital")
        SUMMER = "summer", _("summer capital")
        WINTER = "winter", _("winter capital")
        JOINT = "joint", _("joint capital")

    role = models.CharField(max_length=8, choices=Role)
    native_name = models.CharField(max_length=120, blank=True)
    native_tag = models.CharField(max_length=20, blank=True)
    latitude = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True, validators=LATITUDES
    )
    longitude = models.DecimalField(
        max_digits=7, decimal_places=4, null=True, blank=True, validators=LONGITUDES
    )

    class Meta(Belonging.Meta):
        default_related_name = "capitals"


class MapPart(Belonging):
    """A separate piece of a scattered state, named on the map."""

    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()

    class Meta(Belonging.Meta):
        default_related_name = "map_parts"


class StateLanguage(models.Model):
    state = models.ForeignKey(State, models.CASCADE, related_name="languages")
    language = models.ForeignKey(Language, models.PROTECT, related_name="spoken_in")
    official = models.BooleanField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = [F("official").desc(), "position"]
        constraints = [
            models.UniqueConstraint(fields=["state", "language"], name="states_statelanguage_once")
        ]

    def __str__(self) -> str:
        return f"{self.language_id} in {self.state_id}"


class StateRiver(models.Model):
    state = models.ForeignKey(State, models.CASCADE, related_name="river_rows")
    river = models.ForeignKey(River, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["state", "river"], name="states_stateriver_once")
        ]

    def __str__(self) -> str:
        return f"{self.river_id} in {self.state_id}"


class Listing(models.Model):
    """A World Heritage property, or a part of one, in a state."""

    state = models.ForeignKey(State, models.CASCADE, related_name="listings")
    site = models.ForeignKey(HeritageSite, models.PROTECT, related_name="listings")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    prose_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["state", "site"], name="states_listing_once")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} in {self.state_id}"
