"""What a railway is run by: railML, lists of signals and switches, track geometry, radio along the line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Metadata, Table
from tidegate.content.recognisers import _cells
from tidegate.content.recognisers._measurements import words
from tidegate.content.units import Found, recogniser

_ASSET = re.compile(
    r"(?:signal|main signal|distant signal|switch|turnout|points|track circuit|interlocking"
    r"|balise(?: group)?|axle counter|level crossing|eurobalise|track section|signal ?box|derailer"
    r"|platform edge)(?: (?:id|name|no|nr|type|number|aspect|machine))?"
    r"|信号机(?:编号|名称|类型)?|道岔(?:编?号)?|轨道电路|应答器(?:编号)?|计轴(?:器)?|联锁(?:区|站)?|道口|股道|区段(?:名称)?"
)
_ONLY_RAIL = re.compile(
    r"(?:track circuit|interlocking|balise|axle counter|turnout|level crossing|eurobalise|derailer"
    r"|distant signal|main signal)\b|信号机|道岔|轨道电路|应答器|计轴|联锁"
)
_ALONG = re.compile(
    r"(?:line |track |start |end |from |to )?(?:km|kilometrage|kilometre|kilometer|chainage"
    r"|mile ?post|mileage|stationing|pk|track km|line km|hectometre)(?: (?:start|end|from|to|m))?"
    r"|里程(?:\(?km\)?)?|公里标|线路里程|起点里程|终点里程"
)
_GEOMETRY = (
    re.compile(r"(?:track )?gauge(?: (?:mm|deviation|dev))?|轨距"),
    re.compile(r"(?:cant|super ?elevation|cross ?level)(?: (?:mm|deficiency|deviation))?|超高|水平"),
    re.compile(r"twist(?: (?:\d{1,2} ?m|mm|base \d))?|三角坑|扭曲"),
    re.compile(r"(?:left |right |lateral )?alignment(?: (?:left|right|mm|l|r|d1|d2))?|(?:左|右)?轨向"),
    re.compile(
        r"(?:left |right |longitudinal )?(?:longitudinal )?level(?: (?:left|right|mm|l|r|d1|d2))?|(?:左|右)?高低"
    ),
    re.compile(r"curvature|曲率|rail wear|钢轨磨耗"),
)
_ROOTS = frozenset({"railml", "railML", "railtopomodel", "etcs"})


@recogniser(
    data_class="infrastructure.rail",
    source="railML 2.5 and 3.2; EN 13848-1 (track geometry); CENELEC EN 50126, definitions; EIRENE SRS 16 (GSM-R)",
    sees=(Metadata, Table),
    hits=(
        (
            '<railml xmlns="http://www.railml.org/schemas/2021" version="2.5"><infrastructure'
            ' id="i"><tracks/></infrastructure></railml>'
        ),
        "signal,km,type\nN1,12.450,main\nN2,13.120,distant\n",
        "信号机编号,里程,类型\nS1,K12+450,进站\nS2,K13+120,出站\n",
        "km,gauge,cant,twist\n12.000,1436.1,20,1.1\n12.001,1436.0,20,1.0\n",
        "km,arfcn,rxlev\n12.0,957,-71\n12.5,960,-80\n",
    ),
    misses=(
        "runner,km,time\nAnna,10,50:12\nBen,10,51:44\n",  # a race
        "signal,stock,price\nbuy,A,10\nsell,B,20\n",  # an exchange
        "car,mileage,gauge\nA,12000,fuel\nB,24000,oil\n",  # cars
        "switch,vlan,port\nsw1,10,1\nsw2,20,2\n",  # a network
        "km,arfcn,rxlev\n12.0,17,-71\n12.5,19,-80\n",  # cells of the public along a road
    ),
)
def rail_lines(part: Metadata | Table) -> Iterator[Found]:
    """By railML's root; by equipment beside a place along the line; by three measures of the track; by GSM-R."""
    if isinstance(part, Metadata):
        if part.about == "xml" and str(part.values.get("root", "")) in _ROOTS:
            yield Found(where=str(part.values["root"]), confidence=0.95, facts={"format": ("railML",)})
        return
    if not part.rows:
        return
    names = [words(name) for name in part.header]
    along = [name for name in names if _ALONG.fullmatch(name)]
    assets = [name for name in names if _ASSET.fullmatch(name)]
    geometry = [name for name in names if any(pattern.fullmatch(name) for pattern in _GEOMETRY)]
    kinds = sum(any(pattern.fullmatch(name) for name in names) for pattern in _GEOMETRY)
    only = [name for name in assets if _ONLY_RAIL.match(name)]
    cells = _cells.heard(part)
    if (assets and along and (only or _signals(assets, names))) or len(set(only)) > 1:
        yield Found(count=len(part.rows), where=", ".join(assets)[:120], confidence=0.8, facts={"what": ("assets",)})
    elif kinds > 2 and (along or kinds > 3):
        yield Found(
            count=len(part.rows), where=", ".join(geometry)[:120], confidence=0.85, facts={"what": ("track geometry",)}
        )
    elif cells and _cells.of_railway(part, cells):
        yield Found(count=len(part.rows), where=", ".join(cells)[:120], confidence=0.85, facts={"what": ("GSM-R",)})


def _signals(assets: list[str], names: list[str]) -> bool:
    """Whether signals or switches are those of a line: nothing of money or of networks stands beside them."""
    return not any(
        re.fullmatch(r"vlan.*|port|ip.*|mac.*|price|stock|mpg|fuel|car|vehicle", name) for name in names
    ) and bool(assets)
