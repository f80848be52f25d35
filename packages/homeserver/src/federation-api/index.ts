export * from './federation-routes.ts';
