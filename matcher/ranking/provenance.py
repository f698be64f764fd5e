"""What every answer depends on: engine, date, questionnaire, weights and fit."""

from datetime import date
from typing import Any

from matcher._version import __version__
from matcher.ranking.roster import Roster


def provenance(roster: Roster, on: date) -> dict[str, Any]:
    """Say what every answer depends on: engine, date, questionnaire, weights and fit."""
    questionnaire, weights = roster.questionnaire, roster.weights
    return {
        "engine": __version__,
        "on": on.isoformat(),
        "questionnaire": {"id": questionnaire.id, "version": questionnaire.version},
        "weights": {"version": weights.version, "hash": weights.hash},
        "fit": roster.learned_.hash,
    }
