r"""One spelling of every account: logs write `DOMAIN\user`, `user@domain` or `user` for whom people.csv lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping


def spellings(listed: Iterable[str], accounts: Iterable[str], own: Collection[str]) -> Mapping[str, str]:
    """Those accounts that are a listed one written otherwise, with the listed spelling; of two lists the first counts.

    own: domains of the organisation; the same name at another domain is somebody else, as are two listed ones.
    """
    people: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, str] = {}

    def as_listed(account: str) -> str:
        name, _, domain = account.rpartition("\\")[2].partition("@")
        if account in people[name] or (domain and domain not in own):
            return account
        same = [user for user in people[name] if not domain or "@" not in user]
        return same[0] if len(same) == 1 else account

    for user in listed:
        found[user] = as_listed(user)
        if found[user] == user and user not in people[short := user.partition("@")[0]]:
            people[short].append(user)
    found |= {account: as_listed(account) for account in accounts}
    return {account: user for account, user in found.items() if account != user}
