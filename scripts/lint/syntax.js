/**
 * A node of the syntax tree, as oxlint hands it to a plugin. Its shape depends on `type`.
 * @typedef {any} Node
 */

/** Stands for a name that only a run would tell, such as that of `object[key]`. */
export const UNREADABLE = '*';

const WRAPPERS = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ChainExpression',
]);

/** The expression with the casts and brackets around it, so that its parent says what is done with it. @param {Node} node @returns {Node} */
export function outermost(node) {
  let current = node;
  while (WRAPPERS.has(current.parent.type) && current.parent.expression === current) {
    current = current.parent;
  }
  return current;
}

/** Whether the name is only spoken of in a type, such as `typeof fetch`. @param {Node} node */
export function isInType(node) {
  return node.parent.type.startsWith('TS') && !WRAPPERS.has(node.parent.type);
}

/** The text of a literal that stands in the code; `UNREADABLE` of whatever else. @param {Node} node @returns {string} */
export function literalText(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) {
    return node.quasis[0].value.cooked;
  }
  return UNREADABLE;
}

/** The name that a member expression reaches. @param {Node} member @returns {string} */
export function memberName(member) {
  return member.computed ? literalText(member.property) : member.property.name;
}

/**
 * The identifiers that no code of the module declares: names that the parser knows as built in, and those it does not.
 * @param {{ scopeManager: { globalScope: any } }} sourceCode @returns {Node[]}
 */
export function globalReferences({ scopeManager: { globalScope } }) {
  const builtIn = globalScope.variables.filter((/** @type {Node} */ each) => !each.defs.length);
  const references = builtIn.flatMap((/** @type {Node} */ each) => each.references);
  return [...references, ...globalScope.through].map(({ identifier }) => identifier);
}

/**
 * The names that a destructuring takes out of the node: of `const { now } = Date`, `now`.
 * Undefined where the node is not taken apart on the spot.
 * @param {Node} node
 * @returns {string[] | undefined}
 */
export function namesTakenFrom(node) {
  const { parent } = node;
  const isInitial = parent.type === 'VariableDeclarator' && parent.init === node;
  const isAssigned = parent.type === 'AssignmentExpression' && parent.right === node;
  const pattern = isInitial ? parent.id : isAssigned ? parent.left : undefined;
  return pattern?.type === 'ObjectPattern' ? destructuredNames(pattern) : undefined;
}

/** The names that an object pattern takes, wherever it takes them from. @param {Node} pattern @returns {string[]} */
export function destructuredNames(pattern) {
  return pattern.properties.map((/** @type {Node} */ property) => {
    if (property.type !== 'Property') return UNREADABLE;
    if (!property.computed) return property.key.name ?? String(property.key.value);
    return property.key.type === 'Literal' ? String(property.key.value) : UNREADABLE;
  });
}
