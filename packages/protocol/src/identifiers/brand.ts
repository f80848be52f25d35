declare const brand: unique symbol;

/** A string that a parser of this folder has looked at. Raw strings stop at the edge. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Brand<'UserId'>;
export type RoomId = Brand<'RoomId'>;
export type EventId = Brand<'EventId'>;
export type RoomAlias = Brand<'RoomAlias'>;
export type ServerName = Brand<'ServerName'>;
/** `algorithm:version`, such as `ed25519:a_1`. */
export type KeyId = Brand<'KeyId'>;
export type DeviceId = Brand<'DeviceId'>;
export type MxcUri = Brand<'MxcUri'>;
