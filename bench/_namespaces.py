"""A file through a real DNS tunnel, between two network namespaces, and the dns.log of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from _capture import records

CLIENT, SERVER = "tidegate-client", "tidegate-server"  # network namespaces
CLIENT_IP, SERVER_IP = "192.0.2.1", "192.0.2.2"
INNER_IP, PORT = "198.51.100.1", "4000"  # the server's end inside an iodine tunnel, and where the file is taken in
DOMAIN = "t.tunnel.example"
SECRET = "benchmark"  # of both ends of our own tunnel
TAKE = """
import socket, sys
left = int(sys.argv[3])
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as server:
    sender = server.accept()[0]
    while left > 0:
        left -= len(sender.recv(65536)) or left
    sender.sendall(b"k")
    sender.recv(1)
"""
GIVE = """
import os, socket, sys, time
left, rate = int(sys.argv[3]), int(sys.argv[4])
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 30) as taker:
    taker.settimeout(300)
    while left > 0:
        piece = min(left, rate or 16384)
        taker.sendall(os.urandom(piece))
        left -= piece
        if rate:
            time.sleep(1)
    assert taker.recv(1) == b"k"
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One file of random bytes through one tunnel. rate: bytes a second; 0 is as fast as it goes."""

    tool: str
    type: str
    size: int
    rate: int = 0

    @property
    def name(self) -> str:
        return f"{self.tool}-{self.type.lower()}-{self.rate or 'fast'}"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What became of a run: its dns.log, when the file began to go (seconds since 1970) and how long it took."""

    run: Run
    log: Path
    start: float
    seconds: float


def missing() -> Iterator[str]:
    """Which tools are not here."""
    yield from (
        name for name in ("ip", "iodine", "iodined", "dns2tcpc", "dns2tcpd", "tcpdump") if not shutil.which(name)
    )
    if not find_spec("scapy"):
        yield "scapy"
    if not Path("/dev/net/tun").exists():
        yield "/dev/net/tun"
    elif subprocess.run(["ip", "netns", "add", CLIENT], capture_output=True, check=False).returncode:
        yield "the right to make network namespaces"
    else:
        subprocess.run(["ip", "netns", "del", CLIENT], check=True)


@contextmanager
def namespaces() -> Iterator[None]:
    """Two hosts with one cable between them."""

    def ip(words: str) -> None:
        subprocess.run(["ip", *words.split()], check=True)

    with ExitStack() as undo:
        for name in (CLIENT, SERVER):
            ip(f"netns add {name}")
            undo.callback(ip, f"netns del {name}")
            ip(f"-n {name} link set lo up")
        ip(f"link add cable0 netns {CLIENT} type veth peer name cable1 netns {SERVER}")
        for name, end, address in ((CLIENT, "cable0", CLIENT_IP), (SERVER, "cable1", SERVER_IP)):
            ip(f"-n {name} addr add {address}/24 dev {end}")
            ip(f"-n {name} link set {end} up")
        yield


@contextmanager
def running(namespace: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a namespace, ended with the block."""
    quietly = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(["ip", "netns", "exec", namespace, *command], **quietly) as process:  # type: ignore[call-overload]  # a dict's values
        try:
            yield process
        finally:
            process.terminate()


def carried(run: Run, folder: Path) -> Carried:
    """Send the file through the tunnel, and write the dns.log of it."""
    with tempfile.TemporaryDirectory() as temporary, namespaces(), ExitStack() as ends:
        capture, settings = Path(temporary, "capture.pcap"), Path(temporary, "settings")
        settings.write_text(
            f"listen = {SERVER_IP}\nport = 53\nuser = nobody\nchroot = {temporary}\ndomain = {DOMAIN}\nkey = {SECRET}\n"
            f"resources = file:127.0.0.1:{PORT}\n"
        )
        iodine = run.tool == "iodine"
        filter_ = ("-i", "cable0", "-U", "-Z", "root", "-w", str(capture), "udp", "port", "53")
        ends.enter_context(running(CLIENT, "tcpdump", *filter_))
        server = (
            ("iodined", "-f", "-c", "-P", SECRET, "-l", SERVER_IP, "-d", "dns0", f"{INNER_IP}/24", DOMAIN)
            if iodine
            else ("dns2tcpd", "-F", "-f", str(settings))
        )
        ends.enter_context(running(SERVER, *server))
        place = INNER_IP if iodine else "127.0.0.1"
        time.sleep(2)
        ends.enter_context(running(SERVER, sys.executable, "-c", TAKE, place, PORT, str(run.size)))
        client = (
            ("iodine", "-f", "-r", "-P", SECRET, "-T", run.type, "-d", "dns1", SERVER_IP, DOMAIN)
            if iodine
            else ("dns2tcpc", "-z", DOMAIN, "-k", SECRET, "-r", "file", "-l", PORT, "-T", run.type, SERVER_IP)
        )
        ends.enter_context(running(CLIENT, *client))
        time.sleep(20 if iodine else 3)  # iodine tries out how large answers may be
        start = time.time()
        give = [sys.executable, "-c", GIVE, place, PORT, str(run.size), str(run.rate)]
        subprocess.run(["ip", "netns", "exec", CLIENT, *give], check=True, timeout=600)
        seconds = time.time() - start
        ends.close()
        log = folder / f"{run.name}.dns.log"
        log.write_text("".join(records(capture)))
        return Carried(run=run, log=log, start=start, seconds=seconds)
