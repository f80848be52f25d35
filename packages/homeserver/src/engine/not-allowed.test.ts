import { expect, it } from 'vitest';
import { notAllowed } from './not-allowed.ts';

it.each([
  ['the sender is not joined', 'You are not in this room (AUTH-0).'],
  ['the sender is not invited', 'You are not invited to this room (AUTH-0).'],
  ['the sender has no power to invite', 'You have no power to invite (AUTH-0).'],
  ["kick is above the sender's level", 'Kick is above your level (AUTH-0).'],
  ['nobody joins for somebody else', 'Nobody joins for somebody else (AUTH-0).'],
  ['constructor', 'Constructor (AUTH-0).'],
])('tells a person that %s', (reason, message) => {
  expect(notAllowed({ rule: 'AUTH-0', reason })).toMatchObject({
    status: 403,
    errcode: 'M_FORBIDDEN',
    message,
  });
});
