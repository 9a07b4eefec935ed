/** Letters that may differ, in relation to the length of the word. */
const TOLERANCE = 0.4;
/** Two exchanged letters count as two. */
const LEAST = 2;

/** The known word that a mistyped one was probably meant to be. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  let best: string | undefined;
  let least = Math.min(word.length, Math.max(LEAST, Math.floor(word.length * TOLERANCE)) + 1);
  for (const candidate of known) {
    // A word that begins like another was more often cut short than mistyped.
    const distance = candidate.startsWith(word) ? 1 : editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
};

/** ` Did you mean X?`, or nothing. */
export const suggestion = (word: string, known: Iterable<string>, mark = ''): string => {
  const found = nearest(word, known);
  return found === undefined ? '' : ` Did you mean ${mark}${found}?`;
};

/** Insertions, deletions and changes of one letter that lead from one word to the other. */
const editDistance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
};
