"""What the network sensor sees and what the proxy does."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import observe
from tidegate.range.tables import LOOKUP, MAIL, SESSION, rows
from tidegate.range.world import World


def laptop(stage: World, *, headquarters: bool) -> int:
    devices = stage.organisation.devices
    return next(n for n, d in enumerate(devices) if d.kind == "laptop" and (d.office == 0) == headquarters)


def test_each_session_is_seen_once(stage: World) -> None:
    inside, outside = laptop(stage, headquarters=True), laptop(stage, headquarters=False)
    sessions = rows(
        SESSION,
        4,
        time=[stage.workdays.midnight(9)] * 4,
        device=[inside, outside, inside, stage.organisation.server("FILE")],
        host=["a.example", "a.example", None, "a.example"],
        ip="198.18.0.1",
        port=[443, 443, 3478, 443],
    )
    # Near misses: another office's laptop, headquarters' video call and headquarters' server all go past the proxy.
    assert observe.proxied(stage, sessions).tolist() == [True, False, False, False]


def test_a_flow_has_the_lease_of_its_day_and_its_look_up_comes_before(stage: World) -> None:
    device, midnight = laptop(stage, headquarters=False), stage.workdays.midnight(9)
    sessions = rows(
        SESSION, 200, time=[midnight + 10**9] * 200, device=device, host="a.example", ip="198.18.0.1", sent=5, mark=3
    )
    table = observe.flows(stage, sessions, LOOKUP.empty_table(), MAIL.empty_table(), 9, np.random.default_rng(1))
    assert set(table["src"].to_pylist()) == {str(stage.network.leases(9)[device])}
    asked = [row for row in table.to_pylist() if row["service"] == "dns"]
    assert 30 < len(asked) < 90
    assert all(row["time"] < midnight + 10**9 and row["answer"] == "198.18.0.1" and row["mark"] == 3 for row in asked)


def test_mail_goes_through_the_gateway_both_ways(stage: World) -> None:
    mails = rows(
        MAIL,
        2,
        time=[stage.workdays.midnight(9)] * 2,
        sender=["a@there.example", "b@here.example"],
        recipient=["b@here.example", "a@there.example"],
        size=[1000, 2000],
        inbound=[True, False],
        peer="198.18.240.1",
    )
    table = observe.flows(
        stage, SESSION.empty_table(), LOOKUP.empty_table(), mails, 9, np.random.default_rng(1)
    ).to_pylist()
    inbound, outbound = sorted(table, key=lambda row: row["sent"])
    assert (inbound["dst"], outbound["src"]) == (observe.GATEWAY, observe.GATEWAY)
    assert inbound["helo"] == "mx.there.example"
    assert not inbound["outgoing"]
    assert outbound["sent"] >= 2900


def test_leases_are_asked_for_and_new_ones_discovered(stage: World) -> None:
    laptops = stage.organisation.of_kind("laptop")
    day = int(np.argmax(stage.network.renumbered[laptops].sum(axis=0) * (np.arange(stage.days) > 0)))
    rows_ = observe.leases(stage, day, laptops, SESSION.empty_table(), np.random.default_rng(1)).to_pylist()
    assert {row["fresh"] for row in rows_} == {True, False}
    assert all((row["asked"] is None) == row["fresh"] for row in rows_)


def test_a_device_that_sends_while_nobody_is_in_asks_for_its_address_first(stage: World) -> None:
    laptop, day = int(stage.organisation.of_kind("laptop")[0]), 5  # a Saturday
    at = int(stage.workdays.midnight(day)) + 1000
    sent = [dict.fromkeys(SESSION.names) | {"device": laptop, "time": at}]
    nobody = np.array([], np.int64)
    (lease,) = observe.leases(
        stage, day, nobody, pa.Table.from_pylist(sent, schema=SESSION), np.random.default_rng(1)
    ).to_pylist()
    assert lease["time"] <= at
    # The near miss: a server's address is its own.
    server = next(n for n, device in enumerate(stage.organisation.devices) if device.ip)
    sent = [dict.fromkeys(SESSION.names) | {"device": server, "time": at}]
    table = pa.Table.from_pylist(sent, schema=SESSION)
    assert not observe.leases(stage, day, nobody, table, np.random.default_rng(1)).num_rows
