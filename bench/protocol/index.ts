import type { Row } from '../row.ts';
import { authorise } from './authorise.ts';
import { canonicalise } from './canonicalise.ts';
import { parse } from './parse.ts';
import { receive } from './receive.ts';
import { sign } from './sign.ts';
import { stateResolutionRows } from './state-resolution/index.ts';
import { verify } from './verify.ts';

/** `npm run bench -- protocol`. */
export const protocolRows: readonly Row[] = [
  parse,
  canonicalise,
  sign,
  verify,
  authorise,
  receive,
  ...stateResolutionRows,
];
