import type { Kysely } from 'kysely';

/** Tables that are asked rarely enough to be asked through kysely; the others have SQL of their own. */
export interface Tables {
  accounts: {
    user_id: string;
    password_hash: string | null;
    admin: number;
    created_at: number;
    deactivated_at: number | null;
  };
  profiles: { user_id: string; display_name: string | null; avatar_url: string | null };
  devices: { user_id: string; device_id: string; display_name: string | null; created_at: number };
  sessions: { token_hash: Uint8Array; user_id: string; device_id: string; created_at: number };
  filters: { user_id: string; filter_id: string; json: string };
  aliases: { alias: string; room_id: string; creator: string };
  published_rooms: { room_id: string };
  remote_keys: {
    server: string;
    key_id: string;
    public_key: string;
    valid_until_ts: number;
    expired_ts: number | null;
    fetched_at: number;
  };
  key_documents: {
    server: string;
    json: Uint8Array;
    valid_until_ts: number;
    fetched_at: number;
  };
  notarised_keys: { server: string; notary: string; json: Uint8Array; fetched_at: number };
  key_failures: { server: string; failures: number; retry_at: number };
}

export type Queries = Kysely<Tables>;
