export type * from './effects.ts';
export * from './remote-server-error.ts';
