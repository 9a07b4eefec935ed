/**
 * A JSON array of texts, as lists of ids and addresses come (`["i-…"]`); some clients quote them the
 * Python way. Null for anything else, and for more than `maxItems`.
 */
export const parseTextList = (text: string, maxItems = 100): string[] | null => {
  let list: unknown;
  try {
    list = JSON.parse(text.replaceAll("'", '"'));
  } catch {
    return null;
  }
  if (!Array.isArray(list) || list.length > maxItems) return null;
  return list.every((item) => typeof item === 'string') ? list : null;
};
