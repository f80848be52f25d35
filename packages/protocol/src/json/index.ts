export * from './base64.ts';
export * from './canonical.ts';
export * from './parse.ts';
export * from './strict.ts';
export * from './value.ts';
