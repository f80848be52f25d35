/** Told of a fault in what is stored, without anybody waiting for it. */
export type ReportFault = (problem: string, cause: unknown) => void;

/** Where nobody else is told. */
export const warnOfFault: ReportFault = (problem, cause) => {
  process.emitWarning(`${problem}: ${String(cause)}`);
};
