/**
 * Positions that are left free before an event that follows a gap: events from within it get them when somebody pages
 * back there. A gap in which more is missing is never filled whole.
 */
export const POSITIONS_OF_GAP = 1_000_000;
