import type { Random } from './effects.ts';
import type { Target } from './endpoint.ts';

/** In the order to try: by priority, and among equals drawn by weight. Source: RFC 2782, "Weight". */
export function orderTargets(
  targets: readonly Target[],
  random: Pick<Random, 'fraction'>,
): readonly Target[] {
  const byPriority = [...Map.groupBy(targets, ({ priority }) => priority)];
  return byPriority
    .toSorted(([one], [other]) => one - other)
    .flatMap(([, equals]) => drawByWeight(equals, random));
}

function drawByWeight(targets: readonly Target[], random: Pick<Random, 'fraction'>): Target[] {
  // Those of no weight stand first: there the smallest draw finds them, now and then.
  const left = targets.toSorted((one, other) => Math.sign(one.weight) - Math.sign(other.weight));
  const drawn: Target[] = [];
  while (left.length > 0) {
    const whole = left.reduce((sum, { weight }) => sum + weight, 0);
    const draw = Math.floor(random.fraction() * (whole + 1));
    let passed = 0;
    const index = left.findIndex(({ weight }) => {
      passed += weight;
      return passed >= draw;
    });
    drawn.push(...left.splice(index, 1));
  }
  return drawn;
}
