/** argon2id in PHC form. A port, because the native code behind it runs off-thread and the simulator needs a stand-in. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** Cost as OWASP advises for argon2id: 19 MiB, 2 passes, 1 lane. The native module is loaded on first use. */
export function argon2Hasher(): PasswordHasher {
  const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
  return {
    async hash(password) {
      const { hash } = await import('@node-rs/argon2');
      return hash(password, options);
    },
    async verify(hashed, password) {
      const { verify } = await import('@node-rs/argon2');
      return verify(hashed, password);
    },
  };
}
