"""What must hold of every case, read off its edges alone by rules written apart from the machine."""

from datetime import timedelta
from itertools import pairwise

from core.delay_laws.cases import State
from core.delay_laws.packs import pack_of

DAY = timedelta(days=1)
FINISH = [State.CANCELLED, State.REFUND_DUE, State.REFUNDED]


def violations(start, found, edges, today):
    """Return what a case broke, one sentence each; none for a good one."""
    pack = pack_of(start.law, start.version)
    broken = []
    states = [edge.after for edge in edges]
    if [edge.before for edge in edges] != [start.state, *states][: len(edges)]:
        broken.append("the edges do not join")
    if any(not edge.evidence.what or not edge.rule for edge in edges):
        broken.append("an edge without evidence")
    sent = [e for e in edges if e.after in {State.NOTICE_SENT, State.RENEWED_NOTICE_SENT}]
    if any(
        not (e.evidence.content_hash and e.evidence.address and e.evidence.at and e.evidence.message_id) for e in sent
    ):
        broken.append("a notice without its proof")
    if any(a.on > b.on for a, b in pairwise(edges)):
        broken.append("time runs backwards")
    if (
        State.CANCELLED in states
        and states[states.index(State.CANCELLED) :] != FINISH[: len(states) - states.index(State.CANCELLED)]
    ):
        broken.append("something left cancelled")
    if states.count(State.CONSENTED_SILENT) > 1 or found.silent_consents > 1:
        broken.append("silence extended twice")
    if pack.law != "us_ftc_435" and (State.CONSENTED_SILENT in states or State.LAPSED in states):
        broken.append("silence did something where it means nothing")
    if pack.law == "us_ftc_435" and not start.late_adopted:
        broken += _limit_broken(start, found, edges, sent, today)
    if found.state in FINISH and found.refund_due_on != pack.refund_due(found.vested_on):
        broken.append("the refund is due on another day")
    if found.over and found.answer_by is not None:
        broken.append("a question is open on a finished order")
    return broken


def _limit_broken(start, found, edges, sent, today):
    broken = []
    waits = found.state in {State.PROMISED, State.AT_RISK}
    if waits and today > start.ship_by:
        broken.append("past the limit without a notice")
    first = next((e.on for e in sent), None)
    if first is not None and first > start.ship_by:
        broken.append("a first notice after the limit")
    shipped = next((e.on for e in edges if e.after is State.SHIPPED), None)
    if shipped and shipped > start.ship_by and not sent:
        broken.append("shipped late without a notice")
    lapsed = next((e.on for e in edges if e.after is State.LAPSED), None)
    if lapsed and not sent and lapsed != start.ship_by + DAY:
        broken.append("lapsed on another day than the one after the limit")
    return broken
