export * from './http/index.ts';
export type * from './log.ts';
export * from './matrix-error.ts';
