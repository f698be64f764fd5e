"""explain: one pair in plain words, for the woman, the supporter or the coordinator."""

import argparse
from collections.abc import Iterator, Sequence

from matcher.cli.arguments import Commands, add_files, add_output, identity, read_roster, refuse_one
from matcher.errors import Fault, Refused
from matcher.explanations import messages
from matcher.explanations.explain import DETAILS, VOICES, explain
from matcher.explanations.messages import in_words
from matcher.hints import hint
from matcher.people import Need, Offer
from matcher.ranking.provenance import provenance
from matcher.ranking.roster import Roster
from matcher.reports import formats


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("explain", allow_abbrev=False, help="explain one pair in plain words")
    add_files(parser, required=True)
    add_output(parser)
    parser.add_argument("--need", type=identity, required=True, metavar="ID", help="the id of the request")
    parser.add_argument("--offer", type=identity, required=True, metavar="ID", help="the id of the supporter")
    parser.add_argument("--voice", choices=VOICES, default="coordinator", help="for whom (default: coordinator)")
    parser.add_argument(
        "--language", choices=messages.languages(), default="en", help="in which language (default: en)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> str:
    """Explain one pair. Raises Refused."""
    roster, needs = read_roster(options)
    if options.language not in roster.questionnaire.languages:
        values = {"language": options.language, "spoken": roster.questionnaire.languages}
        refuse_one(options.questionnaire.name, "people.no_such_language", **values)
    need = next((need for need in needs if need.id == options.need), None)
    offer = next((offer for offer in roster.columns_.offers if offer.id == options.offer), None)
    if need is None or offer is None:
        raise Refused(_strangers(options, roster, needs))
    return _say(options, roster, need, offer)


def _strangers(options: argparse.Namespace, roster: Roster, needs: Sequence[Need]) -> Iterator[Fault]:
    for path, key, asked, people in (
        (options.needs, "people.no_such_request", options.need, needs),
        (options.offers, "people.no_such_supporter", options.offer, roster.columns_.offers),
    ):
        ids = [one.id for one in people]
        if asked not in ids:
            yield Fault(path.name, key, asked=asked, hint=hint(asked, ids))


def _say(options: argparse.Namespace, roster: Roster, need: Need, offer: Offer) -> str:
    standing = roster.stand(need, offer.id)
    told = explain(options.voice, need, offer, standing, roster.questionnaire)
    texts = [in_words(message, roster.questionnaire, options.language) for message in told]
    match options.format:
        case "json":
            said = [{"key": m.key, "values": m.values, "text": t} for m, t in zip(told, texts, strict=True)]
            asked = {"need": need.id, "offer": offer.id, "voice": options.voice, "language": options.language}
            return formats.as_json({**provenance(roster, roster.on), **asked, "messages": said})
        case "csv":
            return formats.as_csv([["key", "text"], *([m.key, t] for m, t in zip(told, texts, strict=True))])
        case _:
            indented = ("  " * (m.key in DETAILS) + text for m, text in zip(told, texts, strict=True))
            return "\n".join(indented)
