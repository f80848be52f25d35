import {
  EFFECT_GLOBALS,
  EFFECT_MEMBERS,
  EFFECT_MODULE_MEMBERS,
  EFFECT_MODULES,
  GLOBAL_OBJECTS,
} from './effect-lists.js';
import {
  globalReferences,
  isInType,
  literalText,
  memberName,
  namesTakenFrom,
  outermost,
  UNREADABLE,
} from './syntax.js';

/** @typedef {import('./syntax.js').Node} Node */

/** House rule 5: clock, randomness, timers, network and files are handed in. */
export const effectsRule = {
  meta: { type: 'problem', docs: { description: 'effects are handed in (STYLE.md, rule 5)' } },
  /** @param {{ report(problem: object): void, sourceCode: any }} context */
  create(context) {
    /** @type {(node: Node, what: string) => void} */
    const report = (node, what) => {
      const message = `${what} is an effect: take it from what the constructor is handed (STYLE.md, rule 5).`;
      context.report({ node, message });
    };

    /** @type {(node: Node, owner: string, effects: ReadonlySet<string>) => void} */
    const checkMembers = (node, owner, effects) => {
      for (const name of reachedMembers(node)) {
        if (name === UNREADABLE) report(node, `${owner}, with members the linter cannot follow,`);
        else if (effects.has(name)) report(node, `${owner}.${name}`);
      }
    };

    /** @type {(reference: Node, name: string) => void} */
    const checkGlobal = (reference, name) => {
      const node = outermost(reference);
      if (isInType(node)) return;
      if (GLOBAL_OBJECTS.has(name)) checkGlobalObject(node, name);
      else if (EFFECT_GLOBALS.has(name)) report(node, name);
      else if (name === 'Date' && readsClock(node)) report(node, 'the current date');
      else if (name === 'require' && node.parent.type === 'CallExpression') {
        const [source] = node.parent.arguments;
        checkModule(node.parent, source && literalText(source), [UNREADABLE]);
      }
      const effects = EFFECT_MEMBERS.get(name);
      if (effects !== undefined && !isHarmless(node)) checkMembers(node, name, effects);
    };

    /** @type {(node: Node, name: string) => void} */
    const checkGlobalObject = (node, name) => {
      if (node.parent.type === 'MemberExpression' && node.parent.object === node) {
        const member = memberName(node.parent);
        if (member === UNREADABLE) report(node, `${name}[…]`);
        else checkGlobal(node.parent, member);
        return;
      }
      for (const member of namesTakenFrom(node) ?? [UNREADABLE]) {
        const known = EFFECT_GLOBALS.has(member) || EFFECT_MEMBERS.has(member);
        if (member === UNREADABLE || known) report(node, `${name}, taken apart,`);
      }
    };

    /** @type {(node: Node, source: unknown, names: readonly string[]) => void} */
    const checkModule = (node, source, names) => {
      if (typeof source !== 'string') return;
      if (source === UNREADABLE) report(node, 'a module that the linter cannot follow');
      const [module = ''] = source.replace(/^node:/, '').split('/');
      if (EFFECT_MODULES.has(module)) report(node, source);
      const effects = EFFECT_MODULE_MEMBERS.get(module);
      for (const name of effects === undefined ? [] : names) {
        if (name === UNREADABLE) report(node, `${source}, with members the linter cannot follow,`);
        else if (effects?.has(name)) report(node, `${source} ${name}`);
      }
    };

    /** A module held whole: each use of its binding is looked at. @type {(specifier: Node, source: unknown) => void} */
    const checkBinding = (specifier, source) => {
      if (typeof source !== 'string') return;
      const effects = EFFECT_MODULE_MEMBERS.get(source.replace(/^node:/, ''));
      if (effects === undefined) return;
      for (const variable of context.sourceCode.getDeclaredVariables(specifier)) {
        for (const { identifier } of variable.references) {
          const node = outermost(identifier);
          if (!isInType(node)) checkMembers(node, source, effects);
        }
      }
    };

    return {
      'Program:exit'() {
        for (const identifier of globalReferences(context.sourceCode)) {
          checkGlobal(identifier, identifier.name);
        }
      },
      /** @param {Node} node */
      ImportDeclaration(node) {
        const values = node.specifiers.filter(
          (/** @type {Node} */ each) => each.importKind !== 'type',
        );
        const onlyTypes = node.specifiers.length > 0 && values.length === 0;
        if (node.importKind === 'type' || onlyTypes) return;
        const named = values.filter((/** @type {Node} */ each) => each.type === 'ImportSpecifier');
        checkModule(node, node.source.value, named.map(importedName));
        for (const each of values) {
          if (each.type !== 'ImportSpecifier') checkBinding(each, node.source.value);
        }
      },
      /** @param {Node} node */
      ExportNamedDeclaration(node) {
        if (node.source === null || node.exportKind === 'type') return;
        checkModule(node, node.source.value, node.specifiers.map(exportedFrom));
      },
      /** @param {Node} node */
      ExportAllDeclaration(node) {
        if (node.exportKind !== 'type') checkModule(node, node.source.value, [UNREADABLE]);
      },
      /** @param {Node} node */
      ImportExpression(node) {
        checkModule(node, literalText(node.source), [UNREADABLE]);
      },
      /** @param {Node} node */
      TSExternalModuleReference(node) {
        checkModule(node, node.expression.value, [UNREADABLE]);
      },
    };
  },
};

/** `new Date()` and `Date()` read the clock; `new Date(ms)` does not. @param {Node} node */
function readsClock(node) {
  const { parent } = node;
  if (parent.type === 'CallExpression') return parent.callee === node;
  if (parent.type !== 'NewExpression' || parent.callee !== node) return false;
  return parent.arguments.length === 0 || parent.arguments[0].type === 'SpreadElement';
}

/** Uses of a class or namespace that reach no member: construction, a call, `instanceof`. @param {Node} node */
function isHarmless(node) {
  const { parent } = node;
  if (parent.type === 'NewExpression' || parent.type === 'CallExpression')
    return parent.callee === node;
  return parent.type === 'BinaryExpression' && parent.operator === 'instanceof';
}

/** @param {Node} node @returns {readonly string[]} */
function reachedMembers(node) {
  const { parent } = node;
  if (parent.type === 'MemberExpression' && parent.object === node) return [memberName(parent)];
  return namesTakenFrom(node) ?? [UNREADABLE];
}

/** @param {Node} specifier @returns {string} */
function importedName(specifier) {
  return specifier.imported.name ?? specifier.imported.value;
}

/** @param {Node} specifier @returns {string} */
function exportedFrom(specifier) {
  return specifier.local.name ?? specifier.local.value;
}
