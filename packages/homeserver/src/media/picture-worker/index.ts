/** For the process that reads pictures: it loads this and nothing else of the homeserver. */
export * from './serve-pictures.ts';
export * from './sharp-thumbnailer.ts';
