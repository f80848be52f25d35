/** JSON as `JSON.parse` gives it. The core's own type keeps number tokens apart, which no browser does. */
export type JsonValue = null | boolean | string | number | readonly JsonValue[] | JsonObject;

export type JsonObject = { readonly [key: string]: JsonValue };
