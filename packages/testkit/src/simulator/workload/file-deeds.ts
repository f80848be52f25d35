import type { Act } from './deed.ts';

/** Few of them, so that some are uploaded twice. */
const DIFFERENT_FILES = 6;
const SIZES = [1, 3_000, 70_000];

export const upload: Act = async ({ who, known, draws }) => {
  const text = `file ${draws.below(DIFFERENT_FILES)} `;
  const answer = await who.client.upload(Buffer.alloc(draws.pick(SIZES), text));
  const address = answer?.body['content_uri'];
  if (typeof address === 'string') known.files.push(address);
  return answer;
};

export const download: Act = async ({ who, known, draws }) => {
  if (known.files.length === 0) return undefined;
  await who.client.download(draws.pick(known.files));
  return undefined;
};
