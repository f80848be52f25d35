/** What people send, more or less: about one line. */
export function messageBody(name: string): string {
  return JSON.stringify({
    body: `hello world, this is message ${name}, typical of a chat in its length, about one line`,
    msgtype: 'm.text',
  });
}

/** Of the client API. */
export function sendPath(roomId: string, transaction: string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/t${transaction}`;
}
