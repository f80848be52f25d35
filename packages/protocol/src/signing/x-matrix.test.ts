import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyId, ServerName } from '../identifiers/brand.ts';
import { mutatedText } from '../testing/mutations.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { formatAuthorization, parseAuthorization } from './x-matrix.ts';

const complete = {
  origin: 'origin.example',
  destination: 'destination.example',
  key: 'ed25519:key1',
  sig: 'ABC+/def',
};
const { destination: _destination, ...withoutDestination } = complete;

describe('the X-Matrix header', () => {
  it.each<[string, string, object]>([
    [
      'as the specification writes it',
      'X-Matrix origin="origin.example",destination="destination.example",key="ed25519:key1",sig="ABC+/def"',
      complete,
    ],
    [
      'without destination, from before 1.3',
      'X-Matrix origin="origin.example",key="ed25519:key1",sig="ABC+/def"',
      { ...withoutDestination, destination: undefined },
    ],
    [
      'in another order and case',
      'x-matrix SIG="ABC+/def",Key="ed25519:key1",DESTINATION="destination.example",Origin="origin.example"',
      complete,
    ],
    [
      'with white space around everything',
      'X-Matrix  \torigin = "origin.example" ,\t destination= "destination.example"  ,key ="ed25519:key1" , sig="ABC+/def" ',
      complete,
    ],
    [
      'with bare values, colons in them',
      'X-Matrix origin=origin.example,destination=destination.example,key=ed25519:key1,sig=ABC+/def',
      complete,
    ],
    [
      'with a bare port and padding',
      'X-Matrix origin=origin.example:8448,key="ed25519:key1",sig=ABC+/def==',
      {
        origin: 'origin.example:8448',
        destination: undefined,
        key: 'ed25519:key1',
        sig: 'ABC+/def==',
      },
    ],
    [
      'with an IPv6 address',
      'X-Matrix origin="[2001:db8::1]:8448",key="ed25519:key1",sig="ABC+/def"',
      { ...withoutDestination, origin: '[2001:db8::1]:8448', destination: undefined },
    ],
    [
      'with escapes',
      'X-Matrix origin="o\\rigin\\.example",key="ed25519\\:key1",sig="\\A\\B\\C+/def"',
      { ...withoutDestination, destination: undefined },
    ],
    [
      'with parameters that nobody knows',
      'X-Matrix a=b,origin="origin.example",_x="\\"y\\\\",key="ed25519:key1",a=c,sig="ABC+/def",signature="z"',
      { ...withoutDestination, destination: undefined },
    ],
    [
      'with empty list elements',
      'X-Matrix ,origin="origin.example",, ,key="ed25519:key1",sig="ABC+/def", ,',
      { ...withoutDestination, destination: undefined },
    ],
  ])('[XM-6] is read %s', (_name, header, value) => {
    expect(parseAuthorization(header)).toEqual({ ok: true, value });
  });

  it.each([
    ['XM-1', 'a long header', `X-Matrix a="${'b'.repeat(4_096)}"`, 'longer'],
    ['XM-2', 'nothing', '', 'scheme'],
    ['XM-2', 'another scheme', 'Bearer abc', 'scheme'],
    ['XM-2', 'a longer scheme', 'X-Matrixorigin="a"', 'scheme'],
    ['XM-2', 'a scheme alone', 'X-Matrix', 'scheme'],
    ['XM-3', 'a name alone', 'X-Matrix origin', 'character 9'],
    ['XM-3', 'a value without a name', 'X-Matrix ="a"', 'character 9'],
    ['XM-3', 'no value', 'X-Matrix origin=,key="a"', 'character 16'],
    ['XM-3', 'an open quote', 'X-Matrix origin="a', 'character 16'],
    ['XM-3', 'an open escape', 'X-Matrix origin="a\\', 'character 16'],
    ['XM-3', 'text behind a quoted value', 'X-Matrix origin="a"b', 'character 19'],
    ['XM-3', 'a semicolon between', 'X-Matrix origin="a";key="b"', 'character 19'],
    ['XM-3', 'no comma between', 'X-Matrix origin=a key=b', 'character 17'],
    ['XM-3', 'a control character', 'X-Matrix origin="a\u0001b"', 'character 16'],
    ['XM-3', 'a line end', 'X-Matrix origin="a"\r\n,key=b', 'character 19'],
    ['XM-4', 'a parameter twice', 'X-Matrix sig="a",SIG="a"', 'sig: occurs twice'],
    ['XM-5', 'no parameters', 'X-Matrix ', 'origin: '],
    ['XM-5', 'no origin', 'X-Matrix key="ed25519:1",sig="a"', 'origin: '],
    [
      'XM-5',
      'an origin that is no server',
      'X-Matrix origin="a/b",key="ed25519:1",sig="a"',
      'origin: ',
    ],
    [
      'XM-5',
      'no destination but an empty one',
      'X-Matrix origin=a,destination="",key="ed25519:1",sig="a"',
      'destination: ',
    ],
    ['XM-5', 'no key', 'X-Matrix origin=a,sig=a', 'key: '],
    ['XM-5', 'a key without version', 'X-Matrix origin=a,key="ed25519:",sig=a', 'key: '],
    ['XM-5', 'no sig', 'X-Matrix origin=a,key="ed25519:1"', 'sig: '],
    ['XM-5', 'signature for sig', 'X-Matrix origin=a,key="ed25519:1",signature="a"', 'sig: '],
  ])('is refused by [%s] for %s, named', (rule, _name, header, field) => {
    expect(parseAuthorization(header)).toMatchObject({
      ok: false,
      rule,
      reason: expect.stringMatching(`^Authorization: .*${field}`),
    });
  });

  it('[XM-11] is written with every value quoted, one space and no other', () => {
    const header = formatAuthorization({
      origin: 'origin.example' as ServerName,
      destination: 'destination.example' as ServerName,
      key: 'ed25519:key1' as KeyId,
      sig: 'ABC+/def',
    });
    expect(header).toBe(
      'X-Matrix origin="origin.example",destination="destination.example",key="ed25519:key1",sig="ABC+/def"',
    );
    expect(parseAuthorization(header)).toEqual({ ok: true, value: complete });
  });

  it('[XM-1] [XM-2] [XM-3] [XM-4] [XM-5] of any content does no harm', () => {
    const samples = [
      'X-Matrix origin="origin.example",destination="destination.example",key="ed25519:key1",sig="ABC+/def"',
      'x-matrix  origin=a:80 , key=ed25519:1, sig=abc=, a="\\"",',
    ];
    const pieces = [
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\t',
      ':',
      'origin',
      'sig=',
      'X-Matrix ',
      '__proto__="a"',
      '\u0000',
      'é',
    ];
    fc.assert(
      fc.property(mutatedText(samples, pieces), (header) => {
        const result = parseAuthorization(header);
        if (result.ok) return Object.keys(result.value).length === 4 && result.value.sig !== '';
        return /^XM-[1-5]$/.test(result.rule) && result.reason.startsWith('Authorization: ');
      }),
      fuzzParameters(),
    );
  });
});
