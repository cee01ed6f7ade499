"""Records of organisms in tables: occurrences, specimens, seeds, checklists, camera traps, studies."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers._taxa import about_organisms
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="biological",
    source="TDWG Darwin Core and Audubon Core; Camtrap DP 1.0; ISA-Tab 1.0; GB/T 31456 (种质资源) field names",
    sees=(Table,),
    hits=(
        "occurrenceID,scientificName,eventDate\n1,Panthera uncia,2021-05-01\n",
        "taxonID\tvernacularName\tlanguageCode\n1\tsnow leopard\ten\n",
        "编号,学名,采集人,采集地\n1,Davidia involucrata,王,卧龙\n",
        "deploymentID,captureMethod,timestamp\nd1,activityDetection,2020-05-30\n",
    ),
    misses=(
        "id,class,order,description\n1,A,12,washers\n2,B,14,bolts\n",  # parts of a shop: words of taxonomy by chance
        "name,family,sex,age\nSmith,Smith,f,34\n",  # people
        "sepal_length,sepal_width,species\n5.1,3.5,setosa\n",  # measurements of a teaching set: one word is too little
    ),
)
def organisms(part: Table) -> Iterator[Found]:
    """Rows under a header of words for organisms."""
    if about_organisms(part.header) and (part.rows or part.first == 1):
        rows = f"rows {part.first}–{part.first + max(len(part.rows), 1) - 1}"
        yield Found(count=max(len(part.rows), 1), where=rows, confidence=0.92)
