"""Tables of what supply networks consist of: substations, feeders, pumps, tanks, points of remote control."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers._measurements import words
from tidegate.content.units import Found, recogniser

_POWER = re.compile(
    r"(?:sub ?station|feeder|bus ?bar|circuit breaker|breaker|transformer|switchgear|power line"
    r"|transmission line|recloser|protection relay)(?: (?:id|name|no|type|code|number))?"
    r"|变电站(?:名称)?|馈线(?:名称)?|变压器|断路器|母线|输电线路|杆塔(?:编?号)?|开关柜|线路名称|配电房"
)
_RATING = re.compile(
    r"(?:(?:rated |nominal |primary |secondary )?voltage(?: level)?(?: kv)?|.{0,12}\bkv|vn kv"
    r"|sn mva|rated (?:power|capacity)(?: mva| mw)?|mva|installed capacity(?: mw)?"
    r"|short circuit .{0,20})"
    r"|电压等级|额定(?:电压|容量)|装机容量"
)
_CONTROL = re.compile(
    r"(?:ioa|information object address|asdu(?: address)?|casdu|common address|rtu(?: id| name"
    r"| address)?|dnp3? (?:index|point)|scada (?:tag|point)|plc tag|holding register"
    r"|register address|coil(?: address)?|object group)"
    r"|遥测|遥信|遥控|点号|规约"
)
_WATER = frozenset(
    {
        "start_node_name",
        "end_node_name",
        "pump_type",
        "pump_curve_name",
        "base_speed",
        "speed_pattern_name",
        "base_head",
        "head_pattern_name",
        "init_level",
        "min_level",
        "max_level",
        "vol_curve_name",
        "node_type",
        "link_type",
        "demand_timeseries_list",
        "wall_coeff",
        "roughness",
    }
)
_LEAST = 2


@recogniser(
    data_class="infrastructure.energy",
    source="IEC 61970-301, packages Core and Wires; IEC 60870-5-101 (information object addresses); EPANET 2.2 manual",
    sees=(Table,),
    hits=(
        "substation,feeder,voltage kV,lat\nNorth,F1,110,46.1\nSouth,F2,20,46.2\n",
        "变电站名称,电压等级,额定容量\n城北站,220kV,180MVA\n城南站,110kV,100MVA\n",
        "RTU,IOA,ASDU,Description\n1,1001,1,CB Q0 position\n1,1002,1,Bus voltage\n",
        Table(("name", "pump_type", "base_speed", "power"), [["P-1", "POWER", "1.0", "111854"]]),
    ),
    misses=(
        "film,transformer,rating\nTwo,Optimus,7\nThree,Bee,8\n",  # films
        "device,voltage,current\nlamp,230,0.1\nfan,230,0.4\n",  # a household's devices
        "**Parameter**;**Explanation**\nvn_kv;rated voltage of the bus\nsn_mva;rated power\n",  # documentation
    ),
)
def energy_assets(part: Table) -> Iterator[Found]:
    """By two columns: equipment with ratings or more equipment, or points of control; or by names of EPANET's world."""
    if not part.rows:
        return
    names = [words(name) for name in part.header]
    power = [n for n in names if _POWER.fullmatch(n)]
    ratings = [n for n in names if _RATING.fullmatch(n)]
    control = [n for n in names if _CONTROL.fullmatch(n)]
    water = [n for n in part.header if n in _WATER]
    told = (
        power + ratings
        if power and len({*power, *ratings}) >= _LEAST
        else control
        if len({*control}) >= _LEAST
        else water
    )
    if len(told) >= _LEAST:
        yield Found(
            count=len(part.rows), where=", ".join(told)[:120], confidence=0.8, facts={"columns": tuple(told)[:20]}
        )
