"""Which columns make a weather station's table, and what is told of stations, times and intervals."""

from __future__ import annotations

import time

import pytest

from tests.content.seeing import labelled, seen
from tidegate.content.document import Table

ROWS = [["2026-03-01 10:00", "A", "4.2", "81"], ["2026-03-01 11:00", "B", "4.1", "80"]]


def found(header: str, rows: list[list[str]] = ROWS) -> set[str]:
    return labelled(seen(Table(tuple(header.split(",")), rows), "weather_tables"))


@pytest.mark.parametrize(
    "header",
    [
        "time,station,air_temperature,relative_humidity",
        "Timestamp,Site,AirTC_Avg,RH",
        "DATE,ID,Temp Out,Out Hum",
        "观测时间,站号,气温(℃),相对湿度",
        "obs time,station,Wind Speed (m/s),Wind Direction",
        "time,station,2m temp,Rain_mm_Tot",
        "Date,Station Name,PRCP,TMAX",
        "MESS_DATUM,STATIONS_ID,TT_TU,RF_TU",  # Deutscher Wetterdienst
        "time,site,temperature_2m (°C),wind_speed_10m (km/h)",
        "Formatted Date,Summary,Wind Bearing (degrees),Humidity",
        "资料时间,区站号,平均气温(0.1℃),20-20时降水量",
        "TM,STCD,DRP,REMARK",  # 实时雨水情数据库
    ],
)
def test_tables_of_weather_are_known_by_their_columns(header: str) -> None:
    assert found(header) == {"weather_tables"}


@pytest.mark.parametrize(
    "header",
    [
        "time,room,temperature,humidity",  # a server room
        "time,engine,oil temperature,oil pressure",
        "name,station,rain,wind",  # words, and no time nor measure of wind
        "time,station,price,volume",
        "date,site,visits,clicks",
    ],
)
def test_tables_of_other_things_are_not(header: str) -> None:
    assert found(header) == set()


def test_cells_must_be_numbers() -> None:
    said = [["2026-03-01", "A", "how warm the air is", "how damp"], ["2026-03-02", "B", "warm", "damp"]]
    assert found("time,station,air temperature,relative humidity", said) == set()


def test_stations_times_and_intervals_are_told() -> None:
    tally = seen(Table(("time", "station", "air temp", "rain"), ROWS), "weather_tables").tallies["weather_tables"]
    assert tally.facts["stations"] == ("A", "B")
    assert (tally.facts["since"], tally.facts["until"]) == ("2026-03-01T10:00", "2026-03-01T11:00")
    assert tally.facts["resolution"] == ("1 h",)
    assert tally.facts["status"] == ("sub-daily", "sub-daily network")


def test_daily_means_of_one_station_are_not_called_sub_daily() -> None:
    daily = [["2026-03-01", "A", "4.2", "0"], ["2026-03-02", "A", "4.1", "2"], ["2026-03-03", "A", "4.0", "0"]]
    tally = seen(Table(("date", "station", "air temp", "rain"), daily), "weather_tables").tallies["weather_tables"]
    assert "status" not in tally.facts
    assert tally.facts["resolution"] == ("1 d",)


def test_headers_made_to_take_long_take_no_longer() -> None:
    header = ["wind speed " + "avg " * 17 + "!zzzzz", "water level " + "max " * 17 + "zzzzzzz"] * 100
    began = time.monotonic()
    found(",".join(header), [["1"] * len(header)])
    assert time.monotonic() - began < 2.0


def test_a_header_of_two_lines_is_put_together() -> None:
    davis = (
        "\t\tTemp\tOut\tDew\tWind\n"
        "Date\tTime\tOut\tHum\tPt.\tSpeed\n"
        "01/03/2026\t10:00\t4.2\t81\t1.2\t2.0\n"
        "01/03/2026\t10:10\t4.3\t80\t1.1\t3.0\n"
    )
    assert labelled(seen(davis, "weather_tables")) == {"weather_tables"}
    assert labelled(seen(davis.replace("Dew", "Mood").replace("Wind", "Walk"), "weather_tables")) == {"weather_tables"}
    assert not labelled(seen("\t\tGood\tBad\nDate\tTime\tNews\tLuck\n1/3/26\t10:00\t4\t2\n", "weather_tables"))
