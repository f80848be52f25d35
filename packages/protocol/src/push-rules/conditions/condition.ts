import type { JsonObject } from '../../json/value.ts';
import type { PushedEvent, PushUser } from '../pushed-event.ts';

/** A condition, read and ready to be asked of many events. */
export type Condition = (event: PushedEvent, user: PushUser) => boolean;

/** Reads a condition of one kind. What is malformed becomes `never`: it is not for a push to complain. */
export type CompileCondition = (condition: JsonObject) => Condition;

export const never: Condition = () => false;
