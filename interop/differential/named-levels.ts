/** Power levels that stand in the content by themselves. Not the list of the core: what is compared is not asked. */
export const NAMED_LEVELS = [
  'users_default',
  'events_default',
  'state_default',
  'ban',
  'redact',
  'kick',
  'invite',
];
