export * from './decision.ts';
export type * from './identifiers/brand.ts';
export * from './json/value.ts';
export type * from './room-versions/rules.ts';
export type * from './events/room-event.ts';
export type * from './events/pdu.ts';
export * from './state-resolution/state-map.ts';
