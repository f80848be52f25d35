export type { AuthGraph, ResolutionRoom, StateDifference } from './resolution-input.ts';
export { resolve, resolveDifference } from './resolve.ts';
export { StateMap } from './state-map.ts';
export { complete, type Steps } from './steps.ts';
