export { deadline } from '@hansa/testkit';
