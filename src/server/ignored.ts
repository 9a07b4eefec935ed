/** Most names that are told of one call, and the longest of them. */
const MAX_NAMES = 20;
const MAX_NAME = 64;

/**
 * The names of parameters that nothing read, for a header and the log: `Foo, Tag.1.Bar`. They are a
 * caller's text, so what is no name of the API's kind is shown with `?`.
 */
export const ignoredText = (names: readonly string[]): string => {
  const shown = names
    .slice(0, MAX_NAMES)
    .map((name) => name.slice(0, MAX_NAME).replace(/[^A-Za-z0-9_.-]/g, '?'));
  return [...shown, ...(names.length > MAX_NAMES ? ['...'] : [])].join(', ');
};
