"""Tables of water level, discharge, tide and water quality, under English and Chinese headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers import _measurements
from tidegate.content.units import Found, recogniser

_OF = (
    r"(?:mean |avg |average |max(?:imum)? |min(?:imum)? |daily |hourly |inst(?:antaneous)? |observed |predicted |peak "
    r"|平均|最高|最低|最大|日){0,4}"
)
_AFTER = r"(?: (?:m3 ?s|[a-z]{1,3}|mean|value|navd\d\d|ngvd\d\d|mllw)){0,4}"
_named = _measurements.quantity(_OF, _AFTER)

STRONG = (
    (
        "water level",
        _named(
            "(?:river |lake |reservoir |ground ?)?water (?:level|stage|surface elevation|depth)",
            "ga(?:u)?ge (?:height|ht)(?: va)?",
            "(?:.{0,6})水位",
            "水深",
            "埋深|地下水埋深",
        ),
    ),
    (
        "discharge",
        _named(
            "(?:river |water |stream )?discharge",
            "stream ?flow",
            "river flow",
            "abfluss|durchfluss|débit",
            "(?:in|out)flow",
            "(?:.{0,4})流量",
            "径流量?",
        ),
    ),
    (
        "tide",
        _named("tide(?: (?:level|height))?", "tidal (?:level|height)", "sea level(?: height)?", "潮[位高]|高潮|低潮"),
    ),
    ("sediment", _named("(?:suspended )?sediment(?: (?:concentration|load))?", "含沙量|输沙率")),
    ("storage", _named("(?:reservoir )?storage", "蓄水量|库容")),
)
"""What only gauges of rivers, lakes and coasts measure. `storage` and `inflow` alone are told from the others."""

WEAK = (
    ("stage", _named("stage", "level", "river level")),
    ("flow", _named("flow(?: rate)?", "q")),
    ("depth", _named("depth")),
    ("conductivity", _named("(?:specific )?cond(?:uctivity|uctance)?", "电导率")),
    ("dissolved oxygen", _named("do", "dissolved oxygen", "溶解氧")),
    ("turbidity", _named("turb(?:idity)?", "浊度")),
    ("temperature", _named("(?:water )?temp(?:erature)?", "水温")),
    ("acidity", _named("ph")),
)
"""What is measured in water, and elsewhere: three of them at a station are a gauge."""

_ALONE = frozenset({"water level", "discharge", "tide"})
_NWIS = re.compile(
    r"(?:\d{1,7}_)?0006[05](?:_\d{5})?(?:_cd)?|gage_ht|peak_va|huc_cd|site_tp_cd|loc_web_ds|parameter_cd"
)
_CHINESE = ({"stcd", "tm", "z"}, {"stcd", "tm", "q"})
"""Station, time, and level or flow, as the tables of SL 323 call them."""

_EXCHANGE = re.compile(
    r"(?:monitoring ?location ?(?:identifier|id|number)"
    r"|activity activity ?identifier)"
)
"""A sample's or a station's key in the Water Quality Exchange and in USGS' water data."""


@recogniser(
    data_class="hydrological",
    source="WMO-No. 168, Guide to Hydrological Practices, volume I; SL 323-2011 实时雨水情数据库表结构与标识符; "
    "USGS NWIS and Water Quality Exchange (WQX 3.0) column names",
    sees=(Table,),
    hits=(
        "station,time,water_level_m,discharge_m3s\nWeir,2026-03-01 10:00,1.42,12.5\nWeir,2026-03-01 10:15,1.43,12.7\n",
        "测站编码,时间,水位(m),流量(m³/s)\n60100400,2026-03-01 08:00,45.2,8200\n60100400,2026-03-01 14:00,45.3,8310\n",
        "date,time,tide height\n2026-03-01,00:12,4.1\n2026-03-01,06:25,0.7\n",
        (
            "#\n# US Geological Survey\n#\nagency_cd\tsite_no\tpeak_dt\tpeak_va\tgage_ht\n"
            "5s\t15s\t10d\t8s\t8s\nUSGS\t01594440\t2000-03-22\t3640\t11.90\n"
        ),
        (
            "OrganizationIdentifier,MonitoringLocationIdentifier,CharacteristicName,ResultMeasureValue\n"
            "A,A-1,Chloride,0.8\n"
        ),
    ),
    misses=(
        "patient,date,discharge\n17,2026-03-01,home\n18,2026-03-02,ward 3\n",  # hospital
        "date,inflow,outflow\n2026-03,1200,900\n2026-04,1300,1100\n",  # an account of money
        "stage,flow,level\n1,2,3\n2,3,4\n",  # a process, without time or station
        "OrganizationIdentifier,ProjectIdentifier,ProjectName\nA,P,Survey\n",  # a register of projects
    ),
)
def water_tables(part: Table) -> Iterator[Found]:
    """By water level, discharge or tide with a time, or several measures of water at a station; or by known keys."""
    keys = [name for name in part.header if _NWIS.fullmatch(name) or _EXCHANGE.fullmatch(_measurements.words(name))]
    lower = {name.strip().lower() for name in part.header}
    keys += [", ".join(sorted(told)) for told in _CHINESE if told <= lower]
    if keys and part.rows:
        yield Found(count=len(part.rows), where=", ".join(keys)[:120], facts={"columns": tuple(keys)[:20]})
        return
    found = _measurements.series(part, (*STRONG, *WEAK))
    quantities = found.quantities.keys()
    if not part.rows or not (found.timed or found.placed):
        return
    strong = quantities & {name for name, _ in STRONG}
    named = [part.header[number] for number in found.quantities.values()]
    if quantities & _ALONE and not all(re.search("(?i)^(?:in|out)flow", name) for name in named):
        confidence = 0.9 if found.timed else 0.7
    elif len(strong) > 1 and len(quantities) > 2:
        confidence = 0.8
    elif found.timed and found.placed and len(quantities) > 3 and {"flow", "stage", "depth"} & quantities:
        confidence = 0.7
    else:
        return
    yield Found(
        count=len(part.rows),
        where=", ".join(found.quantities)[:120],
        confidence=confidence,
        facts=_measurements.facts(found),
    )
