import type { RoomId, ServerName } from '@hansa/protocol';
import type { SimulatedNetwork } from '../network/simulated-network.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Draws } from '../world/draws.ts';
import type { World } from '../world/world.ts';
import { Attacker } from './attacker.ts';
import { createLiar } from './liar.ts';

interface Attack {
  /** The one that is hostile, and those that it is hostile to. */
  readonly server: SimulatedServer;
  readonly victims: readonly ServerName[];
  readonly network: SimulatedNetwork;
  readonly world: World;
  readonly draws: Draws;
  readonly lengthMs: number;
  /** Read when it strikes: some are made meanwhile. */
  readonly rooms: readonly { readonly roomId: string }[];
  /** From then on it tells the truth. */
  readonly isOver: () => boolean;
  /** Gets the rooms that it gives to somebody otherwise than they are. */
  readonly misled: Set<string>;
  /** Gets what went wrong with the attack itself. */
  readonly problems: string[];
}

/** A server lies from now on when it is asked, and strikes now and then within the next `lengthMs`. */
export function beginAttack(attack: Attack): void {
  const { server, victims, network, world, draws, lengthMs, rooms, problems } = attack;
  const attacker = new Attacker({ server, victims, network, world, draws });
  network.impostors.set(
    server.name,
    createLiar(draws.of('liar'), {
      isLying: () => !attack.isOver(),
      mislead: (name, roomId) => {
        world.note(`hostile: misleads ${name} about ${roomId}`);
        attack.misled.add(roomId);
      },
    }),
  );
  const times = draws.of('attacks');
  for (let n = times.between(3, 15); n > 0; n -= 1) {
    world.after(times.below(lengthMs), 'hostile: strikes', () => {
      const { roomId } = times.pick(rooms);
      attacker.strike(roomId as RoomId).catch((error: unknown) => {
        if (!server.isDown) problems.push(`the attacker failed: ${String(error)}`);
      });
    });
  }
}
