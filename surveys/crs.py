"""The coordinate systems Tråkk uses, and which one measures where."""

STORAGE_SRID = 4326
"""EPSG:4326, longitude and latitude in degrees: the one system geometry is stored in."""

GRID_SRID = 25833
"""EPSG:25833, UTM zone 33N in metres: public grids, everywhere in Norway, so that cells keep their ids."""


def metric_srid_for(longitude: float) -> int:
    """The EUREF89 UTM zone that measures best at a longitude.

    longitude: degrees east, from -180 to 180; ValueError otherwise.
    Returns an EPSG code: 25832 west of 12° E, 25833 from 12° to 24° E, 25835 east of it. Zone 34 is left out on purpose:
    Norwegian map authorities use 32, 33 and 35, and between 18° and 24° E zone 33 stretches lengths by less than 0.3 %.
    """
    if not -180 <= longitude <= 180:
        raise ValueError(f"longitude must lie between -180 and 180 degrees, came {longitude!r}")
    if longitude < 12:
        return 25832
    return 25833 if longitude < 24 else 25835
