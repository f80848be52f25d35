/** Body of every refusal. Source: client-server API, "Standard error response". */
export type ErrorBody = {
  readonly errcode: string;
  readonly error?: string;
  /** With `M_LIMIT_EXCEEDED`. */
  readonly retry_after_ms?: number;
  /** With `M_UNKNOWN_TOKEN` and `M_USER_LOCKED`: the device and its keys still exist. */
  readonly soft_logout?: boolean;
  /** With `M_INCOMPATIBLE_ROOM_VERSION`. */
  readonly room_version?: string;
};
