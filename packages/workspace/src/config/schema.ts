import { DEFAULT_ROOM_VERSION, type ServerName } from '@hansa/protocol';
import { Type, type Static, type TProperties } from 'typebox';

/**
 * A setting's `meaning` is told where the setting is missing, and `expects` follows "must be" where its value is of
 * another kind. `example` stands in the generated file, where there is no default. The README's table of settings says
 * the same at more length; a test holds that it has them all.
 */
interface Words {
  readonly meaning: string;
  readonly expects: string;
  readonly example: string;
}

const text = (words: Words, maxLength: number) =>
  Type.String({ minLength: 1, maxLength, ...words });

const path = (meaning: string, example: string) =>
  text({ meaning, expects: `the path of a file, such as ${example}`, example }, 4096);

/** Where the file says nothing of `media`. */
export const DEFAULT_MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
export const DEFAULT_MAX_REMOTE_BYTES = 100 * 1024 * 1024;
const LARGEST_FILE_BYTES = 1024 ** 4;

const maxBytes = (meaning: string, bytes: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 1024,
      maximum: LARGEST_FILE_BYTES,
      default: bytes,
      meaning,
      expects: `a number of bytes, such as ${bytes}`,
    }),
  );

/** A person's share; what nobody can say for all is not bounded unless it is told to be. */
export const DEFAULT_MAX_BYTES_EACH = 0;
export const DEFAULT_MAX_DAILY_BYTES_EACH = 5 * 1024 ** 3;
const MOST_BYTES = 1024 ** 5;

const share = (meaning: string, bytes: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MOST_BYTES,
      default: bytes,
      meaning,
      expects: `a number of bytes, such as ${DEFAULT_MAX_DAILY_BYTES_EACH}; with 0 there is no limit`,
    }),
  );

const section = { additionalProperties: false };

const address = (port: number) => ({
  host: text(
    {
      meaning: 'the address to listen on',
      expects: 'one, such as 127.0.0.1',
      example: '127.0.0.1',
    },
    255,
  ),
  port: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    meaning: 'the port to listen on',
    expects: 'a number from 0 to 65535; with 0 the system chooses one',
    example: port,
  }),
});

const listener = <More extends TProperties>(meaning: string, port: number, more: More) =>
  Type.Object(
    {
      ...address(port),
      ...more,
      tls: Type.Optional(
        Type.Object(
          {
            certificate: path('the certificate, and what leads to its authority', 'alpha.crt'),
            key: path('the private key of the certificate', 'alpha.key'),
          },
          {
            ...section,
            meaning: 'TLS; without it plain HTTP is served',
            expects: 'a section with "certificate" and "key"',
          },
        ),
      ),
    },
    { ...section, meaning, expects: 'a section with "host" and "port"' },
  );

/** The configuration file. Relative paths are relative to the file's folder. */
export const ConfigSchema = Type.Object(
  {
    serverName: text(
      {
        meaning: "the domain in everybody's address, which can never be changed later",
        expects: 'a domain, such as alpha.example',
        example: 'alpha.example',
      },
      230,
    ),
    data: text(
      {
        meaning:
          "the folder of the signing key, people's files and the database, made at first start",
        expects: 'the path of a folder, such as data',
        example: 'data',
      },
      4096,
    ),
    database: Type.Optional(
      text(
        {
          meaning: 'the PostgreSQL database, of its own, instead of a file in the data folder',
          expects: 'an address such as postgres:///hansa?host=/run/postgresql',
          example: 'postgres:///hansa?host=/run/postgresql',
        },
        2048,
      ),
    ),
    publicUrl: Type.Optional(
      Type.String({
        maxLength: 2048,
        meaning: 'where clients reach this workspace',
        expects: 'an address such as https://chat.example.org',
        example: 'https://chat.alpha.example',
      }),
    ),
    client: listener("where people's clients are served", 8008, {
      trustedProxies: Type.Optional(
        Type.Array(
          Type.String({
            maxLength: 64,
            meaning: 'a range of addresses',
            expects: 'a range of addresses, such as 127.0.0.1/32',
          }),
          {
            maxItems: 32,
            meaning: 'web servers before this one, which say in X-Forwarded-For who is calling',
            expects: 'a list of at most 32 ranges, such as [127.0.0.1/32]',
            example: ['127.0.0.1/32'],
          },
        ),
      ),
    }),
    federation: Type.Object(
      {
        listen: listener('where other servers are served', 8448, {}),
        hosts: Type.Optional(
          Type.Record(
            Type.String(),
            Type.String({
              maxLength: 260,
              meaning: 'where a server is',
              expects: 'host:port, such as 127.0.0.1:8449',
            }),
            {
              meaning: 'where servers are, by their names',
              expects:
                'server names with their places, such as { "beta.example": "127.0.0.1:8449" }',
              example: { 'beta.example': '10.0.0.9:8448' },
            },
          ),
        ),
        certificateAuthorities: Type.Optional(
          Type.Array(path('an authority to trust', 'ca.crt'), {
            maxItems: 32,
            meaning: 'authorities to trust besides the public ones',
            expects: 'a list of at most 32 files, such as [ca.crt]',
            example: ['ca.crt'],
          }),
        ),
        dnsServers: Type.Optional(
          Type.Array(
            Type.String({
              maxLength: 64,
              meaning: 'a DNS server to ask',
              expects: 'an address, such as 10.0.0.53',
            }),
            {
              minItems: 1,
              maxItems: 8,
              meaning: "the DNS servers to ask instead of this machine's",
              expects: 'a list of 1 to 8 addresses, such as [10.0.0.53]',
              example: ['10.0.0.53'],
            },
          ),
        ),
        requireDestination: Type.Optional(
          Type.Boolean({
            default: false,
            meaning: 'whether to refuse servers so old that they do not say whom a request is for',
            expects: 'true or false',
          }),
        ),
        allowedRanges: Type.Optional(
          Type.Array(
            Type.String({
              maxLength: 64,
              meaning: 'a range of addresses',
              expects: 'a range of addresses, such as 127.0.0.0/8',
            }),
            {
              maxItems: 64,
              meaning: 'internal addresses that may be reached',
              expects: 'a list of at most 64 ranges, such as [127.0.0.0/8]',
              example: ['10.0.0.0/8'],
            },
          ),
        ),
      },
      {
        ...section,
        meaning: 'the surroundings: where other servers are served and reached',
        expects: 'a section with "listen"',
      },
    ),
    registration: Type.Optional(
      Type.Union([Type.Literal('closed'), Type.Literal('open')], {
        default: 'closed',
        meaning: 'who may register',
        expects: '"open" or "closed"',
      }),
    ),
    rateLimit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 10_000,
        default: 10,
        meaning: 'requests a second that each person may make, and ten seconds’ worth at once',
        expects: 'a number from 0 to 10000; with 0 there is no limit',
      }),
    ),
    registrationSharedSecret: Type.Optional(
      Type.String({
        minLength: 16,
        maxLength: 256,
        secret: true,
        meaning: "a secret by which Synapse's tools make accounts; without it they cannot",
        expects: 'a text of 16 to 256 characters, which nobody can guess',
      }),
    ),
    defaultRoomVersion: Type.Optional(
      Type.String({
        default: DEFAULT_ROOM_VERSION,
        maxLength: 32,
        meaning: 'the version of new rooms',
        expects: 'a room version in quotes, such as "12"',
      }),
    ),
    media: Type.Optional(
      Type.Object(
        {
          maxUploadBytes: maxBytes(
            'the size of the largest file that people can upload, in bytes',
            DEFAULT_MAX_UPLOAD_BYTES,
          ),
          maxRemoteBytes: maxBytes(
            'the size of the largest file that is fetched from another server, in bytes',
            DEFAULT_MAX_REMOTE_BYTES,
          ),
          maxBytesEach: share(
            'the size of all files together that one person can upload, in bytes',
            DEFAULT_MAX_BYTES_EACH,
          ),
          maxDailyBytesEach: share(
            'the size of all files together that one person can upload in 24 hours, in bytes',
            DEFAULT_MAX_DAILY_BYTES_EACH,
          ),
        },
        { ...section, meaning: 'files that people send', expects: 'a section of settings' },
      ),
    ),
    metrics: Type.Optional(
      Type.Object(address(9108), {
        ...section,
        meaning: 'where Prometheus reads /metrics; whoever reaches it may, so keep it inside',
        expects: 'a section with "host" and "port"',
      }),
    ),
    logLevel: Type.Optional(
      Type.Union(
        [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')],
        {
          default: 'info',
          meaning: 'how much is logged',
          expects: '"debug", "info", "warn" or "error"',
        },
      ),
    ),
  },
  { ...section, expects: 'settings, one a line, such as: serverName: alpha.example' },
);

/** What stands in the file. */
export type WrittenConfig = Static<typeof ConfigSchema>;

/** What has been checked; where the file leaves something to its default, that stands here. */
export type Config = WrittenConfig &
  Required<
    Pick<WrittenConfig, 'registration' | 'rateLimit' | 'defaultRoomVersion' | 'logLevel'>
  > & {
    readonly serverName: ServerName;
  };
