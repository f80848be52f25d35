/** Answer of `POST /upload`. Source: client-server API, "Content repository". */
export type UploadResponse = {
  /** `mxc://…` */
  readonly content_uri: string;
};

/** Answer of `GET /media/config`. */
export type MediaConfig = {
  /** Of a file, in bytes. */
  readonly 'm.upload.size'?: number;
};
