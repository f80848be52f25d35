export * from './answer.ts';
export type * from './authenticate.ts';
export * from './create-app.ts';
export * from './define-route.ts';
export * from './param-text.ts';
export * from './peer-json.ts';
export type * from './route.ts';
export { AnyJson, AnyObject, compileSchema } from './schema-check.ts';
