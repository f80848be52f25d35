/** An entry of a room directory. Source: client-server API, "Published room directory". */
export type PublicRoom = {
  readonly room_id: string;
  readonly num_joined_members: number;
  readonly world_readable: boolean;
  readonly guest_can_join: boolean;
  readonly name?: string;
  readonly topic?: string;
  readonly avatar_url?: string;
  readonly canonical_alias?: string;
  /** `public` when absent. */
  readonly join_rule?: string;
  readonly room_type?: string;
};

/** Answer of `GET /room_summary`. Source: client-server API, "Room summaries". */
export type RoomSummary = PublicRoom & {
  readonly allowed_room_ids?: readonly string[];
  readonly encryption?: string;
  readonly room_version?: string;
  /** Of the asking user. */
  readonly membership?: string;
};

/** Answer of `GET` and `POST /publicRooms`. */
export type PublicRoomsPage = {
  readonly chunk: readonly PublicRoom[];
  readonly next_batch?: string;
  readonly prev_batch?: string;
  readonly total_room_count_estimate?: number;
};
