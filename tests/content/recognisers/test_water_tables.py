"""Which columns make a table of water, and near misses of wards, purses and machines."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, seen
from tidegate.content.document import Table

ROWS = [["2026-03-01 10:00", "7", "1.42", "12.5"], ["2026-03-01 10:15", "7", "1.43", "12.7"]]


def found(header: str) -> set[str]:
    return labelled(seen(Table(tuple(header.split(",")), ROWS), "water_tables"))


@pytest.mark.parametrize(
    "header",
    [
        "time,station,water level (m),discharge (m3/s)",
        "Date Time,Gauge,Gage height (ft),x",
        "时间,站码,水位,流量",
        "TM,STCD,Z,Q",
        "Datum,Pegel,Wasserstand,Abfluss",
        "date,site,tide,x",
        "时间,测站名称,库水位(m),入库流量(m³/s)",
    ],
)
def test_tables_of_water_are_known_by_their_columns(header: str) -> None:
    assert found(header) == {"water_tables"}


@pytest.mark.parametrize(
    "header",
    [
        "date,ward,discharge date,age",
        "month,account,inflow,outflow",  # of money
        "time,pump,pressure,flow",
        "time,player,level,stage",
        "time,station,air temp,rain",  # weather
    ],
)
def test_tables_of_other_things_are_not(header: str) -> None:
    assert found(header) == set()
