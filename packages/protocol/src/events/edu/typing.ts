import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import type { RoomId, UserId } from '../../identifiers/brand.ts';
import { isRoomId } from '../../identifiers/room-id.ts';
import { member } from '../../json/value.ts';
import type { JsonObject } from '../../json/value.ts';
import { isEduUser } from './edu-user.ts';

/** `m.typing`: somebody began or stopped. The caller checks that the user is the origin's and in the room. */
export interface TypingEdu {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly isTyping: boolean;
}

/** Source: server-server API, "Typing Notifications". */
export function parseTyping(content: JsonObject): Parsed<TypingEdu> {
  const roomId = member(content, 'room_id');
  const userId = member(content, 'user_id');
  const isTyping = member(content, 'typing');
  if (typeof roomId !== 'string' || !isRoomId(roomId)) {
    return refused('EDU-2', 'm.typing: room_id is not a room id');
  }
  if (!isEduUser(userId)) return refused('EDU-2', 'm.typing: user_id is not a user id');
  if (typeof isTyping !== 'boolean') return refused('EDU-2', 'm.typing: typing is not a boolean');
  return parsed({ roomId, userId, isTyping });
}
