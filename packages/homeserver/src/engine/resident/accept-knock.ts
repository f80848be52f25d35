import type { JsonObject } from '@hansa/protocol';
import type { SendMembership } from '../room-engine.ts';
import { acceptMembership, type ResidentPorts } from './accept-membership.ts';
import { stateShownOutside } from './state-shown-outside.ts';

/** `send_knock`: what the one who knocks is shown of the room. */
export async function acceptKnock(
  ports: ResidentPorts,
  request: SendMembership,
): Promise<readonly JsonObject[]> {
  await acceptMembership(ports, request, 'knock');
  const { value } = await ports.lanes.run(request.roomId, (draft) => stateShownOutside(draft));
  return value;
}
