export { Accounts } from './accounts/accounts.ts';
export { argon2Hasher, type PasswordHasher } from './accounts/password-hasher.ts';
export { requireStrongPassword } from './accounts/require-strong-password.ts';
export { registerBySecret } from './admin-api/register-by-secret.ts';
export { clientRoutes, type ClientApiPorts } from './client-api/client-routes.ts';
export * from './engine/index.ts';
export { Receipts, Typing, TypingNotices, type SendEdu } from './ephemeral/index.ts';
export * from './federation-api/index.ts';
export * from './federation/index.ts';
export { Housekeeping } from './housekeeping/housekeeping.ts';
export {
  createApp,
  defineRoute,
  type AnsweredCall,
  type AppOptions,
  type Route,
} from './http/index.ts';
export type { Log } from './log.ts';
export * from './matrix-error.ts';
export {
  createMedia,
  WorkerThumbnailer,
  type DiskEntry,
  type DiskReader,
  type DiskWriter,
  type MediaDisk,
  type PictureProcess,
  type StartPictureProcess,
} from './media/index.ts';
export { Sync } from './sync/sync.ts';
