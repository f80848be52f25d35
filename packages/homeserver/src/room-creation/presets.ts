import type { JsonObject } from '@hansa/protocol';

export type Preset = 'private_chat' | 'trusted_private_chat' | 'public_chat';

interface PresetState {
  readonly joinRule: 'invite' | 'public';
  readonly historyVisibility: 'shared';
  readonly guestAccess: 'can_join' | 'forbidden';
  /** Level that inviting takes. */
  readonly invite: number;
  /** Invitees stand beside the creator. */
  readonly trustsInvitees: boolean;
}

/** Source: client-server API, `POST /createRoom`, table of presets. */
export const PRESETS: Readonly<Record<Preset, PresetState>> = {
  private_chat: {
    joinRule: 'invite',
    historyVisibility: 'shared',
    guestAccess: 'can_join',
    invite: 0,
    trustsInvitees: false,
  },
  trusted_private_chat: {
    joinRule: 'invite',
    historyVisibility: 'shared',
    guestAccess: 'can_join',
    invite: 0,
    trustsInvitees: true,
  },
  public_chat: {
    joinRule: 'public',
    historyVisibility: 'shared',
    guestAccess: 'forbidden',
    invite: 50,
    trustsInvitees: false,
  },
};

export interface InitialState {
  readonly type: string;
  readonly stateKey: string;
  readonly content: JsonObject;
}

export function presetState(preset: Preset): readonly InitialState[] {
  const { joinRule, historyVisibility, guestAccess } = PRESETS[preset];
  return [
    { type: 'm.room.join_rules', stateKey: '', content: { join_rule: joinRule } },
    {
      type: 'm.room.history_visibility',
      stateKey: '',
      content: { history_visibility: historyVisibility },
    },
    { type: 'm.room.guest_access', stateKey: '', content: { guest_access: guestAccess } },
  ];
}
