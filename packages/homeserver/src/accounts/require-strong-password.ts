import { weakPassword } from '../matrix-error.ts';

const MIN_PASSWORD_CHARS = 8;

/** @throws MatrixError `M_WEAK_PASSWORD` */
export function requireStrongPassword(password: string): void {
  if (password.length >= MIN_PASSWORD_CHARS) return;
  throw weakPassword(`A password has ${MIN_PASSWORD_CHARS} characters or more.`);
}
