from django.contrib import admin
from django.db import models, transaction
from django.forms import Textarea
from django.utils.translation import gettext_lazy as _

from pocket.web import generation
from states import finding
from states.models import (
    Airport,
    Capital,
    Country,
    Craft,
    Dish,
    Festival,
    HeritageSite,
    Indicator,
    Language,
    Listing,
    MapPart,
    NationalPark,
    NativeName,
    Observation,
    PerformingArt,
    Place,
    Produce,
    River,
    Source,
    State,
    StateLanguage,
    StateRiver,
    Symbol,
    Tag,
)


def show_readers() -> None:
    """Let readers see and find what was changed: kept pages are of the past."""
    generation.bump()
    transaction.on_commit(finding.refresh)


class BumpsGeneration:
    """Whatever is changed here is seen by readers at once."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)  # last in a save, inlines included
        show_readers()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        show_readers()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        show_readers()


class FactAdmin(BumpsGeneration, admin.ModelAdmin):
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 80})}}


class BelongingInline(admin.TabularInline):
    extra = 0
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 60})}}


class PlaceInline(BelongingInline):
    model = Place


class FestivalInline(BelongingInline):
    model = Festival


class DishInline(BelongingInline):
    model = Dish


class CraftInline(BelongingInline):
    model = Craft


class ProduceInline(BelongingInline):
    model = Produce


class NationalParkInline(BelongingInline):
    model = NationalPark


class PerformingArtInline(BelongingInline):
    model = PerformingArt


class SymbolInline(BelongingInline):
    model = Symbol


class NativeNameInline(BelongingInline):
    model = NativeName
    autocomplete_fields = ["language"]


class CapitalInline(BelongingInline):
    model = Capital


class MapPartInline(BelongingInline):
    model = MapPart


class ListingInline(BelongingInline):
    model = Listing
    autocomplete_fields = ["site"]


class StateLanguageInline(BelongingInline):
    model = StateLanguage
    autocomplete_fields = ["language"]


class StateRiverInline(BelongingInline):
    model = StateRiver
    autocomplete_fields = ["river"]


class ObservationInline(BelongingInline):
    model = Observation
    autocomplete_fields = ["state"]


@admin.register(State)
class StateAdmin(FactAdmin):
    """The 36 are neither added nor removed here; their figures and links come from the files."""

    list_display = ["name", "code", "kind", "region", "vehicle_code", "formed_on"]
    list_filter = ["kind", "region", "coast", "tags"]
    search_fields = ["name", "also_known_as", "code", "native_names__name", "native_names__latin"]
    autocomplete_fields = [
        "airport",
        "other_airports",
        "neighbours",
        "borders",
        "tags",
    ]
    fieldsets = [
        (
            None,
            {"fields": ["name", "also_known_as", "name_note", "slug", "code", "kind", "region"]},
        ),
        (_("Words"), {"fields": ["tagline", "summary", "demonym", "tags"]}),
        (
            _("Record"),
            {"fields": ["vehicle_code", "formed_on", "formed_what", "language_note", "notes"]},
        ),
        (
            _("Land"),
            {
                "fields": [
                    "largest_city",
                    "coast",
                    "highest_point",
                    "highest_point_metres",
                    "highest_point_note",
                    "neighbours",
                    "borders",
                ]
            },
        ),
        (
            _("Getting there"),
            {
                "fields": [
                    "best_months",
                    "airport_name",
                    "airport",
                    "airport_in_state",
                    "other_airports",
                    "railway_station",
                    "railway_station_in_state",
                    "getting_there_note",
                ]
            },
        ),
        (
            _("Map"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("label_x", "label_y"),
                    ("marker_x", "marker_y"),
                    ("tile_column", "tile_row"),
                    "outline",
                ],
            },
        ),
    ]
    readonly_fields = ["code", "slug", "outline"]
    inlines = [
        NativeNameInline,
        CapitalInline,
        StateLanguageInline,
        PlaceInline,
        ListingInline,
        FestivalInline,
        DishInline,
        CraftInline,
        ProduceInline,
        SymbolInline,
        NationalParkInline,
        PerformingArtInline,
        StateRiverInline,
        MapPartInline,
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Indicator)
class IndicatorAdmin(FactAdmin):
    list_display = ["label", "theme", "unit", "as_of", "source", "national"]
    list_filter = ["theme", "higher_is", "source"]
    list_select_related = ["source"]
    search_fields = ["label", "slug", "note"]
    prepopulated_fields = {"slug": ["label"]}
    autocomplete_fields = ["source"]
    inlines = [ObservationInline]


@admin.register(Source)
class SourceAdmin(FactAdmin):
    list_display = ["publication", "year", "licence", "slug"]
    search_fields = ["publication", "slug", "licence"]


@admin.register(Place)
class PlaceAdmin(FactAdmin):
    list_display = ["name", "state", "latitude", "longitude"]
    list_filter = ["state"]
    list_select_related = ["state"]
    search_fields = ["name", "line", "state__name"]
    autocomplete_fields = ["state"]


@admin.register(Produce)
class ProduceAdmin(FactAdmin):
    list_display = ["name", "state", "gi", "season"]
    list_filter = ["gi", "state"]
    list_select_related = ["state"]
    search_fields = ["name", "state__name"]
    autocomplete_fields = ["state"]


@admin.register(HeritageSite)
class HeritageSiteAdmin(FactAdmin):
    list_display = ["name", "year", "kind"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(Language)
class LanguageAdmin(FactAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


@admin.register(Airport)
class AirportAdmin(FactAdmin):
    search_fields = ["iata"]


@admin.register(Tag)
class TagAdmin(FactAdmin):
    list_display = ["slug", "meaning"]
    search_fields = ["slug", "meaning"]


@admin.register(Country, River)
class NameAdmin(FactAdmin):
    search_fields = ["name"]
