import type { JsonObject } from './json.ts';

/** Profile of a user; further fields have namespaced names. Source: client-server API, "Profiles". */
export type Profile = {
  readonly displayname?: string;
  readonly avatar_url?: string;
  /** Name of a time zone in the IANA database. */
  readonly 'm.tz'?: string;
} & JsonObject;

/** Answer for one field: an object of that field alone, which holds whatever JSON the user's server keeps there. */
export type ProfileField = { readonly [keyName: string]: unknown };
