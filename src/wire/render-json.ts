/**
 * Compact JSON in raw UTF-8: some clients read neither `\uXXXX` nor pretty-printed lists. Undefined
 * members are left out.
 */
export const renderJson = (members: object): string => JSON.stringify(members);

/** Members of outputs that were rendered before; an output is never changed once it was answered. */
const rendered = new WeakMap<object, Buffer>();

/** The answer to a success: the RequestId, then the members of the output, in UTF-8. */
export const renderJsonSuccess = (requestId: string, output: object): Buffer => {
  let members = rendered.get(output);
  if (members === undefined) {
    const text = renderJson(output);
    members = Buffer.from(text === '{}' ? '}' : `,${text.slice(1)}`);
    rendered.set(output, members);
  }
  const head = `{"RequestId":${JSON.stringify(requestId)}`;
  const body = Buffer.allocUnsafe(head.length + members.length);
  body.write(head, 'latin1');
  members.copy(body, head.length);
  return body;
};
