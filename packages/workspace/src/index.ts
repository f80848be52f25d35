export { ConfigError } from './config/config-error.ts';
export { startWorkspace, type Workspace } from './start-workspace.ts';
