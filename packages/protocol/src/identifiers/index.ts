export type * from './brand.ts';
export * from './device-id.ts';
export * from './event-id.ts';
export * from './key-id.ts';
export * from './mxc-uri.ts';
export * from './room-alias.ts';
export * from './room-id.ts';
export * from './server-name.ts';
export * from './user-id.ts';
