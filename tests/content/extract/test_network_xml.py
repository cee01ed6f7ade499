"""Scans and firewalls that are kept as XML are known for what they are."""

from __future__ import annotations

from tests.content.seeing import format_id, labelled, seen

NMAP = (
    """<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -oX - 10.0.0.0/24" version="7.94">
"""
    + "".join(
        f"""<host><status state="up"/><address addr="10.0.0.{n}" addrtype="ipv4"/>
<address addr="00:11:22:33:44:{n:02}" addrtype="mac"/><hostnames><hostname name="h{n}.example.org"/></hostnames>
<ports><port protocol="tcp" portid="22"><state state="open"/><service name="ssh"/></port></ports></host>
"""
        for n in range(10, 22)
    )
    + "</nmaprun>\n"
)

PFSENSE = """<?xml version="1.0"?>
<pfsense><version>22.9</version><system><hostname>gate</hostname><domain>example.org</domain>
<user><name>admin</name><bcrypt-hash>$2y$10$abcdefghijklmnopqrstuu</bcrypt-hash></user></system>
<interfaces><wan><if>em0</if><ipaddr>192.0.2.2</ipaddr></wan><lan><if>em1</if><ipaddr>10.0.0.1</ipaddr></lan></interfaces>
</pfsense>
"""


def test_what_nmap_wrote_as_xml_counts_its_addresses() -> None:
    found = seen(NMAP)
    assert format_id(NMAP.encode()) == "nmap-xml"
    assert "network_devices" in labelled(found)
    tally = found.tallies["network_devices"]
    assert tally.count == 12
    assert tally.facts["addresses"] == 12


def test_a_firewall_is_known_with_its_secrets() -> None:
    tally = seen(PFSENSE).tallies["network_devices"]
    assert tally.facts["devices"] == ("gate",)
    assert tally.facts["interfaces"] == 2
    assert tally.facts["status"] == ("with secrets",)


def test_a_scan_that_found_nobody_is_none() -> None:
    # The head of a scan and no host in it: nothing of a network is told.
    empty = '<?xml version="1.0"?><nmaprun scanner="nmap"><runstats/></nmaprun>'
    assert "network_devices" not in labelled(seen(empty))


def test_a_page_about_pfsense_is_no_firewall() -> None:
    page = "<html><body><h1>pfsense</h1><interfaces>two</interfaces></body></html>"
    assert "network_devices" not in labelled(seen(page))


def test_a_scan_that_was_cut_off_is_told_up_to_there() -> None:
    found = seen(NMAP[:1500])
    assert found.tallies["network_devices"].count > 1
    assert found.error is not None
