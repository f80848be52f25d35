export { createContext, type Context } from './context.ts';
export type { Parts, Surroundings } from './wiring/parts.ts';
export { ConfigError } from './config/config-error.ts';
export { generateConfig } from './config/generate-config.ts';
export { addUser } from './local-api/add-user.ts';
export { StartError } from './start-error.ts';
export { startWorkspace, type Workspace } from './start-workspace.ts';
