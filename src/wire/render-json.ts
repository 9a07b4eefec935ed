/**
 * Compact JSON in raw UTF-8: some clients read neither `\uXXXX` nor pretty-printed lists. Undefined
 * members are left out.
 */
export const renderJson = (members: object): string => JSON.stringify(members);

/** Texts of outputs that were rendered before; an output is never changed once it was answered. */
const rendered = new WeakMap<object, string>();

/** The answer to a success: the RequestId, then the members of the output. */
export const renderJsonSuccess = (requestId: string, output: object): string => {
  let text = rendered.get(output);
  if (text === undefined) {
    text = renderJson(output);
    rendered.set(output, text);
  }
  const head = `{"RequestId":${JSON.stringify(requestId)}`;
  return text === '{}' ? `${head}}` : `${head},${text.slice(1)}`;
};
