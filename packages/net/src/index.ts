export * from './back-off.ts';
export * from './create-transport.ts';
export type { StaticHosts } from './discovery/server-discovery.ts';
export type * from './effects.ts';
export * from './remote-server-error.ts';
export * from './resolver.ts';
export * from './slots.ts';
export * from './system-effects.ts';
export type * from './transport.ts';
