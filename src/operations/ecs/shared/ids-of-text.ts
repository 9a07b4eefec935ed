/** Longest id or name, in characters. */
const MAX_LENGTH = 128;

/** A JSON array of texts; some clients quote them the Python way. Null for anything else. */
export const parseIds = (text: string, most: number): string[] | null => {
  let ids: unknown;
  try {
    ids = JSON.parse(text.replaceAll("'", '"'));
  } catch {
    return null;
  }
  if (!Array.isArray(ids) || ids.length > most) return null;
  return ids.every((id) => typeof id === 'string' && id.length <= MAX_LENGTH) ? ids : null;
};
