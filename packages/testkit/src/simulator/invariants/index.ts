import {
  acceptedEventsAreEverywhere,
  eventsOfThoseThereAreEverywhere,
} from './accepted-events-are-everywhere.ts';
import { acknowledgedEventsAreEverywhere } from './acknowledged-events-are-everywhere.ts';
import { cursorsPassNothing } from './cursors-pass-nothing.ts';
import { equalExtremitiesGiveEqualState } from './equal-extremities-give-equal-state.ts';
import { excludedServersAreTold } from './excluded-servers-are-told.ts';
import { extremitiesMeet } from './extremities-meet.ts';
import { filesAreWhole } from './files-are-whole.ts';
import { membersFollowTheState } from './members-follow-the-state.ts';
import { nothingGoesWrongInside } from './nothing-goes-wrong-inside.ts';
import { nothingIsLeftOver } from './nothing-is-left-over.ts';
import { nothingWithoutTheFunnel } from './nothing-without-the-funnel.ts';
import { readersSeeEverythingOnce } from './readers-see-everything-once.ts';
import type { Invariant } from './simulated.ts';

type Named = Readonly<Record<string, Invariant>>;

/**
 * What must hold once all faults have ended and nothing is on its way; and after everybody has said something more. What
 * is said later brings along what was lost before, so losses are looked for first.
 */
export const INVARIANTS: { readonly healed: Named; readonly ended: Named } = {
  healed: {
    'nothing is left over': nothingIsLeftOver,
    'cursors pass nothing': cursorsPassNothing,
    'acknowledged events are everywhere': acknowledgedEventsAreEverywhere,
    'accepted events are everywhere': eventsOfThoseThereAreEverywhere,
    'equal extremities give equal state': equalExtremitiesGiveEqualState,
  },
  ended: {
    'what is answered for is on disk': ({ ledger }) => ledger.notDurable,
    'no request ends in a bug': ({ ledger }) => ledger.bugs,
    'nothing goes wrong inside': nothingGoesWrongInside,
    'nothing is left over': nothingIsLeftOver,
    'cursors pass nothing': cursorsPassNothing,
    'acknowledged events are everywhere': acknowledgedEventsAreEverywhere,
    'accepted events are everywhere': acceptedEventsAreEverywhere,
    'extremities meet': extremitiesMeet,
    'equal extremities give equal state': equalExtremitiesGiveEqualState,
    'excluded servers are told': excludedServersAreTold,
    'members follow the state': membersFollowTheState,
    'nothing without the funnel': nothingWithoutTheFunnel,
    'files are whole': filesAreWhole,
    'readers see everything once': readersSeeEverythingOnce,
  },
};
