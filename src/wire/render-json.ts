/**
 * Compact JSON in raw UTF-8: some clients read neither `\uXXXX` nor pretty-printed lists. Undefined
 * members are left out.
 */
export const renderJson = (members: object): string => JSON.stringify(members);

/** Members of outputs that were rendered before; an output is never changed once it was answered. */
const rendered = new WeakMap<object, string>();

/**
 * The answer to a success: the RequestId, then the members of the output. A text: Node sends it and the
 * headers in one piece, which costs less than two buffers.
 */
export const renderJsonSuccess = (requestId: string, output: object): string => {
  let members = rendered.get(output);
  if (members === undefined) {
    const text = renderJson(output);
    members = text === '{}' ? '}' : `,${text.slice(1)}`;
    rendered.set(output, members);
  }
  return `{"RequestId":${JSON.stringify(requestId)}${members}`;
};
