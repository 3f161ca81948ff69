"""What is compiled when the package is built: loader/scanner.c, as a library of its own.

The compiler comes as a package (ziglang), so that nothing has to be on the machine.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "loader/scanner.c"
LIBRARY = "loader/scanner.lib"  # opened by loader/scanner.py, whatever the platform calls such
OLDEST_GLIBC = "2.17"
FLAGS = ("-O3", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-s")


class Compiled(BuildHookInterface[Any]):
    """Puts the library beside its source, into the wheel or, for an editable install, the tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile. RuntimeError with the compiler's own words if that fails."""
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append(LIBRARY)
        root = Path(self.root)
        with TemporaryDirectory() as cache:
            done = subprocess.run(  # noqa: S603  # nothing in it is anybody's input
                [
                    *(sys.executable, "-m", "ziglang", "cc", *_machine(), *FLAGS),
                    *("-o", root / LIBRARY, root / SOURCE),
                ],
                env=os.environ | {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{SOURCE} could not be compiled: {done.stderr}")


def _machine() -> list[str]:
    """Any processor of this kind, and no newer C library than need be."""
    target = ["-mcpu=baseline"]
    if sys.platform == "linux":
        target += ["-target", f"{platform.machine()}-linux-gnu.{OLDEST_GLIBC}"]
    return target
