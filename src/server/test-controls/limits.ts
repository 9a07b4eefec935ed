/** Calls that a world remembers; older ones are forgotten. */
export const MAX_CALLS = 10_000;
/** Characters of one parameter's value that are kept. */
export const MAX_KEPT_TEXT = 1_024;
/** Worlds in one process, the main one besides. */
export const MAX_WORLDS = 1_000;
/** Faults that wait in one world. */
export const MAX_FAULTS = 100;
/** Calls that one fault can meet. */
export const MAX_TIMES = 10_000;
/** How long a fault can hold an answer back, milliseconds. */
export const MAX_DELAY_MS = 60_000;
/** Snapshots that a world keeps. */
export const MAX_SNAPSHOTS = 16;
/** Keys and addresses by which a world is found; the oldest are forgotten. */
export const MAX_CLAIMS = 10_000;
/** How far one `advance` goes: ten years. */
export const MAX_ADVANCE_MS = 10 * 366 * 24 * 60 * 60_000;
