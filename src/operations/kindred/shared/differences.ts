/** One thing that two places tell differently. */
export interface Difference {
  /** What is compared, for example FamilyHead. */
  Kind: string;
  /** The thing itself, for example an id. */
  Subject: string;
  Expected: string;
  Found: string;
}

export interface Checked {
  Images: number;
  Families: number;
  Blobs: number;
  Changes: number;
}

/** Longest list of differences in an answer; the count goes on. */
const MAX_LISTED = 1000;

/** What a check has seen so far. Its memory is bounded, however much is wrong. */
export class Differences {
  readonly checked: Checked = { Images: 0, Families: 0, Blobs: 0, Changes: 0 };
  readonly listed: Difference[] = [];
  count = 0;

  /** Notes a difference unless the two are equal. */
  compare(
    Kind: string,
    Subject: string,
    expected: string | number | null,
    found: string | number | null,
  ): void {
    if (expected === found) return;
    this.count += 1;
    if (this.listed.length >= MAX_LISTED) return;
    this.listed.push({ Kind, Subject, Expected: text(expected), Found: text(found) });
  }
}

const text = (value: string | number | null): string => (value === null ? 'none' : String(value));
