"""Resolves states with Synapse's own resolver, as often as it is asked to.

The first line of standard input is the room, as JSON: {"room_version": "11", "room_id": "!…",
"events": [{"event_id": "$…", "pdu": {…}}, …], "states": [["$…", …], …]}. Each further line asks for one resolution, and
is answered by a line of JSON: {"cpu_us": …, "event_ids": …}. The ids, those of the resolved state in order, come with the
first answer only. `cpu_us` is the CPU time of this process.

What Synapse asks its database for is answered from memory here, which costs less: events, and the difference of auth
chains, worked out by operations on sets.
"""

import asyncio
import json
import sys
import time
from itertools import chain

import synapse.event_auth  # noqa: F401  (first, or its circle of imports does not close)
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS
from synapse.events import make_event_from_dict
from synapse.state import v2
from synapse.storage.databases.main.event_federation import StateDifference


chain_from = chain.from_iterable


class Clock:
    async def sleep(self, _duration):
        """Nobody else waits for the processor."""


class Store:
    """Events and their auth events in memory."""

    def __init__(self, events):
        self.events = events
        self.auth_ids = {each: tuple(event.auth_event_ids()) for each, event in events.items()}

    async def get_events(self, event_ids, allow_rejected=False):
        return {each: self.events[each] for each in event_ids if each in self.events}

    async def get_auth_chain_difference(self, _room_id, state_sets, conflicted, _additional):
        chains = [self.chain(state) for state in state_sets]
        difference = set().union(*chains) - set(chains[0]).intersection(*chains)
        subgraph = None if conflicted is None else self.subgraph(conflicted)
        return StateDifference(auth_difference=difference, conflicted_subgraph=subgraph)

    def chain(self, event_ids):
        """The events and their auth chains."""
        chain = set()
        found = set(event_ids)
        while found:
            chain |= found
            found = set(chain_from(map(self.auth_ids.__getitem__, found))) - chain
        return chain

    def subgraph(self, conflicted):
        """What is between conflicted events, these included."""
        referrers = {}
        for event_id in self.chain(conflicted):
            for auth_id in self.auth_ids[event_id]:
                referrers.setdefault(auth_id, []).append(event_id)
        subgraph = set()
        found = set(conflicted)
        while found:
            subgraph |= found
            found = set(chain_from(referrers.get(each, ()) for each in found)) - subgraph
        return subgraph


def load_events(room, version):
    events = {}
    for each in room["events"]:
        event = make_event_from_dict(each["pdu"], version)
        if event.event_id != each["event_id"]:
            raise ValueError(f"{each['event_id']} is {event.event_id} to Synapse")
        events[event.event_id] = event
    return events


def resolve(room, version, states, store):
    start = time.process_time_ns()
    resolved = asyncio.run(
        v2.resolve_events_with_store(Clock(), room["room_id"], version, states, None, store)
    )
    return (time.process_time_ns() - start) / 1000, resolved


def main():
    room = json.loads(sys.stdin.readline())
    version = KNOWN_ROOM_VERSIONS[room["room_version"]]
    events = load_events(room, version)
    states = [
        {(events[each].type, events[each].state_key): each for each in state}
        for state in room["states"]
    ]
    store = Store(events)
    first = True
    for _ in sys.stdin:
        cpu_us, resolved = resolve(room, version, states, store)
        ids = sorted(resolved.values()) if first else None
        print(json.dumps({"cpu_us": cpu_us, "event_ids": ids}), flush=True)
        first = False


main()
