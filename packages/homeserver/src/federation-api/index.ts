export * from './federation-routes.ts';
export * from './room-access.ts';
