"""Scans of cells and sweeps of the spectrum, and tables whose columns are called alike."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, seen

SWEEP = "2026-03-01, 10:00:{:02}, {low}, {high}, {width}, 4096, -60.1, -59.9, -58.2\n"


def sweep(low: float, high: float, width: float) -> str:
    return "".join(SWEEP.format(n, low=low, high=high, width=width) for n in range(5))


@pytest.mark.parametrize(
    "content",
    [
        "lat,lon,MCC,MNC,LAC,CellID,RSSI\n46.1,13.1,222,1,31,1204,-71\n46.2,13.2,222,1,31,1205,-73\n",
        "EARFCN;PCI;RSRP\n1300;101;-95\n1300;102;-97\n",
        "radio,mcc,net,area,cell,unit,lon,lat\nGSM,222,1,31,1204,0,13.1,46.1\nLTE,222,1,31,1205,0,13.2,46.2\n",
        sweep(921_000_000, 925_000_000, 9_765.62),
    ],
)
def test_scans_are_known(content: str) -> None:
    assert labelled(seen(content, "cell_scans")) == {"cell_scans"}


@pytest.mark.parametrize(
    "content",
    [
        "cell,operator,result\nA1,sum,4\nA2,mean,2\n",  # a spreadsheet
        "radio,band,station\nFM,3,North\nAM,2,South\n",  # a receiver's list of programmes
        "net,gross,net price\n1,2,3\n2,3,4\n",  # money
        sweep(20, 30, 1),  # degrees, not hertz
    ],
)
def test_columns_called_alike_are_not(content: str) -> None:
    assert not labelled(seen(content, "cell_scans"))


def test_a_sweep_tells_its_band() -> None:
    tally = seen(sweep(921e6, 925e6, 1e4), "cell_scans").tallies["cell_scans"]
    assert tally.facts["band"] == ("921 to 925 MHz",)


def test_a_channel_that_is_no_number_costs_nothing() -> None:
    found = seen("km,arfcn,rxlev\n12.0,²,-71\n12.5,957,-80\n", "rail_lines")
    assert (labelled(found), found.error) == ({"rail_lines"}, None)
