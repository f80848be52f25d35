export * from './back-off.ts';
export * from './create-transport.ts';
export * from './discovery/static-hosts.ts';
export type * from './effects.ts';
export * from './remote-server-error.ts';
export * from './resolver.ts';
export * from './slots.ts';
export * from './system-effects.ts';
export type * from './transport.ts';
