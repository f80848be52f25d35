import { Type, type Static } from 'typebox';
import type { ThumbnailRequest } from './thumbnail-form.ts';

const MAX_PIXELS = 100_000;
/** Nothing is uploaded after it got its address here, so nobody waits for anything; the parameter is read all the same. */
export const TimeoutQuery = Type.Object({
  timeout_ms: Type.Optional(Type.Integer({ minimum: 0 })),
});

/** Of `/thumbnail`, in the client and the federation API. */
export const ThumbnailQuery = Type.Object({
  width: Type.Integer({ minimum: 1, maximum: MAX_PIXELS }),
  height: Type.Integer({ minimum: 1, maximum: MAX_PIXELS }),
  method: Type.Optional(Type.Union([Type.Literal('crop'), Type.Literal('scale')])),
  animated: Type.Optional(Type.Boolean()),
  ...TimeoutQuery.properties,
});

export function thumbnailRequestOf(query: Static<typeof ThumbnailQuery>): ThumbnailRequest {
  const { width, height, method = 'scale', animated = false } = query;
  return { width, height, method, animated };
}
