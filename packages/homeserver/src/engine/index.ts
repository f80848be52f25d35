export type * from './federation-port.ts';
export type * from './intents.ts';
export type * from './room-engine.ts';
export type * from './room-views.ts';
export type { EngineLimits } from './limits.ts';
export type { EnginePorts } from './ports.ts';
export { createRoomEngine, type RoomEngineService } from './create-room-engine.ts';
