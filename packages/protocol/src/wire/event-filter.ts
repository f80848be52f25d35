/** What of a class of events is wanted. Source: client-server API, "Filtering". */
export type EventFilter = {
  readonly limit?: number;
  readonly types?: readonly string[];
  readonly not_types?: readonly string[];
  readonly senders?: readonly string[];
  readonly not_senders?: readonly string[];
};

export type RoomEventFilter = EventFilter & {
  readonly rooms?: readonly string[];
  readonly not_rooms?: readonly string[];
  readonly contains_url?: boolean;
  readonly lazy_load_members?: boolean;
  readonly include_redundant_members?: boolean;
  readonly unread_thread_notifications?: boolean;
};

export type RoomFilter = {
  readonly rooms?: readonly string[];
  readonly not_rooms?: readonly string[];
  readonly include_leave?: boolean;
  readonly timeline?: RoomEventFilter;
  readonly state?: RoomEventFilter;
  readonly ephemeral?: RoomEventFilter;
  readonly account_data?: RoomEventFilter;
};

/** A filter for `GET /sync`, as stored by `POST /user/{userId}/filter`. */
export type SyncFilter = {
  readonly event_fields?: readonly string[];
  readonly event_format?: 'client' | 'federation';
  readonly presence?: EventFilter;
  readonly account_data?: EventFilter;
  readonly room?: RoomFilter;
};
