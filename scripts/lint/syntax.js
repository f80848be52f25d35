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

/** The name that a member expression reaches. @param {Node} member @returns {string} */
export function memberName(member) {
  const { property } = member;
  if (!member.computed) return property.name;
  if (property.type === 'Literal' && typeof property.value === 'string') return property.value;
  if (property.type === 'TemplateLiteral' && property.expressions.length === 0) {
    return property.quasis[0].value.cooked;
  }
  return UNREADABLE;
}

/**
 * The names that a destructuring takes out of the node: of `const { now } = Date`, `now`.
 * Undefined where the node is not taken apart on the spot.
 * @param {Node} node
 * @returns {string[] | undefined}
 */
export function destructuredNames(node) {
  const { parent } = node;
  const isInitial = parent.type === 'VariableDeclarator' && parent.init === node;
  const isAssigned = parent.type === 'AssignmentExpression' && parent.right === node;
  const pattern = isInitial ? parent.id : isAssigned ? parent.left : undefined;
  if (pattern?.type !== 'ObjectPattern') return undefined;
  return pattern.properties.map((/** @type {Node} */ property) => {
    if (property.type !== 'Property') return UNREADABLE;
    if (!property.computed) return property.key.name ?? String(property.key.value);
    return property.key.type === 'Literal' ? String(property.key.value) : UNREADABLE;
  });
}
