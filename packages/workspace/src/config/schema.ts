import { DEFAULT_ROOM_VERSION } from '@hansa/protocol';
import { Type, type Static } from 'typebox';

const Path = Type.String({ minLength: 1, maxLength: 4096 });
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });

const Listener = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 255, description: 'Address to bind to.' }),
    port: Port,
    tls: Type.Optional(
      Type.Object(
        {
          certificate: Path,
          key: Path,
        },
        {
          additionalProperties: false,
          description: 'PEM files; without them plain HTTP is served.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);

/** The configuration file. Relative paths are relative to the file's folder. */
export const ConfigSchema = Type.Object(
  {
    serverName: Type.String({
      minLength: 1,
      maxLength: 230,
      description: 'Domain in user ids; can never be changed later.',
    }),
    data: Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'Folder of the database and the signing key; made at first start.',
    }),
    publicUrl: Type.Optional(
      Type.String({ maxLength: 2048, description: 'Where clients reach this workspace.' }),
    ),
    client: Listener,
    federation: Type.Object(
      {
        listen: Listener,
        hosts: Type.Optional(
          Type.Record(Type.String(), Type.String({ maxLength: 260 }), {
            description: 'Servers whose address is fixed: server name to host:port.',
          }),
        ),
        certificateAuthorities: Type.Optional(
          Type.Array(Path, {
            maxItems: 32,
            description: 'PEM files of authorities to trust besides the public ones.',
          }),
        ),
        allowedRanges: Type.Optional(
          Type.Array(Type.String({ maxLength: 64 }), {
            maxItems: 64,
            description: 'Internal address ranges that may be reached, such as 10.0.0.0/8.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    registration: Type.Optional(
      Type.Union([Type.Literal('closed'), Type.Literal('open')], { default: 'closed' }),
    ),
    defaultRoomVersion: Type.Optional(
      Type.String({ default: DEFAULT_ROOM_VERSION, maxLength: 32 }),
    ),
    logLevel: Type.Optional(
      Type.Union(
        [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')],
        { default: 'info' },
      ),
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof ConfigSchema>;
