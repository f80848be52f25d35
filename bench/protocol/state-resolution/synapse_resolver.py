"""Resolves states with Synapse's own resolver, for comparison.

Reads one case a line from standard input, as JSON:
  {"room_version": "11", "room_id": "!…", "events": [{"event_id": "$…", "pdu": {…}}, …],
   "rejected": ["$…"], "states": [["$…", …], …], "chains_only": false}
Writes one line for each:
  {"resolved": [["m.room.topic", "", "$…"], …], "cpu_us": …, "store_cpu_us": …}

`cpu_us` is CPU time of the process in the resolver; `store_cpu_us` is the part of it that was spent in the
stand-in for Synapse's database below, which is no code of Synapse's. `chains_only` leaves the events of the states
out of their auth chains, as the specification words it; Synapse's database counts them in.
"""

import asyncio
import json
import sys
import time
from types import SimpleNamespace

import synapse.event_auth  # noqa: F401  (first, or its circle of imports does not close)
from synapse.api.room_versions import KNOWN_ROOM_VERSIONS, StateResolutionVersions
from synapse.events import make_event_from_dict
from synapse.state import v1, v2
from synapse.storage.databases.main.event_federation import StateDifference


class Clock:
    async def sleep(self, _duration):
        """Nobody else waits for the processor."""


class Store:
    def __init__(self, events, chains_only):
        self.events = events
        self.chains_only = chains_only
        self.cpu_ns = 0

    async def get_events(self, event_ids, allow_rejected=False):
        start = time.process_time_ns()
        found = {}
        for event_id in event_ids:
            event = self.events.get(event_id)
            if event is not None and (allow_rejected or event.rejected_reason is None):
                found[event_id] = event
        self.cpu_ns += time.process_time_ns() - start
        return found

    async def get_auth_chain_difference(self, _room_id, state_sets, conflicted, _additional):
        start = time.process_time_ns()
        chains = [self.chain(state, not self.chains_only) for state in state_sets]
        difference = set().union(*chains) - set(chains[0]).intersection(*chains)
        subgraph = None if conflicted is None else self.subgraph(conflicted)
        self.cpu_ns += time.process_time_ns() - start
        return StateDifference(auth_difference=difference, conflicted_subgraph=subgraph)

    def auth_events(self, event_id):
        event = self.events.get(event_id)
        ids = [] if event is None else event.auth_event_ids()
        return [auth_id for auth_id in ids if auth_id in self.events]

    def chain(self, event_ids, themselves):
        starts = [each for each in event_ids if each in self.events]
        chain = set(starts) if themselves else set()
        todo = list(starts)
        walked = set(starts)
        while todo:
            for auth_id in self.auth_events(todo.pop()):
                chain.add(auth_id)
                if auth_id not in walked:
                    walked.add(auth_id)
                    todo.append(auth_id)
        return chain

    def subgraph(self, conflicted):
        below = self.chain(conflicted, True)
        above = {}
        for event_id in below:
            for auth_id in self.auth_events(event_id):
                above.setdefault(auth_id, []).append(event_id)
        subgraph = set(conflicted) & below
        todo = list(subgraph)
        while todo:
            for event_id in above.get(todo.pop(), []):
                if event_id not in subgraph:
                    subgraph.add(event_id)
                    todo.append(event_id)
        return subgraph


def resolve(case):
    version = KNOWN_ROOM_VERSIONS[case["room_version"]]
    rejected = set(case["rejected"])
    events = {}
    for each in case["events"]:
        reason = "said so" if each["event_id"] in rejected else None
        event = make_event_from_dict(each["pdu"], version, None, reason)
        if event.event_id != each["event_id"]:
            raise ValueError(f"{each['event_id']} is {event.event_id} to Synapse")
        events[event.event_id] = event
    states = [
        {(events[each].type, events[each].state_key): each for each in state}
        for state in case["states"]
    ]
    store = Store(events, case.get("chains_only", False))
    start = time.process_time_ns()
    if version.state_res == StateResolutionVersions.V1:
        work = v1.resolve_events_with_store(case["room_id"], version, states, None, store.get_events)
    else:
        work = v2.resolve_events_with_store(
            Clock(), case["room_id"], version, states, None, store
        )
    resolved = asyncio.run(work)
    cpu_ns = time.process_time_ns() - start
    return SimpleNamespace(
        resolved=[[*key, event_id] for key, event_id in resolved.items()],
        cpu_us=cpu_ns / 1000,
        store_cpu_us=store.cpu_ns / 1000,
    )


for line in sys.stdin:
    print(json.dumps(vars(resolve(json.loads(line)))), flush=True)
