"""Asks Synapse, as a library, what it makes of rooms: one JSON document a line in, one a line out.

A room is {"version", "events", "resolutions"}. An event is {"json", "rejected", "state"}: the event as servers
exchange it, whether it counts as rejected, and the ids of the state before it. Events come after those that they
name. A resolution is a list of states, each a list of event ids.

The answer is {"events", "resolutions"}: for each event its id, its redacted form, whether its content hash is right
and what the authorisation rules say ("allowed", "refused: ..." or "crashed: ..." where Synapse throws something that
is no refusal), without state ("events"), by its auth events ("auth") and by the state before it ("state"); for each
resolution the ids of the resolved state, or a string that says how it crashed.
"""

import json
import sys
from typing import Any, Callable, Coroutine

from canonicaljson import encode_canonical_json

from synapse.api.errors import SynapseError
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS, StateResolutionVersions
from synapse.crypto.event_signing import check_event_content_hash
from synapse.event_auth import (
    check_state_dependent_auth_rules,
    check_state_independent_auth_rules,
)
from synapse.events import make_event_from_dict
from synapse.events.utils import prune_event
from synapse.state import v1, v2
from synapse.storage.databases.main.event_federation import StateDifference

# Synapse walks every path through events that it has not stored yet. Where there are more steps to that than this,
# the events count as stored, and the difference of auth chains is worked out here.
MAX_PATH_STEPS = 200_000


def finish(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine that never waits for anything."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise RuntimeError("waits for something")


class NoClock:
    async def sleep(self, _duration: Any) -> None:
        return None


class Room:
    """Events of one room, as far as they could be read."""

    def __init__(self, version: str) -> None:
        self.version = KNOWN_ROOM_VERSIONS[version]
        self.events: dict[str, Any] = {}
        self.path_steps: dict[str, int] = {}
        self.chains: dict[str, set[str]] = {}

    def add(self, event_json: dict[str, Any], rejected: bool) -> Any:
        reason = "rejected" if rejected else None
        event = make_event_from_dict(event_json, self.version, {}, reason)
        event_id = event.event_id
        # Throws for an event of version 12 that names the create event.
        auth_ids = [known for known in event.auth_event_ids() if known in self.events]
        self.events[event_id] = event
        self.path_steps[event_id] = 1 + sum(self.path_steps[known] for known in auth_ids)
        self.chains[event_id] = {event_id}.union(*(self.chains[known] for known in auth_ids))
        return event

    # What Synapse asks its database, when authorising and when resolving.

    async def get_events(self, ids: Any, *_args: Any, **_options: Any) -> dict[str, Any]:
        return {known: self.events[known] for known in ids if known in self.events}

    async def get_auth_chain_difference(
        self,
        _room_id: str,
        state_sets: list[set[str]],
        conflicted: set[str] | None,
        _additional: set[str] | None,
    ) -> StateDifference:
        chains = [set().union(*(self.chains[known] for known in ids)) for ids in state_sets]
        difference = set().union(*chains).difference(set.intersection(*chains)) if chains else set()
        subgraph = None if conflicted is None else self.subgraph(conflicted)
        return StateDifference(auth_difference=difference, conflicted_subgraph=subgraph)

    def subgraph(self, conflicted: set[str]) -> set[str]:
        below = set().union(*(self.chains[known] for known in conflicted)) if conflicted else set()
        return {known for known in below if self.chains[known] & conflicted}


def verdict(check: Callable[[], Any]) -> str:
    try:
        check()
        return "allowed"
    except SynapseError as refusal:
        return f"refused: {refusal}"
    except Exception as crash:  # A crash is an answer, too: it is compared and listed.
        return f"crashed: {crash!r}"


def judge(room: Room, request: dict[str, Any]) -> dict[str, Any]:
    try:
        event = room.add(request["json"], request["rejected"])
    except (SynapseError, RuntimeError) as refusal:
        return {"unreadable": str(refusal).partition("\n")[0]}
    auth_events = [room.events.get(known) for known in event.auth_event_ids()]
    # Ids that are unknown here are those of events that got another id: that is reported of the events themselves.
    state = [room.events[known] for known in request["state"] if known in room.events]
    pruned = prune_event(event).get_pdu_json()
    pruned.pop("unsigned", None)
    return {
        "id": event.event_id,
        "redacted": encode_canonical_json(pruned).decode(),
        "hashIsRight": check_event_content_hash(event),
        "events": verdict(lambda: finish(check_state_independent_auth_rules(room, event))),
        "auth": verdict(
            lambda: check_state_dependent_auth_rules(event, [one for one in auth_events if one])
        ),
        "state": verdict(lambda: check_state_dependent_auth_rules(event, state)),
    }


def resolve(room: Room, states: list[list[str]]) -> list[str] | str:
    # A second create event of a version 12 room is one of another room.
    room_id = next(iter(room.events.values())).room_id
    events = {known: event for known, event in room.events.items() if event.room_id == room_id}
    few_paths = sum(room.path_steps.values()) <= MAX_PATH_STEPS
    in_flight = events if few_paths else {}
    try:
        state_sets = [
            {(room.events[known].type, room.events[known].state_key): known for known in ids}
            for ids in states
        ]
        if room.version.state_res == StateResolutionVersions.V1:
            resolved = finish(
                v1.resolve_events_with_store(
                    room_id, room.version, state_sets, events, room.get_events
                )
            )
        else:
            resolved = finish(
                v2.resolve_events_with_store(
                    NoClock(), room_id, room.version, state_sets, in_flight, Stored(room, few_paths)
                )
            )
        return sorted(resolved.values())
    except Exception as crash:  # As above.
        return f"crashed: {crash!r}"


class Stored:
    """Synapse's view of its database: nothing is stored while all events are in flight."""

    def __init__(self, room: Room, all_in_flight: bool) -> None:
        self.room = room
        self.all_in_flight = all_in_flight

    async def get_events(self, ids: Any, allow_rejected: bool = False) -> dict[str, Any]:
        return {} if self.all_in_flight else await self.room.get_events(ids)

    async def get_auth_chain_difference(
        self,
        room_id: str,
        state_sets: list[set[str]],
        conflicted: set[str] | None,
        additional: set[str] | None,
    ) -> StateDifference:
        if self.all_in_flight:
            return StateDifference(
                auth_difference=set(), conflicted_subgraph=None if conflicted is None else set()
            )
        return await self.room.get_auth_chain_difference(
            room_id, state_sets, conflicted, additional
        )


def answer(request: dict[str, Any]) -> dict[str, Any]:
    room = Room(request["version"])
    events = [judge(room, event) for event in request["events"]]
    resolutions = [resolve(room, states) for states in request["resolutions"]]
    return {"events": events, "resolutions": resolutions}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
