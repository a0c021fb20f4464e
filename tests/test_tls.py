"""An index in a database whose server encrypts: who it is must be proved."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import seekdb
from qa_bot.errors import IndexAwayError, QABotError
from qa_bot.index.oceanbase.index import OceanBaseIndex
from qa_bot.index.opening import open_index
from qa_bot.records import Article


@dataclass(frozen=True)
class Authority:
    """One that signs certificates."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def sign(self, name: str, key: ec.EllipticCurvePublicKey, *hosts: str) -> x509.Certificate:
        """A certificate of `key`, of an authority where there are no `hosts`."""
        now = datetime.datetime.now(datetime.UTC)
        addresses = [x509.IPAddress(ipaddress.ip_address(host)) for host in hosts]
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=not hosts, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False
            )
        )
        if addresses:
            builder = builder.add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def write(self, path: Path) -> Path:
        """Its own certificate."""
        path.write_bytes(_pem(self.sign(self.name, self.key.public_key())))
        return path


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[seekdb.Seekdb]:
    """A server with a certificate for 127.0.0.1, signed by the authority in `wallet/ca.pem`."""
    if reason := seekdb.missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("encrypted")
    wallet = folder / "wallet"
    wallet.mkdir()
    authority, key = Authority("authority"), ec.generate_private_key(ec.SECP256R1())
    authority.write(wallet / "ca.pem")
    certificate = authority.sign("server", key.public_key(), "127.0.0.1")
    (wallet / "server-cert.pem").write_bytes(_pem(certificate))
    (wallet / "server-key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with seekdb.Seekdb(folder, encrypted=True) as server:
        yield server


@pytest.fixture
def address(encrypted: seekdb.Seekdb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return encrypted.address("news")


def test_the_right_authority_is_believed(encrypted: seekdb.Seekdb, address: str) -> None:
    index = open_index(f"{address}?ssl_ca={encrypted.folder / 'wallet' / 'ca.pem'}")
    assert isinstance(index, OceanBaseIndex)
    index.put([(Article("桥", "桥开了。", id="1"), [(0, 4)])])
    assert index.count() == 1
    assert all(isinstance(one._sock, ssl.SSLSocket) for one in index._connections._idle)
    index.close()


def test_another_authority_is_refused(address: str, tmp_path: Path) -> None:
    other = Authority("authority").write(tmp_path / "other.pem")
    with pytest.raises(QABotError, match=r"CERTIFICATE_VERIFY_FAILED.*signed by ssl_ca") as caught:
        open_index(f"{address}?ssl_ca={other}")
    assert not isinstance(caught.value, IndexAwayError)  # no waiting mends it


def test_another_host_is_refused(encrypted: seekdb.Seekdb, address: str) -> None:
    authority = encrypted.folder / "wallet" / "ca.pem"
    with pytest.raises(QABotError, match=r"not valid for '127\.0\.0\.2'"):
        open_index(f"{address.replace('127.0.0.1', '127.0.0.2')}?ssl_ca={authority}")


def test_a_server_that_does_not_encrypt_is_refused(database: str, tmp_path: Path) -> None:
    authority = Authority("authority").write(tmp_path / "ca.pem")
    with pytest.raises(QABotError, match="the server must encrypt"):
        open_index(f"{database}?ssl_ca={authority}")


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_what_holds_no_certificate_is_told(
    address: str, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QABotError, match="cannot be read as certificates of an authority"):
        open_index(f"{address}?ssl_ca={path}")
