export { sendTransaction } from './endpoints/send-transaction.ts';
export { getServerKeys } from './endpoints/get-server-keys.ts';
export * from './federation-client.ts';
export * from './federation-http.ts';
export * from './keys/key-ring.ts';
export * from './keys/request-authenticator.ts';
export * from './keys/signature-checker.ts';
export * from './outbox/outbox.ts';
export type { SendTransaction } from './outbox/outbox-ports.ts';
