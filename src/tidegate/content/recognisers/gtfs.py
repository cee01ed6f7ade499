"""Timetables of public transport in the General Transit Feed Specification, which operators publish."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.units import Found, recogniser

_FILES = (
    ("agency", {"agency_name", "agency_timezone"}),
    ("stops", {"stop_id", "stop_name"}),
    ("stops", {"stop_id", "stop_lat"}),
    ("routes", {"route_id", "route_type"}),
    ("routes", {"route_id", "route_short_name"}),
    ("trips", {"trip_id", "route_id", "service_id"}),
    ("stop_times", {"trip_id", "stop_id"}),
    ("calendar", {"service_id", "monday", "start_date"}),
    ("calendar_dates", {"service_id", "exception_type"}),
    ("shapes", {"shape_id", "shape_pt_lat"}),
    ("fare_attributes", {"fare_id", "currency_type"}),
    ("fare_rules", {"fare_id", "route_id"}),
    ("frequencies", {"trip_id", "headway_secs"}),
    ("transfers", {"from_stop_id", "to_stop_id"}),
    ("feed_info", {"feed_publisher_name", "feed_lang"}),
    ("calendar_attributes", {"service_id", "service_description"}),
    ("directions", {"route_id", "direction_id", "direction"}),
    ("farezone_attributes", {"zone_id", "zone_name"}),
    ("realtime_routes", {"route_id", "realtime_enabled"}),
    ("realtime_trips", {"trip_id", "realtime_trip_id"}),
    ("stop_attributes", {"stop_id", "stop_city"}),
)
"""Files of a feed, those of the extension GTFS+ last, and columns that each of them has."""


@recogniser(
    data_class="infrastructure.rail",
    source="GTFS Schedule Reference (gtfs.org); GTFS+ of the Metropolitan Transportation Commission",
    sees=(Table,),
    hits=(
        "stop_id,stop_name,stop_lat,stop_lon\n7,Market Square,46.5,13.8\n8,Mill,46.6,13.9\n",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n1,06:03:00,06:03:00,7,0\n1,06:09:00,06:09:00,8,1\n",
        "service_id,date,exception_type\n1,20260806,1\n2,20260807,2\n",
    ),
    misses=(
        "trip_id,driver,fuel\n1,Anna,20\n2,Ben,31\n",  # a fleet's log
        "route_id,length_km\n1,20\n2,31\n",  # hiking trails
        "zone_id,name\n1,north\n2,south\n",  # zones of anything
    ),
)
def gtfs(part: Table) -> Iterator[Found]:
    """By the columns of one of its files."""
    header = {name.strip().lower().strip('"\ufeff') for name in part.header}
    name = next((name for name, columns in _FILES if columns <= header), None)
    if name is not None and part.rows:
        yield Found(count=len(part.rows), where=name, confidence=0.9, facts={"files": (name,)})
