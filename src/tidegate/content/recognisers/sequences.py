"""Genetic sequences, reads, alignments, variants and annotated features."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="genetic",
    source="GA4GH file formats (SAM, VCF, CRAM); NCBI FASTA and GenBank; Cock et al. 2010 (FASTQ); UCSC BED, WIG, MAF",
    sees=(Metadata,),
    about=("sequences",),
    hits=(
        ">seq1 rhododendron\nACGTACGATCGACTAGC\nACGATTTA\n>seq2\nACGT\n",
        "@read1\nACGTAGGCTA\n+\nIIIIIIIIII\n",
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n1\t1000\t.\tA\tG\n",
        "chr1\t100\t200\tgeneA\nchr2\t300\t400\tgeneB\n",
    ),
    misses=(
        "> she wrote:\n> see you tomorrow, all of you\nFine with me\n",  # quoted mail
        "@staff\nplease bring cups\n+\none spoon\n",  # a note to all
        "chr\tstart\tend\nmonday\t8\t17\n",  # opening hours
        "##fileformat is what the first line of such a file says\n",  # a manual
    ),
)
def sequences(part: Metadata) -> Iterator[Found]:
    """Files of a format that holds nothing else, by the number of their records."""
    if count := part.number("count"):
        kind = str(part.values.get("format", ""))
        yield Found(count=count, where=kind, confidence=0.97, facts={"format": (kind,)})
