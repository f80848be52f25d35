import { CORE_GLOBALS, LOCALE_MEMBERS } from './effect-lists.js';
import { destructuredNames, globalReferences, isInType, memberName, outermost } from './syntax.js';

/** @typedef {import('./syntax.js').Node} Node */

/**
 * House rule 1: `packages/protocol` uses no global but those of a list. Its imports are held by .dependency-cruiser.js, which
 * sees none that is made up at run time.
 */
export const coreRule = {
  meta: { type: 'problem', docs: { description: 'the core is pure (STYLE.md, rule 1)' } },
  /** @param {{ report(problem: object): void, sourceCode: any }} context */
  create(context) {
    /** @type {(node: Node, what: string) => void} */
    const report = (node, what) => {
      context.report({ node, message: `The core is pure and has no ${what} (STYLE.md, rule 1).` });
    };
    return {
      'Program:exit'() {
        for (const identifier of globalReferences(context.sourceCode)) {
          if (CORE_GLOBALS.has(identifier.name) || isInType(outermost(identifier))) continue;
          report(identifier, identifier.name);
        }
      },
      /** @param {Node} node */
      MemberExpression(node) {
        const name = memberName(node);
        if (LOCALE_MEMBERS.has(name)) report(node, name);
      },
      /** @param {Node} node */
      ObjectPattern(node) {
        for (const name of destructuredNames(node)) {
          if (LOCALE_MEMBERS.has(name)) report(node, name);
        }
      },
      /** @param {Node} node */
      ImportExpression(node) {
        report(node, 'import()');
      },
      /** @param {Node} node */
      MetaProperty(node) {
        if (node.meta.name === 'import') report(node, 'import.meta');
      },
    };
  },
};
