"""Addresses of databases, and that nothing ever shows their passwords."""

from __future__ import annotations

import pytest

from qa_bot.errors import QABotError
from qa_bot.index.address import Address, is_address

SECRET = "p@ss:/w#rd%"
WRITTEN = "p%40ss%3A%2Fw%23rd%25"


def test_what_an_address_says() -> None:
    address = Address.of(f"oceanbase://root%40sys:{WRITTEN}@db.example.org:2883/news")
    assert (address.user, address.password) == ("root@sys", SECRET)
    assert (address.host, address.port, address.database) == ("db.example.org", 2883, "news")
    assert str(address) == "oceanbase://root%40sys@db.example.org:2883/news"
    assert SECRET not in repr(address)


def test_what_it_may_leave_out() -> None:
    address = Address.of("oceanbase://root@[::1]/news", "from the settings")
    assert (address.host, address.port) == ("::1", 2881)
    assert address.password == "from the settings"
    assert str(address) == "oceanbase://root@[::1]:2881/news"
    assert Address.of("oceanbase://root:own@h/news", "other").password == "own"
    local = Address.of("oceanbase://root@/news?unix_socket=/run/sql.sock&ssl_ca=/etc/ca.pem")
    assert (local.unix_socket, local.ssl_ca) == ("/run/sql.sock", "/etc/ca.pem")
    assert (local.partitions, Address.of("oceanbase://u@h/d?partitions=8").partitions) == (1, 8)
    assert Address.of(str(local)).unix_socket == "/run/sql.sock"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mysql://u:{}@h/d", "no engine"),
        ("oceanbase://u:{}@h:port/d", "port"),
        ("oceanbase://u:{}@h:99999/d", "port"),
        ("oceanbase://u:{}@h", "database"),
        ("oceanbase://:{}@h/d", "user"),
        ("oceanbase://u:{}@/d", "host"),
        ("oceanbase://u:{}#x@h/d", "%23"),
        ("oceanbase://u:{}@h/d?ssl=1", "ssl"),
        ("oceanbase://u:{}@h/d?partitions=0", "partitions"),
        ("oceanbase://u:{}@h/d?partitions=many", "partitions"),
    ],
)
def test_what_is_none_is_refused_without_the_password(text: str, reason: str) -> None:
    with pytest.raises(QABotError, match="oceanbase://user:password@host") as caught:
        Address.of(text.format("hunter2"))
    told = f"{caught.value} {caught.value.__cause__!r}"
    assert reason in told
    assert "hunter2" not in told


def test_what_is_no_address_is_a_folder() -> None:
    assert is_address("oceanbase://h/d")
    assert is_address("mysql://h/d")  # to be refused, not made a folder
    for folder in ("index", "/var/index", "C:\\index", "c:/index", "a:b", "./oceanbase:/x"):
        assert not is_address(folder)
