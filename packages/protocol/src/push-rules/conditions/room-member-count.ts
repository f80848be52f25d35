import { member } from '../../json/value.ts';
import { never, type CompileCondition } from './condition.ts';

/** `room_member_count`: as many members are joined as `is` says, such as `2`, `==2`, `<10`, `>=3`. */
export const roomMemberCount: CompileCondition = (condition) => {
  const is = member(condition, 'is');
  if (typeof is !== 'string') return never;
  const [, operator, digits] = /^(==|<=|>=|<|>)?([0-9]+)$/.exec(is) ?? [];
  if (digits === undefined) return never;
  const count = Number(digits);
  return ({ room }) => compare(room.joinedMembers, operator, count);
};

function compare(members: number, operator: string | undefined, count: number): boolean {
  switch (operator) {
    case '<':
      return members < count;
    case '<=':
      return members <= count;
    case '>':
      return members > count;
    case '>=':
      return members >= count;
    default:
      return members === count;
  }
}
