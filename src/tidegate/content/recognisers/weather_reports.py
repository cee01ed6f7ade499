"""Coded reports in text: METAR, TAF, SIGMET, pilots' reports, soundings, MOS guidance."""

from __future__ import annotations

from tidegate.content.units import Found, Match, Recogniser

_WMO = "WMO-No. 306, Manual on Codes, volume I.1"


def _report(match: Match) -> Found:
    """A report with its station and the day and hour of the observation, which names no month."""
    station, moment = match.value.split(" ", 2)[:2]
    observed = f"day {moment[:2]}, {moment[2:4]} UTC"
    return Found(confidence=0.95, value=match.value, facts={"stations": (station,), "observed": (observed,)})


METAR = Recogniser(
    id="metar",
    data_class="meteorological",
    source=f"{_WMO}: FM 15 METAR, FM 16 SPECI; ICAO Annex 3",
    pattern=(
        r"\b[A-Z][A-Z0-9]{3} [0-3]\d[0-2]\d[0-5]\dZ (?:AUTO |COR )?(?:\d{3}|VRB|///)(?:\d\d"
        r"|//)(?:G\d\d)?(?:KT|MPS|KMH)\b"
    ),
    read=_report,
    hits=(
        "METAR LIPQ 151150Z 06008KT 9999 FEW040 12/04 Q1024",
        "KJFK 170551Z 36007KT 10SM FEW085 SCT250 11/07 A2979",
        "ZBAA 010800Z 34004MPS CAVOK 28/12 Q1008 NOSIG",
    ),
    misses=(
        "AAXX KJFK ZBAA EGLL are stations",  # a list of stations
        "Meeting in ROOM 170551Z with 12 people",  # a time group without wind
    ),
)

TAF = Recogniser(
    id="taf",
    data_class="meteorological",
    source=f"{_WMO}: FM 51 TAF",
    pattern=r"\b[0-3]\d[0-2]\d/[0-3]\d[0-2]\d\s{1,3}(?:\d{3}|VRB)\d\d(?:G\d\d)?(?:KT|MPS|KMH)\b",
    confidence=0.95,
    hits=("TAF EGLL 081059Z 0812/0918 20006KT 9999 FEW045", "TAF ZBAA 010300Z 0106/0212 34004MPS 6000 NSC"),
    misses=("Tickets 0812/0918 for KT and friends", "fixed: 1 BECMG 1"),  # numbers with a slash; a corrector's table
)

SIGMET = Recogniser(
    id="sigmet",
    data_class="meteorological",
    source="ICAO Annex 3, appendix 6: SIGMET and AIRMET information",
    pattern=r"\b(?:SIGMET|AIRMET) (?:[A-Z]{3,10} )?[A-Z0-9]{1,4} VALID (?:UNTIL )?[0-3]\d[0-2]\d[0-5]\d",
    confidence=0.95,
    hits=("WSCO31 SKBO 291931 SKEC SIGMET 1 VALID 291941/292241 SKBO- SKEC BARRANQUILLA FIR FRQ TS",),
    misses=("A SIGMET is VALID for four hours",),  # a textbook
)

PIREP = Recogniser(
    id="pirep",
    data_class="meteorological",
    source="FAA Order JO 7110.10, chapter 8: pilot weather reports",
    pattern=r"\bU?UA /OV [A-Z0-9 /-]{3,30}/TM ?\d{4} ?/FL",
    confidence=0.95,
    hits=("RNO UA /OV SWR132050/TM 0448/FL380/TP B738/TB MOD BLO 380",),
    misses=("UA /OV stands for a routine report over a place",),  # an explanation
)

GUIDANCE = Recogniser(
    id="mos_guidance",
    data_class="meteorological",
    source="NOAA Meteorological Development Laboratory: MOS and National Blend of Models text products",
    pattern=(
        r"\b[A-Z][A-Z0-9]{3} {2,6}(?:GFSX?|NAM|LAMP"
        r"|NBM V\d\.\d) [A-Z]{2,5} ?GUIDANCE {1,6}\d{1,2}/\d\d/\d{4} {1,3}\d{4} UTC"
    ),
    confidence=0.95,
    hits=(
        "KJFK   GFS MOS GUIDANCE    5/18/2020  0000 UTC\nDT /MAY  18",
        "KJFK    NBM V4.1 NBE GUIDANCE   10/17/2023  0500 UTC\n",
    ),
    misses=("MOS GUIDANCE is issued twice a day at 0000 UTC",),  # a service's description
)

TEMP = Recogniser(
    id="temp",
    data_class="meteorological",
    source=f"{_WMO}: FM 35 TEMP, FM 32 PILOT, FM 71 CLIMAT",
    pattern=(
        r"\b(?:(?:TT|UU|PP|II|QQ)(?:AA|BB|CC|DD)\s+\d{4}[0-9/]\s+\d{5}\s+[0-9/]{5}"
        r"|CLIMAT\s+[01]\d{4}\s+\d{5}\s+111\s)"
    ),
    confidence=0.9,
    hits=("TTAA 51111 72403 99016 17056 27005 00165", "CLIMAT 03023\n15015 111 10012 20035"),
    misses=("TTAA BBCC\n10 20 30", "CLIMAT 2023 annual report"),  # sequences of letters; a title
)
