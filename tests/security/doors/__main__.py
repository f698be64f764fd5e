"""Try every door and print what came of it: `python -m tests.security.doors`."""

import sys

from tests.security.doors.tried import try_all_alone


def main() -> int:
    """Print the figures and each wrong one; exit 1 where there is any."""
    tried = try_all_alone()
    sys.stdout.write("".join(f"{name}: {count}\n" for name, count in tried.figures().items()))
    sys.stdout.write("".join(f"  WRONG {one}\n" for one in tried.wrong))
    return 1 if tried.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
