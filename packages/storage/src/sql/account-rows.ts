import type { DeviceId, UserId } from '@hansa/protocol';
import type { Account, Device } from '../ports/account-store.ts';
import type { Tables } from './tables.ts';

export function toAccount(row: Tables['accounts']): Account {
  return {
    userId: row.user_id as UserId,
    passwordHash: row.password_hash ?? undefined,
    admin: row.admin === 1,
    createdAt: row.created_at,
    deactivatedAt: row.deactivated_at ?? undefined,
  };
}

export function toDevice(row: Tables['devices']): Device {
  return {
    userId: row.user_id as UserId,
    deviceId: row.device_id as DeviceId,
    displayName: row.display_name ?? undefined,
    createdAt: row.created_at,
  };
}
