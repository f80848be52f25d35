export { createContext, type Context, type Parts, type Surroundings } from './context.ts';
export { ConfigError } from './config/config-error.ts';
export { generateConfig } from './config/generate-config.ts';
export { addUser } from './local-api/add-user.ts';
export { StartError } from './start-error.ts';
export { startWorkspace, type Workspace } from './start-workspace.ts';
