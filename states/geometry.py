"""The map of states/data/outlines.json: from degrees to its units, and questions to its outlines.

Albers equal-area conic on the WGS84 ellipsoid, after Snyder, Map Projections: A Working Manual
(1987), p. 101. The constants are those that outlines.json gives as `projection`.
"""

import re
from functools import lru_cache
from itertools import pairwise
from math import atanh, cos, hypot, inf, radians, sin, sqrt

METRES_PER_UNIT = 1469.3994
PARALLELS = (12.472944, 35.172806)
ORIGIN = (24.0, 80.0)

_RADIUS = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_E2 = _FLATTENING * (2 - _FLATTENING)
_E = sqrt(_E2)

_PATH = re.compile(r"(?:M\d+ \d+l-?\d+(?:(?: -?|-)\d+)*z)+")

Point = tuple[int, int]
Ring = tuple[Point, ...]


def _q(latitude: float) -> float:
    s = sin(radians(latitude))
    return (1 - _E2) * (s / (1 - _E2 * s * s) + atanh(_E * s) / _E)


def _m_squared(latitude: float) -> float:
    s = sin(radians(latitude))
    return cos(radians(latitude)) ** 2 / (1 - _E2 * s * s)


_FIRST, _SECOND = PARALLELS
_N = (_m_squared(_FIRST) - _m_squared(_SECOND)) / (_q(_SECOND) - _q(_FIRST))
_C = _m_squared(_FIRST) + _N * _q(_FIRST)


def _rho(latitude: float) -> float:
    return _RADIUS * sqrt(_C - _N * _q(latitude)) / _N


_RHO_0 = _rho(ORIGIN[0])


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Where a place in WGS84 degrees stands on the map, in its units; y grows southwards."""
    rho = _rho(float(latitude))
    theta = _N * radians(float(longitude) - ORIGIN[1])
    easting, northing = rho * sin(theta), _RHO_0 - rho * cos(theta)
    return (
        24 + (easting + 1_189_685.5) / METRES_PER_UNIT,
        24 + (1_474_511.1 - northing) / METRES_PER_UNIT,
    )


@lru_cache(maxsize=64)
def rings(path: str) -> tuple[Ring, ...]:
    """The closed rings of an outline, first point repeated at the end of each."""
    if not _PATH.fullmatch(path):
        raise ValueError("an outline is made of M, relative l and z in whole units")
    return tuple(_ring(part) for part in path.split("z")[:-1])


def _ring(part: str) -> Ring:
    x, y, *steps = map(int, re.findall(r"-?\d+", part))
    if len(steps) % 2 or len(steps) < 4:
        raise ValueError("a ring needs three points, each with x and y")
    points = [(x, y)]
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return (*points, points[0])


@lru_cache(maxsize=64)
def bounds(path: str) -> tuple[int, int, int, int]:
    """The corners of an outline: x0, y0, x1, y1."""
    xs, ys = zip(*(point for ring in rings(path) for point in ring), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def contains(path: str, x: float, y: float) -> bool:
    x0, y0, x1, y1 = bounds(path)
    if not (x0 <= x <= x1 and y0 <= y <= y1):
        return False
    inside = False
    for ring in rings(path):
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
    return inside


def distance_km(path: str, x: float, y: float) -> float:
    """How far a point of the map lies outside an outline; 0 within it."""
    if contains(path, x, y):
        return 0.0
    nearest = inf
    for ring in rings(path):
        for (ax, ay), (bx, by) in pairwise(ring):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            at = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0
            nearest = min(nearest, hypot(x - ax - at * dx, y - ay - at * dy))
    return nearest * METRES_PER_UNIT / 1000
