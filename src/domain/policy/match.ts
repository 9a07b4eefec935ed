// Wildcards of the policy language: `*` is any run of characters, none included, `?` is one character;
// nothing else is special, and both cross `:` and `/`. No regular expressions: their cost is an attack.

const STAR = 0x2a;
const QUESTION = 0x3f;

/**
 * Whether the whole text fits the pattern, with regard to case. One step back to the last `*` is all
 * that is ever needed, so the cost is at most pattern × text steps and in practice their sum.
 */
export const matches = (pattern: string, text: string): boolean => {
  let at = 0;
  let position = 0;
  let star = -1;
  let resumeAt = 0;
  while (position < text.length) {
    const wanted = at < pattern.length ? pattern.charCodeAt(at) : -1;
    if (wanted === STAR) {
      star = at++;
      resumeAt = position;
    } else if (wanted === QUESTION) {
      at++;
      position += widthAt(text, position);
    } else if (wanted === text.charCodeAt(position)) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      resumeAt += widthAt(text, resumeAt);
      position = resumeAt;
    } else return false;
  }
  while (pattern.charCodeAt(at) === STAR) at++;
  return at === pattern.length;
};

/** A character outside the first plane takes two units of the text. */
const widthAt = (text: string, position: number): number =>
  (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
