import type { JsonObject } from './json.ts';

/** Answer of `GET /versions`. Source: client-server API, "API versions". */
export type Versions = {
  readonly versions: readonly string[];
  readonly unstable_features?: { readonly [feature: string]: boolean };
};

/** Answer of `GET /capabilities`. Source: client-server API, "Capabilities negotiation". */
export type CapabilitiesResponse = {
  readonly capabilities: Capabilities;
};

export type Capabilities = {
  readonly 'm.room_versions'?: RoomVersionsCapability;
  readonly 'm.change_password'?: BooleanCapability;
  readonly 'm.set_displayname'?: BooleanCapability;
  readonly 'm.set_avatar_url'?: BooleanCapability;
  readonly 'm.3pid_changes'?: BooleanCapability;
  readonly 'm.get_login_token'?: BooleanCapability;
  readonly 'm.forget_forced_upon_leave'?: BooleanCapability;
  readonly 'm.profile_fields'?: ProfileFieldsCapability;
  readonly 'm.account_moderation'?: { readonly suspend?: boolean; readonly lock?: boolean };
} & JsonObject;

export type BooleanCapability = { readonly enabled: boolean };

export type RoomVersionsCapability = {
  readonly default: string;
  readonly available: { readonly [roomVersion: string]: 'stable' | 'unstable' };
};

export type ProfileFieldsCapability = {
  readonly enabled: boolean;
  readonly allowed?: readonly string[];
  readonly disallowed?: readonly string[];
};
