/** Answer of `POST /login`, and of `POST /register` where that logs in. Source: client-server API, "Login". */
export type LoginResponse = {
  readonly user_id: string;
  readonly access_token: string;
  readonly device_id: string;
  readonly expires_in_ms?: number;
  readonly refresh_token?: string;
};

/** Answer of `GET /login`. */
export type LoginFlows = {
  readonly flows: readonly { readonly type: string }[];
};

/** Answer of `GET /account/whoami`. */
export type WhoAmI = {
  readonly user_id: string;
  readonly device_id?: string;
  readonly is_guest?: boolean;
};

/** One entry of `GET /devices`. */
export type ClientDevice = {
  readonly device_id: string;
  readonly display_name?: string;
};
