# SPDX-License-Identifier: AGPL-3.0-or-later
"""An authority of the test's own, and certificates with farol:// names."""
import dataclasses
import pathlib
import subprocess


@dataclasses.dataclass(frozen=True)
class Certificate:
    certificate: pathlib.Path
    key: pathlib.Path
    authority: pathlib.Path


class Authority:
    def __init__(self, folder: pathlib.Path, name: str = "test authority", clock: str = "") -> None:
        """`clock`: "-3d" makes everything valid since three days ago, for tests that set clocks back."""
        self.folder = folder
        self._program = ["faketime", "-f", clock, "openssl"] if clock else ["openssl"]
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        self._serial = 0
        self._new_key(self._key)
        self._openssl("req", "-x509", "-new", "-key", self._key, "-out", self.certificate, "-days", "90",
                      "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:true,pathlen:0",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, role: str, node: str = "a", site: str = "test", uri: str | None = None,
              days: int = 60, hosts: tuple[str, ...] = ()) -> Certificate:
        """A certificate for farol://<site>/<role>/<node>, reached as localhost or at those addresses; new each time."""
        self._serial += 1
        stem = self.folder / f"{role}-{node}-{self._serial}"
        key, request, extensions, certificate = (stem.with_suffix(end) for end in (".key", ".csr", ".ext", ".pem"))
        names = f"URI:{uri or f'farol://{site}/{role}/{node}'},DNS:localhost,IP:127.0.0.1,IP:::1"
        names += "".join(f",IP:{host}" for host in hosts)
        extensions.write_text("basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\n"
                              f"extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName={names}\n")
        self._new_key(key)
        self._openssl("req", "-new", "-key", key, "-out", request, "-subj", f"/CN={role}-{node}")
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-out", certificate,
                      "-days", str(days), "-set_serial", str(self._serial), "-extfile", extensions)
        return Certificate(certificate, key, self.certificate)

    def _new_key(self, path: pathlib.Path) -> None:
        self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        path.chmod(0o600)

    def _openssl(self, *arguments: object) -> None:
        subprocess.run([*self._program, *map(str, arguments)], check=True, capture_output=True)
