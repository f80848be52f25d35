/** What people send, more or less: `wrk`'s text of the floor, with a number in it. */
export function messageBody(index: number): string {
  return JSON.stringify({
    body: `hello world, this is message ${index}, typical of a chat in its length, about one line`,
    msgtype: 'm.text',
  });
}

/** Of the client API. Each index is a transaction of its own. */
export function sendPath(roomId: string, index: number | string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/send/m.room.message/t${index}`;
}
