"""The context folder: what is read, what is passed over with a note, what is an error."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tidegate.context import Context, Destination, Device, Permit, Person, load
from tidegate.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "examples" / "context"


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_no_folder_is_the_empty_context() -> None:
    assert load(None) == Context()


def test_every_file_with_every_column(tmp_path: Path) -> None:
    write(
        tmp_path,
        "people.csv",
        "user,name,role,team,kind,start,end\n"
        "Anna.K@Example.org,Anna K,ranger,field,Third Party,2024-01-02,2024-03-31\n",
    )
    write(
        tmp_path,
        "devices.csv",
        "device,mac,ip,kind,site,owner,registered,destinations\n"
        "cam-1,00-1A-2B-3C-4D-5E,10.0.0.7,camera,north,anna.k@example.org,2024-01-02,cloud.example.net;192.0.2.0/24\n",
    )
    write(
        tmp_path,
        "destinations.csv",
        "pattern,kind,jurisdiction,note\nhttps://Files.Example.net/x,Partner,DE,herbarium\n",
    )
    write(
        tmp_path,
        "permits.csv",
        "permit,holder,destination,class,grade,max_items,max_bytes,start,end,note\n"
        "P-1,anna.k@example.org,example.net,biological,sensitive,20,5 GB,2024-01-01,2024-12-31,seeds\n",
    )

    context = load(tmp_path)

    assert context.notes == ()
    assert context.people == (
        Person(
            user="anna.k@example.org",
            name="Anna K",
            role="ranger",
            team="field",
            kind="third_party",
            start=date(2024, 1, 2),
            end=date(2024, 3, 31),
        ),
    )
    assert context.devices == (
        Device(
            device="cam-1",
            mac="00:1a:2b:3c:4d:5e",
            ip="10.0.0.7",
            kind="camera",
            site="north",
            owner="anna.k@example.org",
            registered=date(2024, 1, 2),
            destinations=("cloud.example.net", "192.0.2.0/24"),
        ),
    )
    assert context.destinations == (
        Destination(pattern="files.example.net", kind="partner", jurisdiction="DE", note="herbarium"),
    )
    assert context.permits == (
        Permit(
            permit="P-1",
            holder="anna.k@example.org",
            destination="example.net",
            data_class="biological",
            grade="sensitive",
            max_items=20,
            max_bytes=5_000_000_000,
            start=date(2024, 1, 1),
            end=date(2024, 12, 31),
            note="seeds",
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheets_write(tmp_path: Path, encoding: str, separator: str) -> None:
    write(tmp_path, "people.csv", f"User{separator}Name\r\nanna{separator}Zoë\r\n", encoding)
    context = load(tmp_path)
    assert context.people == (Person(user="anna", name="Zoë"),)
    assert context.notes == ()


def test_a_spreadsheets_code_page_is_read_with_a_note(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "user;name\nanna;Zoë\n", "latin-1")
    context = load(tmp_path)
    assert context.people == (Person(user="anna", name="Zoë"),)
    assert context.notes == (f"{path}:2: not UTF-8, read as Latin-1; if names look wrong, save it as CSV UTF-8",)


def test_gaps_are_unknown_not_wrong(tmp_path: Path) -> None:
    write(tmp_path, "people.csv", "user,kind,end\nanna,,\nben\n\n ,,\n")
    context = load(tmp_path)
    assert context.people == (Person(user="anna"), Person(user="ben"))
    assert context.notes == ()


def test_what_is_passed_over_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "user,nmae,shoe\nanna,A,42\n,B,\nanna,C,\nben,D,,surplus\n")
    write(tmp_path, "poeple.csv", "user\n")
    context = load(tmp_path)
    assert [person.user for person in context.people] == ["anna", "ben"]
    assert context.notes == (
        f"{tmp_path / 'poeple.csv'}: not read, no context file has that name; did you mean 'people.csv'?",
        f"{path}:1: column 'nmae' is not used; did you mean 'name'?",
        f"{path}:1: column 'shoe' is not used",
        f"{path}:3: row without user, passed over",
        f"{path}:4: anna again; the last row counts",
        f"{path}:5: more cells than the header has columns, the rest is passed over",
    )


def test_an_empty_file_and_an_unrelated_folder_are_noted(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "")
    assert load(tmp_path).notes == (f"{path}: empty",)
    path.unlink()
    assert "holds none of people.csv" in load(tmp_path).notes[0]


def test_a_permit_may_take_several_rows(tmp_path: Path) -> None:
    # The near miss of "again; the last row counts": one approval for two destinations is two rows of one permit.
    write(tmp_path, "permits.csv", "permit,destination\nP-1,example.net\nP-1,example.com\n")
    context = load(tmp_path)
    assert [permit.destination for permit in context.permits] == ["example.net", "example.com"]
    assert context.notes == ()


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("people.csv", "user,end\nanna,2024-02-30\n", 2, "column 'end': '2024-02-30' is not a date"),
        # Two different days on the two sides of an ocean.
        ("people.csv", "user,end\nanna,03/04/2024\n", 2, "column 'end': '03/04/2024' is not a date"),
        ("people.csv", "user,kind\nanna,robot\n", 2, "column 'kind': 'robot' is none of 'staff', 'third_party'"),
        ("people.csv", 'user,name,end\nanna,"A\nK",never\n', 2, "column 'end': 'never' is not a date"),
        ("people.csv", "user,user\n", 1, "column 'user' is there 2 times"),
        ("people.csv", "usr,name\n", 1, "no column 'user'; the header has usr, name; did you mean 'usr'?"),
        ("devices.csv", "device,mac\ncam,00:11\n", 2, "column 'mac': '00:11' is not a MAC address"),
        ("devices.csv", "device,ip\ncam,10.0.0.256\n", 2, "column 'ip': '10.0.0.256' is not an IP address"),
        ("destinations.csv", "pattern,kind\n10.0.0.0/33,own\n", 2, "column 'pattern': '10.0.0.0/33' is not a network"),
        ("destinations.csv", "pattern,kind\nfoo*.org,own\n", 2, "column 'pattern': 'foo*.org': a * can only stand"),
        ("permits.csv", "permit,max_bytes\nP,lots\n", 2, "column 'max_bytes': 'lots' is not an amount"),
        ("permits.csv", "permit,grade\nP,hot\n", 2, "column 'grade': 'hot' is none of 'public'"),
    ],
)
def test_what_can_only_be_wrong_names_file_line_and_column(
    tmp_path: Path, name: str, text: str, line: int, message: str
) -> None:
    path = write(tmp_path, name, text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")


def test_all_errors_of_a_file_come_together(tmp_path: Path) -> None:
    path = write(tmp_path, "people.csv", "user,kind,end\n" + "anna,robot,never\n" * 12)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{path}: 24 wrong values"
    assert lines[1].startswith("  line 2, column 'kind'")
    assert lines[-1] == "  and 4 more"
    assert len(lines) == 22


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such folder"):
        load(tmp_path / "none")


def test_the_example_is_in_order() -> None:
    context = load(EXAMPLE)
    assert context.notes == ()
    assert context.people
    assert context.devices
    assert context.destinations
    assert context.permits
