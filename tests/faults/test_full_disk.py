"""A disk that is full, of the engine or of the loader: said in one sentence, then gone on."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.conftest import FILE, Scene, Stage, Undisturbed, new_scene, odd_file
from tests.faults.mortal_server import mortal_server

DISK_BYTES = 64 * 1024 * 1024
LEFT_BYTES = 1024 * 1024  # so that some of the load finds room


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system in memory; where it may not be mounted, one that there is."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    there = Path("/dev/shm") / f"faults-{os.getpid()}"  # noqa: S108  # of containers: 64 MB
    there.mkdir()
    try:
        yield there
    finally:
        shutil.rmtree(there)


@contextmanager
def filled(disk: Path, left: int) -> Iterator[None]:
    """The disk with only so many bytes left."""
    ballast = disk / "ballast"
    status = os.statvfs(disk)
    free = status.f_bavail * status.f_frsize
    assert free < 2 * 1024**3, f"{disk} is too large to be filled"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - left))
    try:
        yield
    finally:
        ballast.unlink()


def fails(scene: Scene, **variables: str) -> str:
    code, said = scene.run("ingest", FILE, **variables)
    assert code == 1, said
    sentence = said.splitlines()[-1]
    assert sentence.startswith("Error: "), said
    assert "Traceback" not in said
    return sentence


def test_the_disk_of_an_embedded_warehouse(
    stage: Stage, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        scene = stage.scene("embedded", disk)
        scene.write(FILE, odd_file())
        with filled(disk, LEFT_BYTES):
            assert "space" in fails(scene)
        found, _, said = scene.load(FILE)
    assert found == undisturbed.state, said


def test_the_disk_of_a_server(undisturbed: Undisturbed, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, mortal_server(disk / "server") as server:
        scene = new_scene(server.address, tmp_path)
        scene.write(FILE, odd_file())
        with filled(disk, LEFT_BYTES):
            assert "space" in fails(scene)
        found, _, said = scene.load(FILE)
        assert found == undisturbed.state, said


def test_the_disk_of_the_loader(scene: Scene, undisturbed: Undisturbed, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        with filled(disk, 4096):  # a page, which is enough to be taken for the place of files
            assert "No space left on device" in fails(scene, TMPDIR=str(disk))
        found, _, said = scene.load(FILE, TMPDIR=str(disk))
    assert found == undisturbed.state, said
