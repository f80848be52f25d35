import { servePictures, sharpThumbnailer } from '@hansa/homeserver/picture-worker';

/** The program of the process that reads pictures. It ends with its input, and so with whoever started it. */
const { stdin, stdout } = process;
await servePictures(
  {
    input: stdin,
    write: (pieces) => {
      for (const piece of pieces) stdout.write(piece);
    },
  },
  sharpThumbnailer(),
);
