"""What simple rivals make of the same days: a fixed threshold, a z-score a user, Isolation Forest and ECOD.

Their input is a row a person and day of what Tidegate's measures hold. Each rates a day by a model of the four weeks or
more before it, refitted every week; its alarms are the days above a threshold that spends the same budget on the same
organisation without its incidents, which nobody could know beforehand: it flatters them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
from ibis import _

Floats = npt.NDArray[np.float64]
Model = Callable[[Floats, Floats], Floats]  # past and present days (rows × features) to scores of the present
LEARNING, REFIT, MOST = 28, 7, 20_000  # days; rows a model is fitted on at the most
APART = 14  # days between two alarms about a person that are two cases


def features(con: ibis.BaseBackend, tables: Mapping[str, ir.Table]) -> tuple[list[tuple[str, date]], Floats]:
    """Person and day, and log(1 + amount) of what they did on it."""
    hourly, handled = tables["hourly"], tables["handled"]
    who = ibis.coalesce(_.actor, _.device)
    sent = hourly.filter(~_.kind.isin(("own", "approved")), ~_.permitted)
    net = ibis.greatest(_.bytes - _.bytes_in.fill_null(0), 0)
    taken = handled.filter(_.act == "take", ~_.own)
    parts = [
        sent.group_by("day", who=who).agg(
            net=net.sum(),
            removable=ibis.ifelse(_.channel == "removable", _.files, 0).sum(),
            mails=ibis.ifelse(_.channel == "mail", _.events, 0).sum(),
            entries=ibis.ifelse(_.channel == "register", _.events, 0).sum(),
            places=_.destination.nunique(),
            hours=_.hour.nunique(),
            beats=_.beats.sum(),
        ),
        taken.group_by("day", who="actor").agg(taken=_.files.sum(), folders=_.place.nunique()),
        handled.filter(_.act == "pack").group_by("day", who="actor").agg(packed=_.events.sum()),
        tables["mailboxes"].group_by("day", who="actor").agg(mailboxes=_.mailbox.nunique()),
        tables["lookups"].group_by("day", who=who).agg(labels=_.label_bytes.sum()),
        tables["signins"].group_by("day", who="actor").agg(networks=_.network.nunique()),
    ]  # fmt: skip
    names = [name for part in parts for name in part.columns if name not in ("day", "who")]

    def padded(part: ir.Table) -> ir.Table:
        columns = {n: part[n].cast("float64") if n in part.columns else ibis.literal(0.0) for n in names}
        return part.select("day", "who", **columns)

    whole = ibis.union(*map(padded, parts))
    rows = whole.filter(_.who.notnull()).group_by("who", "day").agg(**{n: _[n].sum() for n in names})
    table = con.to_pyarrow(rows.order_by("day", "who"))
    keys = list(zip(table["who"].to_pylist(), table["day"].to_pylist(), strict=True))
    return keys, np.log1p(np.stack([table[n].to_numpy() for n in names], axis=1))


def fixed(past: Floats, now: Floats) -> Floats:
    """The largest amount over what 99.9 % of all days stay under."""
    high = np.maximum(np.quantile(past, 0.999, axis=0), 0.1)
    return np.asarray((now / high).max(axis=1))


def forest(past: Floats, now: Floats) -> Floats:
    from pyod.models.iforest import IForest

    return np.asarray(IForest(n_estimators=100, random_state=1).fit(past).decision_function(now))


def ecod(past: Floats, now: Floats) -> Floats:
    from pyod.models.ecod import ECOD

    return np.asarray(ECOD().fit(past).decision_function(now))


MODELS: Mapping[str, Model] = {"fixed threshold": fixed, "Isolation Forest": forest, "ECOD": ecod}


def scored(keys: list[tuple[str, date]], values: Floats) -> dict[str, Floats]:
    """Each rival's score of each row; nothing in the first four weeks."""
    days = np.array([key[1].toordinal() for key in keys])
    start, end = days.min(), days.max()
    scores = {name: np.full(len(keys), -np.inf) for name in MODELS}
    rng = np.random.default_rng(1)
    for begin in range(start + LEARNING, end + 1, REFIT):
        before, now = np.flatnonzero(days < begin), (days >= begin) & (days < begin + REFIT)
        if not now.any():
            continue
        some = before if len(before) <= MOST else rng.choice(before, MOST, replace=False)
        for name, model in MODELS.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scores[name][now] = model(values[some], values[now])
    return scores | {"z-score a user": _by_user(keys, values, days)}


def _by_user(keys: list[tuple[str, date]], values: Floats, days: npt.NDArray[np.int64]) -> Floats:
    """The largest of the features' z-scores over the person's own days before."""
    scores = np.full(len(keys), -np.inf)
    who = np.array([key[0] for key in keys])
    first = days.min() + LEARNING
    for name in np.unique(who):
        rows = np.flatnonzero(who == name)
        own = values[rows]
        n = np.arange(len(rows))[:, None]
        total, square = np.cumsum(own, axis=0) - own, np.cumsum(own**2, axis=0) - own**2
        mean = total / np.maximum(n, 1)
        spread = np.sqrt(np.maximum(square / np.maximum(n, 1) - mean**2, 0.01))
        z = ((own - mean) / spread).max(axis=1)
        scores[rows] = np.where((n[:, 0] >= 5) & (days[rows] >= first), z, -np.inf)
    return scores


def alarms(keys: list[tuple[str, date]], scores: Floats, threshold: float) -> list[tuple[str, date]]:
    """The first day of each case: a person's days above the threshold, two weeks or more apart."""
    last: dict[str, date] = {}
    raised = []
    for i in np.flatnonzero(scores > threshold):
        who, day = keys[i]
        if who not in last or (day - last[who]).days > APART:
            raised.append((who, day))
        last[who] = day
    return raised


def threshold(keys: list[tuple[str, date]], scores: Floats, cases: float) -> float:
    """The lowest threshold at which no more than so many cases are raised."""
    candidates = np.unique(scores[np.isfinite(scores)])[::-1][:3_000]
    low, high = 0, len(candidates) - 1
    while low < high:  # more and more cases as it sinks
        middle = (low + high + 1) // 2
        if len(alarms(keys, scores, float(candidates[middle]))) <= cases:
            low = middle
        else:
            high = middle - 1
    return float(candidates[low])
