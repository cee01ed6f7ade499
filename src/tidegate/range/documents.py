"""The agency's files: team and project sites and everybody's own drive, as folders of files, and who works where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids, names
from tidegate.range.organisation import TEAMS, Organisation
from tidegate.range.tables import Bools, Ints, pick

_TOPICS = (
    "Surveys",
    "Reports",
    "Maps",
    "Permits",
    "Monitoring",
    "Photos",
    "Meetings",
    "Budget",
    "Fieldwork",
    "Archive",
)
_KINDS = (  # extension, share of all files, median bytes, what such files are called
    ("docx", 0.24, 9e4, ("minutes", "draft", "contract", "interview", "management-plan")),
    ("xlsx", 0.22, 7e4, ("census", "budget", "species-list", "water-levels", "patrol-log")),
    ("pdf", 0.20, 4e5, ("report", "permit", "assessment", "brochure", "signed")),
    ("jpg", 0.12, 2.5e6, ("trail-camera", "nest", "plot", "flyer")),
    ("csv", 0.07, 2e5, ("transect", "sampling", "logger", "soil")),
    ("pptx", 0.06, 3e6, ("talk", "briefing")),
    ("gpkg", 0.05, 8e6, ("habitat-map", "nest-sites", "trails")),
    ("tif", 0.03, 4e7, ("orthophoto", "elevation")),
    ("zip", 0.01, 2e7, ("archive",)),
)

MARKINGS = ("CONFIDENTIAL", "机密", "VS-NfD", "OFFICIAL-SENSITIVE")  # an organisation uses one of them
RESTRICTED = 0.02  # share of the shared folders: most of what is in them is marked
ASTRAY = 0.002  # share of marked files elsewhere on the shared sites

HABITS = 24  # folders a person works in, most used first


@dataclass(frozen=True, kw_only=True)
class Era:
    """From its first day on people work in these folders (people × 24), because some moved to a team."""

    first: int
    habits: Ints
    moved: tuple[int, ...]
    team: str


@dataclass(frozen=True, kw_only=True)
class Documents:
    """Files by number; the files of a folder and the folders of a site are consecutive.

    sites: team sites in the order of TEAMS, then projects', then one own drive for each member of staff.
    own: which sites are own drives. marked: which files bear the protective marking, in their names; most of them carry
    the label as well. habits: people × 24 folders at the beginning; eras: others from a day on, when teams were
    reorganised. home: each person's own drive as first folder and the folder after its last (twice 0: none).
    """

    tenant: str
    site_url: pa.Array
    site_id: pa.Array
    own: tuple[bool, ...]
    folder_site: Ints
    folder_path: pa.Array
    folder_first: Ints
    folder_count: Ints
    file_folder: Ints
    file_name: pa.Array
    file_id: pa.Array
    file_size: Ints
    marked: Bools
    file_label: pa.Array
    habits: Ints
    home: Ints
    eras: tuple[Era, ...] = ()

    def habits_on(self, day: int) -> Ints:
        """The folders each person works in on a day: people × 24."""
        return next((era.habits for era in reversed(self.eras) if era.first <= day), self.habits)

    def sample(self, rng: np.random.Generator, folders: Ints) -> Ints:
        """One file of each folder given, recent ones (high numbers) more often."""
        count = self.folder_count[folders]
        return self.folder_first[folders] + np.maximum(rng.integers(0, count), rng.integers(0, count))

    def shared(self) -> Ints:
        """All folders of the shared sites."""
        return np.flatnonzero(~np.array(self.own)[self.folder_site])

    def folders_of(self, person: int) -> Ints:
        """The folders a person ever works in, and all of their own drive."""
        later = [era.habits[person] for era in self.eras]
        return np.unique(np.concatenate([self.habits[person], *later, np.arange(*self.home[person])]))

    def strange(self, rng: np.random.Generator, person: int, count: int) -> Ints:
        """Files of many shared folders that are never a habit of a person, folder by folder.

        A small agency may have fewer files than are asked for: then some come twice.
        """
        everything = self.files_in(rng.permutation(np.setdiff1d(self.shared(), self.folders_of(person))))
        return np.resize(everything[rng.random(len(everything)) < 0.7], count)

    def files_in(self, folders: Ints) -> Ints:
        """All files of the folders given, in order."""
        spans = zip(self.folder_first[folders], self.folder_count[folders], strict=True)
        return np.concatenate([np.arange(first, first + count) for first, count in spans])


def documents(rng: np.random.Generator, organisation: Organisation, *, stem: str, projects: Ints) -> Documents:
    """Draw the files. projects: people × projects a person takes part in (numbers)."""
    people = organisation.people
    staff = people.where()
    places = [word.title() for word in names.words(rng, 60)]
    shared, own = f"https://{stem}.sharepoint.example/sites", f"https://{stem}-my.sharepoint.example/personal"
    urls = [f"{shared}/{team}/" for team, _, _ in TEAMS]
    urls += [f"{shared}/{places[n % 60]}-{n + 1:02d}/" for n in range(int(projects.max()) + 1)]
    teams_and_projects = len(urls)
    urls += [f"{own}/{people.user[i].replace('@', '_').replace('.', '_')}/" for i in staff]
    sizes = np.concatenate(
        [
            [12 + round(40 * share * len(staff) ** 0.5) for _, share, _ in TEAMS],
            rng.integers(15, 50, teams_and_projects - len(TEAMS)),
            rng.integers(6, 22, len(staff)),
        ]
    )
    edges = np.concatenate([[0], np.cumsum(sizes)])
    home = np.zeros((len(people), 2), dtype=np.int64)
    home[staff] = np.stack([edges[teams_and_projects:-1], edges[teams_and_projects + 1 :]], axis=1)
    site = np.repeat(np.arange(len(urls)), sizes)
    library = np.where(site < teams_and_projects, "Shared Documents", "Documents")
    topic, place = rng.integers(0, len(_TOPICS), len(site)), rng.integers(0, 60, len(site))
    per_folder = (5 + rng.pareto(1.6, len(site)) * 14).clip(5, 400).astype(np.int64)
    file_name, file_size = _files(rng, int(per_folder.sum()))
    file_folder = np.repeat(np.arange(len(site)), per_folder)
    tenant, site_id, file_id = ids.guids(rng, 1)[0].as_py(), ids.guids(rng, len(urls)), ids.guids(rng, len(file_size))
    habits = _habits(rng, organisation, site=site, home=home, projects=projects)
    (own_rng,) = rng.spawn(1)
    restricted = (own_rng.random(len(site)) < RESTRICTED) & (site < teams_and_projects)
    marked = own_rng.random(len(file_folder)) < np.select(
        [restricted[file_folder], site[file_folder] < teams_and_projects], [0.7, ASTRAY], 0.0
    )
    return Documents(
        tenant=tenant,
        site_url=pa.array(urls),
        site_id=site_id,
        own=tuple(n >= teams_and_projects for n in range(len(urls))),
        folder_site=site,
        folder_path=pa.array(
            [
                f"{lib}/{'Restricted' if closed else _TOPICS[t]}/{places[p]}-{n}"
                for n, (lib, closed, t, p) in enumerate(zip(library, restricted, topic, place, strict=True))
            ]
        ),
        folder_first=np.cumsum(per_folder) - per_folder,
        folder_count=per_folder,
        file_folder=file_folder,
        file_name=_marked_names(file_name, marked, str(own_rng.choice(MARKINGS))),
        file_id=file_id,
        file_size=file_size,
        marked=marked,
        file_label=pa.array(
            [ids.guids(own_rng, 1)[0].as_py()] * len(marked), mask=~(marked & (own_rng.random(len(marked)) < 0.8))
        ),
        habits=habits,
        home=home,
    )


def _files(rng: np.random.Generator, count: int) -> tuple[pa.Array, Ints]:
    """Names such as `census_00412.xlsx`, and sizes."""
    kind = rng.choice(len(_KINDS), count, p=[share for _, share, _, _ in _KINDS])
    which = rng.integers(0, 60, count)
    stems = np.array([[stems[n % len(stems)] for n in range(60)] for *_, stems in _KINDS])[kind, which]
    endings = [extension for extension, *_ in _KINDS]
    called = [f"{stem}_{n:05d}.{endings[k]}" for n, (stem, k) in enumerate(zip(stems, kind, strict=True))]
    size = np.array([median for _, _, median, _ in _KINDS])[kind] * rng.lognormal(0, 1.1, count)
    return pa.array(called), size.astype(np.int64)


def _marked_names(names: pa.Array, marked: Bools, marking: str) -> pa.Array:
    """`VS-NfD_census_00412.xlsx` where the file is marked."""
    return pc.if_else(pa.array(marked), pc.binary_join_element_wise(marking, names, "_"), names)


def _habits(rng: np.random.Generator, organisation: Organisation, *, site: Ints, home: Ints, projects: Ints) -> Ints:
    people = organisation.people
    teams = {team: n for n, (team, _, _) in enumerate(TEAMS)}
    habits = np.zeros((len(people), HABITS), dtype=np.int64)
    for i in range(len(people)):
        of = [teams.get(people.team[i], teams["GIS"])] * 3 + [len(TEAMS) + int(p) for p in projects[i]]  # Vendor: GIS
        habits[i] = folders_for(rng, site, of, home[i])
    return habits


def folders_for(rng: np.random.Generator, folder_site: Ints, sites: Sequence[int], home: Ints) -> Ints:
    """The folders somebody works in: four on each of their team's and projects' sites, and of their own drive."""
    edges = np.searchsorted(folder_site, np.array(sites)), np.searchsorted(folder_site, np.array(sites), side="right")
    mine = np.concatenate([rng.integers(first, last, 4) for first, last in zip(*edges, strict=True)])
    own = np.arange(home[0], min(home[0] + 6, home[1]))
    return rng.permutation(np.resize(np.concatenate([mine, own]), HABITS))


def named(tree: Documents, number: Ints) -> dict[str, pa.Array | Ints]:
    """Where files are and what they are: the columns of a SharePoint or OneDrive record."""
    folder = tree.file_folder[number]
    site = tree.folder_site[folder]
    return {
        "site": pick(tree.site_url, site),
        "site_id": pick(tree.site_id, site),
        "folder": pick(tree.folder_path, folder),
        "file": pick(tree.file_name, number),
        "item_id": pick(tree.file_id, number),
        "size": tree.file_size[number],
        "label": pick(tree.file_label, number),
        "workload": pick(["SharePoint", "OneDrive"], np.array(tree.own)[site].astype(np.int64)),
    }
