export * from './free-port.ts';
export * from './test-ca.ts';
export * from './virtual-effects.ts';
