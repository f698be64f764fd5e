"""The matching engine: pure, without web or database. It ranks trained peer supporters for one request and says why.

What stands in `__all__` is its public face, and all that others import; a module inside may be renamed any day.
"""

from matcher._version import __version__
from matcher.availability import ALWAYS, read_hours, write_hours
from matcher.errors import BadAnswer, Fault, Refused
from matcher.explanations.explain import costliest_gaps, explain, gaps, reasons, strongest_reasons
from matcher.explanations.messages import Message, in_words, say_hours
from matcher.explanations.vector import ReadColumn, ReadQuestion, read_vector
from matcher.people import Need, Offer
from matcher.profiles.fit import Learned
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.answers import Answered, read_answer, write_answer
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.loading import load as load_questionnaire
from matcher.questionnaire.schema import Question, Questionnaire, QuestionRole, Side
from matcher.questionnaire.weights import Weights
from matcher.questionnaire.weights import load as load_weights
from matcher.ranking.gate_counts import ruled_out_by
from matcher.ranking.results import Candidate, Ranking
from matcher.ranking.roster import Roster
from matcher.rounds.certificate import certificate
from matcher.rounds.solve import Round, solve_round
from matcher.rounds.verification import verify_certificate
from matcher.rules.shared_hours import shared_moments
from matcher.spreadsheets.people import read_needs, read_offers

__all__ = [
    "ALWAYS",
    "UNTIL",
    "Answered",
    "BadAnswer",
    "Candidate",
    "Fault",
    "Learned",
    "Message",
    "Need",
    "Offer",
    "ProfileSpace",
    "Question",
    "QuestionRole",
    "Questionnaire",
    "Ranking",
    "ReadColumn",
    "ReadQuestion",
    "Refused",
    "Roster",
    "Round",
    "Side",
    "Weights",
    "__version__",
    "certificate",
    "costliest_gaps",
    "explain",
    "gaps",
    "in_words",
    "load_questionnaire",
    "load_weights",
    "read_answer",
    "read_hours",
    "read_needs",
    "read_offers",
    "read_vector",
    "reasons",
    "ruled_out_by",
    "say_hours",
    "shared_moments",
    "solve_round",
    "strongest_reasons",
    "verify_certificate",
    "write_answer",
    "write_hours",
]
