export type ThumbnailMethod = 'crop' | 'scale';

/** What a client would like. */
export interface ThumbnailRequest {
  /** At least so many pixels. */
  readonly width: number;
  readonly height: number;
  readonly method: ThumbnailMethod;
  readonly animated: boolean;
}

/** One of the few forms that there are of a picture: nobody has more made than these. */
export interface ThumbnailForm extends ThumbnailRequest {
  /** In letters and digits; part of a file's name. */
  readonly name: string;
}

/** The specification's, and those between and beyond that clients ask for; the smallest first. */
const SIZES: Readonly<Record<ThumbnailMethod, readonly (readonly [number, number])[]>> = {
  crop: [
    [32, 32],
    [96, 96],
    [192, 192],
    [320, 240],
    [320, 320],
    [640, 480],
    [640, 640],
    [800, 600],
    [800, 800],
  ],
  scale: [
    [320, 240],
    [640, 480],
    [800, 600],
    [1600, 1200],
  ],
};

/**
 * The smallest form that is not smaller than what is asked for; of those to crop the one that is nearest in shape.
 * `undefined` where all are smaller. Source: client-server API, "Thumbnails".
 */
export function chooseForm(request: ThumbnailRequest): ThumbnailForm | undefined {
  const { width, height, method } = request;
  const enough = SIZES[method].filter(([wide, high]) => wide >= width && high >= height);
  const misfit = ([wide, high]: readonly [number, number]) =>
    Math.abs(Math.log((wide * height) / (high * width)));
  const fitting = method === 'crop' ? enough.toSorted((a, b) => misfit(a) - misfit(b)) : enough;
  const [size] = fitting;
  return size && formOf(request, size);
}

/** The largest that there is. */
export function largestForm(request: ThumbnailRequest): ThumbnailForm {
  return formOf(request, SIZES[request.method].at(-1) ?? [0, 0]);
}

function formOf(
  { method, animated }: ThumbnailRequest,
  [width, height]: readonly [number, number],
): ThumbnailForm {
  const name = `${width}x${height}${method}${animated ? 'animated' : ''}`;
  return { width, height, method, animated, name };
}
