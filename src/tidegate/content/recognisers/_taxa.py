"""Names of columns, elements and keys by which data about organisms are known."""

from __future__ import annotations

import re

STRONG = frozenset(
    [
        "scientificname",
        "taxonid",
        "occurrenceid",
        "basisofrecord",
        "specificepithet",
        "infraspecificepithet",
        "vernacularname",
        "taxonrank",
        "acceptednameusageid",
        "acceptednameusage",
        "nameaccordingto",
        "scientificnameauthorship",
        "recordedby",
        "fieldnumber",
        "speciesname",
        "deploymentid",
        "observationtype",
        "mediaid",
        "witaxonid",
        "individualcount",
        "lifestage",
        "scientificnameid",
        "captureid",
        "cameramodel",
        "capturemethod",
        "camerasetuptype",
        "baittype",
        "characteristicsorganism",
        "specimenid",
        "catalognumber",
        "cataloguenumber",
        "typestatus",
        "taxonname",
        "latinname",
        "animalrecognizable",
        "capturedevice",
        "resourcecreationtechnique",
        "termsourceref",
        "protocolref",
        "samplingprotocol",
        "samplingeffort",
        "parenteventid",
        "samplesizevalue",
        "rawspectraldatafile",
        "学名",
        "拉丁名",
        "拉丁学名",
        "物种",
        "物种名",
        "种名",
        "中文名",
        "中文种名",
        "采集人",
        "采集号",
        "标本号",
        "馆藏号",
        "种质编号",
        "种子编号",
        "保护级别",
        "鉴定人",
    ]
)
"""Without case and signs: Darwin Core, Camtrap DP, Wildlife Insights, Audubon Core, ISA-Tab, Chinese herbaria."""

WEAK = frozenset(
    [
        "kingdom",
        "phylum",
        "class",
        "order",
        "family",
        "genus",
        "species",
        "subspecies",
        "subgenus",
        "sex",
        "habitat",
        "locality",
        "eventdate",
        "institutioncode",
        "collectioncode",
        "collector",
        "collectorname",
        "countrycode",
        "decimallatitude",
        "decimallongitude",
        "imageid",
        "timestamp",
        "filepath",
        "filename",
        "filemediatype",
        "count",
        "age",
        "taxon",
        "organism",
        "strain",
        "accession",
        "identifiedby",
        "dateidentified",
        "stateprovince",
        "coordinateuncertaintyinmeters",
        "occurrenceremarks",
        "eventid",
        "samplename",
        "sourcename",
        "extractname",
        "taxonomicstatus",
        "language",
        "languagecode",
        "description",
        "commonname",
        "identifier",
        "accessuri",
        "phylumname",
        "classname",
        "科",
        "属",
        "科名",
        "属名",
        "采集地",
        "采集地点",
        "采集日期",
        "生境",
        "海拔",
        "产地",
        "数量",
        "经度",
        "纬度",
        "性别",
        "相机编号",
        "拍摄时间",
    ]
)
"""Words that go with them, and mean little by themselves."""

RANKS = frozenset(["kingdom", "phylum", "order", "family", "genus", "species", "门", "纲", "目", "科", "属", "种"])

_SPLIT = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


def squeezed(name: str) -> str:
    """A name without case, prefix and signs: `dwc:decimalLatitude` and `DECIMAL_LATITUDE` alike."""
    return _SPLIT.sub("", name.rpartition(":")[2].lower()) if name.isascii() else _SPLIT.sub("", name.lower())


def about_organisms(names: tuple[str, ...]) -> bool:
    """Whether columns of these names are about organisms: two sure words, or one beside others, or ranks in a row."""
    words = {squeezed(name) for name in names}
    strong, weak, ranks = len(words & STRONG), len(words & WEAK), len(words & RANKS)
    return strong >= 2 or (strong == 1 and weak >= 1) or ranks >= 4
