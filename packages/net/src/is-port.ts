const HIGHEST_PORT = 65_535;

/** Whether there can be such a port: the grammar of server names has five digits. */
export function isPort(port: number): boolean {
  return port >= 1 && port <= HIGHEST_PORT;
}
