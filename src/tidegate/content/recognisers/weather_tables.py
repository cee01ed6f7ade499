"""Tables of weather stations, whatever wrote them, under English and Chinese headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers import _measurements
from tidegate.content.units import Found, recogniser

_OF = (
    r"(?:m |avg |average |mean |max(?:imum)? |min(?:imum)? |total |daily |hourly |inst(?:ant)? |10 ?m |2 ?m |0 "
    r"|平均|最高|最低|最大|极大|日|累计){0,4}"
)
_AFTER = r"(?: (?:\d{1,3}(?:c?m(?:in)?)?|[a-z]{1,3}|mean|total|value|hours?|minutes?)){0,6}"
_named = _measurements.quantity(_OF, _AFTER)

STRONG = (
    (
        "air temperature",
        _named(
            "(?:air|outside|outdoor|out|ambient|dry bulb|screen) ?t(?:emp(?:erature)?)?",
            "temp out",
            "t2m|tas|tmk|txk|tnk|tt tu|lufttemperatur",
            "气温",
            ".{0,6}气温",
            "空气温度",
        ),
    ),
    ("dew point", _named("dew(?: ?p(?:oin)?t)?(?: ?temp(?:erature)?)?", "dwpt|taupunkt", "露点(?:温度)?")),
    (
        "wind speed",
        _named(
            "wind ?(?:speed|spd|vel(?:ocity)?)",
            "w(?:ind)? ?s(?:peed|pd)",
            "wspd|wnd|wpgt",
            "wnd spd",
            "windgeschwindigkeit",
            "(?:.{0,6})风速",
            "风力",
        ),
    ),
    (
        "wind direction",
        _named("wind ?(?:dir(?:ection|n)?)", "wdir", "w dir", "wind ?bearing", "windrichtung", "(?:.{0,6})风向"),
    ),
    (
        "wind gust",
        _named(
            "(?:wind|maximum wind) ?gusts?(?: ?(?:speed|direction))?",
            "gust(?: speed)?",
            "wind hi",
            "hi speed",
            "阵风.{0,4}",
        ),
    ),
    (
        "precipitation",
        _named(
            (
                "(?:total )?(?:precip(?:itation)?|rain(?:fall)?|rain ?mm(?: tot)?|prcp|ppt)(?:"
                " (?:rate|amount|intensity|mm|tot))*"
            ),
            "rsk|drp|niederschlag(?:shöhe|smenge)?",
            "(?:.{0,6})(?:降水量?|雨量|降雨量?|降雪量?)",
        ),
    ),
    ("snow", _named("(?:fresh |total |new )?snow(?:fall| depth)?(?: depth)?", "雪深|积雪.{0,4}")),
    (
        "sunshine",
        _named(
            "sun(?:shine)?(?: ?(?:hours?|hrs?|duration))?(?: ?\\d{1,2})?", "sdk|tsun|sonnenscheindauer", "日照.{0,4}"
        ),
    ),
    (
        "radiation",
        _named(
            (
                "(?:solar|global|net|short ?wave|slr)(?: (?:rad(?:iation)?|irradiance|energy|w|j|k ?w|m"
                " ?j))+(?: ?\\d{1,2})?"
            ),
            "slr(?:w|j|kw|mj)(?: ?\\d{1,2})?",
            "uv index",
            "(?:.{0,4})辐射.{0,3}",
        ),
    ),
    (
        "air pressure",
        _named(
            ("(?:baro(?:metric|meter)?|station|sea level|msl|atm(?:ospheric)?|air|mean sea level)(?: ?press(?:ure)?)?"),
            "qnh|qfe|slp|mslp",
            "(?:.{0,6})气压",
        ),
    ),
    ("evaporation", _named("evap(?:oration)?|et0?|evapotranspiration", "蒸发量?")),
    ("visibility", _named("visibility|vis", "能见度")),
    ("cloud", _named("cloud ?(?:cover|amount|base|height)", "云量|云高")),
    ("weather sensor", _named("wxt ?\\d{3}p?", "wmt ?\\d{3}")),
)
"""What nobody but a weather station measures, or nearly."""

WEAK = (
    (
        "temperature",
        _named(
            "t(?:emp(?:erature)?)?",
            "(?:max|min)(?:imum)? ?t(?:emp(?:erature)?)?",
            "tmax|tmin|tavg|tmp",
            "apparent temperature",
            "温度",
        ),
    ),
    (
        "humidity",
        _named("r ?h", "(?:rel(?:ative)? ?)?hum(?:idity)?", "(?:out|outside|outdoor) ?hum(?:idity)?", "(?:相对)?湿度"),
    ),
    ("pressure", _named("press(?:ure)?|bp|bar(?:o)?", "压力")),
    ("soil", _named("soil (?:temp(?:erature)?|moist(?:ure)?|water content)", "(?:地温|土壤.{1,6})")),
)
"""What is measured in cellars, engines and greenhouses too."""

_ALONE = frozenset({"precipitation", "air temperature", "wind speed", "evaporation", "sunshine", "radiation"})
"""What a gauge of its own measures: with a time and a station, one column is enough."""

_WIGOS = frozenset({"wigos station identifier", "wsi series", "wigos id"})


@recogniser(
    data_class="meteorological",
    source="WMO-No. 8, Guide to Instruments and Methods of Observation, volume I; GB/T 35221-2017 地面气象观测规范; "
    "WMO-No. 1160, WIGOS identifiers",
    sees=(Table,),
    hits=(
        "time,air_temp,rel_hum,wind_speed\n2026-03-01 10:00,4.2,81,2.5\n2026-03-01 10:10,4.3,80,2.1\n",
        (
            "站号,观测时间,气温(℃),相对湿度(%),风速(m/s),降水量(mm)\n53698,2026-03-01 10:00,4.2,81,2.5,0\n"
            "53699,2026-03-01 10:00,4.1,80,2,0\n"
        ),
        (
            '"TOA5","Ridge","CR1000","1","CR1000.Std.32","CPU:ridge.CR1","4","Ten_min"\n'
            '"TIMESTAMP","RECORD","AirTC_Avg","RH","WS_ms_Avg",'
            '"Rain_mm_Tot"\n"TS","RN","Deg C","%","meters/second","mm"\n"","","Avg","Smp","Avg","Tot"\n'
            '"2026-03-01 10:00:00",1,4.2,81,2.5,0\n"2026-03-01 10:10:00",2,4.3,80,2.1,0\n'
        ),
        (
            "Date\tTime\tTemp Out\tOut Hum\tDew Pt.\tWind Speed\tHi Speed\tBar\n"
            "1/03/26\t10:00\t4.2\t81\t1.2\t2\t5\t1013.2\n"
            "1/03/26\t10:10\t4.3\t80\t1.1\t3\t6\t1013.1\n"
        ),
        Table(
            ("station_name", "wigos_station_identifier", "latitude", "longitude"),
            [["Ridge", "0-454-2-AWSRIDGE", "1.5", "2.5"]],
        ),
    ),
    misses=(
        "time,temperature,humidity\n2026-03-01 10:00,21,40\n2026-03-01 10:10,21,41\n",  # a server room
        "time,pressure,temp,rpm\n2026-03-01 10:00,4.1,92,1500\n2026-03-01 10:10,4.0,91,1510\n",  # an engine
        (
            "**Parameter**;**Explanation**\nwind speed;how fast it blows\nair temperature;how warm it is\n"
        ),  # documentation
        "date,umbrella,rain\nMonday,1,yes\nTuesday,0,no\n",  # a diary
    ),
)
def weather_tables(part: Table) -> Iterator[Found]:
    """By two of its columns, one of which only weather stations have; or by WIGOS identifiers of stations."""
    if (listed := _stations(part)) is not None:
        yield listed
    found = _measurements.series(part, (*STRONG, *WEAK))
    if not (found.timed or found.placed) and (merged := _two_lines(part)) is not None:
        found = _measurements.series(merged, (*STRONG, *WEAK))
    strong = found.quantities.keys() & {name for name, _ in STRONG}
    one = bool(strong & _ALONE) and found.timed and found.placed
    if not part.rows or not strong or not (found.timed or found.placed) or (len(found.quantities) < 2 and not one):
        return
    sure = len(strong) > 1 or len(found.quantities) > 2
    confidence = 0.95 if sure and found.timed else 0.6
    yield Found(
        count=len(part.rows),
        where=", ".join(found.quantities)[:120],
        confidence=confidence,
        facts=_measurements.facts(found),
    )


def _two_lines(part: Table) -> Table | None:
    """A table whose header takes two lines, as that of Davis' stations does: `Temp` over `Out`."""
    if len(part.rows) < 2 or any(letter.isdigit() for cell in part.rows[0] for letter in cell):
        return None
    header = tuple(f"{above} {below}".strip() for above, below in zip(part.header, part.rows[0], strict=True))
    return Table(header, part.rows[1:], part.where, part.first + 1)


def _stations(part: Table) -> Found | None:
    """Stations in a list of them by their WIGOS identifiers, a number of four parts."""
    for number, name in enumerate(part.header):
        words = _measurements.words(name)
        if words in _WIGOS or words.startswith("wigos station identifier") or words == "wsi":
            good = [row[number] for row in part.rows if _IDENTIFIER.fullmatch(row[number].strip())]
            if good:
                return Found(count=len(good), where=name, facts={"stations": tuple(dict.fromkeys(good))[:40]})
    return None


_IDENTIFIER = re.compile(r"[0-9]-\d{1,5}-\d{1,5}-[A-Za-z0-9]{1,16}")
