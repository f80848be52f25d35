import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParameters, propertyParameters } from '../testing/runs.ts';
import { parseDeviceId } from './device-id.ts';
import { domainOfEventId, parseEventId } from './event-id.ts';
import { parseKeyId, splitKeyId } from './key-id.ts';
import { parseMxcUri, splitMxcUri } from './mxc-uri.ts';
import { parseRoomAlias, serverOfAlias } from './room-alias.ts';
import { domainOf, parseRoomId } from './room-id.ts';
import { isServerName, parseServerName, splitServerName } from './server-name.ts';
import { createUserId, localpartOf, parseUserId, serverOf } from './user-id.ts';

/** Pieces of identifiers in any order: what random text alone would hardly ever hit. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom('@', '!', '$', '#', ':', '::', '[', ']', '/', '.', '0', '255', 'mxc://'),
      fc.constantFrom('example.org', '[::1]', '1.2.3.4', ':8448', 'ed25519', '\0', '\ud800', '\n'),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.base64String({ minLength: 40, maxLength: 44 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const texts = fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 300 }));

/** Takes an accepted text apart and puts it together again. */
const roundTrips: Readonly<Record<string, (text: string) => string | undefined>> = {
  'server name': (text) => {
    const name = parseServerName(text);
    if (!name.ok) return undefined;
    const { host, port } = splitServerName(name.value);
    // Leading zeros of a port are not kept apart.
    return port === undefined ? host : `${host}:${text.slice(host.length + 1)}`;
  },
  'user id': (text) => {
    const id = parseUserId(text);
    return id.ok ? `@${localpartOf(id.value)}:${serverOf(id.value)}` : undefined;
  },
  'room id': (text) => {
    const id = parseRoomId(text);
    if (!id.ok) return undefined;
    const domain = domainOf(id.value);
    return domain === undefined ? text : `${text.slice(0, text.indexOf(':'))}:${domain}`;
  },
  'event id': (text) => {
    const id = parseEventId(text);
    if (!id.ok) return undefined;
    const domain = domainOfEventId(id.value);
    return domain === undefined ? text : `${text.slice(0, text.indexOf(':'))}:${domain}`;
  },
  'room alias': (text) => {
    const alias = parseRoomAlias(text);
    if (!alias.ok) return undefined;
    return `${text.slice(0, text.indexOf(':'))}:${serverOfAlias(alias.value)}`;
  },
  'key id': (text) => {
    const id = parseKeyId(text);
    if (!id.ok) return undefined;
    const { algorithm, version } = splitKeyId(id.value);
    return `${algorithm}:${version}`;
  },
  'device id': (text) => {
    const id = parseDeviceId(text);
    return id.ok ? id.value : undefined;
  },
  'mxc URI': (text) => {
    const uri = parseMxcUri(text);
    if (!uri.ok) return undefined;
    const { server, mediaId } = splitMxcUri(uri.value);
    return `mxc://${server}/${mediaId}`;
  },
};

describe('identifier parsers', () => {
  it.each(Object.entries(roundTrips))(
    '[ID-9.2] of a %s never throws, and its parts make up the whole',
    (_name, roundTrip) => {
      fc.assert(
        fc.property(texts, (text) => {
          expect([undefined, text]).toContain(roundTrip(text));
        }),
        fuzzParameters(),
      );
    },
  );

  it('[ID-9.2] take what they have made', () => {
    const localpart = fc.stringMatching(/^[a-z0-9._=/+-]{1,30}$/);
    const server = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    const port = fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined });
    fc.assert(
      fc.property(localpart, server, port, (local, host, number) => {
        const name = number === undefined ? host : `${host}:${number}`;
        fc.pre(isServerName(name) && name.length < 200);
        const id = createUserId(local, name);
        expect(id.ok && [localpartOf(id.value), serverOf(id.value)]).toEqual([local, name]);
        expect(splitServerName(name)).toMatchObject({ host, port: number });
      }),
      propertyParameters(),
    );
  });

  it('[ID-1.3] take every IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => isServerName(`[${address}]`)),
      propertyParameters(),
    );
  });
});
