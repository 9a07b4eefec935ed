// A chain of texts in which none can be removed, altered or moved unseen: each text begins with its number
// and the hash of the text before it, and is followed by its own. Every text is a JSON object; written out
// as a line, its hash is the last member, so that a stranger checks a line with a hash function and no
// parser: the SHA-256 of the line without `,"hash":"…"` is that hash.
import { hash } from 'node:crypto';

/** The place of a text in its chain. */
export interface Link {
  /** From 1. */
  sequence: number;
  /** SHA-256, hexadecimal. */
  hash: string;
}

/** What the first text follows. */
export const CHAIN_START: Link = { sequence: 0, hash: '0'.repeat(64) };

/** `members`: a JSON object with at least one member. */
export const chainText = (previous: Link, members: string): string =>
  `{"sequence":${previous.sequence + 1},"previousHash":"${previous.hash}",${members.slice(1)}`;

export const hashOfText = (text: string): string => hash('sha256', text);

/** The text with its hash as the last member. */
export const chainLine = (text: string, hash: string): string =>
  `${text.slice(0, -1)},"hash":"${hash}"}`;

const LINE = /,"hash":"([0-9a-f]{64})"\}$/;
const HEAD = /^\{"sequence":([1-9]\d{0,15}),"previousHash":"([0-9a-f]{64})",/;

/** The text and the hash that a line holds; undefined when it is no line of a chain. */
export const splitLine = (line: string): { text: string; hash: string } | undefined => {
  const found = LINE.exec(line);
  return found === null ? undefined : { text: `${line.slice(0, found.index)}}`, hash: found[1]! };
};

/** What a text says of its place. */
export const placeOf = (text: string): { sequence: number; previousHash: string } | undefined => {
  const found = HEAD.exec(text);
  return found === null ? undefined : { sequence: Number(found[1]), previousHash: found[2]! };
};

/** The members without the place: what two texts of equal content have in common. */
export const withoutPlace = (text: string): string => text.replace(HEAD, '{');

export type ChainFaultKind =
  /** The text is not the one that was hashed. */
  | 'altered'
  /** Texts between two others are not there. */
  | 'removed'
  /** A text stands where another one should. */
  | 'moved'
  /** It does not follow the text before it: one of the two is not the one that was written. */
  | 'replaced'
  /** The head that was expected is not there, or is another one. */
  | 'head'
  /** What is kept beside a text to find it by says something else. */
  | 'columns'
  /** A checkpoint was not signed by its key. */
  | 'signature'
  | 'unreadable';

export interface ChainFault {
  kind: ChainFaultKind;
  /** Where it was found. */
  sequence: number;
  message: string;
}

/** Of more faults only the number is kept. */
const MOST_FAULTS = 100;

/** Takes the texts of a chain one after the other and collects what is wrong with them. */
export class ChainCheck {
  readonly faults: ChainFault[] = [];
  faultCount = 0;
  checkedCount = 0;
  /** The last text that was taken. */
  head: Link | undefined;
  /** What the first text that was taken follows. */
  start: Link | undefined;

  /** `start`: what the first text must follow; without it the first text is believed. */
  constructor(start?: Link) {
    this.start = start;
    this.head = start;
  }

  /** `hash`: as it is kept beside the text. */
  take(text: string, hash: string): void {
    this.checkedCount += 1;
    const place = placeOf(text);
    if (place === undefined) {
      const at = (this.head?.sequence ?? 0) + 1;
      this.fault('unreadable', at, `What stands at ${at} is no record of this chain.`);
      return;
    }
    const { sequence, previousHash } = place;
    if (hashOfText(text) !== hash)
      this.fault('altered', sequence, `Record ${sequence} is not the one that was hashed.`);
    const believed = sequence === 1 ? CHAIN_START : { sequence: sequence - 1, hash: previousHash };
    const before = (this.head ??= this.start = believed);
    if (sequence > before.sequence + 1)
      this.fault('removed', sequence, `${gap(before.sequence + 1, sequence - 1)} missing.`);
    else if (sequence <= before.sequence)
      this.fault('moved', sequence, `Record ${sequence} stands after ${before.sequence}.`);
    else if (previousHash !== before.hash)
      this.fault('replaced', sequence, `Record ${sequence} does not follow the one before it.`);
    this.head = { sequence, hash };
  }

  /** Compares a head that somebody kept with what was taken. */
  expectHead({ sequence, hash }: Link, found: string | undefined): void {
    if (found === hash) return;
    const last = this.head?.sequence ?? 0;
    this.fault(
      'head',
      sequence,
      found !== undefined
        ? `Record ${sequence} has another hash than was kept of it: what is here was written anew.`
        : sequence > last
          ? `The chain ends at ${last}; there was a record ${sequence}.`
          : `Record ${sequence} is not here.`,
    );
  }

  fault(kind: ChainFaultKind, sequence: number, message: string): void {
    this.faultCount += 1;
    if (this.faults.length < MOST_FAULTS) this.faults.push({ kind, sequence, message });
  }
}

const gap = (from: number, to: number): string =>
  from === to ? `Record ${from} is` : `Records ${from} to ${to} are`;
