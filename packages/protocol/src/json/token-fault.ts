/** Why a token is refused. */
export interface TokenFault {
  readonly rule: string;
  readonly problem: string;
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
}
