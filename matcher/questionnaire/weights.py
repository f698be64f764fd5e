"""How much each part of the score weighs: a small versioned file that only a person changes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from matcher.errors import Fault, Place, Refused
from matcher.questionnaire.loading import Questionnaire, parse_toml, read_toml_text
from matcher.questionnaire.schema import is_sensible

DEFAULT = Path(__file__).parent / "weights.toml"
HEADROOM = "headroom"
_KEYS = {"version", "owner", "reason", "parts"}


@dataclass(frozen=True)
class Weights:
    """The weight of each part, in file order, with who decided it and why."""

    version: int | str
    owner: str
    reason: str
    parts: Mapping[str, Fraction]

    @property
    def hash(self) -> str:
        """Return a fingerprint of everything that the file says."""
        said = [self.version, self.owner, self.reason, [[part, str(weight)] for part, weight in self.parts.items()]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def load(questionnaire: Questionnaire, path: Path | str = DEFAULT) -> Weights:
    """Load a weights file and check that it weighs every part that the questionnaire feeds. Raises Refused."""
    path = Path(path)
    raw = parse_toml(path, read_toml_text(path))
    faults = [*_faults_of_keys(path.name, raw), *_faults_of_parts(path.name, raw.get("parts"))]
    if not faults:
        faults = _faults_of_fed_parts(path.name, raw["parts"], questionnaire)
    if faults:
        raise Refused(faults)
    parts = {part: Fraction(weight) for part, weight in raw["parts"].items()}
    return Weights(raw["version"], raw["owner"], raw["reason"], parts)


def _faults_of_keys(name: str, raw: Mapping[str, Any]) -> list[Fault]:
    faults = [Fault(Place(name, key=key), "weights.key_not_known") for key in raw.keys() - _KEYS]
    if not isinstance(raw.get("version"), int | str) or isinstance(raw.get("version"), bool):
        faults.append(Fault(Place(name, key="version"), "weights.no_version"))
    for key in ("owner", "reason"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.append(Fault(Place(name, key=key), "weights.no_text", key=key))
    return faults


def _faults_of_parts(name: str, parts: Any) -> list[Fault]:
    if not isinstance(parts, dict) or not parts:
        return [Fault(Place(name, "[parts]"), "weights.no_parts")]
    bad = [part for part, weight in parts.items() if not _is_weight(weight)]
    faults = [Fault(Place(name, part=part), "weights.not_a_weight") for part in bad]
    if not bad and not any(parts.values()):
        faults.append(Fault(Place(name, "[parts]"), "weights.all_zero"))
    return faults


def _is_weight(weight: Any) -> bool:
    if isinstance(weight, bool) or not isinstance(weight, int | Decimal):
        return False
    return is_sensible(Decimal(weight)) and 0 <= weight <= 1_000_000


def _faults_of_fed_parts(name: str, parts: Mapping[str, Any], questionnaire: Questionnaire) -> list[Fault]:
    return [
        Fault(Place(name, "[parts]"), "weights.part_without_weight", part=part)
        for part in questionnaire.parts
        if part not in parts
    ]
